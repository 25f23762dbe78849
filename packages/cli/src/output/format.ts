/** A number with a fixed count of decimals; `n/a` where there is none. */
export const fixed = (value: number, decimals: number): string =>
  Number.isFinite(value) ? value.toFixed(decimals).replace(/^-(0(\.0*)?)$/, "$1") : "n/a";

/** A rate or a count without needless zeros. */
export const short = (value: number, decimals = 3): string =>
  Number.isFinite(value) ? String(Number(value.toFixed(decimals))) : "n/a";

/** `4:05`: minutes and seconds. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export const plural = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
