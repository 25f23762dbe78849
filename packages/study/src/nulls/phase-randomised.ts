import { PhaseRandomiser, type Uniform, type WindowSet } from "@attune/core";
import { type ConditionData, prepared } from "../condition-data.ts";
import type { StudySettings } from "../settings.ts";
import { MOST_REBUILT_SURROGATES, type NullContext, type NullDraws, uniformFor } from "./context.ts";
import { hopSeconds, runLengths } from "./exchange.ts";

/** The dyad with new phases in every head but the first. */
export function drawPhaseRandomised({ settings, estimator, data }: NullContext): NullDraws {
  const plans = new PhasePlans();
  const nDraws = Math.min(settings.nSurrogates, MOST_REBUILT_SURROGATES);
  const draws = Array.from({ length: nDraws }, (_, surrogate) => {
    const uniform = uniformFor(settings, data.condition, "phaseRand", surrogate);
    return estimator.ofWindows(randomisePhases(data, settings, uniform, plans));
  });
  return { id: "phaseRand", observed: estimator.ofWindows(data.set.windows), draws };
}

/**
 * Every uninterrupted run of windows with new phases, the same for all channels of a head; one head stays as it is.
 *
 * Runs are put together from windows as they were recorded: windows whose means have been taken out one by one would not
 * meet where they overlap, and the steps would change the spectrum that this null has to keep.
 */
export function randomisePhases(
  { set, recorded, firstIndices, episodes }: ConditionData,
  settings: StudySettings,
  uniform: Uniform,
  plans = new PhasePlans(),
): Float64Array[] {
  const hop = Math.max(1, Math.round(hopSeconds(settings) * settings.analysisRate));
  const windows = recorded.map((window) => window.slice());
  let first = 0;
  for (const length of runLengths({ firstIndices, episodes }, settings)) {
    for (let person = 1; person < set.people.length; person++) {
      randomiseRun(windows, set, person, { first, length, hop }, plans, uniform);
    }
    first += length;
  }
  return windows.map((window) => prepared(window, set.people, set.nSamples, settings.model.demean));
}

/** Transforms by length: many runs are equally long. */
class PhasePlans {
  readonly #plans = new Map<string, PhaseRandomiser>();

  of(nChannels: number, nSamples: number): PhaseRandomiser {
    const key = `${nChannels} ${nSamples}`;
    const plan = this.#plans.get(key) ?? new PhaseRandomiser(nChannels, nSamples);
    this.#plans.set(key, plan);
    return plan;
  }
}

/** Phases of one uninterrupted run of windows, the same for all channels of a head. */
function randomiseRun(
  windows: readonly Float64Array[],
  set: WindowSet,
  person: number,
  { first, length, hop }: { readonly first: number; readonly length: number; readonly hop: number },
  plans: PhasePlans,
  uniform: Uniform,
): void {
  const { firstChannel, nChannels } = set.people[person]!;
  const { nSamples } = set;
  const total = (length - 1) * hop + nSamples;
  const run = new Float64Array(nChannels * total);
  for (let w = 0; w < length; w++) {
    for (let c = 0; c < nChannels; c++) {
      const row = (firstChannel + c) * nSamples;
      run.set(windows[first + w]!.subarray(row, row + nSamples), c * total + w * hop);
    }
  }
  plans.of(nChannels, total).execute(run, run, uniform);
  for (let w = 0; w < length; w++) {
    for (let c = 0; c < nChannels; c++) {
      const part = run.subarray(c * total + w * hop, c * total + w * hop + nSamples);
      windows[first + w]!.set(part, (firstChannel + c) * nSamples);
    }
  }
}
