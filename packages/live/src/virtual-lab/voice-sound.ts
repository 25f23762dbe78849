import { counterRandom, normal } from "@attune/core";
import type { Seconds } from "@attune/signal";

/** Hz: the lowest that the voice gate hears, and enough of a voice for it. */
export const SOUND_RATE = 8000;
/** Samples of one block, 40 ms: the unit in which the sound is made. */
export const SOUND_BLOCK = 320;
/** Microphones, in the order of the channels. */
export const MICROPHONES = ["adult", "infant"] as const;

/** What somebody utters from `onset` to `end`. */
export interface Utterance {
  readonly person: (typeof MICROPHONES)[number];
  readonly state: string;
  readonly onset: Seconds;
  readonly end: Seconds;
}

/** Pitch, the formants of an open vowel, all in Hz, and how loud, as root mean square of a 16-bit number or so. */
interface Throat {
  readonly pitch: number;
  readonly formants: readonly number[];
  readonly loudness: number;
  /** The mouth closes so often, Hz: syllables. 0 for one long vowel. */
  readonly syllables: number;
}

const THROATS: Readonly<Record<string, Throat>> = {
  speech: { pitch: 210, formants: [850, 1500, 2800], loudness: 1500, syllables: 4 },
  protophone: { pitch: 380, formants: [1050, 1900, 3400], loudness: 1500, syllables: 0 },
  cry: { pitch: 450, formants: [1100, 2100, 3500], loudness: 2500, syllables: 0 },
};
const HIGHEST_HZ = 0.45 * SOUND_RATE;
const FORMANT_WIDTH_HZ = 120;
/** Of the microphone and the room, root mean square. */
const NOISE = 25;
/** What a microphone hears of the other person. */
const CROSS_TALK = 0.1;
const RISE_SECONDS = 0.015;
const FALL_SECONDS = 0.04;
const CLOSED_SECONDS = 0.07;
const TREMBLE_HZ = 5.5;

/**
 * What two close microphones hear, in 16-bit numbers: utterances as harmonics of a falling, trembling pitch under formants,
 * fainter in the other microphone, and a hissing room. Block k depends on k and the seed alone.
 */
export class VoiceSound {
  readonly #utterances: readonly Utterance[];
  readonly #seed: number;
  readonly #harmonics = new Map(
    Object.entries(THROATS).map(([state, throat]) => [state, harmonicsOf(throat)] as const),
  );
  readonly #voice = new Float64Array(SOUND_BLOCK);
  #first = 0;

  /** @param utterances in the order of their onsets */
  constructor(utterances: readonly Utterance[], seed: number) {
    this.#utterances = utterances;
    this.#seed = seed;
  }

  /** The block as `[SOUND_BLOCK, 2]`, sample by sample as wires have it; blocks must not go back by more than 20 s. */
  block(index: number): Int16Array {
    const draw = normal(counterRandom(this.#seed, "room", index));
    const heard = new Float64Array(SOUND_BLOCK * MICROPHONES.length);
    for (let i = 0; i < heard.length; i++) heard[i] = NOISE * draw();
    const from = (index * SOUND_BLOCK) / SOUND_RATE;
    const to = from + SOUND_BLOCK / SOUND_RATE;
    while (this.#first < this.#utterances.length && this.#utterances[this.#first]!.onset < from - 20)
      this.#first++;
    for (let u = this.#first; u < this.#utterances.length && this.#utterances[u]!.onset < to; u++) {
      const utterance = this.#utterances[u]!;
      if (utterance.end <= from) continue;
      this.#utter(utterance, from);
      MICROPHONES.forEach((person, m) => {
        const gain = person === utterance.person ? 1 : CROSS_TALK;
        for (let n = 0; n < SOUND_BLOCK; n++) heard[n * MICROPHONES.length + m]! += gain * this.#voice[n]!;
      });
    }
    return Int16Array.from(heard, (x) => Math.max(-32768, Math.min(32767, Math.round(x))));
  }

  #utter({ state, onset, end }: Utterance, from: Seconds): void {
    const { pitch, syllables } = THROATS[state]!;
    const harmonics = this.#harmonics.get(state)!;
    const length = end - onset;
    for (let n = 0; n < SOUND_BLOCK; n++) {
      const t = from + n / SOUND_RATE - onset;
      this.#voice[n] = 0;
      if (t < 0 || t >= length) continue;
      // The integral of pitch (1.08 - 0.16 t / length + 0.01 sin(2 pi 5.5 t)).
      const trembling = (0.01 * (1 - Math.cos(2 * Math.PI * TREMBLE_HZ * t))) / (2 * Math.PI * TREMBLE_HZ);
      const angle = 2 * Math.PI * pitch * (1.08 * t - (0.08 * t * t) / length + trembling);
      const isClosed = syllables > 0 && t % (1 / syllables) > 1 / syllables - CLOSED_SECONDS;
      const envelope = Math.min(1, t / RISE_SECONDS, (length - t) / FALL_SECONDS) * (isClosed ? 0.05 : 1);
      this.#voice[n] = envelope * sumOfSines(harmonics, angle);
    }
  }
}

/** Amplitudes of the harmonics, the first at 0, scaled to the loudness. */
function harmonicsOf({ pitch, formants, loudness }: Throat): Float64Array {
  const amplitudes = Float64Array.from({ length: Math.floor(HIGHEST_HZ / (1.09 * pitch)) }, (_, k) => {
    const hertz = (k + 1) * pitch;
    const near = formants.reduce((sum, at) => sum + 1 / (1 + ((hertz - at) / FORMANT_WIDTH_HZ) ** 2), 0.02);
    return near * (200 / hertz);
  });
  const power = amplitudes.reduce((sum, x) => sum + x * x, 0) / 2;
  return amplitudes.map((x) => (x * loudness) / Math.sqrt(power));
}

/** sum_k a_k sin(k angle), with one sine and one cosine: sin((k + 1) x) = 2 cos(x) sin(k x) - sin((k - 1) x). */
function sumOfSines(amplitudes: Float64Array, angle: number): number {
  const twice = 2 * Math.cos(angle);
  let before = 0;
  let now = Math.sin(angle);
  let sum = 0;
  for (const amplitude of amplitudes) {
    sum += amplitude * now;
    [before, now] = [now, twice * now - before];
  }
  return sum;
}
