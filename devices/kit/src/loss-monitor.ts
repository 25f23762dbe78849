import type { Seconds } from "@attune/signal";

/** Below this a late read is ordinary batching. */
const LEAST_SHIFT_SECONDS = 0.02;
const DECISION_SECONDS = 1;
/** After an interruption there is nothing to doubt but the amount. */
const RESUMED_DECISION_SECONDS = 0.5;
const LONGEST_DOUBT_SECONDS = 4;
const N_BASELINE = 64;
const MAX_READS = 1024;

/** `doubt`: wait. `late`: nothing was lost. `lost`: `nLost` samples are missing where the doubt began. */
export type LossVerdict = "steady" | "doubt" | "late" | "lost";

/**
 * Tells samples that are lost from samples that are late, by when they arrive. Both make a read come later than the clock
 * line says; late samples catch up, lost ones stay away. So it waits: the doubt ends at the first read that is back where
 * reads were (late), or after 1 s of reads that are all behind (lost, by as much as the 10th percentile has moved),
 * longer while reads are still catching up.
 */
export class LossMonitor {
  readonly #rate: number;
  readonly #quantum: number;
  readonly #baseline = new Float64Array(N_BASELINE);
  readonly #reads = new Float64Array(MAX_READS);
  readonly #scratch = new Float64Array(MAX_READS);
  #nBaseline = 0;
  #nReads = 0;
  #since: Seconds = 0;
  #doubting = false;
  #resumed = false;
  #low = 0;
  #level = 0;
  #threshold = LEAST_SHIFT_SECONDS;
  #nLost = 0;

  /**
   * @param samplingRate nominal, > 0
   * @param quantum      losses come in multiples of this many samples: the counter's modulus, whose remainder is known
   *                     already; 1 without a counter
   */
  constructor({ samplingRate, quantum }: { samplingRate: number; quantum: number }) {
    this.#rate = samplingRate;
    this.#quantum = quantum;
  }

  /** Samples that the last `lost` verdict means. */
  get nLost(): number {
    return this.#nLost;
  }

  get doubting(): boolean {
    return this.#doubting;
  }

  /**
   * A read arrived.
   * @param lateness how much later than the clock line says its last sample came, seconds
   * @param at       when, seconds on the host's clock
   */
  observe(lateness: Seconds, at: Seconds): LossVerdict {
    if (!this.#doubting) {
      // Most reads need no closer look: the line runs through the middle of them.
      if (lateness < LEAST_SHIFT_SECONDS / 2) {
        this.#baseline[this.#nBaseline++ % N_BASELINE] = lateness;
        return "steady";
      }
      this.#judgeBaseline();
      if (this.#nBaseline < 8 || lateness - this.#level <= this.#threshold) {
        this.#baseline[this.#nBaseline++ % N_BASELINE] = lateness;
        return "steady";
      }
      this.#beginDoubt(at);
    }
    if (this.#nReads === 0) this.#since = at;
    if (this.#nReads < MAX_READS) this.#reads[this.#nReads++] = lateness;
    if (!this.#resumed && lateness - this.#level < this.#threshold / 2) {
      this.#doubting = false;
      return "late";
    }
    const patience = Math.max(this.#resumed ? RESUMED_DECISION_SECONDS : DECISION_SECONDS, 4 / this.#rate);
    if (at - this.#since < patience || this.#nReads < 4) return "doubt";
    if (this.#isCatchingUp() && at - this.#since < LONGEST_DOUBT_SECONDS) return "doubt";
    return this.decide();
  }

  /** Data were interrupted on purpose or by a broken connection: the reads to come say how many samples are missing. */
  resume(): void {
    this.#judgeBaseline();
    this.#beginDoubt(0);
    this.#resumed = true;
  }

  /** End the doubt with what is known. */
  decide(): LossVerdict {
    if (!this.#doubting) return "steady";
    const quantum = this.#resumed ? 1 : this.#quantum;
    this.#doubting = false;
    if (this.#nReads === 0) return "late";
    const shift = this.#quantile(this.#reads, this.#nReads, 0.1) - this.#low;
    const nLost = quantum * Math.round((shift * this.#rate) / quantum);
    if (nLost <= 0 || (!this.#resumed && shift < this.#threshold / 2)) return "late";
    this.#nLost = nLost;
    return "lost";
  }

  #beginDoubt(at: Seconds): void {
    this.#doubting = true;
    this.#resumed = false;
    this.#nReads = 0;
    this.#since = at;
  }

  #judgeBaseline(): void {
    const n = Math.min(this.#nBaseline, N_BASELINE);
    if (n === 0) return;
    this.#level = this.#quantile(this.#baseline, n, 0.5);
    this.#low = this.#quantile(this.#baseline, n, 0.1);
    // A quarter of the reads lie above the third quartile: on a link that comes in bursts lateness is ordinary.
    const spread = this.#quantile(this.#baseline, n, 0.75) - this.#level;
    const smallest = (this.#quantum > 1 ? 0.5 * this.#quantum : 1.5) / this.#rate;
    this.#threshold = Math.max(LEAST_SHIFT_SECONDS, smallest, 6 * spread);
  }

  #isCatchingUp(): boolean {
    const n = this.#nReads;
    const quarter = Math.max(2, n >> 2);
    const early = this.#quantile(this.#reads, quarter, 0.5);
    const late = this.#quantile(this.#reads.subarray(n - quarter), quarter, 0.5);
    return early - late > Math.max(LEAST_SHIFT_SECONDS, 0.25 * (early - this.#level));
  }

  #quantile(values: Float64Array, n: number, q: number): number {
    const sorted = this.#scratch.subarray(0, n);
    sorted.set(values.subarray(0, n));
    sorted.sort();
    const position = q * (n - 1);
    const below = Math.floor(position);
    const lower = sorted[below] ?? Number.NaN;
    return lower + (position - below) * ((sorted[Math.min(n - 1, below + 1)] ?? lower) - lower);
  }
}
