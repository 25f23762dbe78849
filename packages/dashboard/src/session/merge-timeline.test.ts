import type { Timeline } from "@attune/wire/page";
import fc from "fast-check";
import { expect, test } from "vitest";
import { timeline } from "./documents.test-support.ts";
import { EMPTY_TIMELINE, mergeTimeline } from "./merge-timeline.ts";

type Interval = Timeline["intervals"][number];
const gaze = (onset: number, offset: number | null, state = "direct", person = "adult"): Interval => ({
  person,
  layer: "gaze",
  state,
  onset,
  offset,
});

test("an open interval is closed by its own end", () => {
  const known = mergeTimeline(EMPTY_TIMELINE, timeline({ isWhole: true, intervals: [gaze(1, null)] }));
  const merged = mergeTimeline(known, timeline({ intervals: [gaze(1, 4), gaze(4, null, "averted")] }));
  expect(merged.intervals).toEqual([gaze(1, 4), gaze(4, null, "averted")]);
});

test("an open interval is closed by the next state of its layer, and not by another's", () => {
  const known = mergeTimeline(EMPTY_TIMELINE, timeline({ isWhole: true, intervals: [gaze(1, null)] }));
  const other = mergeTimeline(known, timeline({ intervals: [gaze(2, null, "partner", "infant")] }));
  expect(other.intervals[0]!.offset).toBeNull();
  const merged = mergeTimeline(other, timeline({ intervals: [gaze(3, null, "averted")] }));
  expect(merged.intervals).toEqual([
    gaze(1, 3),
    gaze(2, null, "partner", "infant"),
    gaze(3, null, "averted"),
  ]);
});

test("a whole timeline forgets what was before; an increment widens the span", () => {
  const known = mergeTimeline(
    EMPTY_TIMELINE,
    timeline({ isWhole: true, from: 5, to: 9, intervals: [gaze(5, 6)] }),
  );
  const wider = mergeTimeline(known, timeline({ from: 7, to: 30 }));
  expect([wider.from, wider.to]).toEqual([5, 30]);
  expect(wider).not.toBe(known);
  const whole = mergeTimeline(wider, timeline({ isWhole: true, from: 0, to: 2 }));
  expect(whole.intervals).toEqual([]);
  expect(whole.to).toBe(2);
});

test("increments in any cut, each told once or twice, make the same whole as all at once", () => {
  const events = Array.from({ length: 40 }, (_, i) => ({ at: i / 2, label: `e${i % 3}`, source: "page" }));
  const couplings = Array.from({ length: 40 }, (_, i) => ({
    at: i,
    condition: "direct",
    from: i % 2 ? "adult" : "infant",
    to: i % 2 ? "infant" : "adult",
    band: "theta",
    value: i,
    nullMean: null,
    nullSd: null,
    corrected: null,
    isTrusted: true,
  }));
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      (cuts, twice) => {
        let known = mergeTimeline(EMPTY_TIMELINE, timeline({ isWhole: true }));
        let done = 0;
        for (const size of [...cuts, 40]) {
          const part = timeline({
            events: events.slice(done, done + size),
            couplings: couplings.slice(done, done + size),
          });
          known = mergeTimeline(known, part);
          if (twice) known = mergeTimeline(known, part);
          done += size;
        }
        expect(known.events).toEqual(events);
        expect(known.couplings).toEqual(couplings);
      },
    ),
  );
});
