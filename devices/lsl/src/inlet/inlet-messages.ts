import type { InletState, PostProcessing, TimeCorrection } from "../api/inlet.ts";
import type { StreamInfo } from "../api/stream-info.ts";
import type { Settings } from "../configuration/settings.ts";
import type { EngineFailure } from "../thread/engine.ts";
import type { NumericValues } from "../wire/channel-format.ts";

/** Messages under way to the reader before samples wait in the engine's queue. */
export const messagesUnderWay = 64;

export interface InletEngineOptions {
  readonly info: StreamInfo;
  readonly settings: Settings;
  readonly maxBufferSeconds: number;
  readonly maximumChunkSamples: number;
  readonly recover: boolean;
  readonly postProcessing: PostProcessing;
  readonly flow: SharedArrayBuffer;
}

export type InletCommand =
  | { readonly kind: "measure-clock" }
  | { readonly kind: "full-info"; readonly request: number; readonly timeoutSeconds: number }
  | { readonly kind: "room" }
  | { readonly kind: "close" };

/** Samples on their way between threads. */
export interface SamplesEvent {
  readonly kind: "samples";
  readonly nSamples: number;
  readonly timestamps: Float64Array;
  readonly values: NumericValues | undefined;
  readonly text: Uint8Array | undefined;
  readonly textEnds: Uint32Array | undefined;
  readonly receivedAt: number;
  /** Samples dropped by the receiving thread so far. */
  readonly dropped: number;
}

export type InletEvent =
  | SamplesEvent
  | {
      readonly kind: "state";
      readonly state: InletState;
      readonly info: StreamInfo;
      readonly reason: string;
      /** The stream was found again: its clock may be another. */
      readonly clockReset: boolean;
    }
  | { readonly kind: "correction"; readonly correction: TimeCorrection }
  | { readonly kind: "full-info"; readonly request: number; readonly xml?: string; readonly reason?: string }
  | { readonly kind: "closed" }
  | EngineFailure;
