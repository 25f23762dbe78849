import { mulberry32, normal } from "@attune/core";

/** Shapes of the waves P, Q, R, S, T: seconds from the R peak, height, standard deviation in seconds. */
const WAVES = {
  adult: [
    [-0.16, 0.12, 0.02],
    [-0.026, -0.12, 0.008],
    [0, 1, 0.011],
    [0.027, -0.25, 0.01],
    [0.26, 0.3, 0.045],
  ],
  infant: [
    [-0.09, 0.12, 0.012],
    [-0.015, -0.12, 0.005],
    [0, 1, 0.0065],
    [0.016, -0.3, 0.006],
    [0.14, 0.25, 0.025],
  ],
} as const;

/** An electrocardiogram that breathes, wanders and has a little noise, the same heart at every sampling rate. Millivolts. */
export function simulateEcg(
  person: keyof typeof WAVES,
  samplingRate: number,
  seconds: number,
  seed: number,
): Float64Array {
  const samples = new Float64Array(Math.round(samplingRate * seconds));
  const draw = normal(mulberry32(seed));
  for (let n = 0; n < samples.length; n++)
    samples[n] = 0.005 * draw() + 0.3 * Math.sin((2 * Math.PI * 0.25 * n) / samplingRate);
  const interval = person === "adult" ? 0.8 : 0.43;
  for (let time = 0.4; time < seconds; time += interval * (1 + 0.04 * Math.sin(2 * Math.PI * 0.25 * time)))
    for (const [offset, height, width] of WAVES[person]) {
      const from = Math.max(0, Math.ceil((time + offset - 5 * width) * samplingRate));
      const to = Math.min(samples.length - 1, Math.floor((time + offset + 5 * width) * samplingRate));
      for (let n = from; n <= to; n++)
        samples[n]! += height * Math.exp(-0.5 * ((n / samplingRate - time - offset) / width) ** 2);
    }
  return samples;
}
