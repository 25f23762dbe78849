/** A run of samples between two moments of the host's clock, seconds. */
export interface Throughput {
  readonly nSamples: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface OutletShape {
  readonly name: string;
  readonly type: string;
  readonly channelCount: number;
  readonly nominalSamplingRate: number;
  readonly channelFormat: "float32";
  readonly sourceId: string;
  /** Seconds of the nominal rate. */
  readonly maxBuffered: number;
}

/** What sends or receives in a process of its own: we, or liblsl. Handles are small integers. */
export interface Side {
  createOutlet(options: OutletShape): Promise<number>;
  hasConsumers(outlet: number): Promise<boolean>;
  destroyOutlet(outlet: number): Promise<void>;
  openInlet(options: { predicate: string; maxBuffered: number }): Promise<number>;
  closeInlet(inlet: number): Promise<void>;
  /** Pushes chunks as fast as it can. */
  flood(outlet: number, nChunks: number, chunkSamples: number): Promise<Throughput>;
  /** Takes samples until all have come or the time is up. */
  drain(inlet: number, nSamples: number, chunkSamples: number, timeoutSeconds: number): Promise<Throughput>;
  /** Pushes single samples, stamped at their push, as evenly as a timer can. */
  pace(outlet: number, nSamples: number, intervalSeconds: number): Promise<void>;
  /** `[nSamples]`, seconds from a sample's stamp to the moment at which its receiver has it. */
  lags(inlet: number, nSamples: number, timeoutSeconds: number): Promise<Float64Array>;
}
