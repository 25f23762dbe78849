import { type Converted, channelNames, isRecord, malformed, sampleValue } from "./converted.ts";
import { transposeRows } from "./transpose-rows.ts";

/**
 * A sample or an epoch of eeg-pipes: `{data: [channel], timestamp, info?: {samplingRate, channelNames?}}`
 * with `timestamp` in Unix milliseconds, or `{data: [channel][sample], info: {samplingRate, startTime,
 * channelNames?}}`. It says nothing about the unit.
 *
 * @see neurosity/eeg-pipes: README
 */
export function convertEegPipes(message: unknown): Converted {
  if (!isRecord(message)) return malformed("not a JSON object");
  const info = isRecord(message.info) ? message.info : {};
  const rate = info.samplingRate;
  if (rate !== undefined && (typeof rate !== "number" || !(rate > 0 && rate < 1e6)))
    return malformed("info.samplingRate is no rate");
  const names = channelNames(info.channelNames);
  if (info.channelNames !== undefined && !names) return malformed("info.channelNames is no list of names");
  const block = readBlock(message.data);
  if (typeof block === "string") return malformed(block);
  if (names && names.length !== block.nChannels)
    return malformed(`${block.nChannels} channels of data and ${names.length} names`);

  const first = message.timestamp ?? info.startTime;
  if (first !== undefined && (typeof first !== "number" || !Number.isFinite(first)))
    return malformed("timestamp is no time");
  if (block.nSamples > 1 && first !== undefined && rate === undefined)
    return malformed("epoch without info.samplingRate");
  const head = {
    ...(names ? { channels: names.map((label) => ({ label, unit: "" })) } : {}),
    ...(rate === undefined ? {} : { samplingRate: rate }),
  };
  if (first === undefined) return { kind: "samples", ...head, ...block };
  const deviceTime = new Float64Array(block.nSamples);
  for (let n = 0; n < block.nSamples; n++) deviceTime[n] = first / 1000 + (n === 0 ? 0 : n / rate!);
  return { kind: "samples", ...head, ...block, deviceTime };
}

function readBlock(data: unknown) {
  if (Array.isArray(data) && Array.isArray(data[0])) return transposeRows(data);
  if (!Array.isArray(data) || data.length < 1 || data.length > 1024)
    return "data is no list of 1 to 1024 channels";
  const values = new Float64Array(data.length);
  for (let c = 0; c < data.length; c++) {
    const value = sampleValue(data[c]);
    if (value === undefined) return `data[${c}] is not a number`;
    values[c] = value;
  }
  return { nChannels: data.length, nSamples: 1, values };
}
