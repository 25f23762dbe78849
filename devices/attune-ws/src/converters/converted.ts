import type { ContactQuality, Malformed } from "@attune/wire";

/** Samples of somebody else's message in our terms. */
export interface ConvertedSamples {
  readonly kind: "samples";
  /** Absent where the message names no channels: then the session file must. */
  readonly channels?: readonly { readonly label: string; readonly unit: string }[];
  /** Absent where the message does not say; 0 for an irregular stream. */
  readonly samplingRate?: number;
  readonly nSamples: number;
  readonly nChannels: number;
  /** `[nSamples, nChannels]`, sample-major; NaN where a value is missing. */
  readonly values: Float64Array;
  /** `[nSamples]`, Unix seconds on the sender's clock; absent where the message has no time. */
  readonly deviceTime?: Float64Array;
}

export interface ConvertedQuality {
  readonly kind: "quality";
  readonly channels: readonly { readonly label: string; readonly contact: ContactQuality }[];
}

export interface ConvertedEvents {
  readonly kind: "events";
  readonly events: readonly { readonly label: string; readonly time: number }[];
}

/** A message that is well formed and holds nothing for us, such as a greeting. */
export interface Ignored {
  readonly kind: "ignored";
}

export type Converted = ConvertedSamples | ConvertedQuality | ConvertedEvents | Ignored | Malformed;

/** From parsed JSON, which may be anything, to our terms. Pure; never throws. */
export type Converter = (message: unknown) => Converted;

export function malformed(reason: string): Malformed {
  return { kind: "malformed", reason };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value of a sample: null is missing, everything else that is no finite number is not understood. */
export function sampleValue(value: unknown): number | undefined {
  if (value === null) return Number.NaN;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Names as given when they are 1 to 1024 non-empty texts, else undefined. */
export function channelNames(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length < 1 || value.length > 1024) return undefined;
  return value.every((name) => typeof name === "string" && name.length > 0 && name.length <= 256)
    ? (value as string[])
    : undefined;
}
