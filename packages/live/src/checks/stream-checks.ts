import type { Stream } from "@attune/signal";
import type { StreamPulse } from "../session/stream-watch.ts";
import { amber, type Check, green, red } from "./check.ts";

/** Largest difference between the measured and the announced rate. */
const MOST_RATE_DIFFERENCE = 0.01;
const SILENT_SECONDS = 1;
const MOST_LOST_PERCENT = 1;

/** Whether data of one stream flow, at the rate that it announces, on a clock that is known. */
export function checkStream(stream: Stream, pulse: StreamPulse | undefined, nOffsets: number): Check[] {
  const about = stream.id;
  if (stream.nominalSamplingRate === 0) {
    return pulse === undefined
      ? [
          amber(
            "samples",
            about,
            `"${stream.name}" is there and has sent nothing yet: send one marker to be sure`,
          ),
        ]
      : [green("samples", about, `${pulse.nSamples} markers so far`), checkClock(stream, nOffsets)];
  }
  if (pulse === undefined || pulse.nSamples === 0)
    return [
      red(
        "samples",
        about,
        `"${stream.name}" was found but sends no samples: start it, or restart its program`,
      ),
    ];
  if (pulse.silentSeconds > SILENT_SECONDS)
    return [
      red(
        "samples",
        about,
        `no samples for ${pulse.silentSeconds.toFixed(1)} s: check cable, battery and distance`,
      ),
    ];
  return [
    green("samples", about, `${stream.channels.length} channels, samples are flowing`),
    checkRate(stream, pulse),
    checkLoss(stream, pulse),
    checkClock(stream, nOffsets),
  ];
}

function checkRate({ id, nominalSamplingRate }: Stream, { measuredSamplingRate }: StreamPulse): Check {
  if (Number.isNaN(measuredSamplingRate))
    return amber("rate", id, "not measured yet: wait a few seconds longer");
  const difference = measuredSamplingRate / nominalSamplingRate - 1;
  const text = `${measuredSamplingRate.toFixed(2)} Hz measured, ${nominalSamplingRate} Hz announced`;
  return Math.abs(difference) <= MOST_RATE_DIFFERENCE
    ? green("rate", id, text)
    : red("rate", id, `${text}: set the rate that the device really runs at`);
}

function checkLoss({ id }: Stream, { nLost, lostPercent }: StreamPulse): Check {
  const text = `${nLost} samples lost (${lostPercent.toFixed(2)} %)`;
  if (nLost === 0) return green("loss", id, text);
  const verdict = lostPercent > MOST_LOST_PERCENT ? red : amber;
  return verdict("loss", id, `${text}: bring the receiver nearer, or free the USB port`);
}

function checkClock({ id }: Stream, nOffsets: number): Check {
  return nOffsets > 0
    ? green("clock", id, `its clock is being compared with this computer's (${nOffsets} times so far)`)
    : red(
        "clock",
        id,
        "its clock was never compared with this computer's: allow its time service through the firewall",
      );
}

/** Streams that are one and the same source under two names. */
export function checkDoubleUse(streams: readonly Stream[]): Check[] {
  const bySource = new Map<string, string[]>();
  for (const { id, sourceId, name, type, description } of streams) {
    // A sender that gives itself no name still has one outlet of Lab Streaming Layer, which has a number of its own.
    const source = sourceId || description?.uid;
    if (source === undefined || source === "") continue;
    const key = `${source}\n${name}\n${type}`;
    bySource.set(key, [...(bySource.get(key) ?? []), id]);
  }
  const double = [...bySource.values()].filter((ids) => ids.length > 1);
  return double.map((ids) =>
    red(
      "double use",
      ids.join(", "),
      "these are one and the same stream: give each device its own name or serial number",
    ),
  );
}
