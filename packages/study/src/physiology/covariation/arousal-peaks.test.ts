import { expect, test } from "vitest";
import { defaultDyadSettings } from "../request.ts";
import { partnersAtPeaks } from "./arousal-peaks.ts";

test("a partner whose arousal rises after the other's peaks is found in that direction", () => {
  const n = 10_800;
  const peaks = Array.from({ length: 14 }, (_, k) => 300 + 740 * k + 60 * Math.round(Math.sin(9 * k)));
  const bump = (t: number, at: number, width: number) => Math.exp(-(((t - at) / width) ** 2));
  const wave = (t: number, key: number) => 0.3 * Math.sin(t / 17 + key) + 0.3 * Math.sin(t / 29 + 2 * key);
  const first = Float64Array.from(
    { length: n },
    (_, t) => wave(t, 1) + 4 * Math.max(...peaks.map((p) => bump(t, p, 20))),
  );
  const second = Float64Array.from(
    { length: n },
    (_, t) => wave(t, 5) + Math.max(...peaks.map((p) => bump(t, p + 60, 40))),
  );
  const pair = { name: "arousal", what: "", first, second } as const;
  const [afterFirst, afterSecond] = partnersAtPeaks(pair, { ...defaultDyadSettings, nSurrogates: 199 });
  expect(afterFirst).toMatchObject({ peaksOf: "first", nUsed: 14, why: "" });
  expect(afterFirst!.response).toBeGreaterThan(0.5);
  expect(afterFirst!.q).toBeLessThanOrEqual(0.02);
  expect(afterSecond!.peaksOf).toBe("second");
});

test("a few minutes have too few peaks for a p, and say so", () => {
  const first = Float64Array.from({ length: 200 }, (_, t) => Math.sin(t / 9));
  const rows = partnersAtPeaks({ name: "arousal", what: "", first, second: first }, defaultDyadSettings);
  for (const row of rows) {
    expect(row.p).toBeNaN();
    expect(row.why).toMatch(/peaks have 60 s before and 120 s after them, and 3 are needed/);
  }
});
