import type { LslConfiguration } from "./configuration.ts";
import type { StreamInfo } from "./stream-info.ts";

export interface ResolveOptions {
  /** XPath 1.0 over the info, e.g. `type='EEG' and channel_count>2`. Default: every stream. */
  readonly predicate?: string;
  /** Default 1. */
  readonly timeoutSeconds?: number;
  /** Return as soon as so many streams are known; without it the whole time is used. */
  readonly minimum?: number;
  readonly configuration?: LslConfiguration;
}

export interface ContinuousResolverOptions {
  readonly predicate?: string;
  /** A stream that has not answered for this long is forgotten. Default 5. */
  readonly forgetAfterSeconds?: number;
  readonly configuration?: LslConfiguration;
}

/** What changed between two looks at the network. */
export interface StreamsChange {
  readonly appeared: readonly StreamInfo[];
  readonly disappeared: readonly StreamInfo[];
}

export interface ContinuousResolver {
  /** The streams that answer at the moment. */
  streams(): StreamInfo[];
  /** Calls the listener when streams come or go. Returns the function that removes it. */
  changes(listener: (change: StreamsChange) => void): () => void;
  close(): Promise<void>;
}
