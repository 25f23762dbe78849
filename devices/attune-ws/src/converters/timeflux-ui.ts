import { type Converted, isRecord, malformed, sampleValue } from "./converted.ts";

/**
 * What Timeflux's UI node publishes: `{"command": "publish", "payload": {"name", "data": {"<Unix ms>":
 * {channel: value}}, "meta": {"rate"?}}}`. Rows with a `label` are events. The index is in whole
 * milliseconds, where two samples of one millisecond have already become one: not for more than 1 kHz. It
 * says nothing about the unit.
 *
 * @see timeflux/timeflux_ui: timeflux_ui/nodes/ui.py
 */
export function convertTimefluxUi(message: unknown): Converted {
  if (!isRecord(message) || typeof message.command !== "string") return malformed("no object with a command");
  if (message.command !== "publish") return { kind: "ignored" };
  const { payload } = message;
  if (!isRecord(payload) || !isRecord(payload.data)) return malformed("publish without payload.data");
  const rows = Object.entries(payload.data);
  if (rows.length === 0) return { kind: "ignored" };
  if (rows.length > 65_536) return malformed(`${rows.length} rows in one message`);
  const timed: { time: number; row: Readonly<Record<string, unknown>> }[] = [];
  for (const [key, row] of rows) {
    const milliseconds = Number(key);
    if (key === "" || !Number.isFinite(milliseconds)) return malformed("an index of payload.data is no time");
    if (!isRecord(row)) return malformed("a row of payload.data is no object");
    timed.push({ time: milliseconds / 1000, row });
  }
  timed.sort((a, b) => a.time - b.time);
  if (timed.every(({ row }) => typeof row.label === "string"))
    return {
      kind: "events",
      events: timed.map(({ time, row }) => ({ label: String(row.label).slice(0, 1024), time })),
    };
  const meta = isRecord(payload.meta) ? payload.meta : {};
  const rate = typeof meta.rate === "number" && meta.rate > 0 && meta.rate < 1e6 ? meta.rate : 0;
  return toSamples(timed, rate);
}

function toSamples(
  timed: readonly { time: number; row: Readonly<Record<string, unknown>> }[],
  samplingRate: number,
): Converted {
  const labels = Object.keys(timed[0]!.row);
  if (labels.length < 1 || labels.length > 1024) return malformed("a row of payload.data has no channel");
  const values = new Float64Array(timed.length * labels.length);
  const deviceTime = new Float64Array(timed.length);
  for (let n = 0; n < timed.length; n++) {
    const { time, row } = timed[n]!;
    deviceTime[n] = time;
    if (Object.keys(row).length !== labels.length) return malformed("rows differ in their channels");
    for (let c = 0; c < labels.length; c++) {
      const label = labels[c]!;
      const value = Object.hasOwn(row, label) ? sampleValue(row[label]) : undefined;
      if (value === undefined) return malformed(`channel "${label.slice(0, 40)}" holds no number`);
      values[n * labels.length + c] = value;
    }
  }
  const channels = labels.map((label) => ({ label, unit: "" }));
  return {
    kind: "samples",
    channels,
    samplingRate,
    nSamples: timed.length,
    nChannels: labels.length,
    values,
    deviceTime,
  };
}
