import { biquadCoefficients, butterworth, filterBiquads, settlingSamples } from "../filter/index.ts";
import type { VoiceGatePlan } from "./voice-gate-options.ts";

const BAND_ORDER = 4;

/**
 * Level of one microphone in the voice band, frame by frame. Frames with missing samples, those in which the filter is still
 * settling and those in which the microphone stands still (all samples equal: muted, unplugged) are unknown.
 */
export class FrameMeter {
  readonly #frameSamples: number;
  readonly #coefficients: Float64Array;
  readonly #state: Float64Array;
  readonly #block: Float64Array;
  readonly #settling: number;
  #settlingLeft: number;
  #sum = 0;
  #isUnknown = false;
  #hasMoved = false;
  #last = Number.NaN;

  constructor({ bandHz, samplingRate, frameSamples }: VoiceGatePlan) {
    const sections = butterworth({ kind: "bandpass", order: BAND_ORDER, cutoff: bandHz, samplingRate });
    this.#frameSamples = frameSamples;
    this.#coefficients = biquadCoefficients(sections);
    this.#state = new Float64Array((sections.length / 6) * 2);
    this.#block = new Float64Array(frameSamples);
    this.#settling = settlingSamples(sections);
    this.#settlingLeft = this.#settling;
  }

  reset(): void {
    this.#state.fill(0);
    this.#settlingLeft = this.#settling;
    this.#last = Number.NaN;
    this.#clearFrame();
  }

  /** Takes `length` samples from `data[from]` on; they may not reach beyond the frame. Allocates nothing. */
  push(data: Float64Array, from: number, length: number): void {
    const block = this.#block;
    for (let i = 0; i < length; i++) {
      const x = data[from + i];
      if (Number.isFinite(x)) {
        block[i] = x;
        if (x !== this.#last) this.#hasMoved = true;
        this.#last = x;
      } else {
        block[i] = 0;
        this.#settlingLeft = this.#settling + i + 1;
      }
    }
    if (this.#settlingLeft > 0) {
      this.#isUnknown = true;
      this.#settlingLeft -= length;
    }
    filterBiquads(block, block, 1, length, this.#coefficients, this.#state);
    let sum = this.#sum;
    for (let i = 0; i < length; i++) sum += block[i] * block[i];
    this.#sum = sum;
  }

  /** The frame is full: its level, 10 log10 of the mean square, dB re 1 of the input's unit; NaN for unknown. */
  closeFrame(): number {
    const isKnown = !this.#isUnknown && this.#hasMoved && this.#sum > 0;
    const level = isKnown ? 10 * Math.log10(this.#sum / this.#frameSamples) : Number.NaN;
    this.#clearFrame();
    return level;
  }

  #clearFrame(): void {
    this.#sum = 0;
    this.#isUnknown = false;
    this.#hasMoved = false;
  }
}
