import { WindowSet } from "@attune/core";
import { ALL, type PersonMontage } from "@attune/pipeline";
import type { LabelledWindow } from "@attune/signal";
import type { StudySettings } from "./settings.ts";

/** The accepted windows of one condition, in the order of time. */
export interface ConditionData {
  readonly condition: string;
  /** Windows as the model gets them. */
  readonly set: WindowSet;
  /** The same windows before their means were taken out. */
  readonly recorded: readonly Float64Array[];
  /** `[nWindows]`, state episode of each window: the unit that may be exchanged between conditions. */
  readonly episodes: readonly number[];
  /** `[nWindows]`, grid index of the first sample. */
  readonly firstIndices: readonly number[];
  /** Seconds that are covered at least once. */
  readonly cleanSeconds: number;
}

type Accepted = Extract<LabelledWindow, { kind: "accepted" }>;

/** Sorts accepted windows by condition, conditions in alphabetical order. */
export function groupByCondition(
  windows: readonly LabelledWindow[],
  people: readonly PersonMontage[],
  settings: StudySettings,
): ConditionData[] {
  const groups = new Map<string, Accepted[]>();
  for (const labelled of windows) {
    // A condition that was seen but never clean is reported as such, not left out.
    const condition = labelled.condition;
    if (condition !== undefined && !groups.has(condition)) groups.set(condition, []);
    if (labelled.kind === "accepted") groups.get(labelled.condition)!.push(labelled);
  }
  if (groups.size === 0) groups.set(ALL, []);
  return [...groups]
    .map(([condition, accepted]) => conditionData(condition, accepted, people, settings))
    .sort((a, b) => a.condition.localeCompare(b.condition, "en"));
}

function conditionData(
  condition: string,
  accepted: readonly Accepted[],
  people: readonly PersonMontage[],
  settings: StudySettings,
): ConditionData {
  const nSamples = Math.round(settings.window.seconds * settings.analysisRate);
  const rows = people.map(({ person, channels }) => ({ id: person.id, nChannels: channels.length }));
  const data = accepted.map(({ window }) => prepared(window.data, rows, nSamples, settings.model.demean));
  return {
    condition,
    set: new WindowSet(rows, nSamples, data),
    recorded: accepted.map(({ window }) => window.data),
    episodes: accepted.map(({ episode }) => episode),
    firstIndices: accepted.map(({ window }) => window.firstIndex),
    cleanSeconds:
      coveredSamples(
        accepted.map(({ window }) => window.firstIndex),
        nSamples,
      ) / settings.analysisRate,
  };
}

/** Windows as the model gets them: with each channel's mean taken out if the settings say so. */
export function prepared(
  window: Float64Array,
  people: readonly { readonly nChannels: number }[],
  nSamples: number,
  demean: boolean,
): Float64Array {
  if (!demean) return window;
  const nChannels = people.reduce((sum, person) => sum + person.nChannels, 0);
  const out = window.slice();
  for (let c = 0; c < nChannels; c++) {
    let sum = 0;
    for (let n = 0; n < nSamples; n++) sum += out[c * nSamples + n]!;
    const mean = sum / nSamples;
    for (let n = 0; n < nSamples; n++) out[c * nSamples + n]! -= mean;
  }
  return out;
}

/** Samples that lie in at least one window; windows are in order. */
function coveredSamples(firstIndices: readonly number[], nSamples: number): number {
  let covered = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const first of firstIndices) {
    covered += first + nSamples - Math.max(first, Math.min(end, first + nSamples));
    end = first + nSamples;
  }
  return covered;
}
