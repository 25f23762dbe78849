import type { ContactQuality } from "@attune/wire";
import { type Converted, channelNames, isRecord, malformed } from "./converted.ts";
import { transposeRows } from "./transpose-rows.ts";

/** `signalQuality` of the Neurosity SDK. */
const CONTACT: Readonly<Record<string, ContactQuality>> = {
  great: "good",
  good: "good",
  bad: "bad",
  noContact: "off",
};

/**
 * An epoch or a signal quality of the Neurosity SDK (Crown: 16 samples at 256 Hz), forwarded as JSON: `{data:
 * [channel][sample], info: {samplingRate, startTime, channelNames}}` in microvolts, `startTime` in Unix
 * milliseconds, or `{CP3: {standardDeviation, status}, ...}`.
 *
 * @see neurosity/neurosity-sdk-js: src/types/brainwaves.ts, src/types/signalQuality.ts; docs.neurosity.co,
 *    "Brainwaves"
 */
export function convertNeurosity(message: unknown): Converted {
  if (!isRecord(message)) return malformed("not a JSON object");
  if (!("data" in message)) return convertSignalQuality(message);
  const { info } = message;
  if (!isRecord(info)) return malformed("epoch without info");
  const { samplingRate, startTime } = info;
  const names = channelNames(info.channelNames);
  if (!names) return malformed("info.channelNames is no list of names");
  if (typeof samplingRate !== "number" || !(samplingRate > 0 && samplingRate < 1e6))
    return malformed("info.samplingRate is no rate");
  if (typeof startTime !== "number" || !Number.isFinite(startTime))
    return malformed("info.startTime is no time");
  const block = transposeRows(message.data);
  if (typeof block === "string") return malformed(block);
  if (block.nChannels !== names.length)
    return malformed(`${block.nChannels} channels of data and ${names.length} names`);
  const deviceTime = new Float64Array(block.nSamples);
  for (let n = 0; n < block.nSamples; n++) deviceTime[n] = startTime / 1000 + n / samplingRate;
  const channels = names.map((label) => ({ label, unit: "uV" }));
  return { kind: "samples", channels, samplingRate, ...block, deviceTime };
}

function convertSignalQuality(message: Readonly<Record<string, unknown>>): Converted {
  const entries = Object.entries(message);
  if (entries.length === 0 || entries.length > 1024)
    return malformed("neither an epoch nor a signal quality");
  const channels: { label: string; contact: ContactQuality }[] = [];
  for (const [label, quality] of entries) {
    if (!isRecord(quality) || typeof quality.status !== "string")
      return malformed("neither an epoch nor a signal quality");
    channels.push({ label, contact: CONTACT[quality.status] ?? "unknown" });
  }
  return { kind: "quality", channels };
}
