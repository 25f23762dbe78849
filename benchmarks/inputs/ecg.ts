import { ECG_SHAPES, SyntheticEcg } from "@attune/core";

const INTERVAL_SECONDS = { adult: 0.8, infant: 0.43 } as const;
const BREATH_HZ = 0.25;

/** An electrocardiogram that breathes, wanders and has a little noise, the same heart at every sampling rate. Millivolts. */
export function simulateEcg(
  person: "adult" | "infant",
  samplingRate: number,
  seconds: number,
  seed: number,
): Float64Array {
  const breath = (time: number): number => Math.sin(2 * Math.PI * BREATH_HZ * time);
  const beats: number[] = [];
  for (let time = 0.4; time < seconds; time += INTERVAL_SECONDS[person] * (1 + 0.04 * breath(time)))
    beats.push(time);
  const samples = new Float64Array(Math.round(samplingRate * seconds));
  new SyntheticEcg({
    samplingRate,
    beats,
    waves: ECG_SHAPES[person],
    baseline: (time) => 0.3 * breath(time),
    noise: { deviation: 0.005, key: ["ecg", seed] },
  }).read(samples);
  return samples;
}
