import type { PageStream } from "@attune/wire/page";

const TABLE_SECONDS = 37;
const N_TABLES = 9;

/**
 * Signals for looking at, a function of the sample's number alone so that any past can be asked for again: filtered noise with
 * bursts of a rhythm for the EEG, a beat for the ECG, and what a technician must notice on a few electrodes.
 */
export class MadeUpSignals {
  readonly #rate: number;
  readonly #tables: Float32Array[] = [];

  constructor(samplingRate: number) {
    this.#rate = samplingRate;
    for (let k = 0; k < N_TABLES; k++)
      this.#tables.push(noiseTable(Math.round(TABLE_SECONDS * samplingRate) + 101 * k, samplingRate, k));
  }

  /** Value of a channel at sample number `n`, in its unit. */
  value(stream: PageStream, channel: number, n: number): number {
    const { signal, label, person } = stream.channels[channel]!;
    const t = n / this.#rate;
    const isInfant = person === "infant";
    if (signal === "ecg")
      return (
        0.2 * Math.sin(2 * Math.PI * 0.25 * t) + beat(t, isInfant ? 0.44 : 0.86) * (isInfant ? 0.9 : 1.1)
      );
    const own = this.#tables[(channel * 2 + (isInfant ? 1 : 0)) % N_TABLES]!;
    const common = this.#tables[isInfant ? 7 : 8]!;
    const scale = isInfant ? 26 : 13;
    let value = scale * (own[(n + 977 * channel) % own.length]! + 0.5 * common[n % common.length]!);
    const blink = label.startsWith("Fp") || label.startsWith("AF") ? blinkAt(t, isInfant) : 0;
    value += blink;
    if (isInfant && label === "O2") return -3200;
    if (!isInfant && label === "P8") value += 28 * Math.sin(2 * Math.PI * 50 * t);
    if (isInfant && label === "T7")
      value += 45 * (hash(n * 31 + channel) - 0.5) * (Math.sin(t * 0.9) > -0.2 ? 3 : 1);
    return value + (channel - 8) * 150;
  }
}

const hash = (n: number): number => {
  const x = Math.imul(n ^ (n >>> 16), 0x45d9f3b);
  const y = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  return ((y ^ (y >>> 16)) >>> 0) / 2 ** 32;
};

const blinkAt = (t: number, isInfant: boolean): number => {
  const period = isInfant ? 11.3 : 4.7;
  const into = (t % period) - 1;
  return (isInfant ? 90 : 110) * Math.exp(-((into / 0.08) ** 2));
};

/** P, QRS and T as bells at their usual places. */
function beat(t: number, period: number): number {
  const into = t % period;
  const bell = (at: number, width: number): number => Math.exp(-(((into - at) / width) ** 2));
  return (
    0.12 * bell(0.1, 0.025) -
    0.12 * bell(0.165, 0.009) +
    bell(0.18, 0.009) -
    0.22 * bell(0.197, 0.01) +
    0.25 * bell(0.33, 0.045)
  );
}

/** Noise through one pole, with a rhythm that comes and goes; the ends meet. */
function noiseTable(length: number, rate: number, seed: number): Float32Array {
  const table = new Float32Array(length);
  const keep = Math.exp(-2 * Math.PI * (3 / rate));
  const fast = Math.exp(-2 * Math.PI * (25 / rate));
  const hertz = seed % 2 === 1 ? 6.3 : 9.8;
  let slow = 0;
  let quick = 0;
  for (let i = -2 * length; i < length; i++) {
    const n = ((i % length) + length) % length;
    const random = hash(n * 7919 + seed * 104729) + hash(n * 6733 + seed * 15485863) - 1;
    slow = keep * slow + random;
    quick = fast * quick + random;
    const t = n / rate;
    const burst = Math.max(0, Math.sin(t * (0.5 + 0.11 * seed)) * Math.sin(t * 0.23 + seed));
    if (i >= 0)
      table[i] = 0.16 * slow + 0.25 * quick + 1.5 * burst * Math.sin(2 * Math.PI * hertz * t + seed);
  }
  return table;
}
