import type { RejectionReason } from "./chunks.ts";
import type { Seconds } from "./stream.ts";

/** The same stretch of session time for every person, on one grid. */
export interface Window {
  readonly kind: "window";
  /** Counts every window that was cut, usable or not. */
  readonly index: number;
  /** Grid index of the first sample; the window starts at `firstIndex / samplingRate` on the session clock. */
  readonly firstIndex: number;
  readonly nSamples: number;
  readonly samplingRate: number;
  readonly start: Seconds;
  /** `[nChannels, nSamples]`, channel-major; channels in montage order, person after person (adults first). */
  readonly data: Float64Array;
  /** `[nChannels, nSamples]`, the same samples before any filter. */
  readonly unfiltered: Float64Array;
  /** Why the signals cannot be used, with the person it came from; empty when they can. */
  readonly problems: readonly { readonly person: string; readonly reason: RejectionReason }[];
}

/** A window that knows under which state it was taken, or why it is not to be used. */
export type LabelledWindow =
  | {
      readonly kind: "accepted";
      readonly window: Window;
      readonly condition: string;
      readonly episode: number;
    }
  | {
      readonly kind: "rejected";
      readonly window: Window;
      readonly condition: string | undefined;
      readonly reasons: readonly { readonly person: string; readonly reason: RejectionReason }[];
    };
