import { kolmogorovSmirnovUniform } from "@attune/core";
import { beforeAll, describe, expect, test } from "vitest";
import { runTasks } from "./pool.ts";
import type { Task, TaskResult } from "./tasks.ts";

/** The reduced form of `pnpm validate`, on other seeds. The limits are those that chance exceeds once in thousands. */
const nSurrogates = 99;
const seeds = (n: number, first: number): number[] => Array.from({ length: n }, (_, i) => first + i);
const uncoupled = ["plain", "peakedness", "power"].flatMap((scenario, s) =>
  seeds(8, 70_000 + 100 * s).map((seed): Task => ({ kind: "false-alarm", scenario, seed, nSurrogates })),
);
const coupled = seeds(8, 80_000).map((seed): Task => ({ kind: "power", strength: 0.05, seed, nSurrogates }));
const driven = seeds(4, 90_000).map(
  (seed): Task => ({ kind: "common-drive", strength: 0, seed, nSurrogates }),
);

describe("what the study finds and does not find", () => {
  let results: TaskResult[];
  beforeAll(async () => {
    results = await runTasks([...uncoupled, ...coupled, ...driven], () => {});
  }, 240_000);

  const valuesOf = (kind: Task["kind"], wanted: (name: string) => boolean): number[] =>
    results
      .filter(({ task }) => task.kind === kind)
      .flatMap(({ values }) => values.filter(({ test: name }) => wanted(name)).map(({ p }) => p))
      .filter(Number.isFinite);

  test("uncoupled dyads give uniform p-values: equal spectra, unequal ones, and power that follows gaze", () => {
    // One band: theta and alpha of one fit are not independent. Contrasts are conservative where there is no coupling.
    const p = valuesOf("false-alarm", (name) => name.endsWith(" alpha") && !name.includes(" - "));
    expect(p.length).toBeGreaterThan(80);
    expect(kolmogorovSmirnovUniform(p, { levels: nSurrogates + 1 }).p).toBeGreaterThan(0.001);
    expect(p.filter((value) => value <= 0.05).length / p.length).toBeLessThan(0.13);
  });

  test("contrasts between conditions call neither a change of power nor chance a change of coupling", () => {
    const p = valuesOf("false-alarm", (name) => name.includes(" - "));
    expect(p.filter((value) => value <= 0.05).length / p.length).toBeLessThan(0.13);
  });

  test("weak coupling under direct gaze is found, in its direction and its condition", () => {
    const found = (name: string) =>
      valuesOf("power", (each) => each === name).filter((p) => p <= 0.05).length;
    expect(found("direct adult->infant alpha")).toBe(coupled.length);
    expect(found("direct adult->infant theta")).toBe(coupled.length);
    expect(found("direct - averted adult->infant alpha")).toBe(coupled.length);
    expect(found("direct infant->adult alpha")).toBeLessThanOrEqual(3);
    expect(found("averted adult->infant alpha")).toBeLessThanOrEqual(3);
  });

  test("a common drive is never reported without a warning", () => {
    for (const { stimulusVerdicts } of results.filter(({ task }) => task.kind === "common-drive")) {
      expect(stimulusVerdicts.some((severity) => severity === "alarm" || severity === "caution")).toBe(true);
    }
  });
});
