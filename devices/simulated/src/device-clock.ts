import type { Seconds } from "@attune/signal";
import type { DeviceOptions } from "./options.ts";

/**
 * A device's clock as it truly runs.
 *
 *     device time = session time * (1 + drift) - offset
 */
export class DeviceClock {
  readonly #rate: number;
  readonly #offset: number;
  readonly #start: number;
  readonly #samplingRate: number;

  constructor(device: DeviceOptions) {
    this.#rate = 1 + device.driftPpm * 1e-6;
    this.#offset = device.clockOffsetSeconds;
    this.#start = device.startSeconds;
    this.#samplingRate = device.nominalSamplingRate;
  }

  /** What the device's clock shows at a session time. */
  deviceTime(sessionTime: Seconds): Seconds {
    return sessionTime * this.#rate - this.#offset;
  }

  /** Session time minus device time at a session time: what an ideal measurement of the clock would give. */
  offset(sessionTime: Seconds): Seconds {
    return sessionTime - this.deviceTime(sessionTime);
  }

  /** When sample `k` is truly taken. The device counts samples with its own fast or slow second. */
  sampleTime(k: number): Seconds {
    return this.#start + k / (this.#samplingRate * this.#rate);
  }
}

/** How many samples a device takes before the simulation ends, lost ones included. */
export function nominalSamples(device: DeviceOptions, durationSeconds: Seconds): number {
  const rate = device.nominalSamplingRate * (1 + device.driftPpm * 1e-6);
  return Math.max(0, Math.ceil((durationSeconds - device.startSeconds) * rate - 1e-9));
}
