import type { Stream } from "@attune/signal";
import { ALARM_LIMITS, LOST_OVER_SECONDS } from "../alarms/limits.ts";
import type { StreamPulse } from "../session/stream-watch.ts";
import { amber, type Check, green, red } from "./check.ts";

/** Largest difference between the measured and the announced rate. */
const MOST_RATE_DIFFERENCE = 0.01;

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
  if (pulse.silentSeconds > ALARM_LIMITS.silentSeconds.amber)
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

function checkRate(
  { id, nominalSamplingRate }: Stream,
  { measuredSamplingRate, halfSamplingRates }: StreamPulse,
): Check {
  if (Number.isNaN(measuredSamplingRate))
    return amber("rate", id, "not measured yet: wait a few seconds longer");
  const text = `${measuredSamplingRate.toFixed(2)} Hz measured, ${nominalSamplingRate} Hz announced`;
  const offOf = (rate: number): number => {
    const difference = rate / nominalSamplingRate - 1;
    return Math.abs(difference) > MOST_RATE_DIFFERENCE ? Math.sign(difference) : 0;
  };
  const off = offOf(measuredSamplingRate);
  if (off === 0) return green("rate", id, text);
  // A device that runs at another rate does so all the time; gaps and stalls that nobody counted come and go.
  return halfSamplingRates.every((rate) => offOf(rate) === off)
    ? red("rate", id, `${text}: set the rate that the device really runs at`)
    : amber("rate", id, `${text}, not steadily: samples came late or not at all in the last seconds`);
}

function checkLoss({ id }: Stream, { nLost, lostPercent, recentLostPercent }: StreamPulse): Check {
  const recent = Number.isNaN(recentLostPercent)
    ? ""
    : `; ${recentLostPercent.toFixed(1)} % of the last ${LOST_OVER_SECONDS} s`;
  const text = `${nLost} samples lost (${lostPercent.toFixed(2)} %${recent})`;
  if (nLost === 0) return green("loss", id, "no samples lost");
  const verdict = recentLostPercent >= ALARM_LIMITS.lostPercent.red ? red : amber;
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
