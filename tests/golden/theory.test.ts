import {
  bandMean,
  blockGranger,
  conditionalGranger,
  conditionalGrangerSpectral,
  dtf,
  fitMvar,
  frequencyGrid,
  gpdc,
  gpdcNullFloor,
  grangerSpectral,
  informationFlow,
  ipdc,
  LagMoments,
  type MvarModel,
  modelLaggedCovariance,
  pdc,
  timeReversedDifference,
  timeReversedDifferenceFromGram,
  timeReversedModel,
} from "@attune/core";
import { describe, expect, test } from "vitest";
import {
  baccalaExample3,
  baccalaExample4,
  baccalaExample5,
  baccalaModel2,
  bivariateClosedForm,
  diagonalNoise,
  dyadBenchmark,
  guoWithHiddenInputs,
  labBands,
  schelter2005,
  schelter2006,
  schelter2009,
  simulate,
  varModel,
  winterhalderDeviations,
  withNoise,
} from "../support/var-benchmarks.ts";

/** Theory of published networks from their printed coefficients; values to five digits, squared, at f/fs as below. */
const at = { samplingRate: 1, frequencies: [0.05, 0.125, 0.25, 0.4] };

type Links = Record<string, readonly number[]>;

/** "1>2" is channel 1 influencing channel 2, counted from 1; off-diagonal links that are not listed must be zero. */
function expectLinks(
  spectrum: { values: Float64Array; frequencies: Float64Array },
  links: Links,
  zero: (value: number) => void = (value) => expect(value).toBe(0),
): void {
  const n = Math.round(Math.sqrt(spectrum.values.length / spectrum.frequencies.length));
  for (let f = 0; f < spectrum.frequencies.length; f++) {
    for (let sink = 1; sink <= n; sink++) {
      for (let source = 1; source <= n; source++) {
        if (sink === source) continue;
        const value = spectrum.values[(f * n + sink - 1) * n + source - 1] ?? Number.NaN;
        const expected = links[`${source}>${sink}`]?.[f];
        if (expected === undefined) zero(value);
        else expect(Math.abs(value ** 2 - expected)).toBeLessThan(1e-5);
      }
    }
  }
}

const flat = (value: number): number[] => [value, value, value, value];
const from1 = [0.28475, 0.37608, 0.10103, 0.02786];
const loop = [0.21645, 0.16667, 0.1, 0.0686];
const into2 = [0.53424, 0.98133, 0.12109, 0.0292];

describe("GPDC of the true models, rows as sinks, true zeros exact", () => {
  test("Baccalá and Sameshima 2001, example 3", () => {
    expectLinks(gpdc(baccalaExample3, at), {
      "1>2": from1,
      "1>3": [0.18224, 0.24069, 0.06466, 0.01783],
      "1>4": from1,
      "5>4": loop,
      "4>5": loop,
    });
  });

  test("example 3 with unequal noise", () => {
    expectLinks(gpdc(withNoise(baccalaExample3, diagonalNoise(1, 4, 9, 0.25, 2)), at), {
      "1>2": [0.04814, 0.0576, 0.02159, 0.00665],
      "1>3": [0.01369, 0.01638, 0.00614, 0.00189],
      "1>4": [0.77028, 0.92163, 0.34545, 0.10646],
      "5>4": [0.68847, 0.61538, 0.47059, 0.37077],
      "4>5": [0.03338, 0.02439, 0.0137, 0.00912],
    });
  });

  test("example 4, a chain, and example 5, the chain with feedback", () => {
    const chain = { "2>3": flat(0.13793), "3>4": flat(0.2) };
    expectLinks(gpdc(baccalaExample4, at), { "1>2": into2, ...chain, "5>4": loop, "4>5": loop });
    expectLinks(gpdc(baccalaExample5, at), {
      "1>2": into2,
      ...chain,
      "4>5": loop,
      "5>1": [0.30211, 0.25, 0.16667, 0.12065],
      "5>4": [0.15106, 0.125, 0.08333, 0.06033],
    });
  });

  test("Schelter 2005", () => {
    expectLinks(gpdc(schelter2005, at), {
      "2>1": [0.41768, 0.50103, 0.36344, 0.14085],
      "3>2": [0.0557, 0.07849, 0.05389, 0.01578],
      "4>2": [0.54633, 0.39872, 0.2236, 0.14882],
      "5>3": [0.01385, 0.02353, 0.01099, 0.00255],
      "3>4": [0.50132, 0.70639, 0.48503, 0.14203],
      "5>4": [0.22167, 0.3764, 0.17582, 0.04084],
      "3>5": [0.02476, 0.03488, 0.02395, 0.00701],
    });
  });

  test("Schelter 2009, model I: 4>5 and 2>1 are true, 4>1 is not", () => {
    expectLinks(gpdc(schelter2009, at), {
      "2>1": [0.14435, 0.19119, 0.04128, 0.01117],
      "1>3": [0.13272, 0.08056, 0.03766, 0.0234],
      "2>3": [0.5774, 0.76475, 0.16514, 0.04466],
      "1>4": [0.72261, 0.43859, 0.20502, 0.1274],
      "5>4": [0.3842, 0.33321, 0.06207, 0.0189],
      "4>5": [0.03745, 0.15253, 0.05696, 0.04472],
    });
  });

  test("the spectral radii of the printed models", () => {
    const radii: [MvarModel, number][] = [
      [baccalaExample3, 0.95],
      [baccalaExample4, 0.95],
      [baccalaExample5, 0.921],
      [baccalaModel2, 0.95],
      [schelter2005, 0.877],
      [schelter2006, 0.938],
      [schelter2009, 0.954],
      [dyadBenchmark({ adultToInfant: 0.05 }), 0.95],
    ];
    for (const [model, radius] of radii) expect(model.spectralRadius).toBeCloseTo(radius, 3);
  });
});

describe("other measures of the true models", () => {
  test("iPDC of example 3 with correlated noise", () => {
    const noise = Array.from({ length: 25 }, (_, q) => (q % 6 === 0 ? 1 : 0.3));
    expectLinks(ipdc(withNoise(baccalaExample3, noise), at), {
      "1>2": [0.2223, 0.26931, 0.08501, 0.02213],
      "1>3": [0.14227, 0.17236, 0.0544, 0.01416],
      "1>4": [0.2223, 0.26931, 0.08501, 0.02213],
      "5>4": [0.15727, 0.12833, 0.0837, 0.05987],
      "4>5": [0.19835, 0.14259, 0.07857, 0.05191],
    });
  });

  test("DTF of example 3 shows the indirect link 1 > 5 too, and nothing backwards", () => {
    expectLinks(dtf(baccalaExample3, at), {
      "1>2": into2,
      "1>3": [0.42333, 0.97113, 0.08103, 0.01888],
      "1>4": [0.47334, 0.97768, 0.11032, 0.02725],
      "1>5": [0.19889, 0.89755, 0.01359, 0.00206],
      "4>5": [0.1734, 0.01708, 0.09864, 0.06846],
      "5>4": [0.114, 0.00372, 0.08897, 0.06673],
    });
  });

  test("conditional Granger causality of examples 3 and 4, in nats, zeros exact", () => {
    const expected: [MvarModel, Record<string, number>][] = [
      [baccalaExample3, { "1>2": 0.49138, "1>3": 0.16029, "1>4": 0.49138, "5>4": 0.13137, "4>5": 0.13137 }],
      [baccalaExample4, { "1>2": 0.59614, "2>3": 0.14842, "3>4": 0.22314, "5>4": 0.13137, "4>5": 0.13137 }],
    ];
    for (const [model, links] of expected) {
      const values = conditionalGranger(model);
      for (let sink = 1; sink <= 5; sink++) {
        for (let source = 1; source <= 5; source++) {
          const value = values[(sink - 1) * 5 + source - 1] ?? Number.NaN;
          const link = links[`${source}>${sink}`];
          if (link === undefined) expect(value).toBe(0);
          else expect(Math.abs(value - link)).toBeLessThan(1e-5);
        }
      }
    }
  });

  test("the mean of the conditional Granger spectrum over all frequencies is the time-domain value", () => {
    const steps = 1024;
    const frequencies = Array.from({ length: steps + 1 }, (_, k) => k / (2 * steps));
    for (const model of [baccalaExample3, baccalaExample5, schelter2005]) {
      const time = conditionalGranger(model);
      const { values } = conditionalGrangerSpectral(model, { samplingRate: 1, frequencies });
      time.forEach((value, q) => {
        let sum = 0;
        for (let f = 0; f <= steps; f++)
          sum += (f === 0 || f === steps ? 0.5 : 1) * (values[f * 25 + q] ?? Number.NaN);
        expect(sum / steps).toBeCloseTo(value, 9);
      });
    }
  });

  test("the closed form of two channels: Granger causality, its spectrum, iPDC and information flow", () => {
    const [b, c] = [0.8, 0.5];
    const s = 1 + b * b + c * c;
    const closed = Math.log((s + Math.sqrt(s * s - 4 * b * b)) / 2);
    expect(closed).toBeCloseTo(0.37019428, 8);
    expect(conditionalGranger(bivariateClosedForm)[1]).toBeCloseTo(closed, 12);
    expect(blockGranger(bivariateClosedForm, { from: [1], to: [0] })).toBeCloseTo(closed, 12);
    expect(conditionalGranger(bivariateClosedForm)[2]).toBe(0);
    const spectral = grangerSpectral(bivariateClosedForm, at).values;
    at.frequencies.forEach((f, k) => {
      const w = 2 * Math.PI * f;
      const expected = Math.log(1 + (c * c) / ((1 - b * Math.cos(w)) ** 2 + (b * Math.sin(w)) ** 2));
      expect(spectral[k * 4 + 1]).toBeCloseTo(expected, 12);
      expect(spectral[k * 4 + 1]).toBeCloseTo([1.13562, 0.39979, 0.14188, 0.08176][k] ?? Number.NaN, 5);
    });
    expectLinks(ipdc(bivariateClosedForm, at), { "2>1": [0.67878, 0.32954, 0.13228, 0.07851] });
    const perSample = informationFlow(bivariateClosedForm, { samplingRate: 1 });
    expect(perSample[1]).toBeCloseTo(0.26703872, 8);
    expect(perSample[1]).toBeCloseTo(closed / (2 * Math.LN2), 12);
    expect(informationFlow(bivariateClosedForm, { samplingRate: 200 })[1]).toBeCloseTo(53.40774, 5);
  });
});

describe("the dyad benchmark on the lab's bins", () => {
  const [AL, AR, IL, IR] = [0, 1, 2, 3];
  const samplingRate = 200;
  const frequencies = frequencyGrid({ samplingRate, nfft: 256 });
  const bands = [labBands.delta, labBands.theta, labBands.alpha];
  const meansOf = (spectrum: ReturnType<typeof gpdc>, sink: number, source: number) =>
    bands.map((band) => bandMean(spectrum, { ...band, squared: true })[sink * 4 + source]);

  test("the bands are bins 3-7, 8-15 and 16-23", () => {
    const bins = bands.map(({ low, high }) => frequencies.filter((f) => f >= low && f <= high).length);
    expect(bins).toEqual([5, 8, 8]);
  });

  const expectMeans = (actual: (number | undefined)[], expected: number[]) =>
    actual.forEach((value, b) => {
      expect(Math.abs((value ?? Number.NaN) - (expected[b] ?? Number.NaN))).toBeLessThan(1e-6);
    });

  test("adult to infant, g = .05 and .10: GPDC where it is planted, zero in the other direction", () => {
    const weak = gpdc(dyadBenchmark({ adultToInfant: 0.05 }), { samplingRate, frequencies });
    expectMeans(meansOf(weak, IL, AL), [0.074773, 0.080732, 0.091519]);
    expectMeans(meansOf(weak, IR, AR), [0.228797, 0.298762, 0.533683]);
    expectMeans(meansOf(weak, AR, AL), [0.672959, 0.726586, 0.823667]);
    expectMeans(meansOf(weak, IR, IL), [0.917905, 0.954802, 0.968094]);
    for (const [sink, source] of [
      [AL, IL],
      [AL, IR],
      [AR, IL],
      [AR, IR],
      [IL, AR],
      [IR, AL],
    ] as const)
      expect(meansOf(weak, sink, source)).toEqual([0, 0, 0]);
    const strong = gpdc(dyadBenchmark({ adultToInfant: 0.1 }), { samplingRate, frequencies });
    expectMeans(meansOf(strong, IL, AL), [0.244289, 0.259917, 0.287166]);
    expectMeans(meansOf(strong, IR, AR), [0.542553, 0.627656, 0.814202]);
  });

  test("infant to adult, g = .05: the same the other way round", () => {
    const reverse = gpdc(dyadBenchmark({ infantToAdult: 0.05 }), { samplingRate, frequencies });
    expectMeans(meansOf(reverse, AL, IL), [0.09255, 0.095912, 0.097117]);
    expectMeans(meansOf(reverse, AR, IR), [0.554607, 0.706906, 0.777936]);
    expect(meansOf(reverse, IL, AL)).toEqual([0, 0, 0]);
  });

  test("iPDC and information flow in bits per second, whole and from 6 to 9 Hz", () => {
    const weak = dyadBenchmark({ adultToInfant: 0.05 });
    expectMeans(meansOf(ipdc(weak, { samplingRate, frequencies }), IL, AL), [0.039944, 0.045536, 0.060747]);
    for (const [g, whole, part] of [
      [0.05, 1.976, 0.2676],
      [0.1, 6.8712, 0.9293],
    ] as const) {
      const model = dyadBenchmark({ adultToInfant: g });
      const link = IL * 4 + AL;
      expect(informationFlow(model, { samplingRate })[link]).toBeCloseTo(whole, 4);
      expect(informationFlow(model, { samplingRate, low: 6, high: 9 })[link]).toBeCloseTo(part, 4);
      expect(informationFlow(model, { samplingRate })[AL * 4 + IL]).toBe(0);
    }
  });

  const heads = { fromIndices: [AL, AR], toIndices: [IL, IR] };

  test("time reversal lowers the net adult-to-infant causality without turning its sign", () => {
    // Reference from one record of 60 000 samples; these are the limits of infinite data.
    for (const [g, forward, reversed] of [
      [0.02, 0.146, 0.115],
      [0.05, 0.336, 0.222],
      [0.1, 0.577, 0.313],
    ] as const) {
      const model = dyadBenchmark({ adultToInfant: g });
      const d = timeReversedDifference({ forward: model, reversed: timeReversedModel(model), ...heads });
      expect(Math.abs(d.forwardNet - forward)).toBeLessThan(0.01);
      expect(Math.abs(d.reversedNet - reversed)).toBeLessThan(0.01);
      expect(Math.abs(d.difference - (forward - reversed))).toBeLessThan(0.01);
    }
  });

  test("the difference is found from data, and is near zero for uncoupled heads and for mixed noise", () => {
    const fromData = (data: Float64Array) => {
      const moments = new LagMoments(4, 20);
      moments.addWindow(data, data.length / 4);
      return timeReversedDifferenceFromGram(moments, heads);
    };
    const coupled = dyadBenchmark({ adultToInfant: 0.05 });
    const d = fromData(simulate(coupled, { nSamples: 60_000, seed: 1 }));
    expect(Math.abs(d.difference - 0.1226)).toBeLessThan(0.01);
    expect(Math.abs(d.forwardNet - 0.336)).toBeLessThan(0.02);
    const alone = fromData(simulate(dyadBenchmark({}), { nSamples: 60_000, seed: 2 }));
    expect(Math.abs(alone.difference)).toBeLessThan(0.02);
    // Four independent oscillators, seen through one mixing of both heads and white noise of unequal size.
    const sources = simulate(
      varModel(
        4,
        [10, 9, 7, 6].flatMap((frequency, c) => [
          [1, c + 1, c + 1, 1.9 * Math.cos((2 * Math.PI * frequency) / samplingRate)] as const,
          [2, c + 1, c + 1, -0.9025] as const,
        ]),
      ),
      { nSamples: 60_000, seed: 3 },
    );
    const noise = simulate(varModel(4, [[1, 1, 1, 0]], diagonalNoise(30, 1, 4, 0.2)), {
      nSamples: 60_000,
      seed: 4,
    });
    const mixing = [1, 0.3, 0.4, 0, 0.2, 1, 0, 0.3, 0.5, 0, 1, 0.2, 0, 0.3, 0.4, 1];
    const mixed = noise.map((value, q) => {
      const [i, t] = [Math.floor(q / 60_000), q % 60_000];
      let sum = value;
      for (let k = 0; k < 4; k++) sum += (mixing[i * 4 + k] ?? 0) * (sources[k * 60_000 + t] ?? 0);
      return sum;
    });
    const onlyMixed = fromData(mixed);
    expect(Math.abs(onlyMixed.forwardNet)).toBeGreaterThan(0.05);
    expect(Math.abs(onlyMixed.difference)).toBeLessThan(0.02);
  });
});

describe("where the measures are known to mislead", () => {
  test("white series 500 times larger than the others: PDC sees links, GPDC does not", () => {
    const white = withNoise(
      varModel(7, [[1, 1, 1, 0]]),
      diagonalNoise(...winterhalderDeviations.map((sd) => sd * sd)),
    );
    const frequencies = Array.from({ length: 32 }, (_, k) => k / 64);
    const nRuns = 10;
    const unscaled = new Float64Array(49);
    const scaled = new Float64Array(49);
    for (let seed = 0; seed < nRuns; seed++) {
      const model = fitMvar([simulate(white, { nSamples: 1000, seed })], { nChannels: 7, order: 2 });
      const mean = (spectrum: ReturnType<typeof gpdc>) =>
        bandMean(spectrum, { low: 0, high: 0.5, edges: "closed", squared: true });
      mean(pdc(model, { samplingRate: 1, frequencies })).forEach((value, q) => {
        unscaled[q] = (unscaled[q] ?? 0) + value / nRuns;
      });
      mean(gpdc(model, { samplingRate: 1, frequencies })).forEach((value, q) => {
        scaled[q] = (scaled[q] ?? 0) + value / nRuns;
      });
    }
    expect(Math.abs((unscaled[0 * 7 + 1] ?? 0) - 0.49)).toBeLessThan(0.1);
    for (let i = 0; i < 7; i++)
      for (let j = 0; j < 7; j++) if (i !== j) expect(scaled[i * 7 + j]).toBeLessThan(0.005);
  });

  // Example 3 has these links and no others.
  const present = ["1>2", "1>3", "1>4", "5>4", "4>5"];

  /** Links among the first five channels that pass the 1 % threshold of GPDC at half of the frequencies or more. */
  function significantLinks(model: MvarModel, nSamples: number): string[] {
    const n = model.nChannels;
    const { values } = gpdc(model, at);
    const { threshold } = gpdcNullFloor(model, modelLaggedCovariance(model), {
      ...at,
      nSamples,
      alpha: 0.01,
    });
    const found: string[] = [];
    for (let sink = 1; sink <= 5; sink++) {
      for (let source = 1; source <= 5; source++) {
        const passed = at.frequencies.filter(
          (_, f) =>
            (values[(f * n + sink - 1) * n + source - 1] ?? 0) ** 2 > (threshold[f * n + source - 1] ?? 1),
        );
        if (sink !== source && 2 * passed.length >= at.frequencies.length) found.push(`${source}>${sink}`);
      }
    }
    return found;
  }

  const fitFirstFive = (all: Float64Array, nSamples: number) =>
    fitMvar([all.slice(0, 5 * nSamples)], { nChannels: 5, order: 8 });
  const fitAll = (all: Float64Array) => fitMvar([all], { nChannels: 7, order: 3 });

  test("hidden inputs to every node (Guo 2008), much data: most links that do not exist are significant", () => {
    const nSamples = 200_000;
    const all = simulate(guoWithHiddenInputs, { nSamples, seed: 1 });
    const hidden = significantLinks(fitFirstFive(all, nSamples), nSamples);
    expect(hidden.filter((link) => !present.includes(link)).length).toBeGreaterThanOrEqual(8);
    // The same data with the two inputs recorded: the hidden inputs are the reason.
    const recorded = significantLinks(fitAll(all), nSamples);
    expect(recorded).toEqual(expect.arrayContaining(present));
    expect(recorded.filter((link) => !present.includes(link)).length).toBeLessThanOrEqual(1);
  });

  test("hidden inputs to every node (Guo 2008), little data: links that do exist are lost", () => {
    const nSamples = 2000;
    let lost = 0;
    for (const seed of [1, 2, 3]) {
      const all = simulate(guoWithHiddenInputs, { nSamples, seed });
      const hidden = significantLinks(fitFirstFive(all, nSamples), nSamples);
      lost += present.filter((link) => !hidden.includes(link)).length;
      expect(significantLinks(fitAll(all), nSamples)).toEqual(expect.arrayContaining(present));
    }
    expect(lost).toBeGreaterThanOrEqual(4);
  });
});
