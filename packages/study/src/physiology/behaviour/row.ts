import { boutStatistics, type Intervals } from "@attune/core";
import type { BehaviourRow } from "../result.ts";

const blank = {
  detail: "",
  unit: "",
  n: Number.NaN,
  expected: Number.NaN,
  nullSd: Number.NaN,
  p: Number.NaN,
  null: "",
};
type Row = Partial<BehaviourRow> & Pick<BehaviourRow, "topic" | "measure" | "from" | "to" | "value">;
/** A row of which only what applies is said. */
export const row = (values: Row): BehaviourRow => ({ ...blank, ...values });

/** How much, how often and how long somebody did one thing. */
export function bouts(
  topic: BehaviourRow["topic"],
  who: string,
  what: string,
  stream: Intervals,
  observed: Intervals,
): BehaviourRow[] {
  const { share, nOnsets, onsetsPerMinute, medianBoutSeconds, boutSeconds } = boutStatistics(
    stream,
    observed,
  );
  const common = { topic, from: who, to: who, detail: what } as const;
  return [
    row({ ...common, measure: "share of time", value: share, unit: "share", n: nOnsets }),
    row({ ...common, measure: "onsets per minute", value: onsetsPerMinute, unit: "1/min", n: nOnsets }),
    row({ ...common, measure: "median bout", value: medianBoutSeconds, unit: "s", n: boutSeconds.length }),
  ];
}
