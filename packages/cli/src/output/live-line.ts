import type { Coupling, Covariation } from "@attune/signal";
import { clockTime, fixed, plural } from "./format.ts";

/** A running estimate in one line: where it stands beside its chance level. It describes; the table at the end tests. */
export function liveLine({ at, condition, values, nWindows, health }: Coupling): string {
  const numbers = values.map(
    ({ from, to, band, value, nullMean, z }) =>
      `${from}->${to} ${band} ${fixed(value, 3)} (null ${fixed(nullMean, 3)}, z ${fixed(z, 1)})`,
  );
  const doubt = health.status === "ok" ? "" : ` [${health.status}]`;
  return `${clockTime(at).padStart(6)}  ${condition} (${plural(nWindows, "window")})${doubt}: ${numbers.join(", ")}`;
}

/** One window of two hearts in one line: how they went together, who led, and where that lies among mismatched windows of the past. */
export function covariationLine({
  series,
  from,
  to,
  start,
  end,
  z,
  coverage,
  lead,
  nullPercentile,
}: Covariation): string {
  const what = series === "rsa" ? "RSA" : "heart";
  const window = `${clockTime(start)}-${clockTime(end)}`;
  const percentile = Number.isNaN(nullPercentile)
    ? "null not known yet"
    : `above ${fixed(100 * nullPercentile, 0)} % of the past's mismatched windows`;
  const value = Number.isNaN(z)
    ? `no value (${fixed(100 * coverage, 0)} % of it known)`
    : `z ${fixed(z, 2)}, ${lead}, ${percentile}`;
  return `${clockTime(end).padStart(6)}  ${what} ${from} with ${to}, ${window}: ${value}`;
}
