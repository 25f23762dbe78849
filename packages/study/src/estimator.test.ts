import {
  blockShuffle,
  counterRandom,
  fitMvar,
  frequencyGrid,
  gpdc,
  identityPairing,
  permutation,
} from "@attune/core";
import { describe, expect, test } from "vitest";
import { Estimator, pairedStatistic } from "./estimator.ts";
import { conditionOf, dyadWindows, quickSettings, RATE, ROWS } from "./example-windows.test-support.ts";
import type { StudySettings } from "./settings.ts";

const modelled = (model: Partial<StudySettings["model"]>): StudySettings => {
  const settings = quickSettings();
  return { ...settings, model: { ...settings.model, ...model } };
};
const pooled = modelled({});
const perWindow = modelled({ pooling: "perWindowMean" });
const ways: readonly (readonly [string, StudySettings])[] = [
  ["pooled least squares", pooled],
  ["pooled Nuttall-Strand", modelled({ estimator: "nuttall-strand" })],
  ["mean over windows, least squares", perWindow],
  ["mean over windows, biosig7", modelled({ estimator: "biosig7", pooling: "perWindowMean" })],
];

const windows = dyadWindows({ seed: 3, nWindows: 24, strength: 0.1 });

/** Largest difference, relative to the largest value. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    expect(Number.isFinite(a[i])).toBe(true);
    largest = Math.max(largest, Math.abs(b[i]!));
    worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  }
  return worst / largest;
}

/** Band means of squared GPDC of one model, from the kernel that makes whole spectra. */
function textbook(used: readonly Float64Array[], settings: StudySettings): number[] {
  const { estimator, order } = settings.model;
  const model = fitMvar(used, { nChannels: 4, order, estimator, demean: false });
  const frequencies = frequencyGrid({ samplingRate: RATE, nfft: settings.frequencyBins });
  const { values } = gpdc(model, { samplingRate: RATE, frequencies });
  return settings.bands.flatMap(({ low, high }) => {
    const bins = Array.from(frequencies.keys()).filter(
      (f) => frequencies[f]! >= low - 1e-9 && frequencies[f]! <= high + 1e-9,
    );
    return Array.from({ length: 16 }, (_, i) =>
      bins.reduce((sum, f) => sum + values[f * 16 + i]! ** 2 / bins.length, 0),
    );
  });
}

describe("the statistic of a condition", () => {
  test.each(ways.filter(([, { model }]) => model.pooling === "pooled"))(
    "%s: band means of the squared GPDC of one model of all windows",
    (_, settings) => {
      expect(
        difference(new Estimator(settings, ROWS).ofWindows(windows), textbook(windows, settings)),
      ).toBeLessThan(1e-9);
    },
  );

  test.each(ways.filter(([, { model }]) => model.pooling === "perWindowMean"))(
    "%s: the mean of what each window gives alone",
    (_, settings) => {
      const each = windows.map((window) => textbook([window], settings));
      const mean = each[0]!.map((__, i) => each.reduce((sum, one) => sum + one[i]! / each.length, 0));
      expect(difference(new Estimator(settings, ROWS).ofWindows(windows), mean)).toBeLessThan(1e-9);
    },
  );

  test("the estimator that the settings name is the one that is used", () => {
    const values = (["ols", "nuttall-strand", "vieira-morf", "yule-walker", "biosig7"] as const).map(
      (estimator) => new Estimator(modelled({ estimator }), ROWS).ofWindows(windows),
    );
    for (let a = 0; a < values.length; a++)
      for (let b = 0; b < a; b++) expect(difference(values[a]!, values[b]!)).toBeGreaterThan(1e-6);
  });

  test("pooling and averaging windows differ, and averaging has the higher chance level", () => {
    const uncoupled = dyadWindows({ seed: 4, nWindows: 24 });
    const levels = [pooled, perWindow].map((settings) => {
      const estimator = new Estimator(settings, ROWS);
      return Math.max(...estimator.means(estimator.ofWindows(uncoupled)));
    });
    expect(levels[1]!).toBeGreaterThan(5 * levels[0]!);
  });

  test.each(ways)("%s: the order of the windows does not matter", (_, settings) => {
    const estimator = new Estimator(settings, ROWS);
    const order = permutation(windows.length, counterRandom(1, "order"));
    const shuffled = Array.from(order, (w) => windows[w]!);
    // Rounding of the sums, 1e-16, times the condition of the normal equations, some 1e4.
    expect(difference(estimator.ofWindows(shuffled), estimator.ofWindows(windows))).toBeLessThan(1e-11);
  });

  test("coupling from adult to infant is found in that direction", () => {
    const estimator = new Estimator(pooled, ROWS);
    const means = estimator.means(estimator.ofWindows(windows));
    expect(estimator.directions.map(({ from, to }) => `${from}->${to}`)).toEqual([
      "adult->infant",
      "infant->adult",
    ]);
    const [, alpha, , alphaBack] = means;
    expect(alpha!).toBeGreaterThan(5 * alphaBack!);
  });

  test("too few windows for a model give NaN, not an exception", () => {
    const estimator = new Estimator(modelled({ order: 60 }), ROWS);
    expect(Array.from(estimator.ofWindows(windows.slice(0, 1))).every(Number.isNaN)).toBe(true);
  });
});

describe("the statistic of a pairing", () => {
  const data = conditionOf("direct", windows);
  const shuffled = (unit: number): Int32Array[] => {
    const [adult, infant] = identityPairing(data.set, unit);
    return [adult!, blockShuffle(infant!.length, { minimumShift: 1, uniform: counterRandom(2, "pairs") })];
  };
  /** The pairing's windows, put together in so many words. */
  const assembled = ([adult, infant]: readonly Int32Array[], unit: number): Float64Array[] =>
    Array.from({ length: windows.length }, (_, w) => {
      const at = (units: Int32Array) => windows[units[Math.floor(w / unit)]! * unit + (w % unit)]!;
      return Float64Array.from([...at(adult!).subarray(0, 400), ...at(infant!).subarray(400)]);
    });

  test.each(ways)("%s: as recorded it is the statistic of the windows", (_, settings) => {
    const estimator = new Estimator(settings, ROWS);
    const paired = pairedStatistic(estimator, data.set, 1).of(identityPairing(data.set)).slice();
    expect(difference(paired, estimator.ofWindows(windows))).toBeLessThan(1e-9);
  });

  test.each(ways.flatMap(([name, settings]) => [1, 3].map((unit) => [name, unit, settings] as const)))(
    "%s, units of %d: any other pairing is the statistic of the windows put together anew",
    (_, unit, settings) => {
      const estimator = new Estimator(settings, ROWS);
      const pairing = shuffled(unit);
      const paired = pairedStatistic(estimator, data.set, unit).of(pairing).slice();
      expect(difference(paired, estimator.ofWindows(assembled(pairing, unit)))).toBeLessThan(1e-9);
      expect(difference(paired, estimator.ofWindows(windows))).toBeGreaterThan(1e-3);
    },
  );

  test("what is remembered of pairs of windows changes no bit", () => {
    const estimator = new Estimator(perWindow, ROWS);
    const statistic = pairedStatistic(estimator, data.set, 1);
    const first = statistic.of(shuffled(1)).slice();
    statistic.of(identityPairing(data.set));
    expect(statistic.of(shuffled(1))).toEqual(first);
  });
});

describe("the statistic of one window", () => {
  test.each(ways.filter(([, { model }]) => model.pooling !== "pooled"))(
    "is remembered and stays what a fresh fit gives, whatever was computed in between: %s",
    (_, settings) => {
      const estimator = new Estimator(settings, ROWS);
      const once = estimator.ofWindow(windows[0]!);
      const before = once.slice();
      const all = estimator.ofWindows(windows);
      expect(estimator.ofWindow(windows[0]!)).toBe(once);
      expect(once).toEqual(before);
      expect(estimator.ofWindow(windows[0]!.slice())).toEqual(once);
      expect(estimator.ofWindows(windows)).toEqual(all);
      expect(new Estimator(settings, ROWS).ofWindows(windows)).toEqual(all);
      const turned = [...windows].reverse();
      expect(estimator.ofWindows(turned)).toEqual(
        new Estimator(settings, ROWS).ofWindows(turned.map((window) => window.slice())),
      );
    },
  );
});
