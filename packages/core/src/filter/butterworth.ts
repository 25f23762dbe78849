import { OptionError } from "../errors.ts";
import { pairSections } from "./pair-sections.ts";
import {
  add,
  type Complex,
  divide,
  multiply,
  scale,
  squareRoot,
  subtract,
  type ZerosPolesGain,
} from "./zeros-poles.ts";

export type FilterKind = "lowpass" | "highpass" | "bandpass" | "bandstop";

export interface ButterworthOptions {
  readonly kind: FilterKind;
  /** Order of the low-pass prototype, 1..32. A band filter has twice as many poles. */
  readonly order: number;
  /** Half-power (-3.01 dB) frequency in Hz; `[low, high]` for the two band kinds. */
  readonly cutoff: number | readonly [number, number];
  /** Hz. No default: nobody can guess it. */
  readonly samplingRate: number;
}

/**
 * Butterworth filter as second-order sections: maximally flat pass band, half power at the cutoff.
 *
 *     |H(f)|^2 = 1 / (1 + (w(f) / w(cutoff))^(2 order)),   w(f) = tan(pi f / samplingRate)
 *
 * for the low-pass; the other kinds follow by the usual substitutions of s. Designed with pre-warped analogue
 * poles and the bilinear transform, so the response at the cutoffs is exact at every rate. Equal to
 * `scipy.signal.butter(..., output="sos")`.
 *
 * @returns `[nSections, 6]`, b0 b1 b2 a0 a1 a2 with a0 = 1; a band filter of order n has n sections.
 * @throws OptionError when an order or a frequency lies outside its range.
 * @see Butterworth, "On the theory of filter amplifiers", Wireless Engineer 1930; Oppenheim & Schafer,
 *   Discrete-Time Signal Processing, 3rd ed. 2010, section 7.2.
 */
export function butterworth(options: ButterworthOptions): Float64Array {
  const [low, high] = checkedCutoffs(options);
  const prototype = prototypePoles(options.order);
  // Frequencies are pre-warped for a bilinear transform with T = 2: s = (z - 1) / (z + 1).
  const wLow = Math.tan((Math.PI * low) / options.samplingRate);
  const wHigh = Math.tan((Math.PI * high) / options.samplingRate);
  return pairSections(bilinear(analogue(options.kind, prototype, wLow, wHigh)));
}

/** Left half of the unit circle, closed under conjugation; an odd order has an exactly real pole. */
function prototypePoles(order: number): Complex[] {
  const poles: Complex[] = [];
  for (let k = 0; k < Math.floor(order / 2); k++) {
    const angle = (Math.PI * (2 * k + 1)) / (2 * order);
    poles.push([-Math.sin(angle), Math.cos(angle)], [-Math.sin(angle), -Math.cos(angle)]);
  }
  if (order % 2 === 1) poles.push([-1, 0]);
  return poles;
}

/** The prototype moved to its band; the gain is that of the ratio of monic polynomials in s. */
function analogue(
  kind: FilterKind,
  prototype: readonly Complex[],
  wLow: number,
  wHigh: number,
): ZerosPolesGain {
  const order = prototype.length;
  if (kind === "lowpass")
    return { zeros: [], poles: prototype.map((p) => scale(p, wLow)), gain: wLow ** order };
  if (kind === "highpass")
    return {
      zeros: prototype.map((): Complex => [0, 0]),
      poles: prototype.map((p) => divide([wLow, 0], p)),
      gain: 1,
    };
  const halfWidth = (wHigh - wLow) / 2;
  const centreSquared = wLow * wHigh;
  const shifted = prototype.map((p) =>
    kind === "bandpass" ? scale(p, halfWidth) : divide([halfWidth, 0], p),
  );
  const poles: Complex[] = [];
  for (const p of shifted) {
    const root = squareRoot(subtract(multiply(p, p), [centreSquared, 0]));
    poles.push(add(p, root), subtract(p, root));
  }
  const centre = Math.sqrt(centreSquared);
  const zeros =
    kind === "bandpass"
      ? prototype.map((): Complex => [0, 0])
      : prototype.flatMap((): Complex[] => [
          [0, centre],
          [0, -centre],
        ]);
  return { zeros, poles, gain: kind === "bandpass" ? (2 * halfWidth) ** order : 1 };
}

/** z = (1 + s) / (1 - s); zeros at infinity land on z = -1. */
function bilinear({ zeros, poles, gain }: ZerosPolesGain): ZerosPolesGain {
  const map = (s: Complex): Complex => divide([1 + s[0], s[1]], [1 - s[0], -s[1]]);
  let ratio: Complex = [gain, 0];
  for (let i = 0; i < poles.length; i++) {
    if (i < zeros.length) ratio = multiply(ratio, [1 - zeros[i][0], -zeros[i][1]]);
    ratio = divide(ratio, [1 - poles[i][0], -poles[i][1]]);
  }
  const atInfinity = new Array<Complex>(poles.length - zeros.length).fill([-1, 0]);
  return { zeros: [...zeros.map(map), ...atInfinity], poles: poles.map(map), gain: ratio[0] };
}

function checkedCutoffs({ kind, order, cutoff, samplingRate }: ButterworthOptions): [number, number] {
  if (!Number.isInteger(order) || order < 1 || order > 32)
    throw new OptionError(`butterworth order must be an integer in 1..32, got ${order}`);
  if (!(samplingRate > 0) || !Number.isFinite(samplingRate))
    throw new OptionError(`butterworth samplingRate must be a positive number of Hz, got ${samplingRate}`);
  const isBand = kind === "bandpass" || kind === "bandstop";
  if (!isBand && kind !== "lowpass" && kind !== "highpass")
    throw new OptionError(`butterworth kind must be lowpass, highpass, bandpass or bandstop, got ${kind}`);
  const edges = typeof cutoff === "number" ? [cutoff] : [...cutoff];
  if (edges.length !== (isBand ? 2 : 1))
    throw new OptionError(
      `butterworth ${kind} needs ${isBand ? "cutoff: [low, high]" : "one cutoff"}, got ${cutoff}`,
    );
  const nyquist = samplingRate / 2;
  for (const edge of edges)
    if (!(edge > 0 && edge < nyquist))
      throw new OptionError(
        `butterworth cutoff must lie between 0 and half the sampling rate (${nyquist} Hz), got ${edge}`,
      );
  const [low, high = low] = edges;
  if (isBand && !(low < high))
    throw new OptionError(`butterworth cutoff must be [low, high] with low < high, got [${low}, ${high}]`);
  return [low, high];
}
