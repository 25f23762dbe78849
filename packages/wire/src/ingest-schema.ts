import { z } from "zod";
import { CONTACT_QUALITIES } from "./ingest-message.ts";
import { WIRE_LIMITS } from "./limits.ts";

const text = z.string().max(WIRE_LIMITS.textLength);
const name = text.min(1);
const seconds = z.number();
/** JSON has no NaN: null stands for it. */
const numberOrMissing = z.union([z.number(), z.nan(), z.null().transform(() => Number.NaN)]);
const uint32 = z.int().min(0).max(0xffffffff);

const streamDescription = z.object({
  name,
  type: name,
  channels: z
    .array(z.object({ label: name, unit: text.default("") }))
    .min(1)
    .max(WIRE_LIMITS.channels),
  nominalSamplingRate: z.number().min(0).max(1e6),
  sampleFormat: z.enum(["float32", "double64"]).default("float32"),
  declaredLatency: seconds.min(0).max(60).default(0),
  sourceId: text.default(""),
});

const when = { time: seconds.optional(), latency: seconds.min(0).max(60).optional() };

/** Messages without samples: the same shape in both forms. */
export const controlMessageSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("hello"),
    device: name,
    clockId: text.default(""),
    streams: z
      .array(streamDescription)
      .max(WIRE_LIMITS.streams)
      .refine((streams) => new Set(streams.map((stream) => stream.name)).size === streams.length, {
        message: "two streams with one name",
      }),
  }),
  z.object({ kind: z.literal("welcome"), sessionId: text, serverTime: seconds }),
  z.object({ kind: z.literal("event"), label: name, ...when }),
  z.object({ kind: z.literal("state"), person: name, layer: name, state: name, ...when }),
  z.object({
    kind: z.literal("quality"),
    stream: name,
    channels: z.array(z.enum(CONTACT_QUALITIES)).max(WIRE_LIMITS.channels).default([]),
    kilohms: z.array(numberOrMissing).max(WIRE_LIMITS.channels).default([]),
    batteryPercent: z.number().min(0).max(100).optional(),
  }),
  z.object({ kind: z.literal("ping"), t0: seconds }),
  z.object({ kind: z.literal("pong"), t0: seconds, t1: seconds, t2: seconds }),
  z.object({ kind: z.literal("bye"), reason: text.default("") }),
]);

/** A chunk in its JSON form: samples as a flat array, sample by sample, null where a value is missing. */
export const jsonChunkSchema = z.object({
  kind: z.literal("chunk"),
  stream: name,
  sequence: uint32,
  nSamples: z.int().min(1).max(WIRE_LIMITS.samplesPerChunk),
  nChannels: z.int().min(1).max(WIRE_LIMITS.channels),
  data: z.array(numberOrMissing),
  deviceTime: z.array(seconds).optional(),
});

/** The first complaint of zod as half a sentence: `streams.0.channels: Too small`. */
export function firstComplaint(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join(".") || "message"}: ${issue.message}` : "unreadable";
}
