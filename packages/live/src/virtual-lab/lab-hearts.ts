import { counterRandom } from "@attune/core";
import type { Seconds } from "@attune/signal";
import { SimulatedHeart } from "./ecg.ts";
import { breathsUntil, LAB_BREATHS } from "./lab-breath.ts";

/** The infant's heart does what the adult's did so long ago. */
export const HEART_LAG_SECONDS = 2;

const ADULT = { beatsPerMinute: 70, respiratorySinusArrhythmia: 3 } as const;
const INFANT = { beatsPerMinute: 128, respiratorySinusArrhythmia: 6 } as const;
/** Beats a minute either way with what both share. */
const SHARED = { adult: 4, infant: 8 } as const;
const N_WAVES = 8;
/** Slow enough for the mean of a second to hold it, fast enough for half a minute to see it. */
const SLOWEST_HZ = 0.03;
const FASTEST_HZ = 0.12;

export type LabHearts = { readonly adult: SimulatedHeart; readonly infant: SimulatedHeart };

/** The hearts of a laboratory: each breathes by itself, and both share a slow change of the rate, the infant later. */
export function labHearts(seed: number): LabHearts {
  const shared = slowChange(seed);
  return {
    adult: new SimulatedHeart({
      shape: "adult",
      ...ADULT,
      breathsUntil: (at) => breathsUntil(LAB_BREATHS.adult, at),
      change: (at) => SHARED.adult * shared(at),
    }),
    infant: new SimulatedHeart({
      shape: "infant",
      ...INFANT,
      breathsUntil: (at) => breathsUntil(LAB_BREATHS.infant, at),
      change: (at) => SHARED.infant * shared(at - HEART_LAG_SECONDS),
    }),
  };
}

/** What is planted, for the truth beside the session file. */
export const heartTruth = {
  adult: { ...ADULT, sharedChange: SHARED.adult, breathing: LAB_BREATHS.adult },
  infant: { ...INFANT, sharedChange: SHARED.infant, breathing: LAB_BREATHS.infant },
  infantFollowsBySeconds: HEART_LAG_SECONDS,
} as const;

/** Every R peak, in seconds since the laboratory opened. */
export function plantedBeats(
  seed: number,
  seconds: Seconds,
): { readonly adult: readonly Seconds[]; readonly infant: readonly Seconds[] } {
  // Hearts of its own: those that are listened to keep no beats that are far ahead.
  const { adult, infant } = labHearts(seed);
  return { adult: adult.beatsUntil(seconds), infant: infant.beatsUntil(seconds) };
}

/** Sines of other frequencies and phases with every seed, about -1 to 1. */
function slowChange(seed: number): (at: Seconds) => number {
  const uniform = counterRandom(seed, "hearts");
  const waves = Array.from({ length: N_WAVES }, (_, k) => ({
    hertz: SLOWEST_HZ + ((FASTEST_HZ - SLOWEST_HZ) * (k + uniform())) / N_WAVES,
    phase: 2 * Math.PI * uniform(),
  }));
  return (at) => {
    let sum = 0;
    for (const { hertz, phase } of waves) sum += Math.sin(2 * Math.PI * hertz * at + phase);
    return sum / Math.sqrt(2 * N_WAVES);
  };
}
