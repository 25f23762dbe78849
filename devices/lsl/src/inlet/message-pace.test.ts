import fc from "fast-check";
import { expect, test } from "vitest";
import { MessagePace } from "./message-pace.ts";

/** A pace on a clock and an event loop that stand still until told. */
function standingPace() {
  let now = 0;
  let turns: (() => void)[] = [];
  const flushes: number[] = [];
  const pace = new MessagePace(
    () => flushes.push(now),
    () => now,
    (turn) => turns.push(turn),
  );
  return {
    pace,
    flushes,
    arrive: (at: number) => {
      now = at;
      return pace.arrived(at);
    },
    /** Lets the event loop turn once at the given time; returns whether it wants to go on turning. */
    turn: (at: number) => {
      now = at;
      const due = turns;
      turns = [];
      for (const one of due) one();
      return turns.length > 0;
    },
  };
}

test("single samples at 1 kHz, and a chunk in four pieces, leave at once and let the event loop sleep", () => {
  const { arrive, turn, flushes } = standingPace();
  for (let n = 0; n < 100; n++) expect(arrive(n / 1000)).toBe(true);
  for (let piece = 0; piece < 4; piece++) expect(arrive(0.2 + piece * 1e-5)).toBe(true);
  expect(turn(0.3)).toBe(false);
  expect(flushes).toEqual([]);
});

test("what was held back leaves once, as soon as nothing came for 50 µs", () => {
  const { arrive, turn, flushes } = standingPace();
  for (let piece = 0; piece < 4; piece++) expect(arrive(1)).toBe(true);
  expect(arrive(1.00001)).toBe(false);
  expect(turn(1.00004)).toBe(true);
  expect(arrive(1.00005)).toBe(false);
  expect(turn(1.00009)).toBe(true);
  expect(flushes).toEqual([]);
  expect(turn(1.00011)).toBe(false);
  expect(flushes).toEqual([1.00011]);
});

test("what was sent otherwise is not flushed again", () => {
  const { pace, arrive, turn, flushes } = standingPace();
  for (let piece = 0; piece < 5; piece++) arrive(1);
  pace.sentAll();
  expect(turn(1.1)).toBe(false);
  expect(flushes).toEqual([]);
});

test("however samples come, nothing waits without a turn of the event loop, and messages keep the pace", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 800 }), { minLength: 1, maxLength: 300 }), (gaps) => {
      const { arrive, turn, flushes } = standingPace();
      let now = 0;
      let messages = 0;
      let wantsTurn = false;
      for (const microseconds of gaps) {
        const next = now + microseconds * 1e-6;
        while (wantsTurn && now + 10e-6 < next) {
          now += 10e-6;
          wantsTurn = turn(now);
        }
        now = next;
        const left = arrive(now);
        if (left) messages++;
        else wantsTurn = true;
      }
      expect(messages).toBeLessThanOrEqual(4 + now * 2000 + 1e-6);
      for (let k = 0; wantsTurn && k < 10; k++) {
        now += 10e-6;
        wantsTurn = turn(now);
      }
      expect(wantsTurn).toBe(false);
      expect(flushes.every((at) => at <= now)).toBe(true);
    }),
  );
});
