import type { PairTiming, StreamTiming, TimingPassport } from "./timing-passport.ts";

const number = (value: number, decimals: number, unit: string): string =>
  Number.isFinite(value) ? `${value.toFixed(decimals)} ${unit}` : "not known";

/** The passport as a sheet of plain text. */
export function passportText({ session, durationSeconds, streams, pairs }: TimingPassport): string {
  const seconds = Math.round(durationSeconds);
  return [
    `Timing passport of ${session} (${Math.floor(seconds / 60)} min ${seconds % 60} s)`,
    "",
    ...streams.flatMap(streamLines),
    ...pairs.flatMap(pairLines),
    "Constant delays (radio, amplifier, buffers) are not in these numbers: only a trigger that both devices see shows them.",
    "",
  ].join("\n");
}

function streamLines(stream: StreamTiming): string[] {
  const owner = stream.person === undefined ? "" : ` (${stream.person})`;
  const rate =
    stream.nominalSamplingRate > 0
      ? [
          `  rate       ${number(stream.measuredSamplingRate, 3, "Hz")} measured, ${stream.nominalSamplingRate} Hz announced`,
        ]
      : [];
  return [
    `${stream.streamId}${owner}: ${stream.verdict}`,
    `  samples    ${stream.nSamples}, ${stream.nLost} lost (${stream.lostPercent.toFixed(3)} %)`,
    ...rate,
    `  clock      offset ${number(stream.lastOffset, 6, "s")}, drift ${number(stream.driftPpm, 1, "ppm")}, compared ${stream.nOffsets} times${stream.nClockRestarts > 0 ? `; it began anew ${stream.nClockRestarts} times, the offset is the last one` : ""}`,
    `  jitter     ${number(stream.jitterRmsMs, 3, "ms rms")}`,
    `  alignment  within ${number(stream.alignmentErrorMs, 3, "ms")} of the session clock`,
    `  mishaps    ${stream.nReconnects} reconnects, ${stream.nRepairs} damaged or resynchronised frames`,
    ...stream.remarks.map((remark) => `  !          ${remark}`),
    "",
  ];
}

function pairLines({ people: [a, b], alignmentErrorMs, unresolvedLags, sampleMs }: PairTiming): string[] {
  const longest = unresolvedLags.at(-1);
  const verdict = Number.isNaN(alignmentErrorMs)
    ? "  which lags can be told apart is not known"
    : longest === undefined
      ? "  every lag of the model is longer than that"
      : `  lags up to ${longest} samples (${(longest * sampleMs).toFixed(1)} ms) are shorter than that: what they say about direction may be clock error`;
  return [
    `${a} and ${b}: their times are within ${number(alignmentErrorMs, 3, "ms")} of each other`,
    verdict,
    "",
  ];
}
