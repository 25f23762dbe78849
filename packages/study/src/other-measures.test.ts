import { bandMean, frequencyGrid, idtf, modelBlockCoherence } from "@attune/core";
import { expect, test } from "vitest";
import { Estimator } from "./estimator.ts";
import { conditionOf, dyadWindows, quickSettings, RATE, ROWS } from "./example-windows.test-support.ts";
import { directedMeasures } from "./other-measures.ts";

const settings = quickSettings({ otherMeasures: true });
const estimator = new Estimator(settings, ROWS);
const measuresOf = (strength: number) => {
  const fit = estimator.pooledFit(
    conditionOf("direct", dyadWindows({ seed: 3, nWindows: 30, strength })).set,
  );
  return { fit, measures: directedMeasures(estimator, fit) };
};
const { fit, measures } = measuresOf(0.2);
const named = (name: string) => measures.filter(({ measure }) => measure === name);

test("coherence of the heads as wholes is told once a pair and band, and rises with coupling", () => {
  const found = named("blockCoherenceSquared");
  expect(found.map(({ from, to, band }) => [from, to, band])).toEqual(
    settings.bands.map(({ name }) => ["adult", "infant", name]),
  );
  const frequencies = frequencyGrid({ samplingRate: RATE, nfft: settings.frequencyBins });
  const blocks = [
    [0, 1],
    [2, 3],
  ];
  const spectrum = modelBlockCoherence(fit.model, { samplingRate: RATE, frequencies, blocks });
  const uncoupled = measuresOf(0).measures.filter(({ measure }) => measure === "blockCoherenceSquared");
  settings.bands.forEach(({ low, high }, b) => {
    const mean = bandMean(spectrum, { low, high, edges: "closed", squared: true });
    expect(found[b]!.value).toBeCloseTo(mean[1]!, 12);
    expect(found[b]!.value).toBeGreaterThan(5 * uncoupled[b]!.value);
  });
});

test("a directed measure is the mean of its squares over the links of its direction", () => {
  const frequencies = frequencyGrid({ samplingRate: RATE, nfft: settings.frequencyBins });
  const spectrum = idtf(fit.model, { samplingRate: RATE, frequencies });
  for (const { from, to, band, value } of named("idtfSquared")) {
    const { low, high } = settings.bands.find(({ name }) => name === band)!;
    const mean = bandMean(spectrum, { low, high, edges: "closed", squared: true });
    const [sinks, sources] =
      to === "infant"
        ? [
            [2, 3],
            [0, 1],
          ]
        : [
            [0, 1],
            [2, 3],
          ];
    let sum = 0;
    for (const i of sinks!) for (const j of sources!) sum += mean[i * 4 + j]! / 4;
    expect(value).toBeCloseTo(sum, 12);
    expect(from).not.toBe(to);
  }
  expect(named("idtfSquared").length).toBe(2 * settings.bands.length);
});
