import type { Seconds } from "@attune/signal";

/** Minutes and seconds since the session began, as its page shows them. */
export function pageTime(at: Seconds, beganAt: Seconds): string {
  const tenths = Math.round(10 * (at - beganAt));
  const rest = Math.abs(tenths);
  const seconds = (rest % 600) / 10;
  return `${tenths < 0 ? "-" : ""}${Math.floor(rest / 600)}:${seconds.toFixed(1).padStart(4, "0")}`;
}

/**
 * A label as somebody reads it. Labels that programs read (`bad 1027.841 1032.841`, `retracted 1032.841 note door`) are in session time;
 * words are in the time of the page. All others are words already.
 */
export function eventWords(label: string, beganAt: Seconds): string {
  const bad = /^bad (-?[\d.]+) (-?[\d.]+)$/.exec(label);
  if (bad !== null)
    return `marked as bad from ${pageTime(Number(bad[1]), beganAt)} to ${pageTime(Number(bad[2]), beganAt)}`;
  const retracted = /^retracted (-?[\d.]+) (.+)$/s.exec(label);
  if (retracted !== null)
    return `taken back: ${eventWords(retracted[2]!, beganAt)} (entered at ${pageTime(Number(retracted[1]), beganAt)})`;
  return label;
}
