import type { VoiceGatePlan } from "./voice-gate-options.ts";

/**
 * On and off of one voice, frame by frame: hysteresis, a shortest duration and a hangover. `step` says what the frame has changed,
 * and `framesBack` how many frames ago, this one included, the change lies.
 */
export class VoiceDecision {
  readonly #plan: VoiceGatePlan;
  #isOn = false;
  #loudFrames = 0;
  #quietFrames = 0;
  #framesBack = 0;

  constructor(plan: VoiceGatePlan) {
    this.#plan = plan;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  get framesBack(): number {
    return this.#framesBack;
  }

  /** Quiet frames at the end of a voice that is still on. */
  get quietFrames(): number {
    return this.#quietFrames;
  }

  reset(): void {
    this.#isOn = false;
    this.#loudFrames = 0;
    this.#quietFrames = 0;
  }

  /** @param above level over the floor, dB; NaN for unknown, which ends voice at once @returns 1 on, -1 off, 0 as before */
  step(above: number): -1 | 0 | 1 {
    const { onDecibels, offDecibels, onFrames, hangoverFrames } = this.#plan;
    if (this.#isOn) {
      const isUnknown = Number.isNaN(above);
      if (above >= offDecibels) this.#quietFrames = 0;
      else this.#quietFrames += 1;
      if (!isUnknown && this.#quietFrames < hangoverFrames) return 0;
      this.#framesBack = this.#quietFrames;
      this.reset();
      return -1;
    }
    this.#loudFrames = above > onDecibels ? this.#loudFrames + 1 : 0;
    if (this.#loudFrames < onFrames) return 0;
    this.#framesBack = this.#loudFrames;
    this.#loudFrames = 0;
    this.#isOn = true;
    return 1;
  }
}
