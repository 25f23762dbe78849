import type { Coupling } from "@attune/signal";
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
