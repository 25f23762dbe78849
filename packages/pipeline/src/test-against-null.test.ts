import { mean } from "@attune/core";
import type { Coupling, LabelledWindow } from "@attune/signal";
import { connect, from } from "rxjs";
import { describe, expect, test } from "vitest";
import { couple } from "./couple.ts";
import {
  accepted,
  exampleLive,
  exampleSettings,
  noise,
  valuesOf,
  windowOf,
} from "./example-data.test-support.ts";
import { NullDraw } from "./null-draw.ts";
import { hopSamples, type LiveSettings, type SessionSettings } from "./settings.ts";
import { testAgainstNull } from "./test-against-null.ts";

/** Windows of one long white recording; the adult may drive the infant, two samples later. */
function windowsOf(
  count: number,
  strength: number,
  settings: SessionSettings,
  key: string,
): LabelledWindow[] {
  const hop = hopSamples(settings);
  const total = (count - 1) * hop + 200;
  const rows = [0, 1, 2, 3].map((c) => noise(total, "null", key, c));
  for (let n = 2; n < total; n++) rows[2]![n]! += strength * rows[0]![n - 2]!;
  return Array.from({ length: count }, (_, index) =>
    accepted(
      windowOf(
        rows.map((row) => row.slice(index * hop, index * hop + 200)),
        { index, hop },
      ),
    ),
  );
}

function tested(
  windows: LabelledWindow[],
  settings = exampleSettings,
  live: LiveSettings = exampleLive,
): Coupling[] {
  return valuesOf(
    from(windows).pipe(
      connect((labelled) => labelled.pipe(couple(settings, live), testAgainstNull(labelled, settings, live))),
    ),
  );
}
const pooled = (all: Coupling[]) => all.filter(({ scope }) => scope === "pooled");

describe("testAgainstNull", () => {
  test("there is no null until ten windows are there and all surrogates drawn, and none ever for a single window", () => {
    const all = tested(windowsOf(18, 0.3, exampleSettings, "few"));
    for (const { at, scope, values } of all)
      for (const { nullMean, p } of values) {
        expect(Number.isNaN(nullMean)).toBe(scope === "window" || at < 14);
        expect(Number.isNaN(p)).toBe(scope === "window" || at < 14);
      }
  });

  test("beside a value stand its chance level, the corrected value, z and p", () => {
    const { values } = pooled(tested(windowsOf(40, 0.3, exampleSettings, "beside"))).at(-1)!;
    for (const { value, nullMean, nullSd, corrected, z, p } of values) {
      expect(nullMean).toBeGreaterThan(0);
      expect(corrected).toBeCloseTo((value - nullMean) / (1 - nullMean), 12);
      expect(z).toBeCloseTo((value - nullMean) / nullSd, 12);
      expect(p).toBeGreaterThanOrEqual(1 / 21);
    }
  });

  test("coupling in one direction stands out in that direction", () => {
    const { values } = pooled(tested(windowsOf(40, 0.4, exampleSettings, "driven"))).at(-1)!;
    for (const { from, z, p } of values) {
      if (from === "adult") {
        expect(z).toBeGreaterThan(5);
        expect(p).toBe(1 / 21);
      } else expect(Math.abs(z)).toBeLessThan(4);
    }
  });

  test.each([0, 0.5])("without coupling value and null have the same mean (overlap %d)", (overlap) => {
    const settings = { ...exampleSettings, window: { seconds: 1, overlap } };
    const windows = windowsOf(overlap === 0 ? 900 : 1800, 0, settings, "chance");
    const values = pooled(tested(windows, settings))
      .filter(({ at }) => at > 30)
      .flatMap((each) => each.values);
    const ratio = mean(values.map(({ value }) => value)) / mean(values.map(({ nullMean }) => nullMean));
    expect(ratio).toBeGreaterThan(0.82);
    expect(ratio).toBeLessThan(1.22);
  });

  test("each condition has its own windows and its own draws", () => {
    const windows = windowsOf(60, 0.4, exampleSettings, "conditions").map(
      (each, i) => ({ ...each, condition: i % 2 === 0 ? "direct" : "averted" }) as LabelledWindow,
    );
    const alone = windows.filter((each) => each.kind === "accepted" && each.condition === "direct");
    const direct = (all: Coupling[]) => all.filter(({ condition }) => condition === "direct");
    expect(direct(tested(windows))).toEqual(direct(tested(alone)));
  });

  test("the null is drawn anew as often as asked for and depends on the seed alone", () => {
    const windows = windowsOf(40, 0.3, exampleSettings, "seed");
    const nulls = (all: Coupling[]) => pooled(all).map(({ values }) => values[0]!.nullMean);
    const first = nulls(tested(windows));
    expect(new Set(first.filter((value) => !Number.isNaN(value))).size).toBe(Math.floor((40 - 9) / 5));
    expect(nulls(tested(windows))).toEqual(first);
    expect(nulls(tested(windows, { ...exampleSettings, seed: 2 }))).not.toEqual(first);
  });

  test("surrogates are those that one go would have drawn, however many portions they come in", () => {
    const set = windowsOf(20, 0.2, exampleSettings, "portions").map((each) => each.window.data);
    const draw = (portions: number[]) => {
      const drawing = new NullDraw(exampleSettings, set, 20, { condition: "all", draw: 0 });
      for (const portion of portions) drawing.advance(portion);
      expect(drawing.isComplete).toBe(true);
      return drawing.draws;
    };
    expect(draw([20])[0]).toHaveLength(20);
    expect(draw([3, 1, 7, 2, 50])).toEqual(draw([20]));
  });

  test("data that no surrogate can be fitted to have no null rather than a p of 1", () => {
    const windows = windowsOf(12, 0, exampleSettings, "singular").map((each) => {
      each.window.data.copyWithin(200, 0, 200);
      return each;
    });
    for (const { values } of tested(windows)) for (const { p } of values) expect(p).toBeNaN();
  });
});
