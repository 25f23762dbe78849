/** `a, b and c`. */
export function listing(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** A number as a text would write it: no more digits than it needs, `n/a` for none. */
export function decimal(value: number, digits = 3): string {
  return Number.isFinite(value) ? String(Number(value.toFixed(digits))) : "n/a";
}

/** `1 window`, `2 windows`. */
export const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/** A p-value as journals print it. */
export const probability = (p: number): string => (p < 0.001 ? "below 0.001" : decimal(p));
