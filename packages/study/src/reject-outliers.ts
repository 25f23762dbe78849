import { median, medianAbsoluteDeviation } from "@attune/core";
import type { PersonMontage } from "@attune/pipeline";
import type { LabelledWindow } from "@attune/signal";
import type { StudySettings } from "./settings.ts";

type Accepted = Extract<LabelledWindow, { kind: "accepted" }>;

/** Scale that makes the median absolute deviation of normal values their standard deviation. */
const MAD_TO_SD = 1.4826;

/**
 * Rejects windows whose power in any channel is out of the ordinary for their condition, and their neighbours within the guard.
 *
 *     log rms - median > outlierZ * 1.4826 * MAD      over the windows of a condition, per channel
 *
 * Fixed amplitude limits let through what is large for this person but not for everybody. One such window outweighs dozens of
 * others in a pooled fit, and noise on one head makes false links from the other. Judged per condition, because
 * states may differ in power without anybody moving.
 */
export function rejectOutliers(
  windows: readonly LabelledWindow[],
  people: readonly PersonMontage[],
  settings: StudySettings,
): LabelledWindow[] {
  const { outlierZ, guardSeconds } = settings.artefacts;
  if (outlierZ === 0) return [...windows];
  const owners = people.flatMap(({ person, channels }) => channels.map(() => person.id));
  const outliers = new Map<Accepted, string[]>();
  for (const accepted of byCondition(windows)) {
    for (const [window, persons] of outliersAmong(accepted, owners, outlierZ)) outliers.set(window, persons);
  }
  const stretches = [...outliers].flatMap(([{ window }, persons]) =>
    persons.map((person) => ({ person, start: window.start, end: window.start + settings.window.seconds })),
  );
  return windows.map((labelled) => {
    if (labelled.kind === "rejected") return labelled;
    const { window, condition } = labelled;
    const own = outliers.get(labelled) ?? [];
    const end = window.start + settings.window.seconds;
    const near = stretches.filter(
      (each) => each.start < end + guardSeconds - 1e-9 && each.end > window.start - guardSeconds + 1e-9,
    );
    if (near.length === 0) return labelled;
    const persons = [...new Set(near.map(({ person }) => person))];
    const reasons = persons.map((person) => ({
      person,
      reason: own.includes(person) ? ("outlier" as const) : ("near-artefact" as const),
    }));
    return { kind: "rejected", window, condition, reasons };
  });
}

function byCondition(windows: readonly LabelledWindow[]): Accepted[][] {
  const groups = new Map<string, Accepted[]>();
  for (const labelled of windows) {
    if (labelled.kind === "accepted")
      groups.set(labelled.condition, [...(groups.get(labelled.condition) ?? []), labelled]);
  }
  return [...groups.values()];
}

/** Windows that stand out, each with the people whose channels do. */
function outliersAmong(
  accepted: readonly Accepted[],
  owners: readonly string[],
  limit: number,
): Map<Accepted, string[]> {
  const found = new Map<Accepted, string[]>();
  owners.forEach((person, c) => {
    const logs = accepted.map(({ window }) => Math.log(rms(window.data, c, window.nSamples)));
    const centre = median(logs);
    const spread = MAD_TO_SD * medianAbsoluteDeviation(logs);
    if (!(spread > 0)) return;
    logs.forEach((value, w) => {
      if (value - centre <= limit * spread) return;
      const persons = found.get(accepted[w]!) ?? [];
      if (!persons.includes(person)) found.set(accepted[w]!, [...persons, person]);
    });
  });
  return found;
}

function rms(data: Float64Array, channel: number, nSamples: number): number {
  let sum = 0;
  for (let n = channel * nSamples; n < (channel + 1) * nSamples; n++) sum += data[n]! ** 2;
  return Math.sqrt(sum / nSamples);
}
