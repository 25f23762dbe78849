import type { Comparison, DirectedEvidence, Evidence, Hello } from "@attune/wire/page";

/** Half the width of the null band in standard deviations, everywhere on the page. */
export const NULL_BAND_SDS = 2;

export type Verdict = "untrusted" | "unknown" | "inside" | "above" | "below";

/** The range in which an estimate may lie by chance; undefined where the null is not known. */
export function nullBand(e: {
  readonly nullMean: number | null;
  readonly nullSd: number | null;
}): readonly [low: number, high: number] | undefined {
  if (e.nullMean === null || e.nullSd === null) return undefined;
  return [e.nullMean - NULL_BAND_SDS * e.nullSd, e.nullMean + NULL_BAND_SDS * e.nullSd];
}

/** What a number may be read as. A caveat outweighs everything. */
export function verdictOf(e: DirectedEvidence): Verdict {
  if (e.caveat !== null) return "untrusted";
  const band = nullBand(e);
  if (band === undefined || e.value === null) return "unknown";
  if (e.value > band[1]) return "above";
  return e.value < band[0] ? "below" : "inside";
}

/** The condition that numbers are shown for: the one that holds, else the first of which something is known. */
export function shownCondition(evidence: Evidence): {
  readonly condition: string | null;
  readonly holds: boolean;
} {
  if (
    evidence.condition !== null &&
    evidence.values.some(({ condition }) => condition === evidence.condition)
  )
    return { condition: evidence.condition, holds: true };
  return { condition: evidence.values[0]?.condition ?? null, holds: false };
}

/** One value for each direction. */
export function directionsOf(evidence: Evidence, band: string, condition: string | null): DirectedEvidence[] {
  return evidence.values.filter((e) => e.band === band && e.condition === condition);
}

/** Largest corrected value of a band, for scales that must not jump from condition to condition; 0 when none is above its null. */
export const largestCorrected = (evidence: Evidence, band: string): number =>
  evidence.values.reduce(
    (most, e) => (e.band === band && e.caveat === null ? Math.max(most, e.corrected ?? 0) : most),
    0,
  );

export type Finding =
  | { readonly kind: "too-early"; readonly reason: string | null }
  | { readonly kind: "within-chance"; readonly condition: string }
  | { readonly kind: "undecided"; readonly condition: string; readonly reference: string }
  | {
      readonly kind: "decided";
      readonly condition: string;
      readonly reference: string;
      readonly stronger: readonly Comparison[];
      readonly weaker: readonly Comparison[];
      /** Directions that differ and yet lie inside chance in the condition itself. */
      readonly insideChance: readonly Comparison[];
    };

/**
 * What the numbers of a band say about the first comparison. A direction counts when both of its estimates are trusted and its
 * interval is known; it is decided when the interval leaves out zero.
 */
export function findingOf(evidence: Evidence | undefined, band: string): Finding {
  const comparisons = (evidence?.comparisons ?? []).filter((c) => c.band === band);
  const first = comparisons[0];
  if (evidence === undefined || first === undefined) return { kind: "too-early", reason: null };
  const { condition, reference } = first;
  const estimateOf = (c: Comparison, of: string): DirectedEvidence | undefined =>
    evidence.values.find((e) => e.band === band && e.condition === of && e.from === c.from && e.to === c.to);
  const same = comparisons.filter((c) => c.condition === condition && c.reference === reference);
  const estimates = same.flatMap((c) => [estimateOf(c, condition), estimateOf(c, reference)]);
  const ready = same.filter(
    (c) =>
      c.low !== null &&
      c.high !== null &&
      estimateOf(c, condition)?.caveat === null &&
      estimateOf(c, reference)?.caveat === null,
  );
  if (ready.length === 0)
    return {
      kind: "too-early",
      reason: estimates.find((e) => e !== undefined && e.caveat !== null)?.caveat ?? null,
    };
  const stronger = ready.filter((c) => c.low! > 0);
  const weaker = ready.filter((c) => c.high! < 0);
  const isInside = (c: Comparison, of: string): boolean => {
    const value = estimateOf(c, of);
    return value === undefined || verdictOf(value) !== "above";
  };
  // Weaker in one condition is stronger in the other, which is easier to read.
  if (stronger.length === 0 && weaker.length > 0)
    return {
      kind: "decided",
      condition: reference,
      reference: condition,
      stronger: weaker,
      weaker: [],
      insideChance: weaker.filter((c) => isInside(c, reference)),
    };
  if (stronger.length > 0)
    return {
      kind: "decided",
      condition,
      reference,
      stronger,
      weaker,
      insideChance: stronger.filter((c) => isInside(c, condition)),
    };
  return ready.length === same.length && ready.every((c) => isInside(c, condition))
    ? { kind: "within-chance", condition }
    : { kind: "undecided", condition, reference };
}

/** A number as it is written everywhere on the page: three decimals, a true minus. */
export const decimals = (value: number | null, digits = 3): string =>
  value === null ? "–" : value.toFixed(digits).replace("-", "−");

/** Name of a person in a sentence: the role, or the id where a role is there twice. */
export function nameOf(
  person: string,
  people: Hello["people"],
  words: Readonly<Record<string, string>>,
): string {
  const role = people.find(({ id }) => id === person)?.role;
  if (role === undefined) return person;
  // Two of one role: all by what the session file calls them, not some so and some so.
  return new Set(people.map((p) => p.role)).size < people.length ? person : (words[role] ?? person);
}
