import {
  directionMeans,
  identityPairing,
  LagMoments,
  PairedMoments,
  type Pairing,
  WindowSet,
} from "@attune/core";
import type { Estimator } from "../estimator.ts";
import { type EpochLayout, windowOf } from "./trials.ts";

/** A measure over time, `[line][time]`; a line is a direction in a band, as `Estimator.means` orders them. */
export type Course = number[][];

/** The course of the data and of each surrogate. */
export interface TestedCourse {
  readonly observed: Course;
  readonly surrogates: readonly Course[];
}

/**
 * Band means of squared GPDC in windows that slide over the trials; each window is one fit with all trials pooled, so that
 * its rows come from trials and not from time.
 *
 * A surrogate gives the trials of one person to other trials of the others, the same at every time. It destroys what
 * belongs to one trial; spectra, what each head does by itself at that time, and slow changes over the session stay.
 *
 * @param pairings one for each surrogate
 */
export function courseOfPairs(
  estimator: Estimator,
  people: readonly { readonly id: string; readonly nChannels: number }[],
  trials: readonly Float64Array[],
  layout: EpochLayout,
  pairings: readonly Pairing[],
): TestedCourse {
  const course = new CourseWriter(estimator, layout.times.length, pairings.length);
  const gram = new Float64Array(((estimator.order + 1) * estimator.nChannels) ** 2);
  layout.starts.forEach((start, t) => {
    const windows = trials.map((trial) => windowOf(trial, start, estimator.nChannels, layout));
    const paired = new PairedMoments(new WindowSet(people, layout.nWindowSamples, windows), estimator.order);
    paired.gram(gram, identityPairing(paired.set));
    course.write(course.observed, t, gram, paired.nRows);
    pairings.forEach((pairing, s) => {
      paired.gram(gram, pairing);
      course.write(course.surrogates[s]!, t, gram, paired.nRows);
    });
  });
  return course;
}

/**
 * The same for the first `nEvents` trials of a pool, with surrogates that take as many other trials from it.
 *
 * @param chosen for each surrogate the `[nEvents]` trials taken
 */
export function courseOfSubsets(
  estimator: Estimator,
  pool: readonly Float64Array[],
  nEvents: number,
  layout: EpochLayout,
  chosen: readonly Int32Array[],
): TestedCourse {
  const course = new CourseWriter(estimator, layout.times.length, chosen.length);
  const events = Int32Array.from({ length: nEvents }, (_, trial) => trial);
  const sums = new TriangleSums(pool.length, (estimator.order + 1) * estimator.nChannels);
  const moments = new LagMoments(estimator.nChannels, estimator.order);
  const gram = new Float64Array(moments.gram.length);
  const nRows = nEvents * (layout.nWindowSamples - estimator.order);
  layout.starts.forEach((start, t) => {
    pool.forEach((trial, p) => {
      moments.clear();
      moments.addWindow(windowOf(trial, start, estimator.nChannels, layout), layout.nWindowSamples);
      sums.keep(p, moments.gram);
    });
    sums.of(gram, events);
    course.write(course.observed, t, gram, nRows);
    chosen.forEach((members, s) => {
      sums.of(gram, members);
      course.write(course.surrogates[s]!, t, gram, nRows);
    });
  });
  return course;
}

/** Sums of a few out of many symmetric matrices, of which only the upper triangle is kept: all that a solver reads. */
class TriangleSums {
  readonly #side: number;
  readonly #kept: Float64Array;
  readonly #sum: Float64Array;

  constructor(nMatrices: number, side: number) {
    this.#side = side;
    const size = (side * (side + 1)) / 2;
    this.#kept = new Float64Array(nMatrices * size);
    this.#sum = new Float64Array(size);
  }

  keep(index: number, matrix: Float64Array): void {
    const side = this.#side;
    let to = index * this.#sum.length;
    for (let r = 0; r < side; r++) for (let c = r; c < side; c++) this.#kept[to++] = matrix[r * side + c]!;
  }

  /** @param out `[side, side]`; below the diagonal nothing is written */
  of(out: Float64Array, members: Int32Array): void {
    const kept = this.#kept;
    const sum = this.#sum.fill(0);
    const size = sum.length;
    let m = 0;
    // Four at a time, so that each sum is read and written a quarter as often.
    for (; m + 3 < members.length; m += 4) {
      const a = members[m]! * size;
      const b = members[m + 1]! * size;
      const c = members[m + 2]! * size;
      const d = members[m + 3]! * size;
      for (let i = 0; i < size; i++) sum[i]! += kept[a + i]! + kept[b + i]! + (kept[c + i]! + kept[d + i]!);
    }
    for (; m < members.length; m++) {
      const a = members[m]! * size;
      for (let i = 0; i < size; i++) sum[i]! += kept[a + i]!;
    }
    const side = this.#side;
    let from = 0;
    for (let r = 0; r < side; r++) for (let c = r; c < side; c++) out[r * side + c] = sum[from++]!;
  }
}

class CourseWriter implements TestedCourse {
  readonly observed: Course;
  readonly surrogates: readonly Course[];
  readonly #estimator: Estimator;
  readonly #means: Float64Array;

  constructor(estimator: Estimator, nTimes: number, nSurrogates: number) {
    this.#estimator = estimator;
    this.#means = new Float64Array(estimator.directions.length * estimator.settings.bands.length);
    const empty = (): Course => Array.from(this.#means, () => new Array<number>(nTimes).fill(Number.NaN));
    this.observed = empty();
    this.surrogates = Array.from({ length: nSurrogates }, empty);
  }

  /** Solves one model and puts its values at time `t`. */
  write(course: Course, t: number, gram: Float64Array, nRows: number): void {
    const { fit, directions, nChannels } = this.#estimator;
    fit.execute(gram, nRows);
    directionMeans(this.#means, fit.matrices, directions, nChannels);
    for (let line = 0; line < this.#means.length; line++) course[line]![t] = this.#means[line]!;
  }
}

/** Windows whose centres lie in the published baseline, -700..-500 ms. */
const BASELINE = { first: -0.7, last: -0.5 };

/** How far a course rises above its own mean over the baseline windows, `[line][time]`. */
export function aboveBaseline(course: Course, times: readonly number[]): Course {
  const inside = times.flatMap((time, t) =>
    time >= BASELINE.first - 1e-9 && time <= BASELINE.last + 1e-9 ? [t] : [],
  );
  return course.map((values) => {
    const baseline = inside.reduce((sum, t) => sum + values[t]!, 0) / inside.length;
    return values.map((value) => value - baseline);
  });
}
