import type { StreamInfo } from "../api/stream-info.ts";
import type { Settings } from "../configuration/settings.ts";
import { xpathLiteral } from "../info/predicate.ts";
import { resolveQuery } from "../resolver/resolve-streams.ts";

/**
 * Looks for the same source, as liblsl's recovery does: by channel count, name, type, source id and format, in any session.
 * The stream itself when it still answers; else the one other stream that fits, and none while several do. Its channel
 * count and format are the same, its uid, rate and endpoints may be new.
 */
export async function findAgain(
  info: StreamInfo,
  settings: Settings,
  listenSeconds: number,
  signal: AbortSignal,
): Promise<StreamInfo | undefined> {
  const found = await resolveQuery(settings, recoveryQuery(info), {
    timeoutSeconds: listenSeconds,
    minimum: 1,
    minimumSeconds: Math.min(1, listenSeconds),
    signal,
  }).catch(() => []);
  const same = found.find((candidate) => candidate.uid === info.uid);
  const candidate = same ?? (found.length === 1 ? found[0] : undefined);
  const fits =
    candidate?.channelCount === info.channelCount && candidate.channelFormat === info.channelFormat;
  return fits ? candidate : undefined;
}

export function recoveryQuery(info: StreamInfo): string {
  const parts: readonly (readonly [string, string])[] = [
    ["channel_count", String(info.channelCount)],
    ["name", info.name],
    ["type", info.type],
    ["source_id", info.sourceId],
    ["channel_format", info.channelFormat],
  ];
  return parts
    .filter(([, value]) => value !== "")
    .map(([element, value]) => `${element}=${xpathLiteral(value)}`)
    .join(" and ");
}
