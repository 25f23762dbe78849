import { intersectIntervals } from "./interval-algebra.ts";
import { type Intervals, requireObserved, totalSeconds } from "./intervals.ts";

/** How long each state of one layer went with each state of another. */
export interface JointStates {
  readonly observedSeconds: number;
  /** `[rows, columns]`, seconds in both. */
  readonly seconds: Float64Array;
  /** `[rows, columns]`, seconds to be expected if the two layers were independent: row times column over observed time. */
  readonly expectedSeconds: Float64Array;
  /** `[rows]` and `[columns]`, observed seconds in each state by itself. */
  readonly rowSeconds: Float64Array;
  readonly columnSeconds: Float64Array;
}

/**
 * Intersects every state of one layer with every state of another: gaze with voice, touch with cry.
 *
 * @param rows    one stream per state of the first layer
 * @param columns one stream per state of the second
 * @throws OptionError for intervals out of order or no observed time
 */
export function jointStates(
  rows: readonly Intervals[],
  columns: readonly Intervals[],
  observed: Intervals,
): JointStates {
  requireObserved("jointStates", observed);
  const seenRows = rows.map((row) => intersectIntervals(row, observed));
  const observedSeconds = totalSeconds(observed);
  const rowSeconds = Float64Array.from(seenRows, totalSeconds);
  const columnSeconds = Float64Array.from(columns, (column) =>
    totalSeconds(intersectIntervals(column, observed)),
  );
  const seconds = new Float64Array(rows.length * columns.length);
  const expectedSeconds = new Float64Array(seconds.length);
  for (let r = 0; r < rows.length; r++)
    for (let c = 0; c < columns.length; c++) {
      seconds[r * columns.length + c] = totalSeconds(intersectIntervals(seenRows[r], columns[c]));
      expectedSeconds[r * columns.length + c] = (rowSeconds[r] * columnSeconds[c]) / observedSeconds;
    }
  return { observedSeconds, seconds, expectedSeconds, rowSeconds, columnSeconds };
}
