import type { SampleFormat } from "@attune/signal";

/** Values of a chunk, `[sample, channel]`, in the type of the stream's format. Strings that hold NUL travel as bytes. */
export type PeerValues =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | readonly (string | Uint8Array)[];

export interface PeerChannel {
  readonly label: string;
  readonly unit: string;
  readonly type: string;
}

export interface PeerOutletOptions {
  readonly name: string;
  readonly type: string;
  readonly channelCount: number;
  readonly nominalSamplingRate: number;
  readonly channelFormat: SampleFormat;
  readonly sourceId: string;
  /** Written into `<desc>` by the XDF convention. */
  readonly channels?: readonly PeerChannel[];
  /** Samples; 0 leaves it to the inlet. */
  readonly chunkSize?: number;
  /** As liblsl takes it: seconds, or hundreds of samples where the rate is 0. Default 360. */
  readonly maxBuffered?: number;
}

/** What a push says about time. */
export type PeerStamps =
  /** One each. */
  | { readonly kind: "each"; readonly stamps: Float64Array }
  /** Of the last sample; the others are deduced from the nominal rate. */
  | { readonly kind: "last"; readonly stamp: number }
  /** Sample by sample through `push_sample`; `-1` asks liblsl to deduce. */
  | { readonly kind: "single"; readonly stamps: Float64Array };

/** A flow of counted samples on the peer's own clock: channel `c` of sample `i` holds `i + c`. */
export interface PeerFlowOptions {
  readonly outlet: number;
  readonly chunkSamples: number;
  readonly intervalSeconds: number;
  readonly firstSample?: number;
}

export interface PeerStreamInfo {
  readonly name: string;
  readonly type: string;
  readonly channelCount: number;
  readonly nominalSamplingRate: number;
  readonly sourceId: string;
  readonly uid: string;
  readonly hostname: string;
  readonly createdAt: number;
  readonly xml: string;
}

export interface PeerInletOptions {
  /** XPath 1.0, as liblsl's resolver takes it. */
  readonly predicate: string;
  /** How many to wait for; default 1. */
  readonly minimum?: number;
  readonly timeoutSeconds?: number;
  readonly maxBuffered?: number;
  readonly maxChunk?: number;
  readonly recover?: boolean;
}

export interface PulledSamples {
  /** `[sample, channel]`; strings as bytes, for not every byte sequence is UTF-8. */
  readonly values: Exclude<PeerValues, readonly unknown[]> | readonly Uint8Array[];
  readonly stamps: Float64Array;
}

/** A run of samples between two moments of the host's clock, seconds. */
export interface Throughput {
  readonly nSamples: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What the peer can be told. Handles are small integers. */
export interface PeerMethods {
  version(): { library: number; protocol: number };
  clock(): number;
  createOutlet(options: PeerOutletOptions): number;
  push(outlet: number, values: PeerValues, stamps: PeerStamps): void;
  startFlow(options: PeerFlowOptions): void;
  /** Ends the flow; gives the number of the next sample. */
  stopFlow(outlet: number): number;
  hasConsumers(outlet: number): boolean;
  destroyOutlet(outlet: number): void;
  resolve(predicate: string, minimum: number, timeoutSeconds: number): PeerStreamInfo[];
  /** The one stream that the predicate finds. */
  openInlet(options: PeerInletOptions): number;
  /** All that it finds at once, by name: one search takes liblsl a second. */
  openInlets(options: PeerInletOptions): Record<string, number>;
  /** Up to `nSamples`; fewer when the time is up. */
  pull(inlet: number, nSamples: number, timeoutSeconds: number): PulledSamples;
  /** Seconds to add to a stamp of the stream to get this process's clock. */
  timeCorrection(inlet: number, timeoutSeconds: number): number;
  fullInfo(inlet: number): PeerStreamInfo;
  closeInlet(inlet: number): void;
  /** Pushes as fast as it can: liblsl drops what its buffer cannot hold. Channel `c` of sample `i` of each chunk holds `i + c`. */
  flood(outlet: number, nChunks: number, chunkSamples: number): Throughput;
  /** Pulls until `nSamples` have come or the time is up. */
  drain(inlet: number, nSamples: number, chunkSamples: number, timeoutSeconds: number): Throughput;
  /** Pushes single samples, each stamped at its push, as evenly as a timer can. */
  pace(outlet: number, nSamples: number, intervalSeconds: number): void;
  /** `[nSamples]`, clock at the return of the pull minus stamp, seconds. Blocks until they have come or the time is up. */
  lags(inlet: number, nSamples: number, timeoutSeconds: number): Float64Array;
}

export type PeerMethod = keyof PeerMethods;

export interface PeerRequest {
  readonly id: number;
  readonly method: PeerMethod;
  readonly arguments: readonly unknown[];
}

export type PeerReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };
