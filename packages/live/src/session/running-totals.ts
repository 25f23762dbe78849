import type { Coupling, HeartOutput } from "@attune/signal";
import type { WindowVerdict } from "../analysis/messages.ts";
import { type HeartTotals, RunningHearts } from "./heart-totals.ts";
import { RunningComparison } from "./running-comparison.ts";

/** What one condition has so far. */
export interface ConditionTotal {
  readonly condition: string;
  readonly nWindows: number;
  readonly cleanSeconds: number;
  readonly coupling: Coupling | undefined;
}

export interface SessionTotals {
  readonly nWindows: number;
  readonly nAccepted: number;
  /** Windows that were left out because the analysis was behind. */
  readonly nLate: number;
  /** `person reason` -> windows. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly conditions: readonly ConditionTotal[];
  /** Beats and covariation; nobody in it where nobody's heart is listened to. */
  readonly hearts: HeartTotals;
}

interface Sums {
  nWindows: number;
  cleanSeconds: number;
  /** End of the newest accepted window. */
  cleanUntil: number;
  coupling?: Coupling;
}

/** Adds up what leaves the analysis. */
export class RunningTotals {
  readonly comparison = new RunningComparison();
  readonly hearts = new RunningHearts();
  readonly #conditions = new Map<string, Sums>();
  readonly #rejected = new Map<string, number>();
  #nWindows = 0;
  #nAccepted = 0;
  #nLate = 0;

  window({ condition, start, seconds, reasons }: WindowVerdict): void {
    this.#nWindows++;
    for (const { person, reason } of reasons) {
      const key = `${person} ${reason}`;
      this.#rejected.set(key, (this.#rejected.get(key) ?? 0) + 1);
      if (reason === "late") this.#nLate++;
    }
    if (reasons.length > 0 || condition === undefined) return;
    this.#nAccepted++;
    const total = this.#of(condition);
    total.nWindows++;
    // Windows overlap: every moment is counted once.
    total.cleanSeconds += start + seconds - Math.max(start, total.cleanUntil);
    total.cleanUntil = start + seconds;
  }

  coupling(coupling: Coupling): void {
    this.comparison.take(coupling);
    if (coupling.scope === "pooled") this.#of(coupling.condition).coupling = coupling;
  }

  heart(output: HeartOutput): void {
    this.hearts.take(output);
  }

  get totals(): SessionTotals {
    return {
      nWindows: this.#nWindows,
      nAccepted: this.#nAccepted,
      nLate: this.#nLate,
      rejected: Object.fromEntries([...this.#rejected].sort(([, a], [, b]) => b - a)),
      conditions: [...this.#conditions].map(([condition, { nWindows, cleanSeconds, coupling }]) => ({
        condition,
        nWindows,
        cleanSeconds,
        coupling,
      })),
      hearts: this.hearts.totals,
    };
  }

  #of(condition: string): Sums {
    const total = this.#conditions.get(condition) ?? {
      nWindows: 0,
      cleanSeconds: 0,
      cleanUntil: Number.NEGATIVE_INFINITY,
    };
    this.#conditions.set(condition, total);
    return total;
  }
}
