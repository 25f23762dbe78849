import type { Stream } from "@attune/signal";
import type { Codec } from "./codec.ts";
import type { Link } from "./link.ts";

/** What a device turned out to be after its handshake. */
export interface Layout {
  /** Name, type, channels, nominal rate, sample format, source id, description; the id is the device's. */
  readonly stream: Omit<Stream, "id">;
  readonly codec: Codec;
  /** Absent: the device does not count; losses are inferred from time, and a warning says so. */
  readonly counterModulus?: number;
  /** `FrameBatch.deviceTime` is meaningful. */
  readonly hasDeviceClock: boolean;
  /**
   * Known delay between sampling and arrival, taken off the offsets and written into the stream's description: the person's
   * setting and what the codec waits for.
   */
  readonly declaredLatencySeconds: number;
}

/** What a kind of device adds to the kit: how to talk it into streaming. */
export interface ByteProtocol {
  /** The whole handshake, also when the board is already streaming. Throws DeviceError({retryable:false}) for a wrong device. */
  configure(
    link: Link,
    report: (event: { readonly kind: "warning"; readonly message: string }) => void,
  ): Promise<Layout>;
  start(link: Link): Promise<void>;
  /** Resolves when no frame can come any more: after a reply, or a pause and `discard` where the board gives none. */
  stop(link: Link): Promise<void>;
  readonly impedance?: {
    /** Switch the measuring current on. Data go on meanwhile, and are read by the link as well. */
    begin(link: Link): Promise<void>;
    end(link: Link): Promise<void>;
    /** @param values `[channel, n]`, 1 s of samples */
    kilohms(values: Float64Array, nSamples: number): number[];
  };
}
