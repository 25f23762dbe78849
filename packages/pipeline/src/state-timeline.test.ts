import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stateChange } from "./example-data.test-support.ts";
import { StateTimeline } from "./state-timeline.ts";

/** `0 direct, 5 unknown, ...` of the adult's gaze. */
function timeline(script: string, { bridge = 0.1, latency = 0 } = {}): StateTimeline {
  const known = new StateTimeline(bridge, latency);
  for (const entry of script.split(",")) {
    const [at, state] = entry.trim().split(" ") as [string, string];
    known.add(stateChange(Number(at), state));
  }
  return known;
}
const spanOf = (known: StateTimeline, start: number, end: number) => known.span("adult", "gaze", start, end);

describe("StateTimeline", () => {
  test("a state holds from its change to the next, the end not included", () => {
    const known = timeline("0 direct, 5 averted");
    expect(spanOf(known, 1, 5)).toEqual({ kind: "steady", state: "direct", episode: 0 });
    expect(spanOf(known, 5, 9)).toEqual({ kind: "steady", state: "averted", episode: 1 });
    expect(spanOf(known, 4, 5.001)).toEqual({ kind: "state-switch" });
  });

  test("before anything was coded, and in a layer that nobody codes, the state is unknown", () => {
    const known = timeline("2 direct");
    expect(spanOf(known, 0, 1)).toEqual({ kind: "state-unknown" });
    expect(spanOf(known, 1.5, 3)).toEqual({ kind: "state-unknown" });
    expect(known.span("infant", "gaze", 3, 4)).toEqual({ kind: "state-unknown" });
    expect(known.span("adult", "voice", 3, 4)).toEqual({ kind: "state-unknown" });
  });

  test("unknown is never taken for a state", () => {
    const known = timeline("0 away, 3 unknown, 6 away");
    expect(spanOf(known, 3, 6)).toEqual({ kind: "state-unknown" });
    expect(spanOf(known, 2, 4)).toEqual({ kind: "state-unknown" });
    expect(spanOf(known, 5, 7)).toEqual({ kind: "state-unknown" });
  });

  test("a short unknown inside one state is bridged and starts no new episode", () => {
    const known = timeline("0 direct, 3 unknown, 3.1 direct, 4 averted");
    expect(spanOf(known, 2, 4)).toEqual({ kind: "steady", state: "direct", episode: 0 });
    expect(spanOf(known, 4, 5)).toEqual({ kind: "steady", state: "averted", episode: 1 });
  });

  test("several short unknowns in a row of one state are all bridged", () => {
    const known = timeline("0 direct, 1 unknown, 1.05 direct, 1.06 unknown, 1.1 direct");
    expect(spanOf(known, 0.5, 2)).toEqual({ kind: "steady", state: "direct", episode: 0 });
  });

  test("an unknown that is too long, or that leads to another state, is not bridged", () => {
    expect(spanOf(timeline("0 direct, 3 unknown, 3.2 direct"), 2, 4)).toEqual({ kind: "state-unknown" });
    expect(spanOf(timeline("0 direct, 3 unknown, 3.05 averted"), 2, 4)).toEqual({ kind: "state-unknown" });
    expect(spanOf(timeline("0 direct, 3 unknown, 3.05 averted"), 3.05, 4).kind).toBe("steady");
  });

  test("an unknown that has not ended by the end of the span is not bridged, whatever comes later", () => {
    const known = timeline("0 direct, 3 unknown, 3.05 direct");
    expect(spanOf(known, 2, 3.05)).toEqual({ kind: "state-unknown" });
    expect(spanOf(known, 2, 3.06).kind).toBe("steady");
  });

  test("a coder's latency moves every change back", () => {
    const known = timeline("1 direct, 5.3 averted", { latency: 0.3 });
    expect(spanOf(known, 4, 5)).toMatchObject({ state: "direct" });
    expect(spanOf(known, 5, 6)).toMatchObject({ state: "averted" });
  });

  test("coding the current state again changes nothing", () => {
    const known = timeline("0 direct, 2 direct, 5 averted");
    expect(spanOf(known, 1, 3)).toEqual({ kind: "steady", state: "direct", episode: 0 });
    expect(spanOf(known, 6, 7)).toMatchObject({ episode: 1 });
  });

  const scripts = fc.array(
    fc.record({
      seconds: fc.integer({ min: 1, max: 40 }),
      state: fc.constantFrom("direct", "averted", "unknown"),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const changesOf = (script: { seconds: number; state: string }[]) => {
    let at = 0;
    return script.map(({ seconds, state }) => {
      const change = stateChange(at, state);
      at += seconds / 20;
      return change;
    });
  };

  test("what is coded at or after the end of a span does not change it", () => {
    fc.assert(
      fc.property(scripts, fc.nat(200), fc.integer({ min: 1, max: 40 }), (script, from, length) => {
        const [start, end] = [from / 20, (from + length) / 20];
        const all = new StateTimeline(0.1, 0);
        const early = new StateTimeline(0.1, 0);
        for (const change of changesOf(script)) {
          all.add(change);
          if (change.at < end) early.add(change);
        }
        expect(spanOf(all, start, end)).toEqual(spanOf(early, start, end));
      }),
    );
  });

  test("a steady span is one in which every moment was coded so, short unknowns aside", () => {
    fc.assert(
      fc.property(scripts, fc.nat(200), fc.integer({ min: 1, max: 40 }), (script, from, length) => {
        const changes = changesOf(script);
        const known = new StateTimeline(0.1, 0);
        for (const change of changes) known.add(change);
        const span = spanOf(known, from / 20, (from + length) / 20);
        const seen = new Set<string>();
        // Changes lie on twentieths of a second, so a moment between two of them stands for both.
        for (let k = from; k < from + length; k++) {
          const moment = (k + 0.5) / 20;
          seen.add(changes.findLast(({ at }) => at <= moment)!.state);
        }
        if (span.kind !== "steady") expect(seen.size > 1 || seen.has("unknown")).toBe(true);
        else {
          seen.delete("unknown");
          expect([...seen].every((state) => state === span.state)).toBe(true);
        }
      }),
    );
  });
});
