import type { LslConfiguration } from "./configuration.ts";
import type { StreamInfo } from "./stream-info.ts";

/** Which stream to open when no resolved info is at hand: the first that answers. */
export interface StreamQuery {
  /** XPath 1.0 over the stream's info, e.g. `name='BioSemi' and type='EEG'`. */
  readonly predicate: string;
  /** Seconds to look for it. Default 5. */
  readonly timeoutSeconds?: number;
}

/** liblsl's stamp post-processing, applied in this order. Once applied, the original stamps cannot be had back. */
export interface PostProcessing {
  /** Adds the clock correction. The first chunk waits for the first measurement (about 0.64 s). */
  readonly clockSync?: boolean;
  /** Recursive least squares of stamp against sample number, half-time 90 s; regular rates only. */
  readonly dejitter?: boolean;
  /** Running maximum. */
  readonly monotonize?: boolean;
}

export interface InletOptions {
  /** Queue length in seconds of the nominal rate (100 samples a second for irregular streams). Default 360. */
  readonly maxBufferSeconds?: number;
  /** Asks the sender to group this many samples where it may; 0 or absent leaves it to the sender. */
  readonly maxChunkLength?: number;
  /** Find the stream again by its source id after a loss. Default true. */
  readonly recover?: boolean;
  readonly postProcessing?: PostProcessing;
  readonly configuration?: LslConfiguration;
  /** Sockets in the shared worker thread. Default true. */
  readonly worker?: boolean;
  /** Seconds that opening may take. Default 10. */
  readonly timeoutSeconds?: number;
}

/** Sample-major values in the stream's own type. */
export type SampleValues =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | string[];

export interface InletChunk {
  readonly nSamples: number;
  /** `[nSamples, channelCount]`: `data[n * channelCount + c]`. */
  readonly data: SampleValues;
  /** String streams only: each value's bytes as they were sent; `data` is their UTF-8 reading. */
  readonly bytes?: Uint8Array[];
  /** `[nSamples]`, seconds on the sender's clock unless post-processed. */
  readonly timestamps: Float64Array;
  /** `localClock()` when the last byte arrived. */
  readonly receivedAt: number;
}

export interface PullOptions {
  /** Most samples to hand out. Default: all that are there. */
  readonly maxSamples?: number;
  /** Samples to wait for; fewer are handed out when the time is over. Default 1. */
  readonly minSamples?: number;
  /** Seconds to wait for `minSamples`; 0 takes what is there. Default 1. */
  readonly timeoutSeconds?: number;
}

/** One measurement of the sender's clock. */
export interface TimeCorrection {
  /** Add to a remote stamp to get local time, s. */
  readonly offset: number;
  /** Round trip of the best probe, s: the offset is off by at most half of it. */
  readonly uncertainty: number;
  /** The sender's clock at the measurement, s. */
  readonly remoteTime: number;
  /** Our clock at the measurement, s. */
  readonly measuredAt: number;
}

export type InletState = "connected" | "recovering" | "lost";

/** Receives one stream. */
export interface Inlet {
  /** The stream as last resolved; after a recovery its uid and endpoints are new. */
  readonly info: StreamInfo;
  readonly state: InletState;
  /** Samples lost because this inlet's own queue was full, oldest first. */
  readonly samplesDropped: number;
  /** Fetches the full document with channels and description. Default timeout 5 s. */
  fullInfo(timeoutSeconds?: number): Promise<StreamInfo>;
  /**
   * The next samples, as soon as `minSamples` are there, at most `maxSamples`; undefined when none came in time or the
   * inlet is closed or lost and its queue is empty.
   */
  pullChunk(options?: PullOptions): Promise<InletChunk | undefined>;
  /**
   * Chunks as they arrive. While a listener is registered chunks go to listeners and not to `pullChunk`; the first listener
   * is given what was queued before. Returns the function that removes it.
   */
  onChunk(listener: (chunk: InletChunk) => void): () => void;
  /** The last measurement of the sender's clock; waits for the first. Default timeout 5 s. A new one every 2 s. */
  timeCorrection(timeoutSeconds?: number): Promise<TimeCorrection>;
  onTimeCorrection(listener: (correction: TimeCorrection) => void): () => void;
  /** Whether the stream was recovered (its clock may have changed) since the last call. */
  wasClockReset(): boolean;
  onStateChange(listener: (state: InletState) => void): () => void;
  close(): Promise<void>;
}
