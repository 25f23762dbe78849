import type { BeatSettings } from "./beat-settings.ts";

/** The maximum is located on a trace with at least this many points a second, so that all sampling rates agree. */
const FINE_RATE = 2000;
/** Half the length of the interpolating low-pass, the same time at every sampling rate. */
const KERNEL_SECONDS = 0.036;
const SNAP_SECONDS = 0.012;
/** The other polarity is taken for one beat when its deflection of the trace is so much larger ... */
const OTHER_DEFLECTION = 3;
/** ... and for good when the mean of its lobes is so much larger. */
const OTHER_POLARITY = 1.15;
/** The surroundings of a candidate are looked at this many reaches before and after its middle. */
const BASELINE_REACHES = 1.6;
const LEARNING_WEIGHT = 1 / 8;

/**
 * Where in a candidate the R peak lies.
 *
 * The lobe of the band-passed trace with the running dominant polarity says which deflection is meant. The R peak is the
 * summit within 12 ms of it of the trace, low-pass filtered by a windowed sinc that also interpolates to 2000 Hz or more; a
 * parabola through its three highest points gives the time: `t = k + 0.5 (a - c) / (a - 2 b + c)`. A beat whose deflection of
 * the other polarity is three times larger, or whose shape is another (`locateOther`), is marked at its largest deflection.
 */
export class BeatFiducial {
  // Results of the last `locate`. Places are an index in the buffer and a fraction that is added to it: a sum would be rounded
  // differently wherever the buffer begins.
  /** Where the R peak lies in the raw trace. */
  place = 0;
  fraction = 0;
  /** Where the band-passed lobe lies in the filtered trace: the mark for comparing shapes. */
  lobe = 0;
  lobeFraction = 0;
  /** Height of the band-passed lobe. */
  amplitude = 0;
  /** Change of level from before to after, over the whole range within: near 1 for a step, small for a beat. */
  step = 0;
  /** Steepest rise over steepest fall or the other way round, at most 1: near 0 for a step, whatever follows it. */
  balance = 0;
  readonly #phases: number;
  readonly #half: number;
  readonly #kernels: Float64Array;
  readonly #snap: number;
  readonly #reach: number;
  #sign = 0;
  #positive = 0;
  #negative = 0;
  #topLobe = 0;
  #bottomLobe = 0;
  #up = 0;
  #down = 0;
  #highest = 0;
  #lowest = 0;

  constructor(samplingRate: number, settings: BeatSettings) {
    this.#phases = Math.max(2, Math.ceil(FINE_RATE / samplingRate));
    this.#half = Math.ceil(KERNEL_SECONDS * samplingRate);
    this.#snap = Math.max(2, Math.round(SNAP_SECONDS * samplingRate));
    this.#reach = Math.round((settings.integrationSeconds / 2 + 0.01) * samplingRate);
    this.#kernels = designKernels(samplingRate, settings.fiducialHz, this.#half, this.#phases);
  }

  reset(): void {
    this.#sign = 0;
  }

  /**
   * @param trace    the raw trace
   * @param filtered the band-passed trace, which lags by `delay` samples
   * @param centre   index in `filtered` of the middle of the candidate's energy
   */
  locate(trace: Float64Array, filtered: Float64Array, delay: number, centre: number): void {
    let top = centre - this.#reach;
    let bottom = top;
    for (let n = top; n <= centre + this.#reach; n++) {
      if (filtered[n] > filtered[top]) top = n;
      if (filtered[n] < filtered[bottom]) bottom = n;
    }
    this.#topLobe = Math.max(0, filtered[top]);
    this.#bottomLobe = Math.max(0, -filtered[bottom]);
    if (this.#sign === 0) this.learnPolarity();
    this.#survey(trace, centre - delay);
    const isUp = this.#sign > 0;
    const [own, other] = isUp ? [this.#up, this.#down] : [this.#down, this.#up];
    this.lobe = isUp ? top : bottom;
    this.lobeFraction = summit(filtered, this.lobe);
    if (other > OTHER_DEFLECTION * own) this.locateOther(trace, filtered, delay);
    else this.#settle(trace, filtered, delay, this.lobe - delay, this.#sign);
  }

  /** The candidate last located, if its shape is not that of the others: now the larger deflection of the trace counts. */
  locateOther(trace: Float64Array, filtered: Float64Array, delay: number): void {
    const isUp = this.#up >= this.#down;
    this.#settle(trace, filtered, delay, isUp ? this.#highest : this.#lowest, isUp ? 1 : -1);
  }

  #settle(trace: Float64Array, filtered: Float64Array, delay: number, near: number, sign: number): void {
    this.amplitude = filtered[near + delay];
    this.place = near;
    this.fraction = this.#refine(trace, near, sign);
  }

  /** How far the smoothed trace goes up and down from the mean of its surroundings, and where. */
  #survey(trace: Float64Array, middle: number): void {
    const aside = Math.round(BASELINE_REACHES * this.#reach);
    const before = this.#smooth(trace, middle - aside, 0);
    const after = this.#smooth(trace, middle + aside, 0);
    const baseline = 0.5 * (before + after);
    this.#up = 0;
    this.#down = 0;
    this.#highest = middle;
    this.#lowest = middle;
    let earlier = this.#smooth(trace, middle - this.#reach - 1, 0) - baseline;
    let rise = 0;
    let fall = 0;
    for (let n = middle - this.#reach; n <= middle + this.#reach; n++) {
      const value = this.#smooth(trace, n, 0) - baseline;
      rise = Math.max(rise, value - earlier);
      fall = Math.max(fall, earlier - value);
      earlier = value;
      if (value > this.#up) {
        this.#up = value;
        this.#highest = n;
      } else if (-value > this.#down) {
        this.#down = -value;
        this.#lowest = n;
      }
    }
    this.balance = Math.min(rise, fall) / Math.max(rise, fall, Number.MIN_VALUE);
    const range = this.#up + this.#down;
    this.step = range > 0 ? Math.abs(after - before) / range : 0;
  }

  /** Takes the lobes of the candidate last located into the running polarity. */
  learnPolarity(): void {
    const up = this.#topLobe;
    const down = this.#bottomLobe;
    if (this.#sign === 0) {
      this.#positive = up;
      this.#negative = down;
      this.#sign = up >= down ? 1 : -1;
      return;
    }
    const limit = 2 * Math.max(this.#positive, this.#negative);
    this.#positive += LEARNING_WEIGHT * (Math.min(up, limit) - this.#positive);
    this.#negative += LEARNING_WEIGHT * (Math.min(down, limit) - this.#negative);
    if (this.#sign > 0 && this.#negative > OTHER_POLARITY * this.#positive) this.#sign = -1;
    else if (this.#sign < 0 && this.#positive > OTHER_POLARITY * this.#negative) this.#sign = 1;
  }

  /** How far from `near` the summit is, samples. */
  #refine(trace: Float64Array, near: number, sign: number): number {
    const phases = this.#phases;
    const start = near * phases;
    let fine = start;
    let height = sign * this.#at(trace, start);
    for (let f = start - this.#snap * phases; f <= start + this.#snap * phases; f++) {
      const value = sign * this.#at(trace, f);
      if (value > height) {
        height = value;
        fine = f;
      }
    }
    const before = sign * this.#at(trace, fine - 1);
    const after = sign * this.#at(trace, fine + 1);
    const curvature = before - 2 * height + after;
    const offset = curvature < 0 ? (0.5 * (before - after)) / curvature : 0;
    return (fine - start + Math.max(-0.5, Math.min(0.5, offset))) / phases;
  }

  #at(trace: Float64Array, fine: number): number {
    const whole = Math.floor(fine / this.#phases);
    return this.#smooth(trace, whole, fine - this.#phases * whole);
  }

  /** The low-pass trace at `n + phase / phases`. */
  #smooth(trace: Float64Array, n: number, phase: number): number {
    const half = this.#half;
    const kernels = this.#kernels;
    let at = phase * (2 * half + 1);
    let sum = 0;
    for (let j = n - half; j <= n + half; j++) sum += kernels[at++] * trace[j];
    return sum;
  }
}

/** How far from `n` the extremum there is, by a parabola through it and its neighbours. */
function summit(values: Float64Array, n: number): number {
  const curvature = values[n - 1] - 2 * values[n] + values[n + 1];
  const offset = curvature === 0 ? 0 : (0.5 * (values[n - 1] - values[n + 1])) / curvature;
  return Math.max(-0.5, Math.min(0.5, offset));
}

/** `[phases, 2 half + 1]`: Hann-windowed sinc, sampled at every phase, gain 1 at 0 Hz. */
function designKernels(samplingRate: number, cornerHz: number, half: number, phases: number): Float64Array {
  const width = 2 * half + 1;
  const kernels = new Float64Array(phases * width);
  const corner = cornerHz / samplingRate;
  for (let phase = 0; phase < phases; phase++) {
    let sum = 0;
    for (let j = 0; j < width; j++) {
      const t = j - half - phase / phases;
      const share = Math.abs(t) / (KERNEL_SECONDS * samplingRate);
      const window = share < 1 ? 0.5 + 0.5 * Math.cos(Math.PI * share) : 0;
      const sinc = t === 0 ? 2 * corner : Math.sin(2 * Math.PI * corner * t) / (Math.PI * t);
      kernels[phase * width + j] = window * sinc;
      sum += window * sinc;
    }
    for (let j = 0; j < width; j++) kernels[phase * width + j] /= sum;
  }
  return kernels;
}
