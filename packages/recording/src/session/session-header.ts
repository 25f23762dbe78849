import type { Stream } from "@attune/signal";
import { RecordingError } from "../errors.ts";
import type { XmlValue } from "../xdf/write-xml.ts";
import { childOf, textOf, type XmlTree } from "../xdf/xml.ts";
import { SESSION_STREAM } from "./session-record.ts";

/** What a session is, as far as its recording must say to compute it again. */
export interface SessionFacts {
  readonly id: string;
  /** Any JSON: the settings that the analysis ran with. */
  readonly settings: unknown;
  readonly settingsHash: string;
  readonly seed: number;
  /** Of Attune and whatever else the numbers depend on, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * JSON in plain ASCII without `&`, `<` and `>`, so that it goes through XML unchanged. All of these can only stand
 * inside the strings of the JSON.
 */
export function asciiJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return text.replace(
    /[&<>\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** `desc` of the session stream. @throws RecordingError when the settings cannot be written as JSON */
export function sessionDescription(facts: SessionFacts): { readonly [tag: string]: XmlValue } {
  try {
    return { attune: { version: SESSION_STREAM.version, session: asciiJson(facts) } };
  } catch (cause) {
    throw new RecordingError(
      `The settings of session "${facts.id}" cannot be recorded: ${(cause as Error).message}.`,
      { cause },
    );
  }
}

/** Undefined when the header does not say it in a way that this version reads. */
export function parseSessionFacts(info: XmlTree): SessionFacts | undefined {
  const attune = childOf(childOf(info, "desc"), "attune");
  const facts = parseObject(textOf(attune, "session"));
  if (facts === undefined || textOf(attune, "version") !== String(SESSION_STREAM.version)) return undefined;
  const { id, settings = null, settingsHash, seed, versions } = facts;
  if (typeof id !== "string" || typeof settingsHash !== "string") return undefined;
  return {
    id,
    settings,
    settingsHash,
    seed: typeof seed === "number" ? seed : Number.NaN,
    versions: (versions ?? {}) as Record<string, string>,
  };
}

/**
 * `desc` of a stream: who wore it and what the source says about itself as elements, for people and other readers, and the
 * stream as the session knew it as JSON, to get it back exactly.
 */
export function streamDescription(stream: Stream): { readonly [tag: string]: XmlValue } {
  const { person, description } = stream;
  const said = Object.entries(description ?? {}).map(([name, value]) => [elementName(name), value] as const);
  return {
    ...(person === undefined ? {} : { participant: { id: person } }),
    ...(said.length === 0 ? {} : { description: Object.fromEntries(said) }),
    attune: { stream: asciiJson(stream) },
  };
}

/** The stream as a recorded session knew it; undefined for streams of other recorders. */
export function parseLiveStream(info: XmlTree): Stream | undefined {
  const stream = parseObject(textOf(childOf(childOf(info, "desc"), "attune"), "stream"));
  return typeof stream?.id === "string" && Array.isArray(stream.channels)
    ? (stream as unknown as Stream)
    : undefined;
}

const elementName = (name: string): string => {
  const letters = name.replace(/[^A-Za-z0-9_.-]/g, "_");
  return /^[A-Za-z_]/.test(letters) ? letters : `_${letters}`;
};

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
