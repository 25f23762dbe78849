import { type DeviceType, type Discovered, listSerialPorts, type SerialPortInfo } from "@attune/device-kit";
import { deviceTypes } from "../device-registry.ts";

export interface Discovery {
  readonly found: readonly Discovered[];
  /** Serial ports whose names do not tell what is behind them. */
  readonly otherPorts: readonly SerialPortInfo[];
  /** What could not be looked for, one sentence each. */
  readonly problems: readonly string[];
}

/** Beyond the time that it was given: drivers may need a moment to come back. */
const GRACE_SECONDS = 5;

/** Asks every kind of device what it sees. Opens no port that may be in use. */
export async function discoverStreams(
  timeoutSeconds: number,
  registry: readonly DeviceType[] = deviceTypes,
  graceSeconds: number = GRACE_SECONDS,
): Promise<Discovery> {
  const searches = await Promise.allSettled(
    registry.map((type) =>
      within(timeoutSeconds + graceSeconds, async () => (await type.discover?.(timeoutSeconds)) ?? []),
    ),
  );
  const problems = searches.flatMap((search, i) =>
    search.status === "rejected"
      ? [
          `${registry[i]!.name} could not be looked for: ${String((search.reason as Error)?.message ?? search.reason)}`,
        ]
      : [],
  );
  const found = searches.flatMap((search) => (search.status === "fulfilled" ? search.value : []));
  const claimed = new Set(found.map(({ settings }) => settings.port));
  const ports = await listSerialPorts();
  return { found, otherPorts: ports.filter(({ path }) => !claimed.has(path)), problems };
}

/** One kind of device that never answers must not keep the others from being shown. */
async function within<T>(seconds: number, search: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it did not answer in time")), seconds * 1000);
  });
  return Promise.race([search(), late]).finally(() => clearTimeout(timer));
}
