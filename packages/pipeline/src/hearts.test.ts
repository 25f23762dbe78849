import type { HeartOutput, HeartStatus, SampleChunk, SessionInput } from "@attune/signal";
import fc from "fast-check";
import { from, tap } from "rxjs";
import { describe, expect, test } from "vitest";
import { cutSamples, exampleSettings, outputs } from "./example-data.test-support.ts";
import {
  beatsOf,
  beatTimes,
  change,
  covariationsOf,
  distanceTo,
  dyad,
  dyadHearts,
  LAG,
  quantile,
  RATE,
  runHearts,
  slowDrive,
} from "./example-hearts.test-support.ts";
import { followHearts } from "./hearts.ts";
import { runSession } from "./session.ts";

const statusOf = (all: HeartOutput[], person: string) =>
  all.filter((item): item is HeartStatus => item.kind === "heart-status" && item.person === person);

/** Everything about one person, and everything about pairs, each in its order; series joined, since chunks may differ. */
function joined(all: HeartOutput[]) {
  const series = new Map<string, { firstIndex: number; values: number[] }>();
  const others = new Map<string, HeartOutput[]>();
  for (const item of all) {
    const key = `${item.kind} ${item.kind === "covariation" ? item.measure : item.person}`;
    if (item.kind === "heart-series" || item.kind === "rsa") {
      const line = series.get(key) ?? { firstIndex: item.firstIndex, values: [] };
      expect(item.firstIndex).toBe(line.firstIndex + line.values.length);
      line.values.push(...item.values);
      series.set(key, line);
    } else others.set(key, [...(others.get(key) ?? []), item]);
  }
  return { series, others };
}

/** In the order of their last samples. */
const inOrder = (chunks: readonly SampleChunk[]) =>
  [...chunks].sort((a, b) => a.sessionTime!.at(-1)! - b.sessionTime!.at(-1)!);

describe("hearts of a session", () => {
  const long = dyad(420);
  const whole = runHearts(long);

  test("every beat is found at its time, and known within the latency of its population", () => {
    for (const [person, chunk, most] of [
      ["adult", long[0]!, 0.26],
      ["infant", long[1]!, 0.16],
    ] as const) {
      const truth = beatTimes(
        420,
        person,
        person === "adult" ? slowDrive(3) : (at) => slowDrive(3)(at - LAG),
      );
      const beats = beatsOf(whole, person);
      expect(beats.length).toBe(truth.length);
      const errors = beats.map(({ at }) => Math.abs(distanceTo(truth, at)));
      expect(quantile(errors, 0.99)).toBeLessThan(0.0015);
      const latencies = beats.filter(({ late }) => !late).map(({ at, knownAt }) => knownAt - at);
      expect(quantile(latencies, 0.99)).toBeLessThan(most);
      expect(statusOf(whole, person).at(-1)!.at).toBe(Math.floor(chunk.sessionTime!.at(-1)!));
    }
  });

  test("status: rate, quality and coverage are those of the heart, and unknown before they can be known", () => {
    const adult = statusOf(whole, "adult");
    expect(adult[0]).toMatchObject({ at: 0, rate: Number.NaN, correctedShare: Number.NaN, signalQuality: 0 });
    const late = adult.filter(({ at }) => at > 60);
    for (const { rate, coverage, signalQuality, correctedShare } of late) {
      expect(rate).toBeGreaterThan(62);
      expect(rate).toBeLessThan(80);
      expect(coverage).toBeGreaterThan(0.99);
      expect(signalQuality).toBeGreaterThan(0.9);
      expect(correctedShare).toBe(0);
    }
  });

  test("a pause and lost samples are missing: windows that hold too much of them have no value, never 0", () => {
    const [adult, infant] = long as [SampleChunk, SampleChunk];
    const lossy = [part(adult, 0, 150 * RATE), part(adult, 162 * RATE, 420 * RATE)];
    const pause = [
      change("session", "pause", "running", 0),
      change("session", "pause", "paused", 250),
      change("session", "pause", "running", 262),
    ];
    const all = runHearts([...pause, ...lossy, infant]);
    const windows = covariationsOf(all);
    for (const [from, to] of [
      [150, 162],
      [250, 262],
    ] as const)
      for (const { start, end, coverage, z } of windows) {
        const held = Math.min(end, to) - Math.max(start, from);
        if (held > 7) expect([z, coverage < 0.8]).toEqual([Number.NaN, true]);
        if (held === 0) expect(z).not.toBeNaN();
      }
    expect(windows.at(-1)!.nWithoutValue).toBeGreaterThanOrEqual(4);
    expect(windows.at(-1)!.nWithoutValue).toBe(windows.filter(({ z }) => Number.isNaN(z)).length);
    // Beats go on in a pause, and the gap is told.
    expect(beatsOf(all, "infant").filter(({ at }) => at > 250 && at < 262).length).toBeGreaterThan(20);
    expect(beatsOf(all, "adult").filter(({ at }) => at > 150 && at < 162)).toEqual([]);
    const missing = all.filter((item) => item.kind === "interbeat" && item.verdict === "missing");
    expect(missing.length).toBeGreaterThan(0);
  });

  test("an electrode that falls off does not stop the other heart, nor the comparison", () => {
    const [adult, infant] = long as [SampleChunk, SampleChunk];
    const off = { ...adult, data: adult.data.slice() };
    off.data.fill(0.3, 200 * RATE);
    const all = runHearts([off, infant]);
    const windows = covariationsOf(all);
    expect(windows.at(-1)!.end).toBeGreaterThanOrEqual(400);
    for (const { start, z } of windows) if (start >= 210) expect(z).toBeNaN();
    const status = statusOf(all, "adult").at(-1)!;
    expect(status.rate).toBeNaN();
    expect(status.coverage).toBe(0);
    expect(status.signalQuality).toBeLessThan(0.2);
  });

  test("any cut of the input gives the same outputs, to the bit", () => {
    const [adult, infant] = dyad(150, 5) as [SampleChunk, SampleChunk];
    const states = [change("adult", "touch", "none", 0), change("adult", "touch", "static", 60)];
    const hurt = { ...adult, data: adult.data.slice() };
    hurt.data.fill(Number.NaN, 50 * RATE, 50 * RATE + 300);
    const pieces = [part(hurt, 0, 90 * RATE), part(hurt, 93 * RATE, 150 * RATE), infant];
    const expected = joined(runHearts([...states, ...inOrder(pieces)]));
    expect(expected.others.get("covariation wlcc-mean-z-ibi-1hz-lag-3s")!.length).toBeGreaterThan(8);
    const cuts = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(cuts, cuts, (a, b) => {
        const cut = pieces.flatMap((piece) => cutSamples(piece, piece.streamId === "adult-ecg" ? a : b));
        expect(joined(runHearts([...states, ...inOrder(cut)]))).toEqual(expected);
      }),
      { numRuns: 12 },
    );
    const ones = pieces.flatMap((piece) => cutSamples(piece, piece.streamId === "adult-ecg" ? [1] : [40]));
    expect(joined(runHearts([...states, ...inOrder(ones)]))).toEqual(expected);
  });

  test("one heart alone gives beats, intervals and RSA, and no covariation", () => {
    const all = runHearts([long[1]!], { ...dyadHearts, people: [dyadHearts.people[1]!] });
    expect(new Set(all.map(({ kind }) => kind))).toEqual(
      new Set(["beat", "interbeat", "heart-series", "rsa", "rmssd", "heart-status"]),
    );
    const rsa = all.filter((item) => item.kind === "rsa").flatMap(({ values }) => [...values]);
    // 2.5 % of 460 ms, as a sine, through a chain whose gain is not 1.
    for (const value of rsa) expect(value).toBeGreaterThan(2);
  });

  test("RSA and ln RMSSD are as late as they say", () => {
    for (const [person, filters] of [
      ["adult", 19.8],
      ["infant", 17.4],
    ] as const) {
      let now = 0;
      const longest = { rsa: 0, rmssd: 0, "heart-series": 0 };
      const pieces = cutSamples(long[person === "adult" ? 0 : 1]!, [RATE / 50]);
      const only = { ...dyadHearts, people: dyadHearts.people.filter((each) => each.person.id === person) };
      const inputs = from(pieces as SessionInput[]).pipe(
        tap((piece) => {
          now = piece.kind === "samples" ? piece.sessionTime!.at(-1)! : now;
        }),
      );
      followHearts(inputs, only).subscribe((item) => {
        // Before the size of the beats is learnt everything is late.
        if (now < 60 || (item.kind !== "rsa" && item.kind !== "rmssd" && item.kind !== "heart-series"))
          return;
        const last =
          item.kind === "rmssd" ? item.at : (item.firstIndex + item.values.length - 1) / item.samplingRate;
        longest[item.kind] = Math.max(longest[item.kind], now - last);
      });
      const detector = person === "adult" ? 0.25 : 0.17;
      expect(longest.rmssd).toBeLessThan(detector);
      expect(longest["heart-series"]).toBeLessThan(detector + 1 / dyadHearts.seriesRate);
      expect(longest.rsa).toBeLessThan(filters + detector + 1 / dyadHearts.seriesRate);
      expect(longest.rsa).toBeGreaterThan(filters);
    }
  });

  test("in a session they come beside coupling, and dyadHearts without hearts are as before", () => {
    const all = outputs([...long] as SessionInput[], (source) =>
      runSession(source, { ...exampleSettings, people: [], states: undefined, hearts: dyadHearts }),
    );
    expect(all).toEqual(whole);
    expect(outputs([...long] as SessionInput[], (source) => runSession(source, exampleSettings))).toEqual([]);
  });
});

function part(chunk: SampleChunk, from: number, to: number): SampleChunk {
  return {
    ...chunk,
    firstSample: from,
    nSamples: to - from,
    data: chunk.data.slice(from, to),
    deviceTime: chunk.deviceTime.slice(from, to),
    ...(chunk.sessionTime === undefined ? {} : { sessionTime: chunk.sessionTime.slice(from, to) }),
  };
}
