import {
  DirectedFit,
  type Direction,
  directionMeans,
  directionsBetween,
  fitMvar,
  LagMoments,
  spectralRadius,
  WindowSet,
} from "@attune/core";
import type {
  Coupling,
  DirectedValue,
  LabelledWindow,
  ModelHealth,
  ModelStatus,
  Window,
} from "@attune/signal";
import { defer, mergeMap, type OperatorFunction } from "rxjs";
import { Forgetting } from "./forgetting.ts";
import { type LiveSettings, type SessionSettings, windowSamples } from "./settings.ts";

/** Observations per coefficient row below which nothing is shown: n_eff >= 10 K p. */
const OBSERVATIONS_PER_REGRESSOR = 10;

/**
 * Coupling while it happens: of every accepted window alone, and pooled per condition with older windows forgotten
 * exponentially, solved anew every `solveEverySeconds` of data.
 *
 *     R_c <- lambda R_c + moments of the window,   lambda = exp(-hop / forgettingSeconds)
 *
 * Until the pooled estimate rests on ten effective samples (`Forgetting`) for every regressor its status is
 * `insufficient-data`. Stability is checked where it is shown, at pooled solutions. Numbers that leave here have no null yet: see `testAgainstNull`.
 */
export function couple(
  settings: SessionSettings,
  live: LiveSettings,
): OperatorFunction<LabelledWindow, Coupling> {
  return (windows) =>
    defer(() => {
      const stage = new LiveCoupling(settings, live);
      return windows.pipe(mergeMap((labelled) => (labelled.kind === "accepted" ? stage.take(labelled) : [])));
    });
}

/** Everything that one condition remembers. */
interface Pool {
  readonly moments: LagMoments;
  readonly forgetting: Forgetting;
  nWindows: number;
  lastSolved: number;
}

class LiveCoupling {
  readonly #settings: SessionSettings;
  readonly #live: LiveSettings;
  readonly #directions: Direction[];
  readonly #fit: DirectedFit;
  readonly #pooled = new Map<string, Pool>();
  readonly #nChannels: number;

  constructor(settings: SessionSettings, live: LiveSettings) {
    this.#settings = settings;
    this.#live = live;
    this.#nChannels = settings.people.reduce((sum, { channels }) => sum + channels.length, 0);
    this.#directions = directionsOf(settings);
    this.#fit = new DirectedFit({
      nChannels: this.#nChannels,
      order: settings.model.order,
      samplingRate: settings.analysisRate,
      frequencyBins: settings.frequencyBins,
      bands: settings.bands,
    });
  }

  take({ window, condition }: Extract<LabelledWindow, { kind: "accepted" }>): Coupling[] {
    const { order, estimator } = this.#settings.model;
    const at = window.start + window.nSamples / window.samplingRate;
    const options = { nChannels: this.#nChannels, order, estimator, demean: false, checks: false };
    const single = fitMvar([window.data], options);
    this.#fit.measure(single.coefficients, single.noiseCovariance);
    const health = this.#health(single.status, single.spectralRadius, single.nObservations);
    const out = [this.#coupling(at, condition, "window", 1, single.nObservations, health)];
    const pooled = this.#pool(condition, window, at);
    if (pooled !== undefined) out.push(pooled);
    return out;
  }

  #pool(condition: string, window: Window, at: number): Coupling | undefined {
    const { order } = this.#settings.model;
    const pool = this.#pooled.get(condition) ?? this.#startPool();
    this.#pooled.set(condition, pool);
    const { moments, forgetting } = pool;
    moments.scale(forgetting.lambda);
    moments.addWindow(window.data, window.nSamples);
    forgetting.take(window);
    pool.nWindows++;
    if (at - pool.lastSolved < this.#live.solveEverySeconds - 1e-9) return undefined;
    pool.lastSolved = at;
    const { effectiveSamples } = forgetting;
    const enough = effectiveSamples >= OBSERVATIONS_PER_REGRESSOR * this.#nChannels * order;
    const status = this.#fit.execute(moments.gram, moments.nRows);
    const radius =
      status === "ok" ? spectralRadius(this.#fit.coefficients, this.#nChannels, order) : Number.NaN;
    const health = this.#health(enough ? status : "insufficient-data", radius, effectiveSamples);
    return this.#coupling(at, condition, "pooled", pool.nWindows, effectiveSamples, health);
  }

  #startPool(): Pool {
    return {
      moments: new LagMoments(this.#nChannels, this.#settings.model.order),
      forgetting: new Forgetting(this.#settings, this.#live),
      nWindows: 0,
      lastSolved: Number.NEGATIVE_INFINITY,
    };
  }

  #health(status: ModelStatus, radius: number, nObservations: number): ModelHealth {
    const judged = status === "ok" && radius >= 1 ? "unstable" : status;
    const parameterRatio = (this.#nChannels ** 2 * this.#settings.model.order) / nObservations;
    return { status: judged, spectralRadius: radius, parameterRatio, nObservations };
  }

  #coupling(
    at: number,
    condition: string,
    scope: Coupling["scope"],
    nWindows: number,
    effectiveSamples: number,
    health: ModelHealth,
  ): Coupling {
    const { bands } = this.#settings;
    const means = new Float64Array(this.#directions.length * bands.length);
    directionMeans(means, this.#fit.matrices, this.#directions, this.#nChannels);
    const values = this.#directions.flatMap(({ from, to }, d) =>
      bands.map(({ name }, b) => untested(from, to, name, means[d * bands.length + b]!)),
    );
    return { kind: "coupling", at, condition, scope, values, nWindows, effectiveSamples, health };
  }
}

/** A value whose null is not known yet. */
const untested = (from: string, to: string, band: string, value: number): DirectedValue => ({
  from,
  to,
  band,
  measure: "gpdcSquared",
  value,
  nullMean: Number.NaN,
  nullSd: Number.NaN,
  corrected: Number.NaN,
  z: Number.NaN,
  p: Number.NaN,
});

/** Every ordered pair of the session's people. */
export function directionsOf(settings: SessionSettings): Direction[] {
  return directionsBetween(peopleRows(settings));
}

const peopleRows = (settings: SessionSettings): WindowSet["people"] =>
  new WindowSet(
    settings.people.map(({ person, channels }) => ({ id: person.id, nChannels: channels.length })),
    windowSamples(settings),
    [],
  ).people;
