import type { HeartTotals } from "@attune/live";
import type { HeartOutput } from "@attune/signal";
import { fixed, plural } from "./format.ts";

const GOOD = 0.8;
const FAIR = 0.5;

/** Signal quality of a trace, 0 to 1, in a word. */
export function qualityWord(quality: number): string {
  if (Number.isNaN(quality) || quality === 0) return "unknown";
  if (quality >= GOOD) return "good";
  return quality >= FAIR ? "fair" : "poor";
}

/** What a program that reads along gets: everything but the beats and the series, which say what the intervals say. */
export function heartJson(output: HeartOutput): string | undefined {
  if (output.kind === "beat" || output.kind === "heart-series") return undefined;
  return JSON.stringify(output.kind === "rsa" ? { ...output, values: [...output.values] } : output);
}

/** Hearts at the end of a session: what they rest on, then covariation by state. */
export function heartSummary({ people, covariations }: HeartTotals): string[] {
  const lines = people.map(
    ({ person, nBeats, correctedShare, coverage, signalQuality }) =>
      `${person}'s heart: ${plural(nBeats, "beat")}, ${percent(correctedShare)} of intervals corrected, known ${percent(coverage)} of the time, signal ${qualityWord(signalQuality)}`,
  );
  for (const { series, from, to, nWindows, nWithoutValue, byLayer } of covariations) {
    const what = series === "rsa" ? "RSA" : "heart rate";
    lines.push(
      `Covariation of ${what}, ${from} with ${to}: ${plural(nWindows, "window")}, ${nWithoutValue} without a value`,
    );
    for (const { person, layer, states } of byLayer)
      for (const { state, inside } of states)
        if (inside.n > 0)
          lines.push(
            `  ${person} ${layer} ${state}: mean z ${fixed(inside.mean, 2)} in ${plural(inside.n, "window")}`,
          );
  }
  return lines;
}

const percent = (share: number): string => (Number.isNaN(share) ? "-" : `${fixed(100 * share, 1)} %`);
