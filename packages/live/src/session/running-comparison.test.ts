import { boxMuller, mulberry32 } from "@attune/core";
import type { Coupling } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { RunningComparison } from "./running-comparison.ts";

const estimate = (condition: string, value: number, status: "ok" | "unstable" = "ok"): Coupling => ({
  kind: "coupling",
  at: 0,
  condition,
  scope: "window",
  values: [
    {
      from: "adult",
      to: "infant",
      band: "theta",
      measure: "gpdcSquared",
      value,
      nullMean: Number.NaN,
      nullSd: Number.NaN,
      corrected: Number.NaN,
      z: Number.NaN,
      p: Number.NaN,
    },
  ],
  nWindows: 1,
  effectiveSamples: 300,
  health: { status, spectralRadius: 0.9, parameterRatio: 0.05, nObservations: 300 },
});

/** Gaze that switches, with estimates that follow each other closely as those of overlapping windows do. */
function session(seed: number, difference: number, nWindows: number): RunningComparison {
  const comparison = new RunningComparison();
  const gauss = boxMuller(mulberry32(seed));
  let noise = 0;
  for (let n = 0; n < nWindows; n++) {
    noise = 0.5 * noise + 0.04 * gauss();
    const direct = n % 24 < 12;
    comparison.take(estimate(direct ? "direct" : "averted", 0.1 + (direct ? difference : 0) + noise));
  }
  return comparison;
}

describe("two conditions compared while a session runs", () => {
  test("finds a difference that is there, and how much is still missing", () => {
    const early = session(1, 0.1, 120).compare("direct", "averted")[0]!;
    const late = session(1, 0.1, 1200).compare("direct", "averted")[0]!;
    expect(late.low).toBeGreaterThan(0.05);
    expect(late.high).toBeLessThan(0.15);
    expect(early.high - early.low).toBeGreaterThan(late.high - late.low);
    expect(early.windowsToGo).toBeGreaterThan(late.windowsToGo);
    expect(late).toMatchObject({ n: 60, nReference: 60, condition: "direct", reference: "averted" });
  });

  test("turned round it is the same with the other sign", () => {
    const comparison = session(2, 0.05, 600);
    const there = comparison.compare("direct", "averted")[0]!;
    const back = comparison.compare("averted", "direct")[0]!;
    expect(back.difference).toBeCloseTo(-there.difference, 14);
    expect(back.low).toBeCloseTo(-there.high, 14);
  });

  test("looked at after every window, it ever claims a difference that is not there in about 5 % of sessions at most", () => {
    let nWrong = 0;
    for (let seed = 0; seed < 200; seed++) {
      const comparison = new RunningComparison();
      const gauss = boxMuller(mulberry32(7000 + seed));
      let noise = 0;
      for (let n = 0; n < 600; n++) {
        noise = 0.5 * noise + 0.04 * gauss();
        comparison.take(estimate(n % 24 < 12 ? "direct" : "averted", 0.1 + noise));
        const [now] = comparison.compare("direct", "averted");
        if (now !== undefined && (now.low > 0 || now.high < 0)) {
          nWrong++;
          break;
        }
      }
    }
    expect(nWrong / 200).toBeLessThan(0.09);
  });

  test("says nothing before both conditions were seen, and leaves out what cannot be trusted", () => {
    const comparison = new RunningComparison();
    comparison.take(estimate("direct", 0.2));
    expect(comparison.compare("direct", "averted")).toEqual([]);
    for (let n = 0; n < 50; n++) comparison.take(estimate("averted", 0.9, "unstable"));
    expect(comparison.compare("direct", "averted")).toEqual([]);
    comparison.take(estimate("averted", 0.2));
    expect(comparison.compare("direct", "averted")[0]).toMatchObject({
      difference: Number.NaN,
      low: Number.NEGATIVE_INFINITY,
      windowsToGo: Number.NaN,
    });
  });
});
