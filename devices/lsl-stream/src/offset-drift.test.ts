import { describe, expect, test } from "vitest";
import { OffsetDrift } from "./offset-drift.ts";

describe("the drift of a stream's clock", () => {
  test("a clock that is 50 ppm fast is said to be so", () => {
    const drift = new OffsetDrift();
    for (let at = 0; at < 1200; at += 2) drift.add(70_000 + at * (1 + 50e-6), 5000 - at * 50e-6);
    expect(drift.ppm).toBeCloseTo(50, 1);
  });

  test("nothing is claimed before half a minute, nor after a new clock began", () => {
    const drift = new OffsetDrift();
    for (let at = 0; at <= 28; at += 2) drift.add(at, 0);
    expect(drift.ppm).toBeNaN();
    drift.add(30, 0);
    expect(drift.ppm).toBeCloseTo(0, 12);
    drift.reset();
    expect(drift.ppm).toBeNaN();
  });
});
