import type { StreamStatistics } from "@attune/device-kit";
import type { SessionSettings } from "@attune/pipeline";
import type { Seconds } from "@attune/signal";

/** How one stream was placed on the session clock, over a whole session. */
export interface StreamTiming {
  readonly streamId: string;
  readonly device: string;
  readonly person: string | undefined;
  readonly nSamples: number;
  readonly nLost: number;
  readonly lostPercent: number;
  readonly nominalSamplingRate: number;
  readonly measuredSamplingRate: number;
  readonly driftPpm: number;
  readonly jitterRmsMs: number;
  readonly nOffsets: number;
  readonly lastOffset: Seconds;
  /** How far the stream's times may be off on the session clock, constant delays left out. */
  readonly alignmentErrorMs: number;
  readonly nReconnects: number;
  /** How often its clock began anew: rate, drift and offset are those of the spells between, the offset that of the last one. */
  readonly nClockRestarts: number;
  /** Frames that were thrown away because they were damaged, boundaries that were lost and found again. */
  readonly nRepairs: number;
  readonly verdict: "good" | "fair" | "poor";
  readonly remarks: readonly string[];
}

/** How far two people's times may be apart, and which lags of the model are too short to be told from that. */
export interface PairTiming {
  readonly people: readonly [string, string];
  readonly alignmentErrorMs: number;
  /** Lags of the model, in samples, that are no longer than the error. */
  readonly unresolvedLags: readonly number[];
  readonly sampleMs: number;
}

export interface TimingPassport {
  readonly session: string;
  readonly durationSeconds: Seconds;
  readonly streams: readonly StreamTiming[];
  readonly pairs: readonly PairTiming[];
}

export interface TimedStream {
  readonly device: string;
  readonly person: string | undefined;
  readonly nominalSamplingRate: number;
  readonly nReconnects: number;
  readonly nRepairs: number;
  readonly nClockRestarts: number;
  readonly statistics: StreamStatistics;
}

const WARN_DRIFT_PPM = 200;
const WRONG_RATE_PPM = 1000;
/** A normal error exceeds three standard deviations once in 370 times. */
const ERROR_SDS = 3;

/**
 * The sheet that says what the times of a session are worth.
 *
 * Alignment error of a stream: half the round trip by which its clock was compared where there was one; else three times the scatter of
 * arrivals about the fitted line, over the root of the arrivals that the fit effectively averages (half-time 90 s). Constant
 * delays (radio, amplifier, buffers) are in neither: only a shared trigger can show them.
 *
 * Error of a pair: the sum over both, the worst case.
 */
export function timingPassport(
  session: string,
  durationSeconds: Seconds,
  streams: readonly TimedStream[],
  settings: SessionSettings | undefined,
): TimingPassport {
  const timed = streams.map(timingOf);
  return {
    session,
    durationSeconds,
    streams: timed,
    pairs: settings === undefined ? [] : pairsOf(timed, settings),
  };
}

function timingOf({
  device,
  person,
  nominalSamplingRate,
  nReconnects,
  nRepairs,
  nClockRestarts,
  statistics,
}: TimedStream): StreamTiming {
  const { nSamples, nLost, driftPpm, jitterRms } = statistics;
  const lostPercent = (100 * nLost) / Math.max(1, nSamples + nLost);
  const alignmentErrorMs = 1000 * alignmentError(statistics, nominalSamplingRate);
  const remarks = [
    ...(Math.abs(driftPpm) > WRONG_RATE_PPM
      ? [`runs ${Math.round(driftPpm)} ppm off: its announced rate is probably wrong`]
      : Math.abs(driftPpm) > WARN_DRIFT_PPM
        ? [`drifts by ${Math.round(driftPpm)} ppm, more than a quartz should`]
        : []),
    ...(lostPercent > 1 ? [`${lostPercent.toFixed(1)} % of its samples were lost`] : []),
    ...(nReconnects > 0 ? [`was reconnected ${times(nReconnects)}`] : []),
    ...(nClockRestarts > 0 ? [`its clock began anew ${times(nClockRestarts)}`] : []),
    ...(statistics.nOffsets === 0 ? ["its clock was never compared with the computer's"] : []),
    ...(Number.isNaN(alignmentErrorMs) ? ["how well it is aligned is not known"] : []),
  ];
  return {
    streamId: statistics.streamId,
    device,
    person,
    nSamples,
    nLost,
    lostPercent,
    nominalSamplingRate,
    measuredSamplingRate: statistics.measuredSamplingRate,
    driftPpm,
    jitterRmsMs: 1000 * jitterRms,
    nOffsets: statistics.nOffsets,
    lastOffset: statistics.lastOffset,
    alignmentErrorMs,
    nReconnects,
    nClockRestarts,
    nRepairs,
    verdict: remarks.length === 0 && alignmentErrorMs <= 2 ? "good" : remarks.length <= 1 ? "fair" : "poor",
    remarks,
  };
}

const times = (n: number): string => (n === 1 ? "once" : `${n} times`);

const HALF_TIME_SECONDS = 90;

function alignmentError(
  { offsetUncertainty, jitterRms, nOffsets, nSamples }: StreamStatistics,
  rate: number,
): Seconds {
  if (nOffsets === 0) return Number.NaN;
  if (Number.isFinite(offsetUncertainty)) return offsetUncertainty;
  // Arrivals come in reads of some 20 ms; the fit averages over 2 half-times / ln 2 at most.
  const reads = Math.min(nSamples / Math.max(1, rate), (2 * HALF_TIME_SECONDS) / Math.LN2) * 50;
  return (ERROR_SDS * jitterRms) / Math.sqrt(Math.max(1, reads));
}

function pairsOf(streams: readonly StreamTiming[], settings: SessionSettings): PairTiming[] {
  const errorOf = (streamId: string): number =>
    streams.find((stream) => stream.streamId === streamId)?.alignmentErrorMs ?? Number.NaN;
  const sampleMs = 1000 / settings.analysisRate;
  return settings.people.flatMap((a, i) =>
    settings.people.slice(i + 1).map((b) => {
      const sameClock = a.streamId === b.streamId;
      const alignmentErrorMs = sameClock ? 0 : errorOf(a.streamId) + errorOf(b.streamId);
      const lags = Array.from({ length: settings.model.order }, (_, k) => k + 1);
      return {
        people: [a.person.id, b.person.id] as const,
        alignmentErrorMs,
        unresolvedLags: lags.filter((lag) => !(lag * sampleMs > alignmentErrorMs)),
        sampleMs,
      };
    }),
  );
}
