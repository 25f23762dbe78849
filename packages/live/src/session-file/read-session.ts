import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { SessionError } from "../errors.ts";
import { checkSession } from "./check-session.ts";
import { type SessionFile, sessionSchema } from "./schema.ts";

/** A session file that was read, and where it stands. */
export interface LoadedSession {
  readonly path: string;
  readonly file: SessionFile;
  /** Absolute folder for recordings. */
  readonly recordingFolder: string;
}

/** @throws SessionError (misuse) with line and field for the first thing that is wrong */
export async function readSession(path: string): Promise<LoadedSession> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new SessionError(
      `Cannot read the session file ${path}: give the path of one, or let "attune streams --propose" write it.`,
      { misuse: true, cause },
    );
  }
  const file = parseSession(text, path);
  return { path, file, recordingFolder: resolve(dirname(path), file.recording.folder) };
}

/** @param name for messages: where the text came from */
export function parseSession(text: string, name: string): SessionFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    const what = broken.message.split("\n")[0]!.replace(/ at line.*$/, "");
    throw new SessionError(`${name}, line ${line}: ${what}; mend the YAML there.`, { misuse: true });
  }
  const parsed = sessionSchema.safeParse(plainOf(document, name) ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SessionError(`${name}${lineOf(document, lines, issue!.path)}: ${inWords(issue!)}.`, {
      misuse: true,
    });
  }
  checkSession(parsed.data, name);
  return parsed.data;
}

/** @throws SessionError (misuse) for aliases that stand for nothing, or for more than a session file can need */
function plainOf(document: ReturnType<typeof parseDocument>, name: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new SessionError(`${name}: ${(cause as Error).message}; write out what the alias stands for.`, {
      misuse: true,
      cause,
    });
  }
}

function inWords(issue: z.core.$ZodIssue): string {
  const where = issue.path.length > 0 ? `"${issue.path.join(".")}" ` : "";
  if (issue.code === "unrecognized_keys")
    return `${where}has no setting called ${issue.keys.map((key) => `"${key}"`).join(", ")}`;
  if (issue.code === "invalid_type" && issue.input === undefined) return `${where}is missing`;
  const message = issue.message.replace(/^Invalid \w+: /, "");
  return `${where}is not right: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

/** Line of the deepest node that exists on the way to what is wrong. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly PropertyKey[],
): string {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as
      | { range?: [number, number, number] }
      | undefined;
    if (node?.range) return `, line ${lines.linePos(node.range[0]).line}`;
  }
  return "";
}
