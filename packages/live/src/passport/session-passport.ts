import type { SessionSettings } from "@attune/pipeline";
import type { Seconds } from "@attune/signal";
import type { SessionDevice } from "../session/device-set.ts";
import type { SessionFile } from "../session-file/schema.ts";
import { type TimingPassport, timingPassport } from "./timing-passport.ts";

/**
 * The passport of a session as far as it has gone, from what its devices counted.
 *
 * @param origin host clock at session time 0
 */
export function sessionPassport(
  file: SessionFile,
  devices: readonly SessionDevice[],
  settings: SessionSettings | undefined,
  now: Seconds,
  origin: Seconds,
): TimingPassport {
  const streams = devices.flatMap(({ id, device, streams: delivered }) => {
    const { streams: statistics, codec, nReconnects } = device.statistics();
    const nRepairs = (codec?.resyncs ?? 0) + (codec?.checksumErrors ?? 0);
    return statistics.map((each) => ({
      device: id,
      person: onlyOne(file.streams.filter((assigned) => assigned.device === id).map(({ person }) => person)),
      nominalSamplingRate: delivered.find((stream) => stream.id === each.streamId)?.nominalSamplingRate ?? 0,
      nReconnects,
      nRepairs,
      statistics: { ...each, lastOffset: each.lastOffset - origin },
    }));
  });
  return timingPassport(file.session, now, streams, settings);
}

const onlyOne = (people: readonly string[]): string | undefined =>
  new Set(people).size === 1 ? people[0] : undefined;
