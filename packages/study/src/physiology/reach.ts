import { benjaminiHochberg } from "@attune/core";

/** One test of a family, and how many surrogates it was held against. */
export interface FamilyMember {
  readonly p: number;
  readonly nSurrogates: number;
}

/**
 * Whether the surrogates of each test would do: could its adjusted p have reached alpha beside the others' p, had no
 * surrogate been as large as the observation? Where not, silence says nothing.
 */
export function canReach(family: readonly FamilyMember[], alpha: number): boolean[] {
  return family.map(({ p, nSurrogates }, k) => {
    if (Number.isNaN(p)) return false;
    const best = family.map((each, m) => (m === k ? 1 / (nSurrogates + 1) : each.p));
    return benjaminiHochberg(best)[k]! <= alpha;
  });
}

/** How many surrogates one test of a family of so many needs to reach alpha by itself. */
export const surrogatesNeeded = (familySize: number, alpha: number): number =>
  Math.ceil(familySize / alpha - 1e-9) - 1;
