import {
  type BreathingLeak,
  type CrossTalkVerdict,
  crossTalk,
  notch,
  type Population,
  sosfiltfilt,
} from "@attune/core";
import type { ReadHeart } from "../hearts/read-hearts.ts";
import type { DyadSettings } from "../request.ts";
import type { BreathingInTrace, CrossTalkResult } from "../result.ts";

const NOTCH_QUALITY = 30;
const N_SURROGATES = 199;
const ALPHA = 0.05;
/** A stretch between gaps that is shorter cannot be filtered, seconds. */
const SHORTEST_RUN = 1;
/** Of the respiration that core compares, Hz. */
const RESPIRATION_RATE = 4;
/** Where people of these ages breathe, Hz. Wider than the bands of RSA: a leak is looked for wherever it may lie. */
const BREATHING: Readonly<Record<Population, { readonly low: number; readonly high: number }>> = {
  adult: { low: 0.1, high: 0.5 },
  child: { low: 0.2, high: 0.8 },
  infant: { low: 0.24, high: 1.2 },
};

/**
 * Looks for each person's ECG and breathing in the other's ECG, and breathing in the other's belt where both have one, before any covariation is believed. Long recordings are
 * looked at in four stretches; a stretch counts when its finding survives the correction for their number.
 */
export function checkCrossTalk(first: ReadHeart, second: ReadHeart, settings: DyadSettings): CrossTalkResult {
  const n = Math.min(first.excerpts.length, second.excerpts.length);
  if (n === 0)
    return {
      verdict: "not-checked",
      reasons: ["There are not two ECGs: imported beats cannot show it."],
      stretches: [],
    };
  const reasons: string[] = [];
  const stretches = Array.from({ length: n }, (_, k) => {
    const excerpts = [first.excerpts[k]!, second.excerpts[k]!];
    const { start, samplingRate, values } = excerpts[0]!;
    const seconds = values.length / samplingRate;
    const traces = [first, second].map((heart, m) => ({
      ecg: withoutMains(excerpts[m]!.values, samplingRate, settings.mainsHz),
      peaks: heart.beats.times
        .filter((time) => time >= start && time < start + seconds)
        .map((time) => time - start),
      breathing: BREATHING[heart.population],
      ...respirationOf(heart, start, seconds),
    }));
    const found = crossTalk(traces[0]!, traces[1]!, {
      samplingRate,
      seed: settings.seed,
      nSurrogates: n * N_SURROGATES,
    });
    const p = Math.min(
      1,
      n * Math.min(...Array.from(found.adjustedP, (each) => (Number.isNaN(each) ? 1 : each))),
    );
    const counts = p <= ALPHA || found.verdict === "none-found" || found.verdict === "insufficient-data";
    const verdict: CrossTalkVerdict = counts ? found.verdict : "none-found";
    if (counts)
      for (const reason of found.reasons)
        reasons.push(n === 1 ? reason : `From ${start.toFixed(0)} s on: ${reason}`);
    return {
      start,
      seconds,
      verdict,
      ecgCorrelation: found.ecg.leak.correlation,
      ecgLagSeconds: found.ecg.leak.lag,
      coincidenceExcess: found.beats.excess,
      breathing: [
        breath(found.breathingFirstToSecond, first, second, "ecg", found.adjustedP[2]!),
        breath(found.breathingSecondToFirst, second, first, "ecg", found.adjustedP[3]!),
        ...(found.beltFirstToSecond === undefined || found.beltSecondToFirst === undefined
          ? []
          : [
              breath(found.beltFirstToSecond, first, second, "belt", found.adjustedP[4]!),
              breath(found.beltSecondToFirst, second, first, "belt", found.adjustedP[5]!),
            ]),
      ],
      p,
    };
  });
  const has = (verdict: CrossTalkVerdict): boolean => stretches.some((each) => each.verdict === verdict);
  const verdict = (["leak", "suspected", "none-found"] as const).find(has) ?? "insufficient-data";
  return { verdict, reasons: reasons.map(inWords), stretches };

  function inWords(reason: string): string {
    return reason
      .replaceAll("first member's", `${first.member.id}'s`)
      .replaceAll("second member's", `${second.member.id}'s`)
      .replaceAll("the second's", `${second.member.id}'s`)
      .replaceAll("the first's", `${first.member.id}'s`);
  }
}

function breath(
  { breathingHz, coherence }: BreathingLeak,
  from: ReadHeart,
  to: ReadHeart,
  seenIn: "ecg" | "belt",
  p: number,
): BreathingInTrace {
  return {
    from: from.member.id,
    to: to.member.id,
    source: from.belt === undefined ? "ecg" : "belt",
    seenIn,
    hz: breathingHz,
    coherence,
    p,
  };
}

/** The belt over a stretch at 4 Hz, bins without a sample left out of the means; nothing without a belt. */
function respirationOf(
  { belt }: ReadHeart,
  start: number,
  seconds: number,
): { readonly respiration?: Float64Array } {
  if (belt === undefined || belt.samplingRate < RESPIRATION_RATE) return {};
  const { values, samplingRate } = belt;
  const respiration = Float64Array.from({ length: Math.floor(RESPIRATION_RATE * seconds) }, (_, k) => {
    let sum = 0;
    let n = 0;
    const from = Math.ceil((start + k / RESPIRATION_RATE) * samplingRate);
    const to = Math.ceil((start + (k + 1) / RESPIRATION_RATE) * samplingRate);
    for (let bin = from; bin < to; bin++) {
      const value = values[bin];
      if (value === undefined || Number.isNaN(value)) continue;
      sum += value;
      n++;
    }
    return sum / n;
  });
  return respiration.every(Number.isNaN) ? {} : { respiration };
}

/** Interference at a fixed phase would blind the check. Runs between missing samples are filtered by themselves. */
function withoutMains(ecg: Float64Array, samplingRate: number, mainsHz: number): Float64Array {
  if (!(mainsHz > 0 && mainsHz < samplingRate / 2)) return ecg;
  const sections = notch({ frequency: mainsHz, quality: NOTCH_QUALITY, samplingRate });
  const out = ecg.slice();
  for (let from = 0; from < ecg.length; ) {
    let to = from;
    while (to < ecg.length && !Number.isNaN(ecg[to]!)) to++;
    if (to - from >= SHORTEST_RUN * samplingRate)
      out.set(sosfiltfilt(sections, ecg.subarray(from, to)), from);
    from = to + 1;
  }
  return out;
}
