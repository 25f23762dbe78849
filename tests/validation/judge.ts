import { binomialInterval, clopperPearson, kolmogorovSmirnovUniform } from "@attune/core";
import type { TaskResult } from "./tasks.ts";

export interface TestSummary {
  readonly test: string;
  readonly n: number;
  /** p-values at or below .05. */
  readonly rejections: number;
  /** Counts that chance allows 99 % of the time. */
  readonly expected: { readonly low: number; readonly high: number };
  readonly ksP: number;
}

/** For every test: do its p-values behave as they must when there is nothing to find? */
export function summariseNull(results: readonly TaskResult[], nSurrogates: number): TestSummary[] {
  return byTest(results).map(([test, values]) => ({
    test,
    n: values.length,
    rejections: values.filter((p) => p <= 0.05).length,
    expected: binomialInterval(values.length, 0.05, 0.99),
    ksP: kolmogorovSmirnovUniform(values, { levels: nSurrogates + 1 }).p,
  }));
}

export interface PowerSummary {
  readonly test: string;
  readonly found: number;
  readonly n: number;
  readonly low: number;
  readonly high: number;
}

/** For every test: how often was something found, with the exact 95 % interval of that share? */
export function summarisePower(results: readonly TaskResult[]): PowerSummary[] {
  return byTest(results).map(([test, values]) => {
    const found = values.filter((p) => p <= 0.05).length;
    return { test, found, n: values.length, ...clopperPearson(found, values.length) };
  });
}

function byTest(results: readonly TaskResult[]): [string, number[]][] {
  const groups = new Map<string, number[]>();
  for (const { values } of results) {
    for (const { test, p } of values) {
      if (Number.isFinite(p)) groups.set(test, [...(groups.get(test) ?? []), p]);
    }
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}
