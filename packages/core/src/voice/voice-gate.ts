import { ShapeError } from "../errors.ts";
import { FrameMeter } from "./frame-meter.ts";
import { NoiseFloor } from "./noise-floor.ts";
import { VoiceDecision } from "./voice-decision.ts";
import { planVoiceGate, type VoiceGateOptions, type VoiceGatePlan } from "./voice-gate-options.ts";

/** Room for onsets and offsets, in the order in which they became known. */
export interface VoiceChanges {
  /** `[capacity]`, sample at which voice begins or ends, counted like the stream. */
  readonly samples: Float64Array;
  /** `[capacity]`, 1 where it begins, 0 where it ends. */
  readonly isOnset: Uint8Array;
  /** `[capacity]`, which microphone. */
  readonly microphone: Uint8Array;
}

export const voiceChanges = (capacity: number): VoiceChanges => ({
  samples: new Float64Array(capacity),
  isOnset: new Uint8Array(capacity),
  microphone: new Uint8Array(capacity),
});

/**
 * When somebody is heard in front of a microphone: energy in the voice band over a floor that adapts, with hysteresis, a shortest
 * duration and a hangover, as the audio comes.
 *
 *     level = 10 log10(mean square of 300-4000 Hz in 20 ms),   floor = 10 % quantile of the levels of the last 10 s
 *     begins where level > floor + 6 dB for 60 ms,   ends where level < floor + 3 dB for 250 ms
 *
 * Times are those of the first and the last loud frame, known `onSeconds` and `hangoverSeconds` later; resolution is one frame. All
 * durations and levels are options.
 *
 * One microphone cannot tell who speaks. With one close microphone per person, on one clock (channels of one recorder), a frame is
 * a person's voice only where no other microphone hears it `leadDecibels` better over its own floor; when both speak, both
 * are on.
 *
 * Limits. It hears energy and not voices: toys, chairs, music and steps that last as long open it. Voice in noise as loud as itself
 * is missed. A sound that fills more than 90 % of 10 s becomes floor; a noise that starts is voice until then. Noise that
 * fluctuates (a rumble inside the band) delays offsets. Pauses below the hangover are bridged, so two utterances may become one.
 * NaN and a microphone that stands still are unknown: they end voice and teach the floor nothing, so that a microphone that
 * sends digital silence between words is of no use here. Voice coded by a person remains the reference: count the agreement.
 *
 * The same bits for any cut of the audio into chunks.
 *
 * @see Rabiner & Sambur, Bell Syst Tech J 54:297 (1975), energy and two thresholds; ITU-T G.729 Annex B (1996), an adaptive floor
 *      and hangover; `NoiseFloor`. The numbers are ours.
 */
export class VoiceGate {
  readonly plan: VoiceGatePlan;
  readonly #meters: readonly FrameMeter[];
  readonly #floors: readonly NoiseFloor[];
  readonly #decisions: readonly VoiceDecision[];
  /** `[nMicrophones]`, of the last frame. */
  readonly #levels: Float64Array;
  readonly #above: Float64Array;
  #position = 0;
  #inFrame = 0;

  /** @throws OptionError for an option outside its range */
  constructor(options: VoiceGateOptions) {
    this.plan = planVoiceGate(options);
    const { nMicrophones, floorFrames, floorQuantile } = this.plan;
    const each = <T>(make: () => T): T[] => Array.from({ length: nMicrophones }, make);
    this.#meters = each(() => new FrameMeter(this.plan));
    this.#floors = each(() => new NoiseFloor(floorFrames, floorQuantile));
    this.#decisions = each(() => new VoiceDecision(this.plan));
    this.#levels = new Float64Array(nMicrophones).fill(Number.NaN);
    this.#above = new Float64Array(nMicrophones).fill(Number.NaN);
  }

  /** Voice is on as far as is known. */
  isVoice(microphone = 0): boolean {
    return this.#decisions[microphone].isOn;
  }

  /** Level of the last whole frame, dB re 1 of the input's unit; NaN when unknown. */
  level(microphone = 0): number {
    return this.#levels[microphone];
  }

  /** Noise floor, dB; NaN while it learns. */
  floor(microphone = 0): number {
    const floor = this.#floors[microphone];
    return floor.count < this.plan.learnFrames ? Number.NaN : floor.level;
  }

  /** Changes that a chunk, or the end, can bring at most. */
  mostChanges(nSamples: number): number {
    return this.plan.nMicrophones * (Math.ceil(nSamples / this.plan.frameSamples) + 1);
  }

  /** Forgets everything, the floors too; the next sample is number `firstSample`. */
  reset(firstSample = 0): void {
    for (const floor of this.#floors) floor.reset();
    for (const decision of this.#decisions) decision.reset();
    this.#restart(firstSample);
  }

  /**
   * Samples are missing: ends the voices that are on and goes on at another sample with the floors that it knows.
   *
   * @returns changes written
   */
  interrupt(out: VoiceChanges, firstSample: number): number {
    const n = this.finish(out);
    this.#restart(firstSample);
    return n;
  }

  /** The end: what is on ends with its last loud frame. @returns changes written */
  finish(out: VoiceChanges): number {
    let n = 0;
    this.#decisions.forEach((decision, microphone) => {
      const end = this.#position - this.#inFrame - decision.quietFrames * this.plan.frameSamples;
      if (decision.isOn) n = write(out, n, microphone, false, end);
      decision.reset();
    });
    return n;
  }

  /**
   * Hears the next samples. Allocates nothing.
   *
   * @param out  room for `mostChanges(nSamples)`
   * @param data `[nMicrophones, nSamples]`, channel-major, any unit; NaN where nothing is known
   * @returns changes written to `out`, from 0
   * @throws ShapeError when `data` or `out` does not fit
   */
  execute(out: VoiceChanges, data: Float64Array, nSamples: number): number {
    const { nMicrophones, frameSamples } = this.plan;
    const most = this.mostChanges(nSamples);
    if (data.length !== nMicrophones * nSamples || out.samples.length < most)
      throw new ShapeError(
        "VoiceGate",
        `data [${nMicrophones}, ${nSamples}] and room for ${most} changes`,
        `${data.length} values and room for ${out.samples.length}`,
      );
    let n = 0;
    for (let at = 0; at < nSamples; ) {
      const length = Math.min(nSamples - at, frameSamples - this.#inFrame);
      for (let m = 0; m < nMicrophones; m++) this.#meters[m].push(data, m * nSamples + at, length);
      at += length;
      this.#position += length;
      this.#inFrame += length;
      if (this.#inFrame === frameSamples) n = this.#closeFrame(out, n);
    }
    return n;
  }

  #closeFrame(out: VoiceChanges, before: number): number {
    const { nMicrophones, frameSamples, learnFrames, leadDecibels } = this.plan;
    const above = this.#above;
    this.#inFrame = 0;
    let loudest = Number.NEGATIVE_INFINITY;
    for (let m = 0; m < nMicrophones; m++) {
      const level = this.#meters[m].closeFrame();
      const floor = this.#floors[m];
      this.#levels[m] = level;
      if (!Number.isNaN(level)) floor.push(level);
      above[m] = floor.count < learnFrames ? Number.NaN : level - floor.level;
      if (above[m] > loudest) loudest = above[m];
    }
    let n = before;
    for (let m = 0; m < nMicrophones; m++) {
      // What another microphone hears so much better is that person's voice: silence here, and not unknown.
      const own = above[m] < loudest - leadDecibels ? Number.NEGATIVE_INFINITY : above[m];
      const change = this.#decisions[m].step(own);
      if (change !== 0)
        n = write(out, n, m, change > 0, this.#position - this.#decisions[m].framesBack * frameSamples);
    }
    return n;
  }

  #restart(firstSample: number): void {
    for (const meter of this.#meters) meter.reset();
    this.#levels.fill(Number.NaN);
    this.#position = firstSample;
    this.#inFrame = 0;
  }
}

function write(out: VoiceChanges, n: number, microphone: number, isOnset: boolean, sample: number): number {
  out.samples[n] = sample;
  out.isOnset[n] = isOnset ? 1 : 0;
  out.microphone[n] = microphone;
  return n + 1;
}
