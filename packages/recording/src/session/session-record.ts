import type { SessionInput } from "@attune/signal";

/**
 * What Attune records of a session beside its data: one string stream named `Attune session` of type `AttuneSession`,
 * which other readers show as text or pass over. Its samples say, one JSON array each, what entered the analysis, in
 * order; the stamp is when it entered, seconds on the session clock. Version 1:
 *
 * | record | meaning |
 * |---|---|
 * | `["from", n]` | first of every chunk of the stream: `n` inputs came before. Another count means that inputs are missing |
 * | `["samples", stream, firstSample, nSamples, receivedAt, row, stamp, sessionTime?]` | a chunk of samples |
 * | `["offset", streamId, collectedAt, offset]` | a clock offset, before it counted |
 * | `["state", person, layer, state, at]` | a change of state |
 * | `["event", label, source, at]` | a point event |
 * | `["lag", late, at]` | the analysis fell behind or caught up |
 *
 * A chunk's data are not repeated: `stream` is the number of the XDF stream, `row` the place of the chunk's first sample
 * in it (null: equal to `firstSample`) and `stamp` that sample's stamp, by which a reader notices that rows are missing
 * before it. Where the samples are not in the file at all, `stream` is the id as text and `row` is -1. `receivedAt` is null when
 * it was not known. `sessionTime` is there only for sources that know it.
 *
 * Numbers are written so that the same Float64 is read back: the shortest decimal, `-0`, and `"NaN"`, `"Infinity"`,
 * `"-Infinity"` as text.
 */
export const SESSION_STREAM = { name: "Attune session", type: "AttuneSession", version: 1 } as const;

/** Where the samples of a chunk stand. */
export interface ChunkPlace {
  /** Number of the XDF stream. */
  readonly stream: number;
  readonly row: number;
}

/** A chunk as it stands in the session stream. */
export interface ChunkRecord {
  readonly kind: "samples";
  /** Number of the XDF stream, or the id of a stream that is not in the file. */
  readonly stream: number | string;
  readonly firstSample: number;
  readonly nSamples: number;
  readonly receivedAt: number | undefined;
  /** -1 when the samples are not in the file. */
  readonly row: number;
  /** Device time of the first sample; NaN for an empty chunk. */
  readonly stamp: number;
  readonly sessionTime: Float64Array | undefined;
}

export type SessionRecord =
  | { readonly kind: "from"; readonly nInputs: number }
  | ChunkRecord
  | { readonly kind: "input"; readonly input: Exclude<SessionInput, { readonly kind: "samples" }> };

export const encodeFrom = (nInputs: number): string => `["from",${nInputs}]`;

/** @param place where the samples of a chunk were written; undefined when they were not */
export function encodeInput(input: SessionInput, place: ChunkPlace | undefined): string {
  switch (input.kind) {
    case "samples": {
      const { firstSample, nSamples, receivedAt, deviceTime, sessionTime } = input;
      const fields = [
        '"samples"',
        place === undefined ? JSON.stringify(input.streamId) : String(place.stream),
        number(firstSample),
        number(nSamples),
        receivedAt === undefined ? "null" : number(receivedAt),
        place === undefined ? "-1" : place.row === firstSample ? "null" : String(place.row),
        number(deviceTime[0] ?? Number.NaN),
      ];
      if (sessionTime !== undefined) fields.push(`[${Array.from(sessionTime, number).join()}]`);
      return `[${fields.join()}]`;
    }
    case "clock-offset":
      return `["offset",${JSON.stringify(input.streamId)},${number(input.collectedAt)},${number(input.offset)}]`;
    case "state": {
      const { person, layer, state, at } = input;
      return `["state",${[person, layer, state].map((word) => JSON.stringify(word)).join()},${number(at)}]`;
    }
    case "event":
      return `["event",${JSON.stringify(input.label)},${JSON.stringify(input.source)},${number(input.at)}]`;
    case "analysis-lag":
      return `["lag",${input.late},${number(input.at)}]`;
  }
}

/** Undefined for text that is no record of this version. */
export function decodeRecord(text: string): SessionRecord | undefined {
  let fields: readonly unknown[];
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return undefined;
    fields = parsed;
  } catch {
    return undefined;
  }
  const [kind, a, b, c, d, e, f, g] = fields;
  switch (kind) {
    case "from":
      return isNumber(a) ? { kind: "from", nInputs: a } : undefined;
    case "samples":
      return decodeChunk(a, b, c, d, e, f, g);
    case "offset":
      return isText(a) && isNumber(b) && isNumber(c)
        ? asInput({ kind: "clock-offset", streamId: a, collectedAt: value(b), offset: value(c) })
        : undefined;
    case "state":
      return isText(a) && isText(b) && isText(c) && isNumber(d)
        ? asInput({ kind: "state", person: a, layer: b, state: c, at: value(d) })
        : undefined;
    case "event":
      return isText(a) && isText(b) && isNumber(c)
        ? asInput({ kind: "event", label: a, source: b, at: value(c) })
        : undefined;
    case "lag":
      return typeof a === "boolean" && isNumber(b)
        ? asInput({ kind: "analysis-lag", late: a, at: value(b) })
        : undefined;
    default:
      return undefined;
  }
}

function decodeChunk(...fields: readonly unknown[]): ChunkRecord | undefined {
  const [stream, firstSample, nSamples, receivedAt, row, stamp, sessionTime] = fields;
  if (!(typeof stream === "number" || isText(stream)) || !isNumber(firstSample) || !isNumber(nSamples))
    return undefined;
  if (!(receivedAt === null || isNumber(receivedAt)) || !(row === null || isNumber(row)) || !isNumber(stamp))
    return undefined;
  if (sessionTime !== undefined && !(Array.isArray(sessionTime) && sessionTime.every(isNumber)))
    return undefined;
  return {
    kind: "samples",
    stream,
    firstSample: value(firstSample),
    nSamples: value(nSamples),
    receivedAt: receivedAt === null ? undefined : value(receivedAt),
    row: value(row ?? firstSample),
    stamp: value(stamp),
    sessionTime: sessionTime && Float64Array.from(sessionTime, value),
  };
}

const asInput = (input: Exclude<SessionInput, { readonly kind: "samples" }>): SessionRecord => ({
  kind: "input",
  input,
});

const number = (x: number): string =>
  Object.is(x, -0) ? "-0" : Number.isFinite(x) ? String(x) : `"${String(x)}"`;

const SPECIAL: readonly unknown[] = ["NaN", "Infinity", "-Infinity"];
const isNumber = (x: unknown): x is number => typeof x === "number" || SPECIAL.includes(x);
const isText = (x: unknown): x is string => typeof x === "string";
const value = (x: number): number => Number(x);
