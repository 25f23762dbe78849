import { hashSeed, mulberry32, normal, OptionError } from "@attune/core";
import type { StateInterval } from "@attune/signal";
import { INTERNAL_RATE, type SimulationOptions, type StimulusOptions } from "./options.ts";
import type { ResolvedPerson } from "./people.ts";

/** A syllable-like rhythm: a resonance at 5 Hz. */
const SYLLABLE_HZ = 5;
const POLE_RADIUS = 0.9;
const SETTLING = 400;

/** One presentation of a song. */
export interface Presentation {
  readonly stimulus: string;
  /** Counted from 0 for each song. */
  readonly repetition: number;
  readonly firstSample: number;
  readonly nSamples: number;
}

/** The order of songs, and what every node hears at any internal sample. */
export class StimulusProgram {
  readonly presentations: readonly Presentation[];
  readonly #waveforms: ReadonlyMap<string, Float64Array>;
  readonly #strength: number;
  readonly #delays: Int32Array;
  readonly #cursors: Int32Array;

  constructor(persons: readonly ResolvedPerson[], options: SimulationOptions) {
    const { stimulus, seed, durationSeconds } = options;
    this.#strength = stimulus?.strength ?? 0;
    this.#delays = Int32Array.from(persons, ({ id }) => {
      const latency = stimulus?.latencySeconds[id];
      return latency === undefined ? -1 : Math.round(latency * INTERNAL_RATE);
    });
    this.#cursors = new Int32Array(persons.length);
    this.presentations = stimulus === undefined ? [] : schedule(stimulus, durationSeconds);
    this.#waveforms = new Map(
      stimulus?.songs.map(({ name, durationSeconds: length }) => [
        name,
        drawWaveform(hashSeed(seed, "song", name), Math.round(length * INTERNAL_RATE)),
      ]),
    );
  }

  /** What person `p` hears at internal sample `n`, latency included. Ask in rising order of `n`. */
  drive(p: number, n: number): number {
    const delay = this.#delays[p]!;
    if (delay < 0) return 0;
    const heard = n - delay;
    let cursor = this.#cursors[p]!;
    let current = this.presentations[cursor];
    while (current !== undefined && heard >= current.firstSample + current.nSamples) {
      cursor += 1;
      current = this.presentations[cursor];
    }
    this.#cursors[p] = cursor;
    if (current === undefined || heard < current.firstSample) return 0;
    return this.#strength * this.#waveforms.get(current.stimulus)![heard - current.firstSample]!;
  }

  /** The layer `stimulus` of the session: the song that plays, or `none`. */
  states(durationSeconds: number): StateInterval[] {
    if (this.presentations.length === 0) return [];
    const states: StateInterval[] = [];
    const push = (state: string, onset: number, end: number) => {
      if (end > onset)
        states.push({ person: "session", layer: "stimulus", state, onset, duration: end - onset });
    };
    let silentFrom = 0;
    for (const { stimulus, firstSample, nSamples } of this.presentations) {
      const onset = firstSample / INTERNAL_RATE;
      const end = Math.min(durationSeconds, (firstSample + nSamples) / INTERNAL_RATE);
      push("none", silentFrom, onset);
      push(stimulus, onset, end);
      silentFrom = end;
    }
    push("none", silentFrom, durationSeconds);
    return states;
  }
}

/** Songs in order, again and again, with a pause before each. */
function schedule(stimulus: StimulusOptions, durationSeconds: number): Presentation[] {
  const { songs, pauseSeconds = 2 } = stimulus;
  if (
    songs.length === 0 ||
    !songs.every((song) => song.durationSeconds * INTERNAL_RATE >= 1) ||
    pauseSeconds < 0
  )
    throw new OptionError("A stimulus needs songs of positive length and a pause of at least 0 s.");
  const presentations: Presentation[] = [];
  const end = durationSeconds * INTERNAL_RATE;
  let firstSample = 0;
  for (let k = 0; ; k++) {
    const song = songs[k % songs.length]!;
    firstSample += Math.round(pauseSeconds * INTERNAL_RATE);
    if (firstSample >= end) return presentations;
    const nSamples = Math.round(song.durationSeconds * INTERNAL_RATE);
    presentations.push({
      stimulus: song.name,
      repetition: Math.floor(k / songs.length),
      firstSample,
      nSamples,
    });
    firstSample += nSamples;
  }
}

/** Noise around 5 Hz with unit variance, the same for the same seed. */
function drawWaveform(seed: number, nSamples: number): Float64Array {
  const gaussian = normal(mulberry32(seed));
  const a1 = 2 * POLE_RADIUS * Math.cos((2 * Math.PI * SYLLABLE_HZ) / INTERNAL_RATE);
  const a2 = -(POLE_RADIUS ** 2);
  // Stationary variance of an AR(2) process with unit innovations (Box & Jenkins 1976, section 3.2.4).
  const scale = 1 / Math.sqrt((1 - a2) / ((1 + a2) * ((1 - a2) ** 2 - a1 ** 2)));
  const out = new Float64Array(nSamples);
  let x1 = 0;
  let x2 = 0;
  for (let n = -SETTLING; n < nSamples; n++) {
    const x = a1 * x1 + a2 * x2 + gaussian();
    x2 = x1;
    x1 = x;
    if (n >= 0) out[n] = scale * x;
  }
  return out;
}
