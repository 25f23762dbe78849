import type { LslConfiguration } from "./configuration.ts";
import type { ChannelDescription, ChannelFormat, StreamInfo } from "./stream-info.ts";

/** An element for `<desc>`; text and children are optional. */
export interface DescriptionInput {
  readonly name: string;
  readonly value?: string | number;
  readonly children?: readonly DescriptionInput[];
}

export interface StreamDeclaration {
  /** Not empty. */
  readonly name: string;
  /** Content type by convention: "EEG", "Markers"… May be empty. */
  readonly type: string;
  readonly channelCount: number;
  /** Hz; 0 is irregular. */
  readonly nominalSamplingRate: number;
  readonly channelFormat: ChannelFormat;
  /** Names the device, not the program's run. Without it receivers cannot recover after a restart. */
  readonly sourceId?: string;
  /** Children of `<desc>`. */
  readonly description?: readonly DescriptionInput[];
  /** Written to `<desc>` as `channels/channel/{label,unit,type}`, one per channel. */
  readonly channels?: readonly Partial<ChannelDescription>[];
}

export interface OutletOptions {
  /** Group size of samples that are pushed without pushthrough. With it set, pushthrough is false unless asked for. */
  readonly chunkSize?: number;
  /** Queue of each receiver in seconds of the nominal rate (100 samples a second if irregular). Default 360. */
  readonly maxBufferSeconds?: number;
  readonly configuration?: LslConfiguration;
  /** Sockets in the shared worker thread. Default true. */
  readonly worker?: boolean;
  /** Send every stamp (8 bytes a sample), so that a loss never bends the stamps after it. Default true. */
  readonly sendEveryTimestamp?: boolean;
  /** Added to this outlet's clock: serves a simulated machine whose clock differs. Default 0. */
  readonly clockOffsetSeconds?: number;
  /** How much faster that clock runs than ours, parts per million, counted from our clock's zero. Default 0. */
  readonly clockDriftPpm?: number;
}

/** One sample: a value per channel; for string streams text or bytes. */
export type SampleInput = ArrayLike<number> | ArrayLike<bigint> | readonly (string | Uint8Array)[];

/** Sample-major values; the stream's own typed array is the fast path. */
export type ChunkInput = SampleInput;

/** Offers one stream. */
export interface Outlet {
  readonly info: StreamInfo;
  /** Receivers connected. */
  readonly consumerCount: number;
  /** Samples that never reached the sockets because the sending thread fell behind by a whole buffer. */
  readonly samplesDropped: number;
  /**
   * @param timestamp seconds on `localClock()`; 0 or absent is now; -1 is "previous plus one period"
   * @param pushthrough send at once (default) or wait for the group to be full
   */
  pushSample(values: SampleInput, timestamp?: number, pushthrough?: boolean): void;
  /**
   * @param data `[nSamples, channelCount]`
   * @param timestamps one stamp belongs to the **last** sample and the others lie before it at the nominal rate; an array
   *   has one per sample; 0 or absent is now
   */
  pushChunk(data: ChunkInput, timestamps?: number | Float64Array, pushthrough?: boolean): void;
  haveConsumers(): boolean;
  /** Resolves to whether a receiver is connected, at the latest after the time given. */
  waitForConsumers(timeoutSeconds: number): Promise<boolean>;
  onConsumersChange(listener: (consumerCount: number) => void): () => void;
  /** Sends what is queued, as far as receivers take it at once, and closes all sockets. */
  close(): Promise<void>;
}
