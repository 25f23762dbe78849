/** Waves of one beat: time relative to the R peak as a share of the interval, width in seconds, height in mV. */
const WAVES = [
  { at: -0.22, widthSeconds: 0.025, millivolts: 0.12 },
  { at: -0.028, widthSeconds: 0.008, millivolts: -0.1 },
  { at: 0, widthSeconds: 0.009, millivolts: 1 },
  { at: 0.032, widthSeconds: 0.009, millivolts: -0.18 },
  { at: 0.3, widthSeconds: 0.045, millivolts: 0.25 },
] as const;

export interface HeartOptions {
  readonly beatsPerMinute: number;
  readonly breathsPerMinute: number;
  /** Change of the rate with breathing, beats per minute either way. */
  readonly respiratorySinusArrhythmia: number;
  /** Further change of the rate at a time, beats per minute. */
  readonly change?: (seconds: number) => number;
}

/**
 * A schematic electrocardiogram with known beats: five Gaussian waves a beat, at a rate that rises and falls with
 * breathing (after McSharry et al. 2003, the idea, not the equations).
 */
export class SimulatedHeart {
  readonly #options: HeartOptions;
  /** Times of R peaks, seconds. */
  readonly #beats: number[];

  constructor(options: HeartOptions) {
    this.#options = options;
    this.#beats = [0.3];
  }

  /** Times of the R peaks up to `seconds`. */
  beatsUntil(seconds: number): readonly number[] {
    this.#extend(seconds);
    return this.#beats.filter((at) => at <= seconds);
  }

  /** Millivolts at a time; times must not go back by more than some beats. */
  at(seconds: number): number {
    this.#extend(seconds + 2);
    let sum = 0;
    for (let b = this.#beats.length - 2; b >= 0 && this.#beats[b]! > seconds - 2; b--) {
      const peak = this.#beats[b]!;
      const interval = this.#beats[b + 1]! - peak;
      for (const { at, widthSeconds, millivolts } of WAVES) {
        const distance = (seconds - peak - at * interval) / widthSeconds;
        if (Math.abs(distance) < 6) sum += millivolts * Math.exp(-0.5 * distance * distance);
      }
    }
    return sum;
  }

  #extend(seconds: number): void {
    const { beatsPerMinute, breathsPerMinute, respiratorySinusArrhythmia, change } = this.#options;
    while (this.#beats.at(-1)! <= seconds) {
      const last = this.#beats.at(-1)!;
      const breath = Math.sin((2 * Math.PI * breathsPerMinute * last) / 60);
      const rate = beatsPerMinute + respiratorySinusArrhythmia * breath + (change?.(last) ?? 0);
      this.#beats.push(last + 60 / rate);
    }
  }
}
