import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, relative, sep } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/** A name that the bundler made of the content, such as `index-B3x_9kQz.js`. */
const HASHED = /-[\w-]{8,}\.\w+$/;
const LOOK_AGAIN_MILLISECONDS = 1000;

/** Files of the built page. Only what lies in its folder can be asked for: names are looked up, never put together. */
export class PageFiles {
  readonly #folder: string;
  #files = new Map<string, string>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(folder: string) {
    this.#folder = folder;
    this.#look();
  }

  /** Answers a GET or HEAD of a path without its query. */
  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const name = path === "/" ? "/index.html" : path;
    // A page that was built anew has files of other names.
    if (!this.#files.has(name) && performance.now() - this.#lookedAt > LOOK_AGAIN_MILLISECONDS) this.#look();
    const file = this.#files.get(name);
    const content = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    if (file === undefined || content === undefined) {
      answerWith(response, 404, "There is nothing here.");
      return;
    }
    const isFixed = name.startsWith("/assets/") && HASHED.test(name);
    response.writeHead(200, {
      ...safetyHeaders(request.headers.host ?? ""),
      "Content-Type": types[extname(name)]!,
      "Content-Length": content.length,
      "Cache-Control": isFixed ? "public, max-age=31536000, immutable" : "no-store",
    });
    response.end(request.method === "HEAD" ? undefined : content);
  }

  #look(): void {
    this.#lookedAt = performance.now();
    this.#files = new Map(
      readdirSync(this.#folder, { recursive: true, withFileTypes: true })
        // A link is no file: what it points to may lie anywhere.
        .filter((entry) => entry.isFile() && types[extname(entry.name)] !== undefined)
        .map((entry) => {
          const path = join(entry.parentPath, entry.name);
          return [`/${relative(this.#folder, path).split(sep).join("/")}`, path];
        }),
    );
  }
}

/** The page may load its own files and talk to this server: nothing else, whatever gets into it. */
export function safetyHeaders(host: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    // Some browsers do not count a WebSocket to the same host as 'self'.
    host === "" ? "connect-src 'self'" : `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "Content-Security-Policy": policy.join("; "),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
  };
}

/** A sentence as the whole answer. */
export function answerWith(
  response: ServerResponse,
  status: number,
  sentence: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = `${sentence}\n`;
  response.writeHead(status, {
    ...safetyHeaders(""),
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
    ...headers,
  });
  response.end(text);
}
