import { type Converted, isRecord, malformed } from "./converted.ts";
import { transposeRows } from "./transpose-rows.ts";

/** Time series of the GUI's networking widget, version 5 and 6; all other types are for other purposes. */
const TIME_SERIES = new Set(["timeSeriesRaw", "timeSeriesFilt", "timeSeries", "eeg"]);

/**
 * JSON of the OpenBCI GUI's networking widget: `{"type": "timeSeriesRaw", "data": [[samples of channel 1],
 * ...]}` in microvolts. It names neither channels nor rate nor time: the session file must, and its samples
 * are timed by their arrival.
 *
 * @see third-party parsers of the GUI's UDP JSON; the GUI sends it over UDP, a bridge passes the datagrams on
 *    as text frames
 */
export function convertOpenbciGui(message: unknown): Converted {
  if (!isRecord(message) || typeof message.type !== "string") return malformed("no object with a type");
  if (!TIME_SERIES.has(message.type)) return { kind: "ignored" };
  const block = transposeRows(message.data);
  return typeof block === "string" ? malformed(block) : { kind: "samples", ...block };
}
