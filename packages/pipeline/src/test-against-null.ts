import { mean, permutationP, standardDeviation } from "@attune/core";
import type { Coupling, DirectedValue, LabelledWindow, Window } from "@attune/signal";
import { defer, EMPTY, type MonoTypeOperatorFunction, map, merge, mergeMap, type Observable } from "rxjs";
import { Forgetting } from "./forgetting.ts";
import { NullDraw } from "./null-draw.ts";
import { type LiveSettings, type SessionSettings, windowSamples } from "./settings.ts";

/** Fewer windows than this give no null worth showing. */
const FEWEST_WINDOWS = 10;
/** A null is drawn in portions over this much data: in one go it would hold up the chunk that it falls on. */
const DRAW_SECONDS = 5;

/**
 * Puts the pooled estimate beside its chance level: the same fit after the windows of one person were paired
 * with other windows of the others (`NullDraw`), drawn anew every `nullEverySeconds` of data, in portions over 5 s of it.
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
  readonly #portion: number;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #nDraws = 0;
  #drawing: NullDraw | undefined;
  /** `[direction * band][surrogate]`. */
  #null: readonly number[][] = [];

  constructor(condition: string, settings: SessionSettings, live: LiveSettings) {
    this.#condition = condition;
    this.#settings = settings;
    this.#live = live;
    this.#forgetting = new Forgetting(settings, live);
    const nSteps = Math.min(DRAW_SECONDS, live.nullEverySeconds) / live.solveEverySeconds;
    this.#portion = Math.max(1, Math.ceil(live.nSurrogates / nSteps));
  }

  add(window: Window): void {
    this.#forgetting.take(window);
    const last = this.#windows.at(-1);
    if (last !== undefined && window.firstIndex < last.firstIndex + last.nSamples) return;
    this.#windows.push(window);
    if (this.#windows.length > Math.max(FEWEST_WINDOWS, this.#live.bankWindows)) this.#windows.shift();
  }

  judge(coupling: Coupling): Coupling {
    this.#draw(coupling);
    if (this.#null.length === 0) return coupling;
    return { ...coupling, values: coupling.values.map((value, v) => judged(value, this.#null[v]!)) };
  }

  #draw({ at, health }: Coupling): void {
    const due = at - this.#drawnAt >= this.#live.nullEverySeconds - 1e-9;
    if (
      this.#drawing === undefined &&
      due &&
      this.#windows.length >= FEWEST_WINDOWS &&
      health.status === "ok"
    ) {
      this.#drawnAt = at;
      const key = { condition: this.#condition, draw: this.#nDraws++ };
      this.#drawing = new NullDraw(this.#settings, this.#newest(), this.#live.nSurrogates, key);
    }
    this.#drawing?.advance(this.#portion);
    if (!this.#drawing?.isComplete) return;
    const { draws } = this.#drawing;
    this.#drawing = undefined;
    // None at all means that no surrogate could be fitted, and that there is no null.
    this.#null = draws[0]!.length > 0 ? draws : [];
  }

  /** The newest windows, as many as the estimate effectively rests on. */
  #newest(): Float64Array[] {
    const rows = windowSamples(this.#settings) - this.#settings.model.order;
    const wanted = Math.round(this.#forgetting.effectiveSamples / rows);
    return this.#windows.slice(-Math.max(FEWEST_WINDOWS, wanted)).map(({ data }) => data);
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
