import { ManualTime } from "@attune/device-kit";
import { expect, test } from "vitest";
import { ByteBudget } from "./byte-budget.ts";
import { type ClockMeasurement, ClockProbe } from "./clock-probe.ts";

/** A peer whose clock runs `offset` behind ours, over a link with the given delays there and back. */
async function probe(offset: number, delays: (ping: number) => [there: number, back: number]) {
  const time = new ManualTime();
  const done: (ClockMeasurement | undefined)[] = [];
  let nPings = 0;
  const probing: ClockProbe = new ClockProbe({
    context: time.context,
    send: (t0) => {
      const [there, back] = delays(nPings++);
      if (!Number.isFinite(there)) return;
      time.context.setTimer(() => {
        const t1 = time.now - offset;
        time.context.setTimer(() => probing.answer({ t0, t1, t2: t1 + 0.001 }, time.now), back + 0.001);
      }, there);
    },
    done: (measurement) => done.push(measurement),
  });
  probing.wave();
  probing.wave();
  await time.advance(5);
  expect(time.nTimers).toBe(0);
  expect(done.length).toBe(1);
  return { measurement: done[0], nPings };
}

test("the offset is exact over a link with equal delays, whatever they are", async () => {
  const { measurement, nPings } = await probe(-77.25, (ping) => [0.01 * (ping + 1), 0.01 * (ping + 1)]);
  expect(nPings).toBe(8);
  expect(measurement!.offset).toBeCloseTo(-77.25, 9);
  expect(measurement!.roundTrip).toBeCloseTo(0.02, 9);
});

test("with unequal delays the error is at most half the shortest round trip", async () => {
  const delays = [41, 93, 12, 77, 30, 58, 9, 64].map((ms, k): [number, number] => [
    ms / 1000,
    ((ms * 7 + k * 31) % 97) / 1000,
  ]);
  const { measurement } = await probe(3, (ping) => delays[ping]!);
  const shortest = Math.min(...delays.map(([there, back]) => there + back));
  expect(measurement!.roundTrip).toBeCloseTo(shortest, 9);
  expect(Math.abs(measurement!.offset - 3)).toBeLessThanOrEqual(shortest / 2);
});

test("answers that stay away leave what came before them; none at all is said to be none", async () => {
  const some = await probe(3, (ping) => (ping < 3 ? [0.01, 0.01] : [Number.NaN, 0]));
  expect(some.measurement!.offset).toBeCloseTo(3, 9);
  expect((await probe(3, () => [Number.NaN, 0])).measurement).toBeUndefined();
});

test("answers to what was not asked, twice, or from before they could have been, are ignored", async () => {
  const time = new ManualTime();
  const done: (ClockMeasurement | undefined)[] = [];
  const asked: number[] = [];
  const probing = new ClockProbe({
    context: time.context,
    send: (t0) => asked.push(t0),
    done: (one) => done.push(one),
  });
  probing.answer({ t0: 1, t1: 1, t2: 1 }, 1);
  probing.wave();
  probing.answer({ t0: 5, t1: 0, t2: 0 }, time.now);
  // claims to have held the ping for longer than it was away
  probing.answer({ t0: asked[0]!, t1: 0, t2: 9 }, time.now);
  probing.answer({ t0: asked[0]!, t1: 0, t2: 0 }, time.now);
  await time.advance(3);
  expect(done).toEqual([undefined]);
});

test("a budget lets a burst through and stops a flood", () => {
  const budget = new ByteBudget({ perSecond: 100, burst: 200, now: 0 });
  expect(budget.spend(200, 0)).toBe(true);
  expect(budget.spend(1, 0)).toBe(false);
  expect(budget.spend(90, 1)).toBe(true);
  for (let second = 2; second < 60; second++) expect(budget.spend(100, second)).toBe(true);
  expect(budget.spend(200, 60)).toBe(false);
});
