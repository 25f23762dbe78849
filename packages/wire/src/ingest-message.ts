import type { SampleFormat, Seconds } from "@attune/signal";

/** What a client says about one stream before it sends it. Units and rate are the sender's claim. */
export interface StreamDescription {
  /** Unique within the client; chunks name it. */
  readonly name: string;
  /** Content type as Lab Streaming Layer uses it: `EEG`, `ECG`, `Gaze` ... */
  readonly type: string;
  readonly channels: readonly { readonly label: string; readonly unit: string }[];
  /** Samples per second; 0 for an irregular stream. */
  readonly nominalSamplingRate: number;
  /** `float32` or `double64`, as its chunks will come. */
  readonly sampleFormat: Extract<SampleFormat, "float32" | "double64">;
  /**
   * Delay from the event in the world to the time that its sample carries, as the sender knows it; 0 where it
   * does not.
   */
  readonly declaredLatency: Seconds;
  /** A serial number or the like; empty where there is none. */
  readonly sourceId: string;
}

/** First message of a client. */
export interface Hello {
  readonly kind: "hello";
  /** Identifies the client across reconnects; the session waits for this name. */
  readonly device: string;
  /**
   * Names the clock on which `deviceTime`, `time`, `t1` and `t2` count; a page that was loaded anew has a new
   * one. Empty: the client has no clock, and its samples are timed by their arrival.
   */
  readonly clockId: string;
  readonly streams: readonly StreamDescription[];
}

/** Answer to a hello: from now on chunks are taken. */
export interface Welcome {
  readonly kind: "welcome";
  readonly sessionId: string;
  /** Session clock. */
  readonly serverTime: Seconds;
}

/** A run of samples of one stream. */
export interface Chunk {
  readonly kind: "chunk";
  /** `StreamDescription.name`. */
  readonly stream: string;
  /**
   * Running index of the first sample since the client began, modulo 2^32. Samples that were not sent count
   * too: a jump is a loss.
   */
  readonly sequence: number;
  readonly nSamples: number;
  readonly nChannels: number;
  /** `[nSamples, nChannels]`, sample-major: `data[n * nChannels + c]`. NaN marks a missing value. */
  readonly data: Float32Array | Float64Array;
  /** `[nSamples]`, seconds on the client's clock; absent where it has none. */
  readonly deviceTime?: Float64Array;
}

/** Something that happened at one moment: a marker, a note. */
export interface PointMessage {
  readonly kind: "event";
  readonly label: string;
  /** Seconds on the client's clock; absent: now, that is on arrival. */
  readonly time?: Seconds;
  /** Known delay from the event to `time` (or to arrival); it is subtracted. */
  readonly latency?: Seconds;
}

/** A person's state in one exclusive layer changes. */
export interface StateMessage {
  readonly kind: "state";
  readonly person: string;
  readonly layer: string;
  readonly state: string;
  readonly time?: Seconds;
  readonly latency?: Seconds;
}

export const CONTACT_QUALITIES = ["unknown", "good", "fair", "bad", "off"] as const;
export type ContactQuality = (typeof CONTACT_QUALITIES)[number];

/** How well a stream's electrodes sit, and what the battery holds. */
export interface QualityMessage {
  readonly kind: "quality";
  readonly stream: string;
  /** One per channel, or none. */
  readonly channels: readonly ContactQuality[];
  /** One per channel, NaN where not measured; or none. */
  readonly kilohms: readonly number[];
  /** 0 to 100. */
  readonly batteryPercent?: number;
}

/** Clock probe; either side may ask. `t0` on the asker's clock. */
export interface Ping {
  readonly kind: "ping";
  readonly t0: Seconds;
}

/** Answer to a ping: `t0` as asked, `t1` when it arrived and `t2` when this left, on the answerer's clock. */
export interface Pong {
  readonly kind: "pong";
  readonly t0: Seconds;
  readonly t1: Seconds;
  readonly t2: Seconds;
}

/** The sender is going to close on purpose. */
export interface Bye {
  readonly kind: "bye";
  readonly reason: string;
}

/** Everything that travels between a client and the ingest, in either direction. */
export type IngestMessage =
  | Hello
  | Welcome
  | Chunk
  | PointMessage
  | StateMessage
  | QualityMessage
  | Ping
  | Pong
  | Bye;

/** What came is no message of this protocol: one sentence why. Nothing of it may be used. */
export interface Malformed {
  readonly kind: "malformed";
  readonly reason: string;
}

/** Subprotocol that client and server agree on when a socket opens. */
export const INGEST_SUBPROTOCOL = "attune.v1";
