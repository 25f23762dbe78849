import type { Role, Seconds } from "@attune/signal";
import type { z } from "zod";
import type { Device } from "./device.ts";

/** What the session lends to a device: the clock and the timers, so that tests can run it on time of their own. */
export interface DeviceContext {
  /** Seconds on the host's monotonic clock, the session clock. */
  readonly now: () => Seconds;
  readonly setTimer: (callback: () => void, seconds: Seconds) => Timer;
  /** In `[0, 1)`, for the jitter of reconnects. Seeded by whoever runs the session. */
  readonly uniform: () => number;
}

export interface Timer {
  cancel(): void;
}

/** Something found on this machine that a session could use. */
export interface Discovered {
  /** `DeviceType.name` */
  readonly device: string;
  /** For people: `OpenBCI dongle on /dev/ttyUSB0`. */
  readonly title: string;
  /** What to write into a session file to use it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What it would deliver, where that is known without opening it. */
  readonly streams: readonly {
    readonly name: string;
    readonly type: string;
    readonly channels: readonly string[];
    readonly nominalSamplingRate: number;
  }[];
  readonly role?: Role;
}

/** A kind of device: what its folder exports and the registry lists. */
export interface DeviceType<Settings = unknown> {
  /** As session files name it: `openbci-cyton`. */
  readonly name: string;
  /** For people: `OpenBCI Cyton (8 or 16 channels)`. */
  readonly title: string;
  /** Settings under `devices:` in a session file; every field with a description and, where one is safe, a default. */
  readonly settings: z.ZodType<Settings>;
  /** @param id unique within the session; stream ids begin with it */
  create(id: string, settings: Settings, context: DeviceContext): Device;
  /** What of this kind can be seen now. Never opens a port that may be in use. */
  discover?(timeout: Seconds): Promise<readonly Discovered[]>;
}
