import type { DeviceStatistics } from "@attune/device-kit";
import type { SessionSettings } from "@attune/pipeline";
import type { Seconds } from "@attune/signal";
import type { SessionDevice } from "../session/device-set.ts";
import type { SessionFile } from "../session-file/schema.ts";
import type { StreamCount } from "./stream-counts.ts";
import { type TimingPassport, timingPassport } from "./timing-passport.ts";

export interface PassportRequest {
  readonly file: SessionFile;
  readonly devices: readonly Pick<SessionDevice, "id" | "streams">[];
  /** By device: what it has counted by now, and what it had counted when the session began. */
  readonly statistics: ReadonlyMap<string, DeviceStatistics>;
  readonly before: ReadonlyMap<string, DeviceStatistics>;
  /** What entered of a stream since the session began. */
  readonly countOf: (streamId: string) => StreamCount | undefined;
  readonly settings: SessionSettings | undefined;
  readonly durationSeconds: Seconds;
  /** Host clock at session time 0. */
  readonly origin: Seconds;
}

/**
 * The passport of a session as far as it has gone. Counts are of what came since it began, as the recording holds it; clocks are known
 * from what came before, too.
 */
export function sessionPassport(request: PassportRequest): TimingPassport {
  const { file, devices, settings, durationSeconds, origin } = request;
  const streams = devices.flatMap(({ id, streams: delivered }) => {
    const now = request.statistics.get(id);
    const before = request.before.get(id);
    return (now?.streams ?? []).map((each) => {
      const earlier = before?.streams.find(({ streamId }) => streamId === each.streamId);
      const count = request.countOf(each.streamId);
      return {
        device: id,
        person: onlyOne(
          file.streams.filter((assigned) => assigned.device === id).map(({ person }) => person),
        ),
        nominalSamplingRate:
          delivered.find((stream) => stream.id === each.streamId)?.nominalSamplingRate ?? 0,
        nReconnects: now!.nReconnects - (before?.nReconnects ?? 0),
        nRepairs: repairsOf(now) - repairsOf(before),
        nClockRestarts: count?.nRestarts ?? 0,
        statistics: {
          ...each,
          nSamples: count?.nSamples ?? 0,
          // Samples that a device made up leave no hole in its counter.
          nLost: Math.max(count?.nLost ?? 0, each.nLost - (earlier?.nLost ?? 0)),
          nOffsets: count?.nOffsets ?? 0,
          measuredSamplingRate: count?.measuredSamplingRate ?? Number.NaN,
          lastOffset: each.lastOffset - origin,
        },
      };
    });
  });
  return timingPassport(file.session, durationSeconds, streams, settings);
}

const repairsOf = (statistics: DeviceStatistics | undefined): number =>
  (statistics?.codec?.resyncs ?? 0) + (statistics?.codec?.checksumErrors ?? 0);

const onlyOne = (people: readonly string[]): string | undefined =>
  new Set(people).size === 1 ? people[0] : undefined;
