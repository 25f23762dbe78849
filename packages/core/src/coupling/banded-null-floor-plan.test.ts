import { expect, test } from "vitest";
import { fitMvar, LagMoments, simulateVar } from "../mvar/index.ts";
import { mulberry32, normal } from "../random/index.ts";
import { bandMean } from "./band-mean.ts";
import { BandedNullFloorPlan } from "./banded-null-floor-plan.ts";
import { frequencyGrid } from "./frequency-grid.ts";
import { gpdcNullFloor } from "./null-floor.ts";

test("band means of the floor are those of the floor at every frequency", () => {
  const nChannels = 3;
  const order = 4;
  const x = simulateVar({
    nChannels,
    coefficients: [
      [1, 0, 0, 0.9],
      [2, 0, 0, -0.5],
      [1, 1, 0, 0.4],
      [1, 2, 2, 0.7],
    ],
    nSamples: 800,
    burnIn: 100,
    normal: normal(mulberry32(3)),
  });
  const model = fitMvar([x], { nChannels, order, demean: false });
  const moments = new LagMoments(nChannels, order);
  moments.addWindow(x, 800);
  const side = nChannels * (order + 1);
  const m = nChannels * order;
  const covariance = Float64Array.from({ length: m * m }, (_, at) => {
    const row = Math.floor(at / m) + nChannels;
    return moments.gram[row * side + (at % m) + nChannels] / moments.nRows;
  });
  const frequencies = frequencyGrid({ samplingRate: 100, nfft: 64 });
  const { floor } = gpdcNullFloor(model, covariance, {
    samplingRate: 100,
    frequencies,
    nSamples: moments.nRows,
  });
  const bands = [
    { low: 3, high: 6, edges: "closed" as const },
    { low: 6, high: 9, edges: "closed" as const },
  ];
  const plan = new BandedNullFloorPlan(nChannels, order, bands, frequencies, 100);
  const out = new Float64Array(bands.length * nChannels);
  const variances = Float64Array.from(
    { length: nChannels },
    (_, i) => model.noiseCovariance[i * (nChannels + 1)],
  );
  plan.execute(out, moments.gram, model.coefficients, variances);
  bands.forEach((band, b) => {
    for (let j = 0; j < nChannels; j++) {
      const values = new Float64Array(frequencies.length * nChannels * nChannels);
      for (let f = 0; f < frequencies.length; f++)
        values[(f * nChannels + 0) * nChannels + j] = floor[f * nChannels + j];
      const mean = bandMean({ frequencies, values }, { ...band, squared: false })[j];
      expect(Math.abs(out[b * nChannels + j] - mean)).toBeLessThan(1e-9 * mean);
    }
  });
});
