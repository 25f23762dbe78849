import { expect, test } from "vitest";
import { beltAt, breathsUntil, LAB_BREATHS } from "./lab-breath.ts";

test("breaths add up without a jump, at the rate that the truth says for each moment", () => {
  const { hertz, panting } = LAB_BREATHS.infant;
  const STEP = 0.5;
  for (let at = 0; at < 700; at += STEP) {
    const since = at - panting.firstSeconds;
    const isPanting = since >= 0 && since % panting.everySeconds < panting.durationSeconds;
    const rate = (breathsUntil(LAB_BREATHS.infant, at + STEP) - breathsUntil(LAB_BREATHS.infant, at)) / STEP;
    expect(rate, `at ${at} s`).toBeCloseTo(isPanting ? panting.hertz : hertz, 9);
  }
  expect(breathsUntil(LAB_BREATHS.adult, 60)).toBeCloseTo(13, 9);
});

test("a belt is highest where half of a breath in is over", () => {
  expect(beltAt({ hertz: 0.25 }, 1)).toBeCloseTo(1, 9);
  expect(beltAt({ hertz: 0.25 }, 3)).toBeCloseTo(-1, 9);
});
