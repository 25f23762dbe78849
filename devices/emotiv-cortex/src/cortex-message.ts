/** Streams that this adapter subscribes to. */
export const CORTEX_STREAMS = ["eeg", "mot", "dev", "eq"] as const;
export type CortexStream = (typeof CORTEX_STREAMS)[number];

/** One message of Cortex: an answer, data of a stream, or a warning. */
export type CortexMessage =
  | { readonly kind: "result"; readonly id: number; readonly result: unknown }
  | { readonly kind: "refusal"; readonly id: number; readonly code: number; readonly message: string }
  | {
      readonly kind: "data";
      readonly stream: CortexStream;
      readonly sessionId: string;
      /** Unix seconds on the clock of the computer that Cortex runs on. */
      readonly time: number;
      /** As sent; their order is that of the `cols` of the subscription. */
      readonly values: readonly unknown[];
    }
  | { readonly kind: "warning"; readonly code: number; readonly text: string; readonly headset?: string }
  /** Well formed and of no concern. */
  | { readonly kind: "other" }
  | { readonly kind: "malformed"; readonly reason: string };

/** Warnings that this adapter acts on. @see emotiv.gitbook.io/cortex-api, "Warning objects" */
export const CORTEX_WARNING = {
  streamsCancelled: 0,
  sessionClosed: 1,
  accessGranted: 9,
  accessRefused: 10,
  headsetTimeout: 102,
  headsetDisconnected: 103,
  headsetConnected: 104,
} as const;

/**
 * One text frame of Cortex. Pure; never throws.
 *
 * @see emotiv.gitbook.io/cortex-api, "Data sample object", "Warning objects"
 */
export function parseCortexMessage(text: string): CortexMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return malformed("not JSON");
  }
  if (!isRecord(json)) return malformed("not a JSON object");
  if (isRecord(json.warning)) return readWarning(json.warning);
  if (typeof json.sid === "string") return readData(json, json.sid);
  if (typeof json.id === "number") {
    if (isRecord(json.error)) {
      const { code, message } = json.error;
      return {
        kind: "refusal",
        id: json.id,
        code: typeof code === "number" ? code : 0,
        message: typeof message === "string" ? message.slice(0, 300) : "no reason given",
      };
    }
    return "result" in json
      ? { kind: "result", id: json.id, result: json.result }
      : malformed("an answer without a result");
  }
  return malformed("neither an answer, nor data, nor a warning");
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readWarning({ code, message }: Readonly<Record<string, unknown>>): CortexMessage {
  if (typeof code !== "number") return malformed("a warning without a code");
  if (!isRecord(message))
    return { kind: "warning", code, text: typeof message === "string" ? message.slice(0, 300) : "" };
  const text = typeof message.behavior === "string" ? message.behavior.slice(0, 300) : "";
  return typeof message.headsetId === "string"
    ? { kind: "warning", code, text, headset: message.headsetId }
    : { kind: "warning", code, text };
}

function readData(json: Readonly<Record<string, unknown>>, sessionId: string): CortexMessage {
  const stream = CORTEX_STREAMS.find((name) => Object.hasOwn(json, name));
  if (!stream) return { kind: "other" };
  const { time } = json;
  const values = json[stream];
  if (typeof time !== "number" || !Number.isFinite(time)) return malformed(`${stream} without a time`);
  if (!Array.isArray(values) || values.length > 1024) return malformed(`${stream} is no list of values`);
  return { kind: "data", stream, sessionId, time, values };
}

function malformed(reason: string): CortexMessage {
  return { kind: "malformed", reason };
}
