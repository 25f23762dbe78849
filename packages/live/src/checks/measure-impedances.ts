import type { DeviceEvent } from "@attune/device-kit";
import type { Channel, Stream } from "@attune/signal";
import type { Subscription } from "rxjs";
import type { SessionDevice } from "../session/device-set.ts";
import type { LiveSession } from "../session/live-session.ts";
import { type Check, green, red } from "./check.ts";
import { type ImpedanceMeasurement, storeImpedances } from "./impedance-file.ts";

type ImpedanceEvent = Extract<DeviceEvent, { kind: "impedance" }>;

export interface MeasureOptions {
  /** Most time for one device. [20: boards take channels in turns] */
  readonly timeoutSeconds?: number;
  readonly wallClock?: () => Date;
  /** Ends the measuring early, with every current off. */
  readonly signal?: AbortSignal;
}

export interface MeasuredImpedances {
  readonly measurements: readonly ImpedanceMeasurement[];
  /** One line a device that can measure, and one for the file. */
  readonly checks: readonly Check[];
}

/**
 * Switches the measuring current of every device on, waits until each electrode has given a number, switches it off again, and
 * keeps the numbers in the recording folder. One device after the other: two currents would see each other.
 */
export async function measureImpedances(
  session: LiveSession,
  options: MeasureOptions = {},
): Promise<MeasuredImpedances> {
  const { timeoutSeconds = 20, wallClock = () => new Date(), signal } = options;
  const able = session.devices.filter(
    ({ device, failure }) => device.impedance !== undefined && failure === undefined,
  );
  const measurements: ImpedanceMeasurement[] = [];
  const checks: Check[] = [];
  for (const each of able) {
    if (signal?.aborted) break;
    const found: ImpedanceMeasurement[] = [];
    try {
      const events = await measureOne(each, session, timeoutSeconds, signal);
      for (const event of events) found.push(measurementOf(event, each, wallClock()));
    } catch (error) {
      checks.push(
        red(
          "impedances",
          each.id,
          `could not be measured (${error instanceof Error ? error.message : error})`,
        ),
      );
      continue;
    }
    measurements.push(...found);
    checks.push(verdictOf(each.id, found, timeoutSeconds));
  }
  const { file, recordingFolder } = session.loaded;
  try {
    await storeImpedances(recordingFolder, file.session, measurements);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    checks.push(red("impedances", recordingFolder, `the numbers could not be kept there (${why})`));
  }
  return { measurements, checks };
}

/** The newest event of each stream when all channels are known, or when the time is over. */
async function measureOne(
  { device, streams }: SessionDevice,
  session: LiveSession,
  timeoutSeconds: number,
  signal: AbortSignal | undefined,
): Promise<ImpedanceEvent[]> {
  const newest = new Map<string, ImpedanceEvent>();
  let subscription: Subscription | undefined;
  let timer: { cancel(): void } | undefined;
  const complete = new Promise<void>((resolve) => {
    subscription = device.events.subscribe((event) => {
      if (event.kind !== "impedance") return;
      newest.set(event.streamId, merged(newest.get(event.streamId), event));
      if ([...newest.values()].every((each) => isComplete(each, streams))) resolve();
    });
    signal?.addEventListener("abort", () => resolve(), { once: true });
    timer = session.after(timeoutSeconds, resolve);
  });
  try {
    await device.impedance!(true);
    await complete;
  } finally {
    subscription?.unsubscribe();
    timer?.cancel();
    await device.impedance!(false);
  }
  return [...newest.values()];
}

/** A board that takes its channels in turns sends NaN for the others: what was known stays. */
const merged = (before: ImpedanceEvent | undefined, now: ImpedanceEvent): ImpedanceEvent => ({
  ...now,
  kilohms: now.kilohms.map((value, c) => (Number.isFinite(value) ? value : (before?.kilohms[c] ?? value))),
});

/** Accelerometers and counters among the channels have no impedance. */
const isElectrode = (channel: Channel | undefined): boolean =>
  channel === undefined || /^([nu\u00b5\u03bcm]?v|(nano|micro|milli)?volts?)?$/i.test(channel.unit.trim());

const channelsOf = (event: ImpedanceEvent, streams: readonly Stream[]): readonly Channel[] =>
  streams.find(({ id }) => id === event.streamId)?.channels ?? [];

function isComplete(event: ImpedanceEvent, streams: readonly Stream[]): boolean {
  const channels = channelsOf(event, streams);
  return event.kilohms.every((value, c) => Number.isFinite(value) || !isElectrode(channels[c]));
}

function measurementOf(
  event: ImpedanceEvent,
  { id, streams }: SessionDevice,
  time: Date,
): ImpedanceMeasurement {
  const channels = channelsOf(event, streams);
  return {
    device: id,
    streamId: event.streamId,
    time: time.toISOString(),
    channels: event.kilohms.flatMap((kilohms, c) =>
      isElectrode(channels[c]) ? [{ label: channels[c]?.label ?? String(c + 1), kilohms }] : [],
    ),
  };
}

function verdictOf(device: string, found: readonly ImpedanceMeasurement[], timeoutSeconds: number): Check {
  const channels = found.flatMap((each) => each.channels);
  const text = channels
    .map(
      ({ label, kilohms }) =>
        `${label} ${Number.isFinite(kilohms) ? `${kilohms.toFixed(1)} kOhm` : "no number"}`,
    )
    .join(", ");
  if (channels.length === 0)
    return red(
      "impedances",
      device,
      `gave no number within ${timeoutSeconds} s: restart the device and try again`,
    );
  const unknown = channels.filter(({ kilohms }) => !Number.isFinite(kilohms));
  return unknown.length === 0
    ? green("impedances", device, text)
    : red(
        "impedances",
        device,
        `${text}: attach ${unknown.map(({ label }) => label).join(", ")} and measure again`,
      );
}
