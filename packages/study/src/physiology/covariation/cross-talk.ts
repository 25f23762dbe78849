import { type CrossTalkVerdict, crossTalk, notch, sosfiltfilt } from "@attune/core";
import type { ReadHeart } from "../hearts/read-hearts.ts";
import type { DyadSettings } from "../request.ts";
import type { CrossTalkResult } from "../result.ts";

const NOTCH_QUALITY = 30;
const N_SURROGATES = 199;
const ALPHA = 0.05;
/** A stretch between gaps that is shorter cannot be filtered, seconds. */
const SHORTEST_RUN = 1;

/**
 * Looks for each person's ECG and breathing in the other's trace, before any covariation is believed. Long recordings are
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
