import { html, type Markup } from "./html.ts";
import { texts } from "./texts.ts";

const minus = "\u2212";

function withMinus(text: string): string {
  // A tiny negative number must not be printed as minus zero.
  if (/^-0\.?0*$/.test(text)) return text.slice(1);
  return text.replace(/^-/, minus).replace(/e-/, `e${minus}`);
}

/** Last line of defence: whoever has a better reason gives it through `amount` or `amountText`. */
const missing = `n/a (${texts.missing.noData})`;

/** A number with a fixed count of decimals. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return missing;
  return withMinus(value.toFixed(decimals));
}

/** A count. */
export function whole(value: number): string {
  return fixed(value, 0);
}

/** A number with six significant digits, for the full tables. */
export function precise(value: number): string {
  if (!Number.isFinite(value)) return missing;
  return withMinus(value === 0 ? "0" : String(Number(value.toPrecision(6))));
}

/** Four decimals; a number that is not zero is not written as one. */
export function small(value: number): string {
  if (!Number.isFinite(value) || value === 0 || Math.abs(value) >= 0.00005) return fixed(value, 4);
  return value > 0 ? "< 0.0001" : `> ${minus}0.0001`;
}

/** A difference: the sign is always written. */
export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return value > 0 && Number(text) > 0 ? `+${text}` : text;
}

/** `p = .012`, `p < .001`: without the zero that a probability never needs. */
export function probability(symbol: "p" | "q", value: number): string {
  return value < 0.001 ? `${symbol} < .001` : `${symbol} = ${bareProbability(value)}`;
}

/** `.012`, `< .001`. */
export function bareProbability(value: number): string {
  if (!Number.isFinite(value)) return missing;
  return value < 0.001 ? "< .001" : value.toFixed(3).replace(/^0/, "");
}

/** A level of significance as it was set: `.05`. */
export function levelText(alpha: number): string {
  return precise(alpha).replace(/^0/, "");
}

/** What stands where a number is missing: never a zero, never a blank, always with the reason. */
export function notAvailable(reason: string): Markup {
  return html`<span class="na">n/a <span class="why">(${reason})</span></span>`;
}

/** A number that may be missing, written by `format` when it is there. */
export function amount(
  value: number | undefined,
  format: (value: number) => string,
  reason: string,
): string | Markup {
  return value !== undefined && Number.isFinite(value) ? format(value) : notAvailable(reason);
}

/** The same as plain text, for labels inside pictures and sentences. */
export function amountText(
  value: number | undefined,
  format: (value: number) => string,
  reason: string,
): string {
  return value !== undefined && Number.isFinite(value) ? format(value) : `n/a (${reason})`;
}

/** Formatter with a fixed count of decimals, for `amount`. */
export function decimals(count: number): (value: number) => string {
  return (value) => fixed(value, count);
}

/** Seconds as `75 s` or `12 min 30 s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return missing;
  if (Math.abs(seconds) < 120) return `${fixed(seconds, seconds % 1 === 0 ? 0 : 1)} s`;
  const whole = Math.round(seconds);
  const rest = whole % 60;
  return `${Math.floor(whole / 60)} min${rest === 0 ? "" : ` ${rest} s`}`;
}

/** Joins words as prose does: `a, b and c`. */
export function enumerate(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1) as string}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}
