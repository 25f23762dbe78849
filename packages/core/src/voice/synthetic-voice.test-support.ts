import { butterworth, SosCascade } from "../filter/index.ts";
import { mulberry32, normal } from "../random/index.ts";

export interface Utterance {
  readonly onset: number;
  readonly offset: number;
  readonly kind: "infant-vowel" | "infant-babble" | "adult-vowel";
}

/** Formants in Hz (F1, F2, F3) with one bandwidth, and the pitch: an open vowel of a small and of a large throat. */
const THROATS = {
  "infant-vowel": { pitch: 380, formants: [1050, 1900, 3600] },
  "infant-babble": { pitch: 340, formants: [1000, 2100, 3500] },
  "adult-vowel": { pitch: 210, formants: [850, 1500, 2800] },
} as const;

const gainAt = (hz: number, formants: readonly number[]) =>
  formants.reduce((sum, formant) => sum + 1 / (1 + ((hz - formant) / 120) ** 2), 0.02) * (200 / hz);

/**
 * Utterances as sums of harmonics shaped by formants, with a pitch that falls and trembles, rising in 15 ms and falling in 40.
 * Babble closes for 70 ms four times a second. Silence lies exactly outside `[onset, offset)`.
 */
export function synthesise(utterances: readonly Utterance[], seconds: number, rate: number): Float64Array {
  const out = new Float64Array(Math.round(seconds * rate));
  for (const { onset, offset, kind } of utterances) {
    const { pitch, formants } = THROATS[kind];
    const length = offset - onset;
    let phase = 0;
    for (let n = Math.ceil(onset * rate); n < Math.min(out.length, offset * rate); n++) {
      const t = n / rate - onset;
      const f0 = pitch * (1.08 - (0.16 * t) / length) * (1 + 0.01 * Math.sin(2 * Math.PI * 5.5 * t));
      phase += (2 * Math.PI * f0) / rate;
      let envelope = Math.min(1, t / 0.015, (length - t) / 0.04);
      if (kind === "infant-babble" && t % 0.25 > 0.18) envelope *= 0.05;
      let x = 0;
      for (let k = 1; k * f0 < Math.min(5000, 0.48 * rate); k++)
        x += gainAt(k * f0, formants) * Math.sin(k * phase);
      out[n] = envelope * x;
    }
  }
  return out;
}

/** Utterances of 0.2 to 1.5 s with pauses of 0.5 to 2.5 s, after 2 s of silence. */
export function conversation(seconds: number, seed: number): Utterance[] {
  const uniform = mulberry32(seed);
  const kinds = ["infant-vowel", "infant-babble", "adult-vowel"] as const;
  const out: Utterance[] = [];
  for (let at = 2 + uniform(); ; ) {
    const length = 0.2 + 1.3 * uniform();
    if (at + length > seconds - 0.5) return out;
    out.push({ onset: at, offset: at + length, kind: kinds[Math.floor(3 * uniform())] });
    at += length + 0.5 + 2 * uniform();
  }
}

/** White noise plus a room that hums at 50 Hz and rumbles below 200 Hz, both outside the voice band and louder than it. */
export function room(nSamples: number, rate: number, seed: number, rumble = 5): Float64Array {
  const draw = normal(mulberry32(seed));
  const white = Float64Array.from({ length: nSamples }, () => draw());
  const low = Float64Array.from({ length: nSamples }, () => draw());
  new SosCascade(butterworth({ kind: "lowpass", order: 6, cutoff: 120, samplingRate: rate }), 1).execute(
    low,
    low,
    nSamples,
  );
  return white.map(
    (x, n) => x + rumble * (low[n] * Math.sqrt(rate / 240) + Math.sin((2 * Math.PI * 50 * n) / rate)),
  );
}

/** Mean square in 300-4000 Hz of what lies inside the utterances, or everywhere. */
export function bandPower(data: Float64Array, rate: number, utterances?: readonly Utterance[]): number {
  const band = new Float64Array(data.length);
  const cutoff = [300, Math.min(4000, 0.45 * rate)] as const;
  new SosCascade(butterworth({ kind: "bandpass", order: 4, cutoff, samplingRate: rate }), 1).execute(
    band,
    data,
    data.length,
  );
  let sum = 0;
  let n = 0;
  for (const { onset, offset } of utterances ?? [{ onset: 0, offset: data.length / rate }])
    for (let i = Math.ceil(onset * rate); i < Math.min(data.length, offset * rate); i++) {
      sum += band[i] * band[i];
      n++;
    }
  return sum / n;
}

/** Voice in noise at a ratio of powers in the voice band, dB. */
export function mix(
  voice: Float64Array,
  noise: Float64Array,
  rate: number,
  truth: readonly Utterance[],
  decibels: number,
) {
  const gain = Math.sqrt((bandPower(noise, rate) / bandPower(voice, rate, truth)) * 10 ** (decibels / 10));
  return voice.map((x, n) => gain * x + noise[n]);
}
