import type { CovariationOfWindow, HeartOfPerson, Hello } from "@attune/wire/page";

type Role = Hello["people"][number]["role"];

/** Share of corrected beats up to which a stretch is used; infants' hearts leave more to correct. */
export const mostCorrected = (role: Role): number => (role === "infant" ? 0.2 : 0.1);
const LEAST_COVERAGE = 0.8;
/** A detector at work on a clean trace says more than 0.9, on noise less than 0.3. */
const LEAST_QUALITY = 0.5;
/** One a second is due, some seconds after its samples. */
const STALE_SECONDS = 5;

export type Trust =
  | { readonly kind: "trusted" }
  | { readonly kind: "learning" | "lost" | "poor" | "noRate" }
  | { readonly kind: "silent"; readonly seconds: number }
  | { readonly kind: "uncovered"; readonly share: number }
  | { readonly kind: "corrected"; readonly share: number; readonly most: number };

/** Whether a heart's numbers may be read now, and if not, the first reason why. @param now when the newest was said */
export function trustOf(heart: HeartOfPerson, role: Role, now: number): Trust {
  const { statusAt, rate, signalQuality, coverage, correctedShare } = heart;
  if (statusAt === null) return { kind: "learning" };
  if (now - statusAt > STALE_SECONDS) return { kind: "silent", seconds: now - statusAt };
  if (signalQuality === null || signalQuality === 0)
    return { kind: heart.intervals.length === 0 ? "learning" : "lost" };
  if (signalQuality < LEAST_QUALITY) return { kind: "poor" };
  const most = mostCorrected(role);
  if (correctedShare !== null && correctedShare > most)
    return { kind: "corrected", share: correctedShare, most };
  // The first half minute is not covered whatever the heart does; its rate is known after 10 s.
  if (rate === null) return { kind: heart.intervals.length === 0 ? "learning" : "noRate" };
  if (coverage !== null && coverage < LEAST_COVERAGE && hasHalfMinute(heart))
    return { kind: "uncovered", share: coverage };
  return { kind: "trusted" };
}

const hasHalfMinute = ({ intervals, statusAt }: HeartOfPerson): boolean =>
  intervals.length > 0 && statusAt! - intervals[0]!.at >= 30;

export interface RsaAt {
  readonly at: number;
  readonly value: number | null;
}

/**
 * RSA of everybody at one common moment, the newest that all trends reach, though one is known earlier than the other; a heart
 * that has fallen far behind stands alone.
 *
 * @returns by person; nobody is there of whom no window is known
 */
export function rsaTogether(people: readonly HeartOfPerson[]): ReadonlyMap<string, RsaAt> {
  const known = people.filter(({ rsaTrend }) => rsaTrend.length > 0);
  const newest = Math.max(...known.map(({ rsaTrend }) => rsaTrend.at(-1)!.at));
  const abreast = known.filter(({ rsaTrend }) => newest - rsaTrend.at(-1)!.at < 10);
  const common = Math.min(...abreast.map(({ rsaTrend }) => rsaTrend.at(-1)!.at));
  return new Map(
    known.map(({ person, rsaTrend }) => [
      person,
      rsaTrend.findLast(({ at }) => at === common) ?? rsaTrend.at(-1)!,
    ]),
  );
}

export type Place = "unknown" | "inside" | "above" | "below";

/** The middle of the mismatched windows, on both sides, that counts as nothing special. */
export const NULL_MIDDLE: readonly [low: number, high: number] = [0.025, 0.975];

/** Where a window stands among those that do not belong together. */
export function placeOf({ z, nullPercentile }: CovariationOfWindow): Place {
  if (z === null || nullPercentile === null) return "unknown";
  if (nullPercentile > NULL_MIDDLE[1]) return "above";
  return nullPercentile < NULL_MIDDLE[0] ? "below" : "inside";
}

/** How a person is drawn: circle and square for adults, triangle and diamond for the small. */
export type Mark = "circle" | "square" | "triangle" | "diamond";
export const MARKS = {
  adult: "circle",
  "adult-2": "square",
  infant: "triangle",
  "infant-2": "diamond",
  grey: "circle",
} as const satisfies Record<string, Mark>;
