import { benjaminiHochberg } from "../statistics/index.ts";
import { type BeatCoincidence, beatCoincidence } from "./beat-coincidence.ts";
import { BASELINE_RATE, type BreathingLeak, breathingLeak, ecgBaseline } from "./breathing-leak.ts";
import { type EcgLeak, ecgLeak } from "./ecg-leak.ts";
import { requireSameGrid } from "./sample-count.ts";

/** One person's heart, as recorded. */
export interface HeartTrace {
  /** `[nSamples]`, the raw ECG without mains, both people on one grid; NaN where missing. */
  readonly ecg: Float64Array;
  /** R-peak times, seconds from the first sample, rising. */
  readonly peaks: ArrayLike<number>;
  /** Breathing at 4 Hz from the first sample on; without it the baseline of the own ECG stands in. */
  readonly respiration?: Float64Array;
  /** Where this person's breathing is looked for, Hz; default 0.1 to 1.2, which is any age. */
  readonly breathing?: { readonly low: number; readonly high: number };
}

export interface CrossTalkOptions {
  /** Hz, of both ECGs; 250 or more. */
  readonly samplingRate: number;
  readonly seed: number;
  /** Of each test; default 199. */
  readonly nSurrogates?: number;
}

/**
 * `"leak"`: a large effect at milliseconds; do not interpret covariation of this recording. `"suspected"`: something
 * that chance does not explain; look at the traces. `"none-found"`: not the same as none. `"insufficient-data"`: too
 * short to tell.
 */
export type CrossTalkVerdict = "leak" | "suspected" | "none-found" | "insufficient-data";

export interface CrossTalk {
  readonly verdict: CrossTalkVerdict;
  /** One sentence with its numbers for each test that rejected. */
  readonly reasons: readonly string[];
  readonly ecg: EcgLeak;
  readonly beats: BeatCoincidence;
  /** The first member's breathing in the second's baseline, and the other way round. */
  readonly breathingFirstToSecond: BreathingLeak;
  readonly breathingSecondToFirst: BreathingLeak;
  /** The same of the second's own respiration and of the first's; absent unless both were given. */
  readonly beltFirstToSecond?: BreathingLeak;
  readonly beltSecondToFirst?: BreathingLeak;
  /** `[4]`, `[6]` with both belts: p after Benjamini-Hochberg in this order; NaN for a test that could not be made. */
  readonly adjustedP: Float64Array;
}

const ALPHA = 0.05;
/** Effects from which a rejected test means more than a suspicion. */
const LEAK_CORRELATION = 0.05;
const LEAK_EXCESS = 0.05;

/**
 * Whether bodies in contact (an infant on a lap) share their electrodes' signals: to be asked before any covariation
 * of their hearts is believed. The raw ECGs' correlation at milliseconds, coincident R peaks, and each person's
 * breathing in the other's baseline and belt, each held against its own null. Of 200 simulated pairs of people apart
 * (180 s at 250 Hz) 4 % were suspected and none called a leak; a twentieth of the adult's ECG in the infant's trace
 * was found in 18 of 20.
 *
 * @throws ShapeError when the ECGs differ in length; OptionError for options outside their range
 */
export function crossTalk(first: HeartTrace, second: HeartTrace, options: CrossTalkOptions): CrossTalk {
  requireSameGrid("crossTalk", first.ecg, second.ecg);
  const { samplingRate, seed, nSurrogates = 199 } = options;
  const durationSeconds = first.ecg.length / samplingRate;
  const ecg = ecgLeak(first.ecg, second.ecg, { samplingRate, seed, nSurrogates });
  const beats = beatCoincidence(first.peaks, second.peaks, { durationSeconds, seed, nSurrogates });
  const baselines = [first, second].map((person) => ecgBaseline(person.ecg, samplingRate));
  const breathing = (source: HeartTrace, own: Float64Array, target: Float64Array): BreathingLeak => {
    const respiration = source.respiration ?? own;
    const n = Math.min(respiration.length, target.length);
    return breathingLeak(respiration.subarray(0, n), target.subarray(0, n), {
      samplingRate: BASELINE_RATE,
      nSurrogates,
      seed,
      ...(source.breathing === undefined
        ? {}
        : { lowHz: source.breathing.low, highHz: source.breathing.high }),
    });
  };
  const breathingFirstToSecond = breathing(first, baselines[0], baselines[1]);
  const breathingSecondToFirst = breathing(second, baselines[1], baselines[0]);
  const tests = [ecg.test, beats.test, breathingFirstToSecond.test, breathingSecondToFirst.test];
  const belts =
    first.respiration === undefined || second.respiration === undefined
      ? undefined
      : {
          beltFirstToSecond: breathing(first, baselines[0], second.respiration),
          beltSecondToFirst: breathing(second, baselines[1], first.respiration),
        };
  if (belts !== undefined) tests.push(belts.beltFirstToSecond.test, belts.beltSecondToFirst.test);
  const adjustedP = benjaminiHochberg(tests.map(({ p }) => p));
  const rejected = Array.from(adjustedP, (p) => p <= ALPHA);
  const reasons: string[] = [];
  if (rejected[0])
    reasons.push(
      `The ECGs correlate at ${milliseconds(ecg.leak.lag)} ms with r = ${ecg.leak.correlation.toFixed(3)} (segments that were not simultaneous: ${ecg.test.mean.toFixed(3)}).`,
    );
  if (rejected[1])
    reasons.push(
      `${(100 * beats.excess).toFixed(1)} % of the first member's beats have one of the second's at ${milliseconds(beats.peakInterval)} ms beyond chance.`,
    );
  for (const [k, leak, way] of [
    [2, breathingFirstToSecond, "first member's breathing in the second's ECG baseline"],
    [3, breathingSecondToFirst, "second member's breathing in the first's ECG baseline"],
    [4, belts?.beltFirstToSecond, "first member's breathing in the second's belt"],
    [5, belts?.beltSecondToFirst, "second member's breathing in the first's belt"],
  ] as const)
    if (rejected[k] && leak !== undefined)
      reasons.push(
        `The ${way}: coherence ${leak.coherence.toFixed(2)} at ${leak.breathingHz.toFixed(2)} Hz (in random order: ${leak.test.mean.toFixed(2)}).`,
      );
  const isLeak =
    (rejected[0] && Math.abs(ecg.leak.correlation) >= LEAK_CORRELATION) ||
    (rejected[1] && beats.excess >= LEAK_EXCESS);
  const canTell = !Number.isNaN(adjustedP[0]) && !Number.isNaN(adjustedP[1]);
  const verdict: CrossTalkVerdict = isLeak
    ? "leak"
    : reasons.length > 0
      ? "suspected"
      : canTell
        ? "none-found"
        : "insufficient-data";
  return {
    verdict,
    reasons,
    ecg,
    beats,
    breathingFirstToSecond,
    breathingSecondToFirst,
    ...belts,
    adjustedP,
  };
}

function milliseconds(seconds: number): string {
  return (1000 * seconds).toFixed(0);
}
