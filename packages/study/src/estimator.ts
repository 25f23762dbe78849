import {
  DirectedFit,
  type Direction,
  directionMeans,
  directionsBetween,
  type FittedMvar,
  fitMvar,
  LagMoments,
  PairedMoments,
  type Pairing,
  type WindowSet,
} from "@attune/core";
import type { StudySettings } from "./settings.ts";

/** A model fitted to one condition together with the moments that it came from. */
export interface ConditionFit {
  readonly model: FittedMvar;
  /** As `LagMoments.gram`, pooled over all windows. */
  readonly gram: Float64Array;
  readonly nRows: number;
}

/**
 * The study's statistic on a set of windows: band means of squared GPDC, `[band, sink, source]`.
 *
 * `pooled`: one least squares fit over all windows. `perWindowMean`: one fit a window with the named estimator, squared
 * values averaged over windows. Windows are `[nChannels, nSamples]`, already demeaned where wanted.
 */
export class Estimator {
  readonly settings: StudySettings;
  readonly directions: readonly Direction[];
  readonly nChannels: number;
  readonly order: number;
  readonly fit: DirectedFit;
  /** Nulls that exchange whole windows and the equalised value ask for the same windows a hundred times. */
  readonly #ofWindow = new WeakMap<Float64Array, Float64Array>();

  constructor(settings: StudySettings, people: WindowSet["people"], order = settings.model.order) {
    this.settings = settings;
    this.order = order;
    this.nChannels = people.reduce((sum, person) => sum + person.nChannels, 0);
    this.directions = directionsBetween(people);
    this.fit = new DirectedFit({
      nChannels: this.nChannels,
      order,
      samplingRate: settings.analysisRate,
      frequencyBins: settings.frequencyBins,
      bands: settings.bands,
    });
  }

  get isPooled(): boolean {
    return this.settings.model.pooling === "pooled";
  }

  /** Length of the statistic. */
  get size(): number {
    return this.settings.bands.length * this.nChannels ** 2;
  }

  /** The statistic of windows as they are, `[band, sink, source]`; NaN where no model could be fitted. */
  ofWindows(windows: readonly Float64Array[]): Float64Array {
    const { estimator } = this.settings.model;
    if (this.isPooled && estimator === "ols") return this.ofMoments(this.moments(windows));
    if (this.isPooled) {
      const model = fitMvar(windows, {
        nChannels: this.nChannels,
        order: this.order,
        estimator,
        demean: false,
        checks: false,
      });
      this.fit.measure(model.coefficients, model.noiseCovariance);
      return this.fit.matrices.slice();
    }
    const sum = new Float64Array(this.size);
    for (const window of windows) {
      const values = this.ofWindow(window);
      for (let i = 0; i < sum.length; i++) sum[i]! += values[i]! / windows.length;
    }
    return sum;
  }

  /** The statistic of one window alone, remembered as long as the window exists: neither array may be written to. */
  ofWindow(window: Float64Array): Float64Array {
    const known = this.#ofWindow.get(window);
    if (known !== undefined) return known;
    const { estimator } = this.settings.model;
    const model = fitMvar([window], {
      nChannels: this.nChannels,
      order: this.order,
      estimator,
      demean: false,
      checks: false,
    });
    this.fit.measure(model.coefficients, model.noiseCovariance);
    const values = this.fit.matrices.slice();
    this.#ofWindow.set(window, values);
    return values;
  }

  ofMoments(moments: LagMoments): Float64Array {
    this.fit.execute(moments.gram, moments.nRows);
    return this.fit.matrices.slice();
  }

  moments(windows: readonly Float64Array[]): LagMoments {
    const moments = new LagMoments(this.nChannels, this.order);
    for (const window of windows) moments.addWindow(window, window.length / this.nChannels);
    return moments;
  }

  /** Mean over links, `[direction, band]`. */
  means(matrices: Float64Array): Float64Array {
    const means = new Float64Array(this.directions.length * this.settings.bands.length);
    directionMeans(means, matrices, this.directions, this.nChannels);
    return means;
  }

  /** The pooled model that diagnostics, spectra and the residual null are about, whatever the statistic averages. */
  pooledFit(set: WindowSet): ConditionFit {
    const { estimator } = this.settings.model;
    const model = fitMvar(set.windows, {
      nChannels: this.nChannels,
      order: this.order,
      estimator,
      demean: false,
    });
    const moments = this.moments(set.windows);
    return { model, gram: moments.gram, nRows: moments.nRows };
  }
}

/** The statistic for any pairing of the people's windows. */
export interface PairedStatistic {
  /** `[band, sink, source]`, overwritten by the next call. */
  of(pairing: Pairing): Float64Array;
}

/** @param unit consecutive windows that are exchanged as one; pairings count units */
export function pairedStatistic(estimator: Estimator, set: WindowSet, unit: number): PairedStatistic {
  return estimator.isPooled && estimator.settings.model.estimator === "ols"
    ? new PooledPairs(estimator, set, unit)
    : new ReassembledPairs(estimator, set, unit);
}

class PooledPairs implements PairedStatistic {
  readonly #estimator: Estimator;
  readonly #paired: PairedMoments;
  readonly #gram: Float64Array;

  constructor(estimator: Estimator, set: WindowSet, unit: number) {
    this.#estimator = estimator;
    this.#paired = new PairedMoments(set, estimator.order, unit);
    this.#gram = new Float64Array(((estimator.order + 1) * set.nChannels) ** 2);
  }

  of(pairing: Pairing): Float64Array {
    this.#paired.gram(this.#gram, pairing);
    this.#estimator.fit.execute(this.#gram, this.#paired.nRows);
    return this.#estimator.fit.matrices;
  }
}

/** Numbers that are remembered for pairs of windows, 160 MB of them. */
const LARGEST_MEMORY = 2e7;

const windowsOfUnits = (units: Int32Array, unit: number): Int32Array =>
  Int32Array.from(
    { length: units.length * unit },
    (_, w) => units[Math.floor(w / unit)]! * unit + (w % unit),
  );

/** Puts every window together anew; remembers the value of each pair of windows when they are averaged one by one. */
class ReassembledPairs implements PairedStatistic {
  readonly #estimator: Estimator;
  readonly #set: WindowSet;
  readonly #known = new Map<string, Float64Array>();
  readonly #unit: number;

  constructor(estimator: Estimator, set: WindowSet, unit: number) {
    this.#estimator = estimator;
    this.#set = set;
    this.#unit = unit;
  }

  of(pairingOfUnits: Pairing): Float64Array {
    const pairing = pairingOfUnits.map((units) => windowsOfUnits(units, this.#unit));
    const nPlaces = pairing[0]!.length;
    if (this.#estimator.isPooled) {
      const windows = Array.from({ length: nPlaces }, (_, w) =>
        this.#assemble(pairing.map((windows) => windows[w]!)),
      );
      return this.#estimator.ofWindows(windows);
    }
    const sum = new Float64Array(this.#estimator.size);
    for (let w = 0; w < nPlaces; w++) {
      const values = this.#valuesOf(pairing.map((windows) => windows[w]!));
      for (let i = 0; i < sum.length; i++) sum[i]! += values[i]! / nPlaces;
    }
    return sum;
  }

  #valuesOf(members: readonly number[]): Float64Array {
    const key = members.join(" ");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const values = this.#estimator.ofWindow(this.#assemble(members));
    if (this.#known.size * values.length < LARGEST_MEMORY) this.#known.set(key, values);
    return values;
  }

  #assemble(members: readonly number[]): Float64Array {
    const { nChannels, nSamples, people } = this.#set;
    const window = new Float64Array(nChannels * nSamples);
    members.forEach((w, person) => {
      window.set(this.#set.part(person, w), people[person]!.firstChannel * nSamples);
    });
    return window;
  }
}
