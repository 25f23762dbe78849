import type { DeviceType, Discovered } from "@attune/device-kit";
import { deviceTypes } from "../device-registry.ts";

export interface Discovery {
  readonly found: readonly Discovered[];
  /** What could not be looked for, one sentence each. */
  readonly problems: readonly string[];
}

/** Asks every kind of device what it sees. Opens no port that may be in use. */
export async function discoverStreams(
  timeoutSeconds: number,
  registry: readonly DeviceType[] = deviceTypes,
): Promise<Discovery> {
  const searches = await Promise.allSettled(
    registry.map(async (type) => (await type.discover?.(timeoutSeconds)) ?? []),
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
