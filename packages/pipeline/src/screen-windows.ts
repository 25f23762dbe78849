import type { RejectionReason, Role, Window } from "@attune/signal";
import { type MonoTypeOperatorFunction, map } from "rxjs";
import { isMissing, reasonBit } from "./reasons.ts";
import type { ArtefactSettings } from "./settings.ts";

export interface ScreenPerson {
  readonly id: string;
  readonly role: Role;
  readonly nChannels: number;
}

/**
 * Judges every window by itself: amplitude, flat, railed, line noise, per person. An artefact in one head rejects the window for
 * both, because coupling needs both. Being a function of the window alone, the verdict cannot depend on chunking.
 *
 * Amplitude is the largest distance of the filtered signal from the window's mean, per role. The rest is judged before any filter. Flat: a channel
 * that does not move for `flatSeconds` by more than a 10 000th of its range in the window. Railed: flat at the window's extreme
 * for `railedSeconds`. Line noise: share of the window's power at the mains frequency.
 */
export function screenWindows(
  people: readonly ScreenPerson[],
  artefacts: ArtefactSettings,
): MonoTypeOperatorFunction<Window> {
  return map((window) => screenWindow(window, people, artefacts));
}

/** The window with its problems found. */
export function screenWindow(
  window: Window,
  people: readonly ScreenPerson[],
  artefacts: ArtefactSettings,
): Window {
  const problems = [...window.problems];
  let row = 0;
  for (const person of people) {
    const own = window.problems.filter((problem) => problem.person === person.id);
    const missing = own.some(({ reason }) => isMissing(reasonBit(reason)));
    const found = new Set<RejectionReason>();
    for (let c = 0; c < person.nChannels; c++, row++) {
      if (missing) continue;
      const part = [row * window.nSamples, (row + 1) * window.nSamples] as const;
      const filtered = window.data.subarray(...part);
      const raw = window.unfiltered.subarray(...part);
      for (const reason of judgeFiltered(filtered, artefacts.amplitudeMicrovolts[person.role]))
        found.add(reason);
      for (const reason of judgeRaw(raw, window.samplingRate, artefacts)) found.add(reason);
    }
    for (const reason of found)
      if (!own.some((problem) => problem.reason === reason)) problems.push({ person: person.id, reason });
  }
  return problems.length === window.problems.length ? window : { ...window, problems };
}

function judgeFiltered(x: Float64Array, limit: number): RejectionReason[] {
  const { mean, low, high } = range(x);
  if (!Number.isFinite(mean)) return ["not-a-number"];
  return Math.max(high - mean, mean - low) > limit ? ["amplitude"] : [];
}

function judgeRaw(x: Float64Array, samplingRate: number, artefacts: ArtefactSettings): RejectionReason[] {
  const { mean, low, high } = range(x);
  if (!Number.isFinite(mean)) return ["not-a-number"];
  const reasons: RejectionReason[] = [];
  const still = longestStill(x, Math.max((high - low) * 1e-4, Math.abs(mean) * 1e-9), low, high);
  if (still.atExtreme >= artefacts.railedSeconds * samplingRate && high > low) reasons.push("railed");
  else if (still.anywhere >= artefacts.flatSeconds * samplingRate) reasons.push("flat");
  const { lineNoiseHz, lineNoiseShare } = artefacts;
  const visible = lineNoiseShare < 1 && lineNoiseHz > 0 && lineNoiseHz < samplingRate / 2;
  if (visible && shareAt(x, mean, lineNoiseHz, samplingRate) > lineNoiseShare) reasons.push("line-noise");
  return reasons;
}

function range(x: Float64Array): { mean: number; low: number; high: number } {
  let sum = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < x.length; n++) {
    const value = x[n]!;
    sum += value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { mean: sum / x.length, low, high };
}

/** Overshoot of the band-limited interpolation at a step, with some to spare. */
const OVERSHOOT = 0.12;

/** Longest runs, in samples, that stay within `tolerance` of their first value: anywhere, and at the window's extremes. */
function longestStill(
  x: Float64Array,
  tolerance: number,
  low: number,
  high: number,
): { anywhere: number; atExtreme: number } {
  // Interpolation rings by about a tenth where a signal jumps onto its rail.
  const margin = Math.max(2 * tolerance, OVERSHOOT * (high - low));
  let anywhere = 0;
  let atExtreme = 0;
  let start = 0;
  for (let n = 1; n <= x.length; n++) {
    if (n < x.length && Math.abs(x[n]! - x[start]!) <= tolerance) continue;
    const length = n - start;
    if (length > anywhere) anywhere = length;
    const extreme = x[start]! >= high - margin || x[start]! <= low + margin;
    if (extreme && length > atExtreme) atExtreme = length;
    start = n;
  }
  return { anywhere, atExtreme };
}

/** Share of the power about the mean that a sinusoid of one frequency explains. */
function shareAt(x: Float64Array, mean: number, frequency: number, samplingRate: number): number {
  let re = 0;
  let im = 0;
  let total = 0;
  const step = (2 * Math.PI * frequency) / samplingRate;
  for (let n = 0; n < x.length; n++) {
    const value = x[n]! - mean;
    re += value * Math.cos(step * n);
    im += value * Math.sin(step * n);
    total += value * value;
  }
  return total > 0 ? (2 * (re * re + im * im)) / (x.length * total) : 0;
}
