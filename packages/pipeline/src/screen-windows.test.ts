import type { Window } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutWindows } from "./cut-windows.ts";
import {
  alignedChunk,
  cutAligned,
  exampleSettings,
  noise,
  outputs,
  windowBits,
  windowOf,
} from "./example-data.test-support.ts";
import { screenWindow, screenWindows } from "./screen-windows.ts";

const people = [
  { id: "adult", role: "adult", nChannels: 2 },
  { id: "infant", role: "infant", nChannels: 2 },
] as const;
const { artefacts } = exampleSettings;

/** Something like EEG: a rhythm in noise, about 15 microvolts. */
const eeg = (...key: (string | number)[]): Float64Array =>
  noise(200, "eeg", ...key).map((value, n) => 10 * value + 12 * Math.sin((2 * Math.PI * 9 * n) / 200));
const fourChannels = (key: number): Float64Array[] => [0, 1, 2, 3].map((c) => eeg(key, c));
const problemsOf = (rows: readonly Float64Array[], given = artefacts) =>
  screenWindow(windowOf(rows), people, given).problems;
/** Channel 3 (the infant's second) changed. */
function withLast(change: (value: number, n: number) => number): Float64Array[] {
  const rows = fourChannels(1);
  return [...rows.slice(0, 3), rows[3]!.map(change)];
}
const infant = (reason: string) => [{ person: "infant", reason }];

describe("screenWindows", () => {
  test("clean windows pass untouched", () => {
    for (let key = 0; key < 50; key++) {
      const window = windowOf(fourChannels(key));
      expect(screenWindow(window, people, artefacts)).toBe(window);
    }
  });

  test("a slow drift, an offset and a strong alpha rhythm are no artefacts", () => {
    expect(problemsOf(withLast((value, n) => value + 0.2 * n))).toEqual([]);
    expect(problemsOf(withLast((value) => value + 40_000))).toEqual([]);
    expect(problemsOf(withLast((_, n) => 60 * Math.sin((2 * Math.PI * 10 * n) / 200)))).toEqual([]);
    expect(problemsOf(withLast((_, n) => 60 * Math.sin((2 * Math.PI * 0.5 * n) / 200)))).toEqual([]);
  });

  test("amplitude is judged about the window's mean and by role", () => {
    const peak = (value: number, n: number) => (n === 77 ? 130 : value);
    expect(problemsOf(withLast(peak))).toEqual([]);
    expect(problemsOf(withLast((value, n) => (n === 77 ? -160 : value)))).toEqual(infant("amplitude"));
    const rows = fourChannels(1);
    expect(problemsOf([rows[0]!.map(peak), ...rows.slice(1)])).toEqual([
      { person: "adult", reason: "amplitude" },
    ]);
  });

  test("a channel that does not move is flat, whether at zero or at an offset", () => {
    expect(problemsOf(withLast(() => 0))).toEqual(infant("flat"));
    expect(problemsOf(withLast(() => 4000.123))).toEqual(infant("flat"));
    expect(problemsOf(withLast((value, n) => (n >= 60 && n < 105 ? 1 : value)))).toEqual(infant("flat"));
  });

  test("a shorter stillness than asked for is not flat", () => {
    expect(problemsOf(withLast((value, n) => (n >= 60 && n < 98 ? 1 : value)))).toEqual([]);
  });

  test("a channel that stays at its extreme is railed, above or below", () => {
    const clipped = (limit: number) => (value: number, n: number) =>
      Math.sign(limit) * Math.min(Math.abs(limit), Math.sign(limit) * (value + 3 * limit * Math.sin(n / 15)));
    expect(problemsOf(withLast(clipped(30)))).toContainEqual({ person: "infant", reason: "railed" });
    expect(problemsOf(withLast(clipped(-30)))).toContainEqual({ person: "infant", reason: "railed" });
  });

  test("mains that dominate a window are seen, a little of it is not", () => {
    const hum = (amplitude: number) => (value: number, n: number) =>
      value + amplitude * Math.sin(0.3 + (Math.PI * n) / 2);
    expect(problemsOf(withLast(hum(40)))).toEqual(infant("line-noise"));
    expect(problemsOf(withLast(hum(5)))).toEqual([]);
  });

  test("a share of 1 or a frequency beyond the grid's switches the look for mains off", () => {
    const hum = withLast((_, n) => 50 * Math.sin((Math.PI * n) / 2));
    expect(problemsOf(hum, { ...artefacts, lineNoiseShare: 1 })).toEqual([]);
    expect(problemsOf(hum, { ...artefacts, lineNoiseHz: 120 })).toEqual([]);
  });

  test("flat, railed and mains are judged before the filter, amplitude after it", () => {
    const window = windowOf(fourChannels(1));
    window.unfiltered.fill(7, 600, 800);
    expect(screenWindow(window, people, artefacts).problems).toEqual(infant("flat"));
    const swinging = windowOf(fourChannels(1));
    swinging.unfiltered[650] = 900;
    expect(screenWindow(swinging, people, artefacts).problems).toEqual([]);
  });

  test("a value that is not a number is a reason, never zero", () => {
    const rows = withLast((value, n) => (n === 5 ? Number.NaN : value));
    expect(problemsOf(rows)).toEqual(infant("not-a-number"));
    const filtered = windowOf(fourChannels(1));
    filtered.data[650] = Number.NaN;
    expect(screenWindow(filtered, people, artefacts).problems).toEqual(infant("not-a-number"));
  });

  test("each reason is named once per person, and both people's are kept", () => {
    const rows = fourChannels(1).map((row) => row.map((value, n) => (n === 9 ? 500 : value)));
    expect(problemsOf(rows)).toEqual([
      { person: "adult", reason: "amplitude" },
      { person: "infant", reason: "amplitude" },
    ]);
  });

  test("what was known before stays, and a person with holes is not judged further", () => {
    const rows = withLast(() => 0);
    const window: Window = { ...windowOf(rows), problems: [{ person: "infant", reason: "gap" }] };
    expect(screenWindow(window, people, artefacts)).toBe(window);
  });

  test("the verdict does not depend on the size of the unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.constantFrom(1e-3, 1e3), (key, factor) => {
        const relative = { ...artefacts, amplitudeMicrovolts: { adult: 1e9, infant: 1e9, child: 1e9 } };
        const rows = withLast((value, n) =>
          n > 100 && n < 100 + (key % 80) ? 3 : value + (key % 7) * 9 * (n % 4 < 2 ? 1 : -1),
        );
        const scaled = rows.map((row) => row.map((value) => value * factor));
        expect(problemsOf(scaled, relative)).toEqual(problemsOf(rows, relative));
      }),
    );
  });

  test("any chunking gives the same windows with the same problems", () => {
    const long = (key: string) =>
      noise(1000, key).map((value, n) => (n % 430 === 99 ? 999 : n > 700 && n < 760 ? 0 : 9 * value));
    const chunks = ["adult", "infant"].map((id) => alignedChunk(id, [long(`${id}1`), long(`${id}2`)]));
    const run = (inputs: typeof chunks) =>
      outputs(inputs, (source) =>
        source.pipe(
          cutWindows({ people, windowSamples: 200, hopSamples: 100, samplingRate: 200 }),
          screenWindows(people, artefacts),
        ),
      ).map(windowBits);
    const whole = run(chunks);
    expect(new Set(whole.map(({ problems }) => problems.length)).size).toBeGreaterThan(1);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 5 }), (cuts) => {
        expect(run(chunks.flatMap((chunk) => cutAligned(chunk, cuts)))).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });
});
