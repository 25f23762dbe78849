import { importPreEjectionPeriods } from "@attune/core";
import { StudyError } from "../../errors.ts";
import { readPreEjection } from "./beat-table.ts";
import { meanOf } from "./mean-of.ts";
import type { SharedTime } from "./shared-span.ts";

/** Pre-ejection periods of one person, as scored elsewhere. */
export interface ImportedPreEjection {
  /** `[nEpochs]`, ms, mean of the periods whose middle lies in the epoch; NaN for none. */
  readonly values: Float64Array;
  /** Rows that were left out: no number, or outside 20-250 ms. */
  readonly nLeftOut: number;
}

/**
 * Brings imported pre-ejection periods onto the epochs of the shared time.
 *
 * @throws StudyError when no row is a believable period, or none lies in the shared time
 */
export async function importedPreEjection(
  path: string,
  person: string,
  { start, end, epochSeconds, nEpochs }: SharedTime,
): Promise<ImportedPreEjection> {
  const rows = importPreEjectionPeriods(await readPreEjection(path, person), { epochSeconds });
  const valid = rows.filter(({ preEjectionPeriod }) => !Number.isNaN(preEjectionPeriod));
  if (valid.length === 0)
    throw new StudyError(
      `None of the ${rows.length} rows of ${path} is a pre-ejection period of 20 to 250 ms for ${person}: is the column pep in ms?`,
    );
  const values = Float64Array.from({ length: nEpochs }, (_, epoch) => {
    const from = start + epoch * epochSeconds;
    return meanOf(
      valid
        .filter(({ startTime }) => {
          const middle = startTime + epochSeconds / 2;
          return middle >= from && middle < from + epochSeconds;
        })
        .map(({ preEjectionPeriod }) => preEjectionPeriod),
    );
  });
  if (values.every(Number.isNaN))
    throw new StudyError(
      `No row of ${path} lies in the time that both hearts share (${start} to ${end} s): onset must be session time in seconds.`,
    );
  return { values, nLeftOut: rows.length - valid.length };
}
