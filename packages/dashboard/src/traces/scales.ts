import type { TraceGroup, TraceRow } from "./layout.ts";
import type { Gains, RowScale } from "./paint.ts";
import type { StreamTraces } from "./stream-traces.ts";

/** Share of a row that a line of a unit without gain may fill. */
const FILL = 0.8;
/** A gain is the height of a row, but of at least this many CSS pixels: many thin rows may cross each other, as on paper. */
const LEAST_GAIN_PIXELS = 24;

/** Height in pixels of the image of one gain (100 µV, say) in a row. */
export const gainPixels = (rowHeight: number, pixelRatio: number): number =>
  Math.max(rowHeight, LEAST_GAIN_PIXELS * pixelRatio);

/**
 * How each row stands: with a high-pass around zero, without one around the mean of what is in view. Rows whose unit is no voltage
 * fill their height.
 */
export function scaleRows(
  groups: readonly TraceGroup[],
  streams: ReadonlyMap<string, StreamTraces>,
  gains: Gains,
  pixelRatio: number,
  isCentred: boolean,
  first: number,
  last: number,
): Map<TraceRow, RowScale> {
  const scales = new Map<TraceRow, RowScale>();
  for (const { person, rows } of groups)
    for (const row of rows) {
      const columns = streams.get(row.streamId)?.columns;
      if (columns === undefined) continue;
      let sum = 0;
      let n = 0;
      let least = Number.POSITIVE_INFINITY;
      let most = Number.NEGATIVE_INFINITY;
      if (!isCentred || row.microvolts === undefined)
        for (let k = first; k <= last; k++) {
          if (!columns.holds(k)) continue;
          const slot =
            row.channel * columns.capacity + (((k % columns.capacity) + columns.capacity) % columns.capacity);
          const low = columns.low[slot]!;
          const high = columns.high[slot]!;
          if (Number.isNaN(low)) continue;
          sum += (low + high) / 2;
          n++;
          least = Math.min(least, low);
          most = Math.max(most, high);
        }
      const mean = n === 0 ? 0 : sum / n;
      if (row.microvolts === undefined) {
        const range = most > least ? most - least : 1;
        scales.set(row, {
          middle: n === 0 ? 0 : (least + most) / 2,
          pixelsPerUnit: (row.height * FILL) / range,
        });
        continue;
      }
      const gain =
        row.kind === "ecg" ? gains.ecgMillivolts * 1000 : (gains.eegMicrovolts[person ?? ""] ?? 100);
      scales.set(row, {
        middle: isCentred ? 0 : mean,
        pixelsPerUnit: (gainPixels(row.height, pixelRatio) * row.microvolts) / gain,
      });
    }
  return scales;
}
