import type { DeviceType, Discovered } from "@attune/device-kit";
import { deviceTypes } from "../device-registry.ts";

export interface Discovery {
  readonly found: readonly Discovered[];
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
  return {
    found: searches.flatMap((search) => (search.status === "fulfilled" ? search.value : [])),
    problems,
  };
}

/** One kind of device that never answers must not keep the others from being shown. */
async function within<T>(seconds: number, search: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it did not answer in time")), seconds * 1000);
  });
  return Promise.race([search(), late]).finally(() => clearTimeout(timer));
}
