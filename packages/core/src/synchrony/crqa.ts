import { OptionError } from "../errors.ts";
import { standardiseSeries } from "./centre-series.ts";
import { DEFAULT_COVERAGE, requireCoverage, requireSameGrid, samplesOf } from "./sample-count.ts";

export interface CrqaOptions {
  /** Hz, of both series. */
  readonly samplingRate: number;
  /** Coordinates of a state; default 3. */
  readonly embeddingDimension?: number;
  /** Between the coordinates; default 5 samples. */
  readonly delaySamples?: number;
  /** States nearer than this recur, in SD per coordinate; default 0.5. */
  readonly radius?: number;
  /** Choose the radius so that this share of pairs recurs, such as 0.05; instead of `radius`. */
  readonly recurrenceRate?: number;
  /** Shortest diagonal and vertical line that counts; default 2 each. */
  readonly shortestDiagonal?: number;
  readonly shortestVertical?: number;
  /** Reach of the diagonal profile; default 15 s. */
  readonly maxLagSeconds?: number;
  /** Share of states without a missing coordinate below which there is no value; default 0.8. */
  readonly minimumCoverage?: number;
}

/** Cross-recurrence quantification. Rates in percent, lengths in samples; NaN for what is not defined. */
export interface Crqa {
  /** REC: recurrent pairs of states among all valid ones, %. */
  readonly recurrence: number;
  /** DET: recurrent points on diagonal lines, %. Runs of states that one member went through like the other. */
  readonly determinism: number;
  /** Lmean and Lmax. */
  readonly meanDiagonal: number;
  readonly longestDiagonal: number;
  /** ENTR: Shannon entropy of the lengths of diagonal lines, nats. */
  readonly entropy: number;
  /** LAM: recurrent points on vertical lines, %: b stays in one state through which a passes. */
  readonly laminarity: number;
  /** TT: their mean length. */
  readonly trappingTime: number;
  /** LAM and TT of the horizontal lines, which are what they are when the members are exchanged. */
  readonly horizontalLaminarity: number;
  readonly horizontalTrappingTime: number;
  /** `[nLags]`, seconds; positive where the first member leads. */
  readonly lags: Float64Array;
  /** `[nLags]`, recurrence along each diagonal, %. */
  readonly profile: Float64Array;
  /** The radius used. */
  readonly radius: number;
  /** States per member, and the share that is complete in both. */
  readonly nStates: number;
  readonly coverage: number;
}

/** Beyond this many states a fixed recurrence rate would have to sort too many distances. */
const MOST_STATES_FOR_RATE = 3000;

/**
 * Cross-recurrence quantification of two series: when is one member in a state that the other was, is or will be in.
 *
 *     state  x(i) = (x_i, x_(i+tau), ..., x_(i+(m-1) tau)) of z-scored series (SD over n)
 *     R(i, j) = 1 where |a(i) - b(j)| / sqrt(m) <= radius
 *
 * Row i is a's time and column j is b's; the diagonal j = i + l holds lag l, positive where a leads. Memory grows
 * with the number of states, time with its square: hand over windows of some minutes, not a day.
 *
 * @param a `[nSamples]`, NaN where missing
 * @param b `[nSamples]`, on the same grid
 * @throws ShapeError when the lengths differ; OptionError for options outside their range
 * @see Marwan, Romano, Thiel & Kurths, Physics Reports 438:237 (2007); Coco & Dale, Front Psychol 5:510 (2014)
 */
export function crqa(a: Float64Array, b: Float64Array, options: CrqaOptions): Crqa {
  requireSameGrid("crqa", a, b);
  const { samplingRate, embeddingDimension: m = 3, delaySamples: tau = 5, maxLagSeconds = 15 } = options;
  const { shortestDiagonal = 2, shortestVertical = 2, recurrenceRate } = options;
  const coverageNeeded = requireCoverage("crqa", options.minimumCoverage ?? DEFAULT_COVERAGE);
  const L = samplesOf("crqa: maxLagSeconds", maxLagSeconds, samplingRate, 0);
  for (const [name, value] of Object.entries({
    embeddingDimension: m,
    delaySamples: tau,
    shortestDiagonal,
    shortestVertical,
  }))
    if (!Number.isInteger(value) || value < 1)
      throw new OptionError(`crqa: ${name} must be an integer >= 1, got ${value}.`);
  const n = Math.max(0, a.length - (m - 1) * tau);
  const statesA = embed(standardiseSeries(a, 0), n, m, tau);
  const statesB = embed(standardiseSeries(b, 0), n, m, tau);
  const validA = completeStates(statesA, n, m);
  const validB = completeStates(statesB, n, m);
  const nValidA = validA.reduce((sum, value) => sum + value, 0);
  const nValidB = validB.reduce((sum, value) => sum + value, 0);
  const coverage = n === 0 ? 0 : Math.min(nValidA, nValidB) / n;
  const isCovered = coverage >= coverageNeeded;
  const radius =
    recurrenceRate === undefined
      ? (options.radius ?? 0.5)
      : radiusForRate(statesA, statesB, n, m, recurrenceRate);
  if (recurrenceRate === undefined && !(radius > 0))
    throw new OptionError(`crqa: radius must be positive, got ${radius}: 0.5 SD is usual.`);

  const diagonals = new LineLengths(2 * n - 1, n, shortestDiagonal);
  const verticals = new LineLengths(n, n, shortestVertical);
  const horizontals = new LineLengths(1, n, shortestVertical);
  const limit = radius * radius * m;
  const lags = Float64Array.from({ length: 2 * L + 1 }, (_, k) => (k - L) / samplingRate);
  const onLag = new Float64Array(2 * L + 1);
  const pairsOnLag = new Float64Array(2 * L + 1);
  let recurrent = 0;
  for (let i = 0; isCovered && i < n; i++) {
    for (let j = 0; j < n; j++) {
      let squared = 0;
      for (let c = 0; c < m; c++) {
        const difference = statesA[i * m + c] - statesB[j * m + c];
        squared += difference * difference;
      }
      const isRecurrent = squared <= limit;
      if (isRecurrent) recurrent++;
      diagonals.see(j - i + n - 1, isRecurrent);
      verticals.see(j, isRecurrent);
      horizontals.see(0, isRecurrent);
      const k = j - i + L;
      if (k >= 0 && k <= 2 * L && !Number.isNaN(squared)) {
        pairsOnLag[k]++;
        if (isRecurrent) onLag[k]++;
      }
    }
    horizontals.close();
  }
  diagonals.close();
  verticals.close();
  const percent = (part: number, whole: number): number => (whole > 0 ? (100 * part) / whole : Number.NaN);
  return {
    recurrence: isCovered ? percent(recurrent, nValidA * nValidB) : Number.NaN,
    determinism: percent(diagonals.points, recurrent),
    meanDiagonal: diagonals.meanLength,
    longestDiagonal: isCovered ? diagonals.longest : Number.NaN,
    entropy: diagonals.entropy,
    laminarity: percent(verticals.points, recurrent),
    trappingTime: verticals.meanLength,
    horizontalLaminarity: percent(horizontals.points, recurrent),
    horizontalTrappingTime: horizontals.meanLength,
    lags,
    profile: onLag.map((points, k) => percent(points, pairsOnLag[k])),
    radius,
    nStates: n,
    coverage,
  };
}

/** Lengths of unbroken runs of recurrent points, many lines at once, seen point by point. */
class LineLengths {
  readonly #running: Int32Array;
  readonly #histogram: Float64Array;
  readonly #shortest: number;

  constructor(nLines: number, longest: number, shortest: number) {
    this.#running = new Int32Array(Math.max(0, nLines));
    this.#histogram = new Float64Array(longest + 1);
    this.#shortest = shortest;
  }

  see(line: number, isRecurrent: boolean): void {
    if (isRecurrent) this.#running[line]++;
    else if (this.#running[line] > 0) this.#end(line);
  }

  close(): void {
    for (let line = 0; line < this.#running.length; line++) if (this.#running[line] > 0) this.#end(line);
  }

  #end(line: number): void {
    this.#histogram[this.#running[line]]++;
    this.#running[line] = 0;
  }

  #sum(value: (length: number, count: number) => number): number {
    let sum = 0;
    for (let length = this.#shortest; length < this.#histogram.length; length++)
      if (this.#histogram[length] > 0) sum += value(length, this.#histogram[length]);
    return sum;
  }

  get points(): number {
    return this.#sum((length, count) => length * count);
  }

  get meanLength(): number {
    return this.points / this.#sum((_, count) => count);
  }

  get longest(): number {
    for (let length = this.#histogram.length - 1; length >= this.#shortest; length--)
      if (this.#histogram[length] > 0) return length;
    return 0;
  }

  get entropy(): number {
    const lines = this.#sum((_, count) => count);
    return lines === 0 ? Number.NaN : this.#sum((_, count) => (-count / lines) * Math.log(count / lines));
  }
}

function embed(x: Float64Array, n: number, m: number, tau: number): Float64Array {
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++) for (let c = 0; c < m; c++) out[i * m + c] = x[i + c * tau];
  return out;
}

function completeStates(states: Float64Array, n: number, m: number): Uint8Array {
  const out = new Uint8Array(n).fill(1);
  for (let i = 0; i < n; i++) for (let c = 0; c < m; c++) if (Number.isNaN(states[i * m + c])) out[i] = 0;
  return out;
}

/** The smallest radius at which at least the wanted share of valid pairs recurs. */
function radiusForRate(a: Float64Array, b: Float64Array, n: number, m: number, rate: number): number {
  if (!(rate > 0 && rate < 1))
    throw new OptionError(`crqa: recurrenceRate must lie between 0 and 1, got ${rate}: 0.05 is 5 %.`);
  if (n > MOST_STATES_FOR_RATE)
    throw new OptionError(
      `crqa: a fixed recurrenceRate takes at most ${MOST_STATES_FOR_RATE} states, got ${n}: hand over shorter windows.`,
    );
  const distances = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let squared = 0;
      for (let c = 0; c < m; c++) squared += (a[i * m + c] - b[j * m + c]) ** 2;
      distances[i * n + j] = squared;
    }
  const sorted = distances.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return Number.NaN;
  // One part in 1e12 more, so that the pair at the limit is inside after the square root and the square.
  return Math.sqrt(sorted[Math.ceil(rate * sorted.length) - 1] / m) * (1 + 1e-12);
}
