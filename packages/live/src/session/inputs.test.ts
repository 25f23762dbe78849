import { parseMarker } from "@attune/device-coder";
import type { ClockOffset, DeviceOutput, SessionInput, TextChunk } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { ClockWatch } from "./clock-watch.ts";
import { EarlyOffsets } from "./early-offsets.ts";
import { EarlyStates } from "./early-states.ts";
import { InputOrder } from "./input-order.ts";
import { MarkerInputs } from "./marker-inputs.ts";
import { eegStream, markerStream } from "./scripted-device.test-support.ts";
import { fits, StreamRegister } from "./stream-register.ts";
import { StreamWatch } from "./stream-watch.ts";

const offset = (streamId: string, value: number, collectedAt = 0): ClockOffset => ({
  kind: "clock-offset",
  streamId,
  collectedAt,
  offset: value,
});

const text = (streamId: string, ...rows: readonly (readonly [number, string])[]): TextChunk => ({
  kind: "text",
  streamId,
  firstSample: 0,
  nSamples: rows.length,
  text: rows.map(([, label]) => label),
  deviceTime: Float64Array.from(rows, ([at]) => at),
});

const samples = (streamId: string, firstSample: number, nSamples: number, receivedAt: number) => ({
  kind: "samples" as const,
  streamId,
  firstSample,
  nSamples,
  data: new Float64Array(2 * nSamples),
  deviceTime: new Float64Array(nSamples),
  receivedAt,
});

describe("StreamRegister", () => {
  test("keeps a stream that is announced again as it was", () => {
    const register = new StreamRegister();
    expect(register.add(eegStream("a"))).toEqual({ stream: eegStream("a") });
    expect(register.add(eegStream("a", { name: "renamed" }))).toBeUndefined();
  });

  test("a stream that changes rate, unit or channels goes on as another one, each time anew", () => {
    const register = new StreamRegister();
    register.add(eegStream("a"));
    const faster = register.add(eegStream("a", { nominalSamplingRate: 200 }))!;
    expect(faster.stream.id).toBe("a#2");
    expect(faster.replaces).toEqual(eegStream("a"));
    const fewer = register.add(eegStream("a", { channels: [{ label: "C3", unit: "uV" }] }))!;
    expect(fewer.stream.id).toBe("a#3");
    // What it was in the beginning is not what it is now: nothing is joined across a change.
    expect(register.add(eegStream("a"))!.stream.id).toBe("a#4");
    expect(register.rename(samples("a", 0, 1, 0)).streamId).toBe("a#4");
    expect(register.rename(samples("b", 0, 1, 0)).streamId).toBe("b");
    expect(register.get("a")!.id).toBe("a#4");
  });

  test("leaves outputs without a stream alone", () => {
    const state: DeviceOutput = { kind: "state", person: "adult", layer: "gaze", state: "direct", at: 1 };
    expect(new StreamRegister().rename(state)).toBe(state);
  });

  test("sees chunks that do not have the shape that was announced", () => {
    expect(fits(eegStream("a"), samples("a", 0, 5, 0))).toBe(true);
    expect(fits(eegStream("a"), { ...samples("a", 0, 5, 0), data: new Float64Array(15) })).toBe(false);
    expect(fits(eegStream("a"), { ...samples("a", 0, 5, 0), deviceTime: new Float64Array(4) })).toBe(false);
    expect(fits(markerStream("m"), text("m", [1, "x"]))).toBe(true);
  });
});

describe("MarkerInputs", () => {
  const markers = (carries = true): MarkerInputs => {
    const inputs = new MarkerInputs(parseMarker, () => carries);
    inputs.addStream(markerStream("m"));
    return inputs;
  };

  test("puts states and events on the session clock by the newest offset", () => {
    const inputs = markers();
    inputs.offset(offset("m", 10));
    inputs.offset(offset("m", 20));
    expect(inputs.text(text("m", [1, "adult.gaze=direct"], [2, ""], [3, "door"]))).toEqual([
      { kind: "state", person: "adult", layer: "gaze", state: "direct", at: 21 },
      { kind: "event", label: "door", at: 23, source: "m markers" },
    ]);
  });

  test("markers before the first offset wait for it, in their order, and come once", () => {
    const inputs = markers();
    expect(inputs.text(text("m", [1, "first"]))).toEqual([]);
    expect(inputs.text(text("m", [2, "second"]))).toEqual([]);
    expect(inputs.offset(offset("other", 5))).toEqual([]);
    const late = inputs.offset(offset("m", 100));
    expect(late.map((each) => (each.kind === "event" ? [each.label, each.at] : undefined))).toEqual([
      ["first", 101],
      ["second", 102],
    ]);
    expect(inputs.offset(offset("m", 100))).toEqual([]);
  });

  test("a stream that carries no states gives events, whatever its text looks like", () => {
    const inputs = markers(false);
    inputs.offset(offset("m", 0));
    expect(inputs.text(text("m", [1, "adult.gaze=direct"]))).toMatchObject([{ kind: "event" }]);
  });

  test("text of several channels has one time per row", () => {
    const inputs = markers();
    inputs.offset(offset("m", 0));
    const both = { ...text("m", [1, "a"], [2, "c"]), text: ["a", "b", "c", ""] };
    expect(inputs.text(both).map(({ at }) => at)).toEqual([1, 1, 2]);
    expect(inputs.text({ ...both, text: [], nSamples: 0, deviceTime: new Float64Array(0) })).toEqual([]);
  });

  test("those that would never get an offset do not fill the memory", () => {
    const inputs = markers();
    for (let n = 0; n < 12_000; n++) inputs.text(text("m", [n, "x"]));
    expect(inputs.offset(offset("m", 0))).toHaveLength(10_000);
  });
});

describe("StreamWatch", () => {
  const rate = (arrivals: readonly (readonly [first: number, n: number, at: number])[], nominal = 100) => {
    const watch = new StreamWatch();
    for (const [first, n, at] of arrivals)
      watch.take(eegStream("a", { nominalSamplingRate: nominal }), samples("a", first, n, at), at);
    return watch.pulse("a", arrivals.at(-1)![2] + 3)!;
  };

  test("measures the rate of what arrives, over irregular reads, lost samples included", () => {
    const late = [0, 0.06, -0.02, 0.08, 0.03, 0, 0.07];
    const arrivals = Array.from(
      { length: 60 },
      (_, i) => [10 * i, i % 7 === 3 ? 9 : 10, 0.1 * i + late[i % late.length]!] as const,
    );
    const pulse = rate(arrivals);
    expect(Math.abs(pulse.measuredSamplingRate / 100 - 1)).toBeLessThan(0.003);
    expect(pulse.nLost).toBe(8);
    expect(pulse.lostPercent).toBeCloseTo((100 * 8) / 599, 6);
    expect(pulse.silentSeconds).toBeCloseTo(3, 9);
  });

  test("follows a stream that runs at another rate than before", () => {
    const slow = Array.from({ length: 200 }, (_, i) => [10 * i, 10, 0.1 * i] as const);
    const fast = Array.from({ length: 200 }, (_, i) => [2000 + 10 * i, 10, 20 + 0.05 * i] as const);
    expect(rate([...slow, ...fast]).measuredSamplingRate).toBeCloseTo(200, 0);
  });

  test("a counter that begins anew is neither a loss nor a negative rate", () => {
    const before = Array.from({ length: 50 }, (_, i) => [10 * i, 10, 0.1 * i] as const);
    const after = Array.from({ length: 30 }, (_, i) => [10 * i, 10, 9 + 0.1 * i] as const);
    const pulse = rate([...before, ...after]);
    expect(pulse.nLost).toBe(0);
    expect(pulse.measuredSamplingRate).toBeCloseTo(100, 6);
    expect(pulse.nSamples).toBe(800);
  });

  test("says nothing about a rate before two seconds, or where there is none", () => {
    expect(
      rate([
        [0, 10, 0],
        [10, 10, 0.1],
      ]).measuredSamplingRate,
    ).toBeNaN();
    const irregular = Array.from({ length: 50 }, (_, i) => [i, 1, i] as const);
    expect(rate(irregular, 0).measuredSamplingRate).toBeNaN();
    expect(new StreamWatch().pulse("a", 0)).toBeUndefined();
  });
});

describe("what is known before a session begins", () => {
  test("offsets are kept in their order, the newest sixty of each stream", () => {
    const early = new EarlyOffsets();
    for (let n = 0; n < 70; n++) early.take(offset("a", n, n));
    early.take(offset("b", 7));
    expect(early.count("a")).toBe(60);
    expect(early.count("nobody")).toBe(0);
    const ofA = early.all.filter(({ streamId }) => streamId === "a");
    expect(ofA.map((each) => each.offset)).toEqual(Array.from({ length: 60 }, (_, i) => i + 10));
    expect(early.all.at(-1)).toEqual(offset("b", 7));
  });

  test("the newest state of each layer and person holds", () => {
    const states = new EarlyStates();
    const change = (person: string, state: string, at: number) =>
      ({ kind: "state", person, layer: "gaze", state, at }) as const;
    for (const each of [
      change("adult", "direct", 1),
      change("infant", "away", 2),
      change("adult", "averted", 3),
    ])
      states.take(each);
    expect(states.holdingAt(9)).toEqual([change("adult", "averted", 9), change("infant", "away", 9)]);
  });
});

describe("ClockWatch", () => {
  test("tells a jump from a drift, per stream, in either direction", () => {
    const watch = new ClockWatch();
    const take = (streamId: string, at: number) => watch.take(offset(streamId, at), "cap", 0);
    expect(take("a", 1000)).toBeUndefined();
    for (let n = 1; n < 100; n++) expect(take("a", 1000 + 0.002 * n)).toBeUndefined();
    expect(take("b", 5)).toBeUndefined();
    expect(take("a", 1003)).toEqual({ kind: "jump", seconds: expect.closeTo(2.802, 6) });
    expect(take("a", 1002.9)).toEqual({ kind: "jump", seconds: expect.closeTo(-0.1, 6) });
    expect(take("a", 1002.9)).toBeUndefined();
  });

  test("a clock that is another one when its device comes back was restarted; later and elsewhere it jumps", () => {
    const watch = new ClockWatch();
    watch.take(offset("a", 1000), "cap", 0);
    watch.take(offset("b", 1000), "other", 0);
    watch.left("cap");
    watch.returned("cap", 20);
    expect(watch.take(offset("b", 900), "other", 21)?.kind).toBe("jump");
    expect(watch.take(offset("a", 3), "cap", 21)?.kind).toBe("restart");
    expect(watch.take(offset("a", 5), "cap", 40)?.kind).toBe("jump");
  });
});

describe("InputOrder", () => {
  const recorderOf = (into: string[]) => ({
    write: (item: DeviceOutput) => into.push(`write ${item.kind}`),
    writeInput: (input: SessionInput) => into.push(`input ${input.kind}`),
  });

  test("data are written before the place that they take in the order", () => {
    const seen: string[] = [];
    const order = new InputOrder(recorderOf(seen), undefined);
    order.enter(samples("a", 0, 1, 0));
    order.enter(text("m", [1, "x"]));
    order.derive({ kind: "event", label: "x", at: 1, source: "m" });
    expect(seen).toEqual(["write samples", "input samples", "write text", "input event"]);
  });

  test("works without a recorder and without an analysis", () => {
    expect(() => new InputOrder(undefined, undefined).enter(samples("a", 0, 1, 0))).not.toThrow();
  });
});
