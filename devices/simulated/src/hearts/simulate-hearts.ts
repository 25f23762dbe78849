import { counterRandom } from "@attune/core";
import type { StateInterval } from "@attune/signal";
import { simulateBeats } from "./beats.ts";
import { type PlantedBehaviour, simulateBehaviour } from "./behaviour.ts";
import { type HeartsOptions, type ResolvedHearts, resolveHearts } from "./options.ts";
import { SLOW_RATE, slowProcess, valueAt } from "./slow-process.ts";
import { beltBlock, ecgOf, type TraceSource } from "./traces.ts";

/** What is true of a simulated session. */
export interface HeartsTruth {
  readonly seed: number;
  readonly durationSeconds: number;
  /** Positive: the adult leads. */
  readonly lagSeconds: number;
  /** Correlation of the slow variations, lag taken off. */
  readonly covariation: { readonly inTouch: number; readonly otherwise: number };
  readonly slowingAfterTouch: number;
  readonly leak: number;
  readonly contingentVoice: boolean;
  readonly behaviour: PlantedBehaviour;
  /** R peaks, session seconds. */
  readonly beats: { readonly adult: readonly number[]; readonly infant: readonly number[] };
}

/** Two hearts in one session. */
export interface SimulatedHearts {
  readonly options: ResolvedHearts;
  readonly states: readonly StateInterval[];
  readonly beats: { readonly adult: Float64Array; readonly infant: Float64Array };
  readonly truth: HeartsTruth;
  /** Whole seconds that can be had as blocks. */
  readonly nBlocks: number;
  /** One second of ECG, mV, at `options.samplingRate`, on session time. */
  ecg(role: "adult" | "infant", block: number): Float64Array;
  /** The same second of a respiration belt. */
  belt(role: "adult" | "infant", block: number): Float64Array;
}

const TOUCH_FADES_SECONDS = 8;

/**
 * Simulates an adult and an infant with two ECGs, breathing, gaze, touch and voice, with planted truth: the infant's slow
 * heart follows the adult's after a lag, by one share during touch and another otherwise; the adult answers the infant's
 * voice; cries are answered by touch; the infant's heart slows after touch. The same options give the same samples.
 *
 * @throws OptionError for options outside their range
 */
export function simulateHearts(options: HeartsOptions): SimulatedHearts {
  const resolved = resolveHearts(options);
  const { seed, durationSeconds, lagSeconds, samplingRate, noise, leak } = resolved;
  const { states, planted } = simulateBehaviour(seed, durationSeconds, resolved.contingentVoice);
  const touch = states.filter(({ layer }) => layer === "touch");
  const n = Math.ceil(durationSeconds * SLOW_RATE) + 2;
  const margin = Math.ceil(Math.abs(lagSeconds) * SLOW_RATE) + 1;
  const shared = slowProcess(n + 2 * margin, counterRandom(seed, "hearts", "adult", "slow"));
  const own = slowProcess(n, counterRandom(seed, "hearts", "infant", "slow"));
  const adultSlow = shared.slice(margin, margin + n);
  const weight = new Float64Array(n).fill(resolved.covariation);
  const slowing = new Float64Array(n);
  for (const { onset, duration } of touch) {
    for (let k = Math.ceil(onset * SLOW_RATE); k < Math.min(n, (onset + duration) * SLOW_RATE); k++)
      weight[k] = resolved.covariationInTouch;
    for (let k = Math.ceil(onset * SLOW_RATE); k < n; k++) {
      const after = k / SLOW_RATE - onset;
      if (after > 6 * TOUCH_FADES_SECONDS) break;
      slowing[k]! += resolved.slowingAfterTouch * Math.exp(-after / TOUCH_FADES_SECONDS);
    }
  }
  const infantSlow = Float64Array.from({ length: n }, (_, k) => {
    const w = weight[k]!;
    return (
      w * valueAt(shared, margin / SLOW_RATE + k / SLOW_RATE - lagSeconds) + Math.sqrt(1 - w * w) * own[k]!
    );
  });
  const none = new Float64Array(n);
  const adult = simulateBeats(seed, "adult", durationSeconds, resolved.adult, adultSlow, none);
  const infant = simulateBeats(seed, "infant", durationSeconds, resolved.infant, infantSlow, slowing);
  const sources: { readonly adult: TraceSource; readonly infant: TraceSource } = {
    adult: { role: "adult", beats: adult.times, breathPhase: adult.breathPhase },
    infant: { role: "infant", beats: infant.times, breathPhase: infant.breathPhase },
  };
  const traces = {
    adult: ecgOf(sources.adult, samplingRate, { deviation: noise, seed }),
    infant: ecgOf(sources.infant, samplingRate, { deviation: noise, seed }),
  };
  const leaking = ecgOf(sources.adult, samplingRate);
  return {
    options: resolved,
    states,
    beats: { adult: adult.times, infant: infant.times },
    nBlocks: Math.floor(durationSeconds),
    truth: {
      seed,
      durationSeconds,
      lagSeconds,
      covariation: { inTouch: resolved.covariationInTouch, otherwise: resolved.covariation },
      slowingAfterTouch: resolved.slowingAfterTouch,
      leak,
      contingentVoice: resolved.contingentVoice,
      behaviour: planted,
      beats: { adult: Array.from(adult.times), infant: Array.from(infant.times) },
    },
    ecg: (role, block) => {
      const out = new Float64Array(samplingRate);
      traces[role].read(out, block * samplingRate);
      if (role === "adult" || leak === 0) return out;
      const leaked = new Float64Array(samplingRate);
      leaking.read(leaked, block * samplingRate);
      for (let k = 0; k < out.length; k++) out[k]! += leak * leaked[k]!;
      return out;
    },
    belt: (role, block) => beltBlock(sources[role], block, samplingRate),
  };
}
