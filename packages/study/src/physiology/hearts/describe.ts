import { epochQuality, heartRateVariability, intersectIntervals, totalSeconds } from "@attune/core";
import type { CodedStates } from "../behaviour/coded-states.ts";
import type { PersonResult, PlainEpochRow } from "../result.ts";
import type { Heart } from "./heart.ts";
import { meanOf } from "./mean-of.ts";
import { PHASE_LAYER } from "./reactivity.ts";
import type { SharedTime } from "./shared-span.ts";

/** Ends the name of the column that says how much of an epoch a layer was known. */
export const OBSERVED = "observed";

/** One heart in numbers, over the time that both share. */
export function personResult(heart: Heart, time: SharedTime): PersonResult {
  const { start, end } = time;
  const { corrected, epochs, read, band, breaths } = heart;
  const [whole] = epochQuality(corrected, { epochSeconds: end - start, startTime: start, nEpochs: 1 });
  const { meanInterbeatInterval, heartRate, sdnn, rmssd } = heartRateVariability(
    acceptedIntervals(heart, time),
  );
  const marks: Record<string, number> = {};
  for (const mark of corrected.marks) marks[mark] = (marks[mark] ?? 0) + 1;
  const breathing = breaths.filter(({ onset }) => onset >= start && onset < end);
  return {
    id: heart.id,
    role: read.member.role,
    source: read.source,
    samplingRate: read.samplingRate,
    nBeats: read.beats.times.length,
    nGaps: read.beats.nGaps,
    meanInterval: meanInterbeatInterval,
    heartRate,
    sdnn,
    rmssd,
    lnRsa: meanOf(epochs.map(({ lnRsa }) => lnRsa)),
    lnRsaSpectral: meanOf(epochs.map(({ lnRsaSpectral }) => lnRsaSpectral)),
    spectralSeconds: heart.spectralSeconds,
    peakToTrough: meanOf(epochs.map(({ peakToTrough }) => peakToTrough)),
    preEjectionPeriod: meanOf(epochs.map(({ preEjectionPeriod }) => preEjectionPeriod)),
    nPreEjectionLeftOut: heart.nPreEjectionLeftOut,
    rsaBand: band,
    rsaGain: heart.rsaGain,
    breathsPerMinute: breathing.length === 0 ? Number.NaN : (60 * breathing.length) / (end - start),
    signalQuality: meanOf(epochs.map(({ signalQuality }) => signalQuality)),
    coverage: whole!.coverage,
    correctedShare: whole!.correctedShare,
    marks,
    nEpochs: epochs.length,
    nEpochsLeftOut: epochs.filter(({ excluded }) => excluded !== undefined).length,
    nOutsideBand: epochs.filter(({ respiration }) => respiration?.outsideBand === true).length,
  };
}

/** Intervals of the epochs that count, the others missing; of all of the time where it is shorter than an epoch. */
function acceptedIntervals(
  { corrected, epochs }: Heart,
  { start, end, epochSeconds }: SharedTime,
): Float64Array {
  return corrected.intervals
    .map((interval, k) => {
      const epoch = epochs[Math.floor((corrected.times[k]! - start) / epochSeconds)];
      const counts = epochs.length === 0 || (epoch !== undefined && epoch.excluded === undefined);
      return counts ? interval : Number.NaN;
    })
    .filter((_, k) => corrected.times[k]! >= start && corrected.times[k]! < end);
}

/** Both hearts epoch by epoch in long format, with the share of each epoch in each coded state. */
export function epochRows(
  dyad: string,
  first: Heart,
  second: Heart,
  coded: CodedStates,
  { epochSeconds }: SharedTime,
): PlainEpochRow[] {
  return [first, second].flatMap((heart) =>
    heart.epochs.map((epoch): PlainEpochRow => {
      const { startTime, variability, respiration } = epoch;
      const span = { onsets: Float64Array.of(startTime), offsets: Float64Array.of(startTime + epochSeconds) };
      const states: Record<string, number> = {};
      let condition = "all";
      let longest = 0;
      for (const { person, layer, states: own, observed } of coded.layers) {
        const seen = totalSeconds(intersectIntervals(observed, span));
        for (const [state, stream] of own) {
          const seconds = totalSeconds(intersectIntervals(stream, span));
          // Nobody knows what share nothing was of an epoch that nobody saw.
          states[`${person}.${layer}.${state}`] = seen > 0 ? seconds / seen : Number.NaN;
          if (!PHASE_LAYER.test(layer) || seconds <= longest) continue;
          longest = seconds;
          condition = state;
        }
        states[`${person}.${layer}.${OBSERVED}`] = seen / epochSeconds;
      }
      return {
        dyad,
        role: heart.read.member.role,
        person: heart.id,
        epoch: epoch.epoch,
        start: startTime,
        condition,
        lnRsa: epoch.lnRsa,
        lnRsaSpectral: epoch.lnRsaSpectral,
        ibi: epoch.excluded === undefined ? variability.meanInterbeatInterval : Number.NaN,
        heartRate: epoch.excluded === undefined ? variability.heartRate : Number.NaN,
        rmssd: epoch.excluded === undefined ? variability.rmssd : Number.NaN,
        sdnn: epoch.excluded === undefined ? variability.sdnn : Number.NaN,
        peakToTrough: epoch.peakToTrough,
        breathingRate: respiration?.rate ?? Number.NaN,
        breathingDepth: respiration?.depth ?? Number.NaN,
        pep: epoch.preEjectionPeriod,
        coverage: epoch.coverage,
        corrected: epoch.correctedShare,
        signalQuality: epoch.signalQuality,
        excluded: epoch.excluded ?? "",
        states,
      };
    }),
  );
}
