import { type Intervals, intersectIntervals, reactivity, totalSeconds, uniteIntervals } from "@attune/core";
import { StudyError } from "../../errors.ts";
import type { CodedStates } from "../behaviour/coded-states.ts";
import type { EpochRow, PlainEpochRow, ReactivityResult } from "../result.ts";
import { meanOf } from "./mean-of.ts";

/** Layers that name what the session is at. */
export const PHASE_LAYER = /^(phase|condition|task)$/i;
const DEFAULT_BASELINE = /^baseline$/i;
/** An epoch is baseline when nothing else reaches into it. */
const WHOLE = 0.99;

export interface Baseline {
  readonly name: string;
  readonly intervals: Intervals;
}

/**
 * The phase that others are compared with: the one that was named, or the one called baseline.
 *
 * @throws StudyError when a phase was named that is not coded
 */
export function baselineOf(coded: CodedStates, wanted: string | undefined): Baseline | undefined {
  const phases = coded.layers
    .filter(({ layer }) => PHASE_LAYER.test(layer))
    .flatMap(({ states }) => [...states]);
  const fits = (name: string): boolean =>
    wanted === undefined ? DEFAULT_BASELINE.test(name) : name.toLowerCase() === wanted.toLowerCase();
  const found = phases.filter(([name]) => fits(name));
  if (found.length > 0)
    return { name: found[0]![0], intervals: uniteIntervals(...found.map(([, intervals]) => intervals)) };
  if (wanted === undefined) return undefined;
  const known = [...new Set(phases.map(([name]) => name))];
  throw new StudyError(
    `There is no phase "${wanted}" to be the baseline: ${known.length === 0 ? "no phase is coded, so give a table with --states whose layer phase names them" : `the phases are ${known.join(", ")}`}.`,
  );
}

const measures = [
  { measure: "lnRsa", unit: "ln(ms^2)" },
  { measure: "ibi", unit: "ms" },
  { measure: "pep", unit: "ms" },
] as const;

const none = { change: Number.NaN, z: Number.NaN, baseline: Number.NaN };

/** Adds to every epoch how far it lies from the same person's baseline, and sums it up by phase. */
export function withReactivity(
  rows: readonly PlainEpochRow[],
  baseline: Baseline | undefined,
  epochSeconds: number,
): { readonly epochs: EpochRow[]; readonly reactivity: ReactivityResult | undefined } {
  if (baseline === undefined)
    return {
      epochs: rows.map((row) => ({ ...row, reactivity: { lnRsa: none, ibi: none, pep: none } })),
      reactivity: undefined,
    };
  const isBaseline = ({ start }: PlainEpochRow): boolean => {
    const span = { onsets: Float64Array.of(start), offsets: Float64Array.of(start + epochSeconds) };
    return totalSeconds(intersectIntervals(baseline.intervals, span)) >= WHOLE * epochSeconds;
  };
  const summaries: ReactivityResult["rows"][number][] = [];
  const epochs = [...new Set(rows.map(({ person }) => person))].flatMap((person): EpochRow[] => {
    const own = rows.filter((row) => row.person === person);
    const inBaseline = own.filter(isBaseline);
    const found = measures.map(({ measure, unit }) => {
      const result = reactivity(
        own.map((row) => row[measure]),
        inBaseline.map((row) => row[measure]),
      );
      const phases = new Map<string, number[]>();
      own.forEach(({ condition }, k) => {
        if (inBaseline.includes(own[k]!) || Number.isNaN(result.change[k]!)) return;
        phases.set(condition, [...(phases.get(condition) ?? []), k]);
      });
      for (const [phase, members] of phases)
        summaries.push({
          person,
          measure,
          unit,
          phase,
          nEpochs: members.length,
          change: meanOf(members.map((k) => result.change[k]!)),
          z: meanOf(members.map((k) => result.z[k]!)),
          baselineMean: result.baselineMean,
          baselineSd: result.baselineSd,
          nBaseline: result.nBaseline,
        });
      return result;
    });
    return own.map((row, k) => {
      const [lnRsa, ibi, pep] = found.map(({ change, z, baselineMean }) => ({
        change: change[k]!,
        z: z[k]!,
        baseline: baselineMean,
      }));
      return { ...row, reactivity: { lnRsa: lnRsa!, ibi: ibi!, pep: pep! } };
    });
  });
  return { epochs, reactivity: { baseline: baseline.name, rows: summaries } };
}
