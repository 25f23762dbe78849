import type { Coupling, LabelledWindow, SampleChunk, SessionInput } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  alignedBits,
  cutSamples,
  exampleSettings,
  joinAligned,
  montageOf,
  noise,
  outputs,
  stateChange,
  windowBits,
} from "./example-data.test-support.ts";
import { runSession, type SessionOutput } from "./session.ts";
import type { SessionSettings } from "./settings.ts";

/** What one amplifier saw of white noise between two of its samples; times are known. */
function record(streamId: string, rate: number, firstSample: number, nSamples: number): SampleChunk {
  const time = Float64Array.from({ length: nSamples }, (_, n) => (firstSample + n) / rate);
  const data = new Float64Array(2 * nSamples);
  for (let c = 0; c < 2; c++)
    data.set(noise(firstSample + nSamples, streamId, c).subarray(firstSample), c * nSamples);
  return { kind: "samples", streamId, firstSample, nSamples, data, deviceTime: time, sessionTime: time };
}

/** 24 s of two people; the infant loses 40 samples after 10 s, the adult turns away after 12. */
const adult = [record("adult-eeg", 500, 0, 12_000)];
const infant = [record("infant-eeg", 250, 0, 2500), record("infant-eeg", 250, 2540, 3460)];
const changes = [stateChange(0, "direct"), stateChange(12.2, "averted")];
const settings: SessionSettings = {
  ...exampleSettings,
  states: {
    person: "adult",
    layer: "gaze",
    guardSeconds: 0.3,
    bridgeSeconds: 0.1,
    require: [],
    latencySeconds: 0,
  },
};
const run = (inputs: Iterable<SessionInput>, given = settings): SessionOutput[] =>
  outputs(inputs, (source) => runSession(source, given));

const windowsOf = (all: SessionOutput[]) =>
  all.filter((item): item is LabelledWindow => item.kind === "accepted" || item.kind === "rejected");
const couplingsOf = (all: SessionOutput[]) =>
  all.filter((item): item is Coupling => item.kind === "coupling");
function everythingOf(all: SessionOutput[]) {
  const samples = ["adult", "infant"].map((id) =>
    alignedBits(
      joinAligned(all.filter((item) => item.kind === "aligned").filter(({ person }) => person === id)),
    ),
  );
  return {
    samples,
    windows: windowsOf(all).map((each) => ({ ...each, window: windowBits(each.window) })),
    couplings: couplingsOf(all),
  };
}

describe("runSession", () => {
  test("samples, windows and couplings leave together, each in its order", () => {
    const all = run([...changes, ...adult, ...infant]);
    expect(new Set(all.map(({ kind }) => kind))).toEqual(
      new Set(["aligned", "accepted", "rejected", "coupling"]),
    );
    expect(windowsOf(all).map(({ window }) => window.index)).toEqual([...windowsOf(all).keys()]);
    const ends = couplingsOf(all).map(({ at }) => at);
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
  });

  test("a gap of one person rejects the windows of both, and those in which the filter settles again", () => {
    const rejected = windowsOf(run([...changes, ...adult, ...infant])).filter(
      ({ kind }) => kind === "rejected",
    );
    const why = new Map(
      rejected.map((each) => [
        each.window.start,
        each.kind === "rejected" ? each.reasons.map(({ person, reason }) => `${person} ${reason}`) : [],
      ]),
    );
    expect(why.get(0)).toEqual([
      "adult gap",
      "adult filter-settling",
      "infant gap",
      "infant filter-settling",
      "adult state-unknown",
    ]);
    expect(why.get(10)).toEqual(["infant gap", "infant filter-settling"]);
    expect(why.get(12)).toContain("adult state-switch");
    expect(why.get(23)).toEqual(["adult gap", "infant gap"]);
    for (const start of [5, 8, 15, 20]) expect(why.has(start)).toBe(false);
  });

  test("two people on one amplifier are told apart by their rows", () => {
    const twoPeople = {
      ...settings,
      people: ["adult", "infant"].map((id, row) => ({
        ...montageOf(id, row === 0 ? "adult" : "infant", 500),
        streamId: "adult-eeg",
        channels: [{ label: "Cz", row }],
      })),
    };
    const all = run([...changes, ...adult], twoPeople);
    const [first] = windowsOf(all).filter(({ kind }) => kind === "accepted");
    expect(first!.window.data).toHaveLength(400);
    expect(first!.window.data.slice(0, 200)).not.toEqual(first!.window.data.slice(200));
    expect(couplingsOf(all).length).toBeGreaterThan(0);
  });

  test("without a live estimate there are windows and no couplings", () => {
    const all = run([...changes, ...adult, ...infant], { ...settings, live: undefined });
    expect(couplingsOf(all)).toEqual([]);
    expect(everythingOf(all).windows).toEqual(everythingOf(run([...changes, ...adult, ...infant])).windows);
  });

  test("streams that nobody wears and events are passed over", () => {
    const stranger = record("ecg", 250, 0, 1000);
    const event: SessionInput = { kind: "event", label: "clap", at: 3, source: "key" };
    const all = run([...changes, stranger, event, ...adult, ...infant]);
    expect(everythingOf(all)).toEqual(everythingOf(run([...changes, ...adult, ...infant])));
  });

  test("windows that are completed while the analysis is behind are left out and counted, and no other", () => {
    const inOrder = [...adult, ...infant]
      .flatMap((chunk) => cutSamples(chunk, [50]))
      .sort((a, b) => a.sessionTime!.at(-1)! - b.sessionTime!.at(-1)!);
    const lag = (at: number, late: boolean): SessionInput => ({ kind: "analysis-lag", late, at });
    const from = inOrder.findIndex((chunk) => chunk.sessionTime!.at(-1)! > 16);
    const until = inOrder.findIndex((chunk) => chunk.sessionTime!.at(-1)! > 19);
    const marked = [
      ...inOrder.slice(0, from),
      lag(16, true),
      ...inOrder.slice(from, until),
      lag(19, false),
      ...inOrder.slice(until),
    ];
    const punctual = windowsOf(run([...changes, ...inOrder]));
    const late = windowsOf(run([...changes, ...marked]));
    const isLate = (each: (typeof late)[number]) =>
      each.kind === "rejected" && each.reasons.some(({ reason }) => reason === "late");
    expect(late.filter(isLate)).toHaveLength(3);
    const others = (all: typeof late) => all.filter((_, index) => !isLate(late[index]!));
    expect(others(late)).toEqual(others(punctual));
  });

  test("any chunking and any interleaving of the streams gives the same bits to the end", () => {
    const atOnce = { ...settings, live: { ...settings.live!, nullEverySeconds: 1 } };
    const whole = everythingOf(run([...changes, ...adult, ...infant], atOnce));
    expect(whole.couplings.some(({ values }) => !Number.isNaN(values[0]!.nullMean))).toBe(true);
    const cuts = fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 5 });
    fc.assert(
      fc.property(cuts, cuts, (cutsA, cutsB) => {
        const pieces = [
          ...adult.flatMap((chunk) => cutSamples(chunk, cutsA)),
          ...infant.flatMap((chunk) => cutSamples(chunk, cutsB)),
        ].sort((a, b) => a.sessionTime!.at(-1)! - b.sessionTime!.at(-1)!);
        expect(everythingOf(run([...changes, ...pieces], atOnce))).toEqual(whole);
      }),
      { numRuns: 8 },
    );
    const ones = adult.flatMap((chunk) => cutSamples(chunk, [1]));
    expect(everythingOf(run([...changes, ...ones, ...infant], atOnce))).toEqual(whole);
  });
});
