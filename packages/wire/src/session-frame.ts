import type { Coupling, Seconds } from "@attune/signal";
import protobuf from "protobufjs";
import { z } from "zod";
import { bodyNumber } from "./body-frame.ts";
import { WireError } from "./errors.ts";
import { CONTACT_QUALITIES, type ContactQuality, type Malformed } from "./ingest-message.ts";
import { firstComplaint } from "./ingest-schema.ts";
import { SESSION_PROTO } from "./session-proto.ts";

/**
 * How a stream stands, for the page. Counts and clocks as in the timing passport; NaN where a thing is not
 * known yet.
 */
export interface StreamQuality {
  readonly kind: "quality";
  /** Session clock. */
  readonly at: Seconds;
  readonly streamId: string;
  readonly channels: readonly {
    readonly label: string;
    readonly contact: ContactQuality;
    readonly kilohms: number;
  }[];
  readonly nSamples: number;
  readonly nLost: number;
  readonly measuredSamplingRate: number;
  readonly driftPpm: number;
  readonly jitterRms: Seconds;
}

/** One message of a session to a browser. */
export type SessionFrame = Coupling | StreamQuality;

const numeric = z.union([z.number(), z.nan(), z.literal(Infinity), z.literal(-Infinity)]);

const couplingSchema = z.object({
  kind: z.literal("coupling"),
  at: z.number(),
  condition: z.string(),
  scope: z.enum(["window", "pooled"]),
  values: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      band: z.string(),
      measure: z.string(),
      value: numeric,
      nullMean: numeric,
      nullSd: numeric,
      corrected: numeric,
      z: numeric,
      p: numeric,
    }),
  ),
  nWindows: z.int().min(0),
  effectiveSamples: numeric,
  health: z.object({
    status: z.enum(["ok", "insufficient-data", "not-positive-definite", "unstable"]),
    spectralRadius: numeric,
    parameterRatio: numeric,
    nObservations: numeric,
  }),
});

const qualitySchema = z.object({
  kind: z.literal("quality"),
  at: z.number(),
  streamId: z.string(),
  channels: z.array(z.object({ label: z.string(), contact: z.enum(CONTACT_QUALITIES), kilohms: numeric })),
  nSamples: z.number().min(0),
  nLost: z.number().min(0),
  measuredSamplingRate: numeric,
  driftPpm: numeric,
  jitterRms: numeric,
});

const frameSchema = z.discriminatedUnion("kind", [couplingSchema, qualitySchema]);
const frameType = protobuf.parse(SESSION_PROTO).root.lookupType("attune.session.v1.Frame");

/**
 * A frame as the bytes of one binary message. @throws WireError when a field is of the wrong kind or out of
 * its range
 */
export function encodeSessionFrame(frame: SessionFrame): Uint8Array {
  const checked = frameSchema.safeParse(frame);
  if (!checked.success)
    throw new WireError(`A frame "${frame.kind}" cannot be sent: ${firstComplaint(checked.error)}.`);
  const { kind, ...body } = checked.data;
  return frameType.encode(frameType.fromObject({ [kind]: body })).finish();
}

/** One binary message as a frame. Never throws; what is not exactly a frame comes back as `malformed`. */
export function decodeSessionFrame(bytes: Uint8Array): SessionFrame | Malformed {
  const number = bodyNumber(bytes);
  if (typeof number === "string") return { kind: "malformed", reason: number };
  const kind = frameType.fieldsById[number]?.name;
  if (kind === undefined) return { kind: "malformed", reason: `body ${number} is no kind of frame` };
  try {
    const plain = frameType.toObject(frameType.decode(bytes), { defaults: true, arrays: true });
    const checked = frameSchema.safeParse({ kind, ...plain[kind] });
    return checked.success ? checked.data : { kind: "malformed", reason: firstComplaint(checked.error) };
  } catch (error) {
    return { kind: "malformed", reason: `not protobuf: ${error instanceof Error ? error.message : error}` };
  }
}
