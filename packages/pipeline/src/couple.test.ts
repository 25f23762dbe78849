import { DirectedFit, directionMeans, fitMvar, LagMoments } from "@attune/core";
import type { Coupling, LabelledWindow } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { couple, directionsOf } from "./couple.ts";
import {
  accepted,
  exampleLive,
  exampleSettings,
  noise,
  outputs,
  windowOf,
} from "./example-data.test-support.ts";
import type { SessionSettings } from "./settings.ts";

/** White noise in which the adult's first channel drives the infant's first, two samples later. */
function drivenWindow(index: number, strength = 0.6, hop = 200): LabelledWindow {
  const rows = [0, 1, 2, 3].map((c) => noise(200, "couple", index, c));
  for (let n = 2; n < 200; n++) rows[2]![n]! += strength * rows[0]![n - 2]!;
  return accepted(windowOf(rows, { index, hop }));
}
const driven = (count: number) => Array.from({ length: count }, (_, index) => drivenWindow(index));
const coupled = (
  windows: LabelledWindow[],
  settings: SessionSettings = exampleSettings,
  live = exampleLive,
) => outputs(windows, couple(settings, live));
const pooledOf = (all: Coupling[], condition = "all") =>
  all.filter((each) => each.scope === "pooled" && each.condition === condition);

const { bands, frequencyBins, analysisRate } = exampleSettings;
const { order } = exampleSettings.model;
const directions = directionsOf(exampleSettings);
const lambda = Math.exp(-1 / exampleLive.forgettingSeconds);

/** Band means of a model, in the order of the values that leave the stage. */
function meansOf(coefficients: Float64Array, noiseCovariance: Float64Array): number[] {
  const fit = new DirectedFit({ nChannels: 4, order, samplingRate: analysisRate, frequencyBins, bands });
  const out = new Float64Array(directions.length * bands.length);
  fit.measure(coefficients, noiseCovariance);
  directionMeans(out, fit.matrices, directions, 4);
  return [...out];
}

describe("couple", () => {
  test("each accepted window has its own estimate, that of a fit of it alone", () => {
    const windows = driven(3);
    const single = coupled(windows).filter(({ scope }) => scope === "window");
    expect(single.map(({ at, nWindows }) => [at, nWindows])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    const model = fitMvar([windows[1]!.window.data], { nChannels: 4, order, demean: false });
    expect(single[1]!.values.map(({ value }) => value)).toEqual(
      meansOf(model.coefficients, model.noiseCovariance),
    );
    expect(single[1]!.health.status).toBe(model.status);
  });

  test("the pooled estimate is the fit of all windows with weights that fall by lambda", () => {
    const windows = driven(12);
    const last = pooledOf(coupled(windows)).at(-1)!;
    const moments = new LagMoments(4, order);
    windows.forEach(({ window }, i) => {
      const alone = new LagMoments(4, order);
      alone.addWindow(window.data, 200);
      moments.add(alone, lambda ** (11 - i));
    });
    const fit = new DirectedFit({ nChannels: 4, order, samplingRate: analysisRate, frequencyBins, bands });
    expect(fit.execute(moments.gram, moments.nRows)).toBe("ok");
    const expected = meansOf(fit.coefficients, fit.noiseCovariance);
    last.values.forEach(({ value }, v) => {
      expect(value).toBeCloseTo(expected[v]!, 10);
    });
    expect(last).toMatchObject({ at: 12, nWindows: 12 });
  });

  test("from and to are the sender and the receiver", () => {
    const { values } = pooledOf(coupled(driven(40))).at(-1)!;
    const [forth, back] = ["adult", "infant"].map((from) => values.find((each) => each.from === from)!.value);
    expect(values.map(({ from, to, band, measure }) => `${from}->${to} ${band} ${measure}`)).toEqual([
      "adult->infant theta gpdcSquared",
      "adult->infant alpha gpdcSquared",
      "infant->adult theta gpdcSquared",
      "infant->adult alpha gpdcSquared",
    ]);
    expect(forth).toBeGreaterThan(10 * back!);
  });

  test("nothing has a null yet", () => {
    for (const { nullMean, nullSd, corrected, z, p } of coupled(driven(3)).flatMap(({ values }) => values))
      expect([nullMean, nullSd, corrected, z, p].every(Number.isNaN)).toBe(true);
  });

  test("effective samples rise by each window and converge to rows (1 + lambda) / (1 - lambda)", () => {
    const effective = pooledOf(coupled(driven(150))).map(({ effectiveSamples }) => effectiveSamples);
    const rows = 200 - order;
    expect(effective[0]).toBe(rows);
    expect(effective.every((value, i) => i === 0 || value > effective[i - 1]!)).toBe(true);
    expect(effective.at(-1)).toBeCloseTo((rows * (1 + lambda)) / (1 - lambda), 2);
  });

  test("samples that overlapping windows share are counted once", () => {
    const settings = { ...exampleSettings, window: { seconds: 1, overlap: 0.5 } };
    const windows = Array.from({ length: 300 }, (_, index) => drivenWindow(index, 0.6, 100));
    const weight = Math.exp(-0.5 / exampleLive.forgettingSeconds);
    expect(pooledOf(coupled(windows, settings)).at(-1)!.effectiveSamples).toBeCloseTo(
      (100 * (1 + weight)) / (1 - weight),
      1,
    );
  });

  test("until ten effective samples stand behind every regressor the data are insufficient", () => {
    const settings = { ...exampleSettings, model: { estimator: "ols", order: 8 } as const };
    const all = pooledOf(coupled(driven(20), settings));
    for (const { effectiveSamples, health } of all)
      expect(health.status).toBe(effectiveSamples >= 10 * 4 * 8 ? "ok" : "insufficient-data");
    expect(all[0]!.health.status).toBe("insufficient-data");
    expect(all.at(-1)!.health).toMatchObject({ status: "ok", nObservations: all.at(-1)!.effectiveSamples });
    expect(all.at(-1)!.health.parameterRatio).toBeCloseTo((16 * 8) / all.at(-1)!.effectiveSamples, 12);
  });

  test("a window too short for its model gives no number", () => {
    const rows = [0, 1, 2, 3].map((c) => noise(12, "tiny", c));
    const settings = { ...exampleSettings, window: { seconds: 0.06, overlap: 0 } };
    const [only] = coupled([accepted(windowOf(rows))], settings);
    expect(only!.health.status).toBe("insufficient-data");
    expect(only!.values.every(({ value }) => Number.isNaN(value))).toBe(true);
  });

  test("a channel that repeats another is a status, not an exception", () => {
    const windows = driven(8).map((each) => {
      each.window.data.copyWithin(200, 0, 200);
      return each;
    });
    const last = pooledOf(coupled(windows)).at(-1)!;
    expect(last.health.status).toBe("not-positive-definite");
    expect(last.values.every(({ value }) => Number.isNaN(value))).toBe(true);
  });

  test("solutions come as often as asked for, by time in the data", () => {
    const live = { ...exampleLive, solveEverySeconds: 3 };
    expect(pooledOf(coupled(driven(10), exampleSettings, live)).map(({ at }) => at)).toEqual([1, 4, 7, 10]);
  });

  test("conditions do not mix, and rejected windows leave no trace", () => {
    const mixed = driven(20).map((each, i): LabelledWindow => {
      if (i % 5 === 4)
        return {
          kind: "rejected",
          window: each.window,
          condition: "direct",
          reasons: [{ person: "adult", reason: "gap" }],
        };
      return { ...each, condition: i % 2 === 0 ? "direct" : "averted" } as LabelledWindow;
    });
    const direct = mixed.filter((each) => each.kind === "accepted" && each.condition === "direct");
    expect(pooledOf(coupled(mixed), "direct")).toEqual(pooledOf(coupled(direct), "direct"));
  });
});
