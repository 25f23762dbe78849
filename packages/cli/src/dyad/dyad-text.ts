import type { DyadResult } from "@attune/study";
import { fixed } from "../output/format.ts";
import { grid } from "../output/grid.ts";

const lead = { alarm: "ALARM: ", caution: "Caution: ", good: "", note: "Note: " };

/** What is printed: warnings, both hearts, covariation, states, and the answer in words. */
export function dyadText(result: DyadResult): string {
  const { people, covariation, splits, verdicts, answer } = result;
  const { primary, exploratory } = covariation;
  const { alpha } = result.settings;
  const percent = (share: number): string => fixed(100 * share, 1);
  return [
    ...verdicts.map(({ severity, text }) => `${lead[severity]}${text}`),
    grid(
      [
        "person",
        "beats",
        "HR /min",
        "IBI ms",
        "SDNN",
        "RMSSD",
        "lnRSA",
        "corrected %",
        "covered %",
        "epochs out",
      ],
      people.map((each) => [
        each.id,
        String(each.nBeats),
        fixed(each.heartRate, 1),
        fixed(each.meanInterval, 1),
        fixed(each.sdnn, 1),
        fixed(each.rmssd, 1),
        fixed(each.lnRsa, 2),
        percent(each.correctedShare),
        percent(each.coverage),
        `${each.nEpochsLeftOut} of ${each.nEpochs}`,
      ]),
    ),
    grid(
      ["covariation", "value", "null mean", "null 95 %", "p", "q", "lag s"],
      [
        {
          ...primary,
          id: "PRIMARY (mean z, IBI)",
          q: Number.NaN,
          lagSeconds: primary.p <= alpha ? primary.crossCorrelation.peakLag : Number.NaN,
        },
        // A lag of what did not stand out is nobody's lead.
        ...exploratory.map((each) => (each.q <= alpha ? each : { ...each, lagSeconds: Number.NaN })),
      ].map(({ id, nulls, p, q, lagSeconds }) => [
        id,
        fixed(nulls[0]?.observed ?? Number.NaN, 3),
        fixed(nulls[0]?.mean ?? Number.NaN, 3),
        fixed(nulls[0]?.upper ?? Number.NaN, 3),
        fixed(p, 4),
        fixed(q, 4),
        fixed(lagSeconds, 0),
      ]),
    ),
    ...(splits.length === 0
      ? []
      : [
          grid(
            ["primary by state", "declared", "n in", "z in", "n out", "z out", "g", "p", "q"],
            splits.map((split) => [
              `${split.person} ${split.layer}: ${split.state}`,
              split.isDeclared ? "yes" : "no",
              String(split.inside.n),
              fixed(split.inside.mean, 3),
              String(split.outside.n),
              fixed(split.outside.mean, 3),
              fixed(split.hedgesG, 2),
              fixed(split.p, 4),
              fixed(split.q, 4),
            ]),
          ),
        ]),
    ...answer,
  ].join("\n");
}
