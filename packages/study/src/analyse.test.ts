import { benjaminiHochberg } from "@attune/core";
import type { SampleChunk, SessionInput, StateInterval } from "@attune/signal";
import { from } from "rxjs";
import { describe, expect, test } from "vitest";
import { type AnalysisProgress, type AnalysisRequest, analyse } from "./analyse.ts";
import { StudyError } from "./errors.ts";
import { dyadWindows, montage, PEOPLE, quickSettings, RATE } from "./example-windows.test-support.ts";
import { hashOf } from "./provenance.ts";
import type { StudyResult } from "./result.ts";
import type { StudySettings } from "./settings.ts";
import { validateSettings } from "./validate-settings.ts";

const SECONDS = 72;
const CHUNK = 50;

/** Adult drives infant throughout; the adult's gaze turns every 6 s, the infant always looks at the partner. */
function inputs(): SessionInput[] {
  const nSamples = SECONDS * RATE;
  const [x] = dyadWindows({ seed: 1, nWindows: 1, nSamples, strength: 0.1 });
  const chunks: SessionInput[] = states().map(({ person, layer, state, onset }) => ({
    kind: "state",
    person,
    layer,
    state,
    at: onset,
  }));
  for (let first = 0; first < nSamples; first += CHUNK) {
    PEOPLE.forEach(({ streamId }, person): void => {
      const data = new Float64Array(2 * CHUNK);
      for (let c = 0; c < 2; c++) {
        const row = (2 * person + c) * nSamples + first;
        // Well below the limit of amplitude.
        for (let n = 0; n < CHUNK; n++) data[c * CHUNK + n] = 0.2 * x![row + n]!;
      }
      const time = Float64Array.from({ length: CHUNK }, (_, n) => (first + n) / RATE);
      const chunk: SampleChunk = {
        kind: "samples",
        streamId,
        firstSample: first,
        nSamples: CHUNK,
        data,
        deviceTime: time,
        sessionTime: time,
      };
      chunks.push(chunk);
    });
  }
  return chunks;
}

function states(): StateInterval[] {
  const gaze = Array.from({ length: SECONDS / 6 }, (_, k) => ({
    person: "adult",
    layer: "gaze",
    state: k % 2 === 0 ? "direct" : "averted",
    onset: 6 * k,
    duration: 6,
  }));
  return [{ person: "infant", layer: "gaze", state: "partner", onset: 0, duration: SECONDS }, ...gaze];
}

const settings = quickSettings({
  interval: "jackknife",
  equaliseRepeats: 5,
  otherMeasures: true,
  nulls: ["residualShuffle", "blockShuffle", "timeReverse", "repetitionSwap", "jointShuffle"],
  bands: [
    { name: "delta", low: 1, high: 3 },
    { name: "theta", low: 3, high: 6 },
    { name: "alpha", low: 6, high: 9 },
  ],
});

const request = (used: StudySettings = settings): AnalysisRequest => ({
  profile: "own",
  settings: used,
  people: PEOPLE,
  inputs: from(inputs()),
  states: states(),
  recording: { name: "made", format: "made", durationSeconds: SECONDS, streams: [], damage: [] },
  provenance: {
    attuneVersion: "test",
    settingsHash: hashOf(used),
    inputs: [],
    seed: used.seed,
    alignment: "causal",
    filterPhase: "causal",
  },
});

const result: StudyResult = await analyse(request());

describe("one recording", () => {
  test("gives both conditions with the coupling that was planted, in its direction", () => {
    expect(result.conditions.map(({ condition, reported }) => [condition, reported])).toEqual([
      ["averted", true],
      ["direct", true],
    ]);
    for (const { directions } of result.conditions) {
      const row = (source: string) =>
        directions.find((each) => each.from === source && each.band === "alpha")!;
      expect(row("adult").p).toBe(1 / 40);
      expect(row("adult").corrected).toBeGreaterThan(5 * row("infant").corrected);
    }
  });

  test("gives a deeply equal result when it is analysed again", async () => {
    expect(await analyse(request())).toEqual(result);
  });

  test("gives plain data that survives JSON, numbers that do not exist aside", () => {
    const plain = (value: unknown): unknown => {
      if (typeof value === "number" && !Number.isFinite(value)) return null;
      if (typeof value !== "object" || value === null) return value;
      expect(["Array", "Object"]).toContain(Object.getPrototypeOf(value).constructor.name);
      if (Array.isArray(value)) return value.map(plain);
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
    };
    expect(JSON.parse(JSON.stringify(result))).toEqual(plain(result));
  });

  test("has the false discovery rate of the family that the settings declare", () => {
    const rows = result.conditions.flatMap(({ directions }) => directions);
    const family = rows.filter(({ band }) => settings.primaryBands.includes(band));
    expect(family).toHaveLength(2 * 2 * 2);
    const q = benjaminiHochberg(family.map(({ p }) => p));
    family.forEach((each, i) => {
      expect(each.q).toBe(q[i]);
    });
    for (const each of rows) if (each.band === "delta") expect(each.q).toBeNaN();
  });

  test("has another family where the settings declare another", async () => {
    const { conditions } = await analyse(request({ ...settings, primaryBands: ["delta"] }));
    for (const { directions } of conditions)
      for (const { band, q } of directions) expect(Number.isNaN(q)).toBe(band !== "delta");
  });

  test("adjusts links and contrasts in families of their own", () => {
    const links = result.conditions.flatMap((condition) => condition.links);
    const q = benjaminiHochberg(links.map(({ p }) => p));
    links.forEach((link, i) => {
      expect(link.q).toBe(q[i]);
    });
    const tested = result.contrasts.filter(({ band }) => band !== "delta");
    const contrastQ = benjaminiHochberg(tested.map(({ p }) => p));
    tested.forEach((contrast, i) => {
      expect(contrast.q).toBe(contrastQ[i]);
    });
  });

  test("says of every null what it found, or why it was not drawn", () => {
    const { nulls, timeReversal } = result.conditions[0]!;
    expect(nulls.map(({ id }) => id)).toEqual([
      "residualShuffle",
      "blockShuffle",
      "repetitionSwap",
      "jointShuffle",
    ]);
    const swap = nulls.find(({ id }) => id === "repetitionSwap")!;
    expect(swap).toMatchObject({
      nSurrogates: 0,
      directions: [],
      notDrawn: "no stimulus was presented twice with clean windows at the same place",
    });
    expect(nulls[0]!.notDrawn).toBeUndefined();
    expect(nulls[0]!.directions).toHaveLength(6);
    expect(timeReversal).toHaveLength(1);
  });

  test("counts every window and shows it on the timeline", () => {
    const { total, accepted } = result.diagnostics.windows;
    expect(result.timeline.windows).toHaveLength(total);
    expect(result.timeline.windows.filter((window) => window.accepted)).toHaveLength(accepted);
    expect(result.conditions.reduce((sum, { nWindows }) => sum + nWindows, 0)).toBe(accepted);
  });

  test("shows the value at orders around the one that is used", () => {
    const { used, sensitivity } = result.diagnostics.orderSelection;
    expect([...new Set(sensitivity.map(({ order }) => order))]).toEqual([2, 3, 4, 5, 6]);
    const at = sensitivity.find(
      ({ order, condition, from, band }) =>
        order === used && condition === "direct" && from === "adult" && band === "alpha",
    )!;
    const row = result.conditions[1]!.directions.find(
      (each) => each.from === "adult" && each.band === "alpha",
    )!;
    expect(at.value).toBeCloseTo(row.value, 12);
  });

  test("is told as it goes, and has one condition where nothing was coded", async () => {
    const steps: AnalysisProgress[] = [];
    const { conditions } = await analyse({
      ...request(quickSettings()),
      states: [],
      inputs: from(inputs().filter(({ kind }) => kind !== "state")),
      onProgress: (progress) => steps.push(progress),
    });
    expect(conditions.map(({ condition }) => condition)).toEqual(["all"]);
    expect(steps.at(-1)).toEqual({ step: "testing", condition: "all", done: 0, total: 1 });
    const read = steps.flatMap((progress) => (progress.step === "reading" ? [progress.seconds] : []));
    expect(read.at(-1)!).toBeGreaterThan(SECONDS - 2);
  });

  test("too short for a report says so and compares nothing", async () => {
    const { conditions, contrasts, verdicts } = await analyse(
      request({ ...settings, minimumCleanSeconds: 60 }),
    );
    for (const { reported, reason, directions } of conditions) {
      expect(reported).toBe(false);
      expect(reason).toMatch(/^\d+\.\d s of clean data, and 60 s are the least$/);
      expect(directions).toEqual([]);
    }
    expect(contrasts).toEqual([]);
    expect(verdicts.every(({ text }) => /is not reported/.test(text))).toBe(true);
  });
});

describe("settings that no data could make right", () => {
  const refused = (overrides: Partial<StudySettings>, sentence: string, people = PEOPLE) => {
    const check = () => validateSettings({ ...settings, ...overrides }, people);
    expect(check).toThrow(StudyError);
    expect(check).toThrow(sentence);
  };
  const filter = (parts: Partial<StudySettings["filter"]>) => ({ filter: { ...settings.filter, ...parts } });
  const model = (parts: Partial<StudySettings["model"]>) => ({ model: { ...settings.model, ...parts } });

  test("are refused before the first sample is read", async () => {
    let isRead = false;
    const unread = { ...request({ ...settings, analysisRate: 90 }), inputs: from(inputs()) };
    unread.inputs.subscribe = (() => {
      isRead = true;
    }) as unknown as typeof unread.inputs.subscribe;
    await expect(analyse(unread)).rejects.toThrow(StudyError);
    expect(isRead).toBe(false);
  });

  test("a rate that does not divide the grid's", () =>
    refused({ analysisRate: 90 }, "The analysis rate (90 Hz) must divide the grid rate (200 Hz)."));

  test("a filter beyond half of the grid's rate", () =>
    refused(
      filter({ notchHz: 100 }),
      "A filter at 100 Hz needs more than the grid rate of 200 Hz: stay below 100 Hz.",
    ));

  test.each([0, 50, 60])("decimation with a low-pass of %d Hz", (lowPassHz) =>
    refused(
      { analysisRate: 100, ...filter({ lowPassHz }) },
      "Keeping every 2th sample needs a low-pass below 50 Hz: set --low-pass.",
    ),
  );

  test("a window too short for the order", () =>
    refused(
      { window: { seconds: 0.04, overlap: 0 } },
      "A window of 0.04 s has 8 samples, too few for order 4: take a window of at least 0.05 s or a lower order.",
    ));

  test("single windows that cannot carry the model", () => {
    const people = [montage("adult", "adult", 30), montage("infant", "infant", 30)];
    const sentence =
      "One window gives 196 observations for 240 coefficients a channel: lower the order, lengthen the window, or take fewer channels.";
    refused(model({ pooling: "perWindowMean" }), sentence, people);
    expect(() => validateSettings(settings, people)).not.toThrow();
  });

  test.each([
    [9, 6, "Band odd (9-6 Hz) must rise and stay below 100 Hz."],
    [6, 6, "Band odd (6-6 Hz) must rise and stay below 100 Hz."],
    [80, 100, "Band odd (80-100 Hz) must rise and stay below 100 Hz."],
  ])("a band from %d to %d Hz", (low, high, sentence) =>
    refused({ bands: [...settings.bands, { name: "odd", low, high }] }, sentence),
  );

  test("a primary band that is none of the bands", () =>
    refused(
      { primaryBands: ["theta", "mu"] },
      "The primary family names band mu, which is not among delta, theta, alpha.",
    ));

  test("a primary null that is not drawn", () =>
    refused(
      { primaryNull: "circularShift" },
      "The primary null circularShift is not among the nulls to draw.",
    ));

  test.each(["jointShuffle", "timeReverse"] as const)("%s as the primary null", (primaryNull) =>
    refused(
      { primaryNull },
      `The primary null cannot be ${primaryNull}, which does not test coupling itself: take residualShuffle or blockShuffle.`,
    ),
  );
});

describe("the hash of settings", () => {
  const reversed = (value: unknown): unknown =>
    typeof value !== "object" || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, each]) => [key, reversed(each)]),
        );

  test("does not depend on the order of keys, at any depth", () => {
    const other = reversed(settings) as StudySettings;
    expect(Object.keys(other)).not.toEqual(Object.keys(settings));
    expect(hashOf(other)).toBe(hashOf(settings));
  });

  test("depends on every value and on the order of lists", () => {
    expect(hashOf({ ...settings, seed: 2 })).not.toBe(hashOf(settings));
    expect(hashOf({ ...settings, bands: [...settings.bands].reverse() })).not.toBe(hashOf(settings));
    expect(hashOf(settings)).toMatch(/^[0-9a-f]{64}$/);
  });
});
