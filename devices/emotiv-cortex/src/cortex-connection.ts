import { readFile } from "node:fs/promises";
import { type DeviceContext, DeviceError, type Timer } from "@attune/device-kit";
import type { Seconds } from "@attune/signal";
import { type RawData, WebSocket } from "ws";
import { type CortexMessage, parseCortexMessage } from "./cortex-message.ts";
import type { EmotivCortexSettings } from "./settings.ts";

export const REQUEST_TIMEOUT: Seconds = 10;
const MAX_PAYLOAD_BYTES = 1024 * 1024;
const MAX_STRIKES = 3;
const UNKNOWN_CERTIFICATE =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT.*)$/;

type Data = Extract<CortexMessage, { kind: "data" }>;
type Warning = Extract<CortexMessage, { kind: "warning" }>;

export interface CortexListener {
  data(message: Data, at: Seconds): void;
  warning(message: Warning): void;
  /** Once, and last. */
  closed(reason: string): void;
}

interface Pending {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: DeviceError) => void;
  readonly timer: Timer;
}

/**
 * One socket to Cortex: requests with growing ids and a time limit, data and warnings as they come. Three
 * messages that mean nothing, or one that is too large, close it; every request that waits is then rejected.
 */
export class CortexConnection {
  readonly #socket: WebSocket;
  readonly #context: DeviceContext;
  /** Without the secrets that a careless service may repeat. */
  readonly redact: (text: string) => string;
  readonly #pending = new Map<number, Pending>();
  #listener: CortexListener;
  #nextId = 1;
  #strikes = 0;
  #closed = false;

  /**
   * @throws DeviceError when nothing answers, or the certificate is not known; never with a secret in its
   *    message
   */
  static async open(o: {
    settings: EmotivCortexSettings;
    context: DeviceContext;
    secrets: readonly string[];
    listener: CortexListener;
    signal: AbortSignal;
  }): Promise<CortexConnection> {
    const { url, rootCertificate } = o.settings;
    const ca = rootCertificate === undefined ? undefined : await readCertificate(rootCertificate);
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD_BYTES,
      handshakeTimeout: REQUEST_TIMEOUT * 1000,
      ...(ca ? { ca } : {}),
    });
    return new Promise((resolve, reject) => {
      const abort = () => socket.terminate();
      o.signal.addEventListener("abort", abort);
      if (o.signal.aborted) abort();
      const fail = (error: Error) => {
        o.signal.removeEventListener("abort", abort);
        socket.on("error", () => undefined);
        reject(whyNotOpen(url, error, rootCertificate !== undefined, o.signal.aborted));
      };
      socket.once("error", fail);
      socket.once("open", () => {
        socket.off("error", fail);
        o.signal.removeEventListener("abort", abort);
        resolve(new CortexConnection(socket, o));
      });
    });
  }

  private constructor(
    socket: WebSocket,
    o: { context: DeviceContext; secrets: readonly string[]; listener: CortexListener },
  ) {
    this.#socket = socket;
    this.#context = o.context;
    this.#listener = o.listener;
    this.redact = (text) => o.secrets.reduce((clean, secret) => clean.replaceAll(secret, "***"), text);
    let why = "";
    socket.on("message", (data) => this.#received(data));
    socket.on("error", (error) => {
      why = error.message;
    });
    socket.on("close", (code) => this.#end(why || `Cortex closed the connection with code ${code}`));
  }

  /** Who gets data and warnings from now on. */
  listen(listener: CortexListener): void {
    this.#listener = listener;
  }

  /**
   * @throws DeviceError when Cortex refuses, when it does not answer within 10 s, when the connection closes
   */
  call(
    method: string,
    params: Readonly<Record<string, unknown>>,
    timeout = REQUEST_TIMEOUT,
  ): Promise<unknown> {
    if (this.#closed || this.#socket.readyState !== WebSocket.OPEN)
      return Promise.reject(new DeviceError(`Cortex was asked for ${method} on a closed connection.`));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = this.#context.setTimer(() => {
        this.#pending.delete(id);
        reject(
          new DeviceError(
            `Cortex did not answer ${method} within ${timeout} s; restart the EMOTIV Launcher if this lasts.`,
          ),
        );
      }, timeout);
      this.#pending.set(id, { method, resolve, reject, timer });
      this.#socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    });
  }

  close(): void {
    this.#end("closed by us");
    this.#socket.close(1000);
    // a frozen service answers no closing handshake
    const timer = this.#context.setTimer(() => this.#socket.terminate(), 1);
    this.#socket.once("close", () => timer.cancel());
  }

  #received(data: RawData): void {
    const at = this.#context.now();
    if (this.#closed) return;
    const message = parseCortexMessage((data as Buffer).toString());
    switch (message.kind) {
      case "data":
        this.#listener.data(message, at);
        return;
      case "warning":
        this.#listener.warning({ ...message, text: this.redact(message.text) });
        return;
      case "result":
        this.#take(message.id)?.resolve(message.result);
        return;
      case "refusal": {
        const pending = this.#take(message.id);
        pending?.reject(
          new DeviceError(
            `Cortex refuses ${pending.method}: ${this.redact(message.message)} (code ${message.code}).`,
          ),
        );
        return;
      }
      case "malformed":
        this.strike(message.reason);
        return;
      case "other":
        return;
    }
  }

  /** Counts a message that means nothing; the third closes the connection. */
  strike(reason: string): void {
    if (++this.#strikes < MAX_STRIKES) return;
    this.#end(`${MAX_STRIKES} messages of Cortex mean nothing, the last one: ${reason}`);
    this.#socket.terminate();
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.timer.cancel();
    return pending;
  }

  #end(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const id of [...this.#pending.keys()]) {
      const pending = this.#take(id)!;
      pending.reject(new DeviceError(`Cortex was lost while it was asked for ${pending.method}: ${reason}.`));
    }
    this.#listener.closed(reason);
  }
}

async function readCertificate(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new DeviceError(`There is no readable certificate at ${path}; correct rootCertificate.`, {
      cause,
      retryable: false,
    });
  }
}

function whyNotOpen(
  url: string,
  cause: NodeJS.ErrnoException,
  hasRoot: boolean,
  aborted: boolean,
): DeviceError {
  if (aborted) return new DeviceError(`Connecting to Cortex at ${url} was given up.`, { cause });
  if (cause.code === "ECONNREFUSED")
    return new DeviceError(`Nothing answers at ${url}; start the EMOTIV Launcher, or correct the url.`, {
      cause,
    });
  if (UNKNOWN_CERTIFICATE.test(cause.code ?? ""))
    return new DeviceError(
      hasRoot
        ? `The certificate of ${url} was not signed by rootCertificate; take rootCA.pem from EMOTIV's examples.`
        : `The certificate of ${url} is signed by EMOTIV itself; set rootCertificate to the path of its rootCA.pem.`,
      { cause, retryable: false },
    );
  return new DeviceError(`Cortex at ${url} cannot be reached: ${cause.message}.`, { cause });
}
