import { z } from "zod";
import { seconds, unknownable } from "./fields.ts";

const heartSchema = z.object({
  person: z.string(),
  /** When rate, quality, coverage and share were so; null before the first sample. Old where no samples come any more. */
  statusAt: unknownable,
  /** Beats a minute over the last 10 s. */
  rate: unknownable,
  /** Of the trace, 0 to 1; 0 in a gap and while it is learnt. */
  signalQuality: unknownable,
  /** Share of the last 30 s whose intervals are known, and share of these intervals that are not as they came. */
  coverage: unknownable,
  correctedShare: unknownable,
  /** Newest window of sliding RSA, ln(ms^2): `at` is its centre, which lies some 20 s back. */
  rsa: z.object({ at: seconds, value: unknownable }).nullable(),
  /** ln RMSSD of the last 10 s, the fast stand-in: never to be labelled RSA. `at` is the end of its window. */
  rmssd: z.object({ at: seconds, value: unknownable }).nullable(),
  /**
   * Breathing from a belt, over a window that ends at `at`; null before it is known. Absent for people without one. `isOutsideBand`: too fast or
   * too slow for the band of RSA (`bandLow` to `bandHigh`, breaths a minute), so RSA does not measure what its name says.
   */
  respiration: z
    .object({
      at: seconds,
      /** Breaths a minute. */
      rate: unknownable,
      bandLow: z.number(),
      bandHigh: z.number(),
      isOutsideBand: z.boolean(),
    })
    .nullable()
    .optional(),
  /** Sliding RSA at whole seconds (centres) that became known, oldest first; all of the last two minutes where `isWhole`. */
  rsaTrend: z.array(z.object({ at: seconds, value: unknownable })),
  /** Intervals that became known since the document before, oldest first; all of the last two minutes where `isWhole`. */
  intervals: z.array(
    z.object({
      /** The beat that closes it. */
      at: seconds,
      /** Milliseconds between the beats as they came; null where up to `at` nothing is known. */
      interval: unknownable,
      /** ok, extra, merged, ectopic, missed, short, long, missing. */
      verdict: z.string(),
      /** Milliseconds to draw instead; null where there is nothing. */
      corrected: unknownable,
    }),
  ),
});

const momentsSchema = z.object({ n: z.int(), mean: unknownable, variance: unknownable });

/** Two hearts in one window. Not directed: `from` leads where `lagSeconds` is positive. */
const covariationSchema = z.object({
  measure: z.string(),
  series: z.enum(["interbeat-interval", "rsa"]),
  from: z.string(),
  to: z.string(),
  start: seconds,
  end: seconds,
  nValid: z.int(),
  coverage: z.number(),
  /** Mean Fisher z over the lags; null where there is no value, and never 0 in its place. */
  z: unknownable,
  lagSeconds: unknownable,
  /** In words: `adult leads infant by 2 s`. */
  lead: z.string(),
  /** Share of mismatched windows of the past below `z`, 0 to 1; null with fewer than 20. A screen for the eye, no test. */
  nullPercentile: unknownable,
  nNull: z.int(),
});

/** A measure of a pair over all windows so far, by the states of the layers that the session declares. */
const covariationTotalSchema = z.object({
  measure: z.string(),
  from: z.string(),
  to: z.string(),
  nWindows: z.int(),
  nWithoutValue: z.int(),
  byLayer: z.array(
    z.object({
      person: z.string(),
      layer: z.string(),
      mixed: momentsSchema,
      states: z.array(
        z.object({
          state: z.string(),
          inside: momentsSchema,
          outside: momentsSchema,
          difference: unknownable,
          hedgesG: unknownable,
        }),
      ),
    }),
  ),
});

/**
 * Turn-taking of two people whose voices are coded, over the session so far. Only what has ended counts. Cries take no turns, but
 * what follows a cry is no answer to what came before it.
 */
const turnsSchema = z.object({
  first: z.string(),
  second: z.string(),
  /** Longest pause between speakers that still makes a turn. */
  gapSeconds: seconds,
  /** Seconds in which both could be heard: both layers known, no pause. */
  observedSeconds: seconds,
  /** Utterances of each, cries left out, and the cries of both. */
  nFirst: z.int(),
  nSecond: z.int(),
  nCries: z.int(),
  /** Switches of speaker, each way. */
  firstToSecond: z.int(),
  secondToFirst: z.int(),
  /** Of the floor-transfer offsets (onset less the other's offset; negative where they overlap), seconds; null without a switch. */
  medianTransferSeconds: unknownable,
  /** Share of the switches that overlap; null without a switch. */
  overlapShare: unknownable,
  /** Changes of speaker across time that nobody heard. */
  nUnknown: z.int(),
});

/** Hearts, about once a second, where people have an ecg; turns also without one. */
export const heartsSchema = z.object({
  kind: z.literal("hearts"),
  at: seconds,
  /** True: forget the intervals and windows that were known before; false: add. */
  isWhole: z.boolean(),
  people: z.array(heartSchema),
  /** Windows that became known since the document before, oldest first; all where `isWhole`. */
  covariations: z.array(covariationSchema),
  /** Complete every time. */
  totals: z.array(covariationTotalSchema),
  /** Every pair whose voices are coded; complete every time. */
  turns: z.array(turnsSchema),
});

export type Hearts = z.infer<typeof heartsSchema>;
export type HeartOfPerson = Hearts["people"][number];
export type CovariationOfWindow = Hearts["covariations"][number];
export type CovariationTotal = Hearts["totals"][number];
export type TurnsOfPair = Hearts["turns"][number];
