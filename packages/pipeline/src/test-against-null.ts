import {
  blockShuffle,
  counterRandom,
  DirectedFit,
  directionMeans,
  identityPairing,
  mean,
  PairedMoments,
  permutationP,
  standardDeviation,
  WindowSet,
} from "@attune/core";
import type { Coupling, DirectedValue, LabelledWindow, Window } from "@attune/signal";
import { defer, EMPTY, type MonoTypeOperatorFunction, map, merge, mergeMap, type Observable } from "rxjs";
import { directionsOf } from "./couple.ts";
import { Forgetting } from "./forgetting.ts";
import { type LiveSettings, type SessionSettings, windowSamples } from "./settings.ts";

/** Fewer windows than this give no null worth showing. */
const FEWEST_WINDOWS = 10;

/**
 * Puts the pooled estimate beside its chance level: the same fit after the windows of one person were paired
 * with other windows of the others (`blockShuffle`), drawn anew every `nullEverySeconds` of data.
 *
 * The bank holds the newest windows of each condition that do not overlap. A null is drawn from as many of them as the
 * estimate effectively rests on (`Forgetting`), so that both have the same chance level; `bankWindows` may be fewer, and
 * the null is then too high and never too low. Numbers while data flow describe; the report at the end tests.
 */
export function testAgainstNull(
  windows: Observable<LabelledWindow>,
  settings: SessionSettings,
  live: LiveSettings,
): MonoTypeOperatorFunction<Coupling> {
  return (couplings) =>
    defer(() => {
      const banks = new Map<string, NullBank>();
      const bankOf = (condition: string): NullBank => {
        const bank = banks.get(condition) ?? new NullBank(condition, settings, live);
        banks.set(condition, bank);
        return bank;
      };
      const collect = windows.pipe(
        mergeMap((labelled) => {
          if (labelled.kind === "accepted") bankOf(labelled.condition).add(labelled.window);
          return EMPTY;
        }),
      );
      const tested = couplings.pipe(
        map((coupling) =>
          coupling.scope === "pooled" ? bankOf(coupling.condition).judge(coupling) : coupling,
        ),
      );
      return merge(collect, tested);
    });
}

class NullBank {
  readonly #condition: string;
  readonly #settings: SessionSettings;
  readonly #live: LiveSettings;
  readonly #windows: Window[] = [];
  readonly #forgetting: Forgetting;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #draws = 0;
  /** `[direction * band][surrogate]`. */
  #null: number[][] = [];

  constructor(condition: string, settings: SessionSettings, live: LiveSettings) {
    this.#condition = condition;
    this.#settings = settings;
    this.#live = live;
    this.#forgetting = new Forgetting(settings, live);
  }

  add(window: Window): void {
    this.#forgetting.take(window);
    const last = this.#windows.at(-1);
    if (last !== undefined && window.firstIndex < last.firstIndex + last.nSamples) return;
    this.#windows.push(window);
    if (this.#windows.length > Math.max(FEWEST_WINDOWS, this.#live.bankWindows)) this.#windows.shift();
  }

  judge(coupling: Coupling): Coupling {
    const due = coupling.at - this.#drawnAt >= this.#live.nullEverySeconds - 1e-9;
    if (due && this.#windows.length >= FEWEST_WINDOWS && coupling.health.status === "ok") {
      this.#drawnAt = coupling.at;
      this.#null = this.#draw();
    }
    if (this.#null.length === 0) return coupling;
    return { ...coupling, values: coupling.values.map((value, v) => judged(value, this.#null[v]!)) };
  }

  /** The newest windows, as many as the estimate effectively rests on. */
  #newest(): Float64Array[] {
    const rows = windowSamples(this.#settings) - this.#settings.model.order;
    const wanted = Math.round(this.#forgetting.effectiveSamples / rows);
    return this.#windows.slice(-Math.max(FEWEST_WINDOWS, wanted)).map(({ data }) => data);
  }

  /** Surrogates whose model could not be fitted are left out; none at all means that there is no null. */
  #draw(): number[][] {
    const settings = this.#settings;
    const people = settings.people.map(({ person, channels }) => ({
      id: person.id,
      nChannels: channels.length,
    }));
    const set = new WindowSet(people, windowSamples(settings), this.#newest());
    const { order } = settings.model;
    const paired = new PairedMoments(set, order);
    const fit = new DirectedFit({
      nChannels: set.nChannels,
      order,
      samplingRate: settings.analysisRate,
      frequencyBins: settings.frequencyBins,
      bands: settings.bands,
    });
    const directions = directionsOf(settings);
    const gram = new Float64Array(((order + 1) * set.nChannels) ** 2);
    const means = new Float64Array(directions.length * settings.bands.length);
    const draws: number[][] = Array.from(means, () => []);
    const uniform = counterRandom(settings.seed, this.#condition, "live-null", this.#draws++);
    for (let s = 0; s < this.#live.nSurrogates; s++) {
      const pairing = identityPairing(set);
      for (let person = 1; person < pairing.length; person++) {
        pairing[person] = blockShuffle(set.nWindows, { minimumShift: 1, uniform });
      }
      paired.gram(gram, pairing);
      if (fit.execute(gram, paired.nRows) !== "ok") continue;
      directionMeans(means, fit.matrices, directions, set.nChannels);
      for (let v = 0; v < means.length; v++) draws[v]!.push(means[v]!);
    }
    return draws[0]!.length > 0 ? draws : [];
  }
}

function judged(value: DirectedValue, draws: readonly number[]): DirectedValue {
  const nullMean = mean(draws);
  const nullSd = standardDeviation(draws);
  return {
    ...value,
    nullMean,
    nullSd,
    corrected: (value.value - nullMean) / (1 - nullMean),
    z: (value.value - nullMean) / nullSd,
    p: permutationP(value.value, draws),
  };
}
