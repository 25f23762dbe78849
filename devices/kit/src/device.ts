import type { DeviceOutput, Seconds, Stream } from "@attune/signal";
import type { Observable } from "rxjs";
import type { CodecCounters } from "./codec.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** What happens to a device beside its data. Times are seconds on the host's monotonic clock. */
export type DeviceEvent =
  | {
      readonly kind: "lifecycle";
      readonly from: Lifecycle;
      readonly to: Lifecycle;
      readonly reason: string;
      readonly at: Seconds;
    }
  | {
      readonly kind: "loss";
      readonly streamId: string;
      readonly nSamples: number;
      /** `counter`: the device counted them. `time`: inferred from elapsed time. `overflow`: a consumer was too slow. */
      readonly cause: "counter" | "time" | "overflow" | "invented";
      readonly at: Seconds;
    }
  | {
      readonly kind: "clock";
      readonly streamId: string;
      readonly driftPpm: number;
      readonly jitterRms: Seconds;
      readonly at: Seconds;
    }
  | {
      readonly kind: "quality";
      readonly streamId: string;
      readonly channels: readonly ("good" | "fair" | "bad" | "off" | "unknown")[];
      readonly at: Seconds;
    }
  | {
      readonly kind: "impedance";
      readonly streamId: string;
      /** Per channel; NaN where it was not measured. */
      readonly kilohms: readonly number[];
      readonly at: Seconds;
    }
  | { readonly kind: "battery"; readonly percent: number; readonly at: Seconds }
  /** Something that a person should read once: one sentence. */
  | { readonly kind: "warning"; readonly message: string; readonly at: Seconds }
  | { readonly kind: "error"; readonly error: Error; readonly fatal: boolean; readonly at: Seconds };

/** Counts and clocks of one stream, for the timing passport. */
export interface StreamStatistics {
  readonly streamId: string;
  readonly nSamples: number;
  readonly nLost: number;
  /** NaN until it can be known. */
  readonly measuredSamplingRate: number;
  readonly driftPpm: number;
  readonly jitterRms: Seconds;
  readonly nOffsets: number;
  readonly lastOffset: Seconds;
  /** Half the round trip of the last offset, where it was measured by one; NaN elsewhere. */
  readonly offsetUncertainty: Seconds;
  readonly lastReceivedAt: Seconds;
}

export interface DeviceStatistics {
  readonly streams: readonly StreamStatistics[];
  readonly codec?: CodecCounters;
  readonly nReconnects: number;
}

/**
 * One device of a session. A chunk's `deviceTime` counts on the device's clock; where the device has none that is its sample
 * counter divided by the nominal rate. How that clock lies on the session clock is said by `ClockOffset`s in
 * `output`, measured and never invented; the analysis alone turns one into the other.
 */
export interface Device {
  readonly id: string;
  /** The current value on subscription, then every change. */
  readonly lifecycle: Observable<Lifecycle>;
  /** Streams that it delivers; empty until they are known; emitted again when the layout changes. */
  readonly streams: Observable<readonly Stream[]>;
  /** Hot; never errors; completes on `close`. A subscriber that throws does not disturb the others. */
  readonly output: Observable<DeviceOutput>;
  /** Hot; never errors; completes on `close`. */
  readonly events: Observable<DeviceEvent>;
  /** Open and configure: afterwards `streams` is known. @throws DeviceError, one sentence with the way out */
  connect(signal?: AbortSignal): Promise<void>;
  /** Let data flow. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** All four are idempotent and run one after the other. */
  close(): Promise<void>;
  statistics(): DeviceStatistics;
  /** Switch the measuring current; results come as `impedance` events. Absent where a device cannot. */
  impedance?(on: boolean): Promise<void>;
}
