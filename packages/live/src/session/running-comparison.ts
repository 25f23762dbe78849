import { AnytimeMean } from "@attune/core";
import type { Coupling } from "@attune/signal";

/** One direction and band, compared between a condition and the reference condition. */
export interface ConditionComparison {
  readonly from: string;
  readonly to: string;
  readonly band: string;
  readonly measure: string;
  readonly condition: string;
  readonly reference: string;
  /** Mean over pairs of blocks of condition minus reference; NaN before the first pair. */
  readonly difference: number;
  /** The interval may be looked at after every window: see `AnytimeMean`. Infinite until there are enough pairs. */
  readonly low: number;
  readonly high: number;
  readonly level: number;
  /** Blocks of each condition so far. */
  readonly n: number;
  readonly nReference: number;
  /** About how many more windows of the condition the planned precision asks for; 0 when it is reached. */
  readonly windowsToGo: number;
}

export interface ComparisonOptions {
  /** Windows that make one block. Default 10: means of so many are near enough to normal and to independent. */
  readonly windowsPerBlock?: number;
  /** Half the width that the interval should have. Default 0.02 of squared GPDC, a fifth of a strong difference. */
  readonly precision?: number;
  readonly level?: number;
}

/**
 * Two conditions compared while a session runs, in a way that stays honest however often one looks and whenever one stops.
 *
 * Every accepted window has an estimate of its own. Windows overlap and follow each other, so single ones are not
 * independent: their means over blocks of consecutive windows of a condition are what counts. The k-th block of a condition is
 * compared with the k-th of the reference, which also takes out what drifts over the session; the differences go into a
 * confidence sequence. Estimates from one window are biased upwards, in every condition alike: a difference is read as a
 * difference of such estimates and not of the pooled values.
 */
export class RunningComparison {
  readonly #windowsPerBlock: number;
  readonly #precision: number;
  readonly #level: number;
  readonly #conditions = new Map<string, Blocks>();
  readonly #pairs = new Map<string, Pairs>();
  #keys: readonly DirectionKey[] = [];

  constructor({ windowsPerBlock = 10, precision = 0.02, level = 0.95 }: ComparisonOptions = {}) {
    this.#windowsPerBlock = windowsPerBlock;
    this.#precision = precision;
    this.#level = level;
  }

  /** Takes what leaves the pipeline; only estimates of single windows whose model can be trusted count. */
  take({ scope, health, condition, values }: Coupling): void {
    if (scope !== "window" || health.status !== "ok") return;
    this.#keys = values;
    const blocks = this.#conditions.get(condition) ?? new Blocks(values.length, this.#windowsPerBlock);
    this.#conditions.set(condition, blocks);
    if (!blocks.take(values)) return;
    const k = blocks.nBlocks - 1;
    for (const [other, reference] of this.#conditions) {
      if (other === condition || reference.nBlocks <= k) continue;
      this.#pair(condition, other, blocks.block(k), reference.block(k), 1);
      this.#pair(other, condition, blocks.block(k), reference.block(k), -1);
    }
  }

  /** Every direction and band, `condition` against `reference`; empty before either has been seen. */
  compare(condition: string, reference: string): readonly ConditionComparison[] {
    const one = this.#conditions.get(condition);
    const other = this.#conditions.get(reference);
    if (one === undefined || other === undefined) return [];
    const pairs = this.#pairs.get(pairKey(condition, reference));
    return this.#keys.map(({ from, to, band, measure }, v) => {
      const { mean, low, high } = (pairs?.[v] ?? new AnytimeMean()).interval(this.#level);
      const pairsToGo = pairs?.[v]?.valuesToGo(this.#precision, this.#level) ?? Number.NaN;
      return {
        from,
        to,
        band,
        measure,
        condition,
        reference,
        difference: mean,
        low,
        high,
        level: this.#level,
        n: one.nBlocks,
        nReference: other.nBlocks,
        windowsToGo: this.#windowsToGo(pairsToGo, one, other),
      };
    });
  }

  /** Blocks that the condition is ahead of its reference are waiting for a partner already. */
  #windowsToGo(pairsToGo: number, one: Blocks, other: Blocks): number {
    const ahead = Math.max(0, one.nBlocks - other.nBlocks);
    return Math.max(0, pairsToGo - ahead) * this.#windowsPerBlock;
  }

  #pair(condition: string, reference: string, a: Float64Array, b: Float64Array, sign: 1 | -1): void {
    const key = pairKey(condition, reference);
    const pairs = this.#pairs.get(key) ?? Array.from(a, () => new AnytimeMean());
    this.#pairs.set(key, pairs);
    for (const [v, mean] of pairs.entries()) mean.push(sign * (a[v]! - b[v]!));
  }
}

type DirectionKey = Pick<Coupling["values"][number], "from" | "to" | "band" | "measure">;
type Pairs = readonly AnytimeMean[];

const pairKey = (condition: string, reference: string): string => JSON.stringify([condition, reference]);

/** Means of consecutive windows of one condition, for every direction and band. */
class Blocks {
  readonly #windowsPerBlock: number;
  readonly #means: Float64Array[] = [];
  #sums: Float64Array;
  #nWindows = 0;

  constructor(nValues: number, windowsPerBlock: number) {
    this.#windowsPerBlock = windowsPerBlock;
    this.#sums = new Float64Array(nValues);
  }

  get nBlocks(): number {
    return this.#means.length;
  }

  block(k: number): Float64Array {
    return this.#means[k]!;
  }

  /** @returns whether a block was completed */
  take(values: Coupling["values"]): boolean {
    for (const [v, { value }] of values.entries()) this.#sums[v]! += value;
    if (++this.#nWindows < this.#windowsPerBlock) return false;
    this.#means.push(this.#sums.map((sum) => sum / this.#windowsPerBlock));
    this.#sums = new Float64Array(this.#sums.length);
    this.#nWindows = 0;
    return true;
  }
}
