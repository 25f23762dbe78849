import { ECG_SHAPES, ecgAt } from "@attune/core";
import type { Seconds } from "@attune/signal";

export interface HeartOptions {
  readonly shape: "adult" | "infant";
  readonly beatsPerMinute: number;
  /** Breaths since the beginning at a time: whole where breathing in begins. */
  readonly breathsUntil: (seconds: Seconds) => number;
  /** Change of the rate with breathing, beats per minute either way. */
  readonly respiratorySinusArrhythmia: number;
  /** Further change of the rate at a time, beats per minute. */
  readonly change?: (seconds: Seconds) => number;
}

/** A heart with known beats, at a rate that rises and falls with breathing, and its electrocardiogram. */
export class SimulatedHeart {
  readonly #options: HeartOptions;
  /** Times of R peaks, seconds. */
  readonly #beats: number[];

  constructor(options: HeartOptions) {
    this.#options = options;
    this.#beats = [0.3];
  }

  /** Times of the R peaks up to `seconds`. */
  beatsUntil(seconds: Seconds): readonly Seconds[] {
    this.#extend(seconds);
    return this.#beats.filter((at) => at <= seconds);
  }

  /** Millivolts at a time. */
  at(seconds: Seconds): number {
    this.#extend(seconds + 1);
    return ecgAt(seconds, this.#beats, ECG_SHAPES[this.#options.shape]);
  }

  #extend(seconds: Seconds): void {
    const { beatsPerMinute, breathsUntil, respiratorySinusArrhythmia, change } = this.#options;
    while (this.#beats.at(-1)! <= seconds) {
      const last = this.#beats.at(-1)!;
      const breath = Math.sin(2 * Math.PI * breathsUntil(last));
      const rate = beatsPerMinute + respiratorySinusArrhythmia * breath + (change?.(last) ?? 0);
      this.#beats.push(last + 60 / rate);
    }
  }
}
