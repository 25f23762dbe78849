import type { Chunk } from "./ingest-message.ts";
import { WIRE_LIMITS } from "./limits.ts";

/** Why a chunk cannot be right, or undefined. Both ends ask, so that neither trusts the other's counts. */
export function complaintAboutChunk(chunk: Chunk): string | undefined {
  const { nSamples, nChannels, data, deviceTime, sequence, stream } = chunk;
  if (stream.length < 1 || stream.length > WIRE_LIMITS.textLength) return "chunk without a stream name";
  if (!Number.isInteger(sequence) || sequence < 0 || sequence > 0xffffffff)
    return `sequence ${sequence} is not an unsigned 32-bit integer`;
  if (!Number.isInteger(nSamples) || nSamples < 1 || nSamples > WIRE_LIMITS.samplesPerChunk)
    return `chunk of ${nSamples} samples; 1 to ${WIRE_LIMITS.samplesPerChunk} are allowed`;
  if (!Number.isInteger(nChannels) || nChannels < 1 || nChannels > WIRE_LIMITS.channels)
    return `chunk of ${nChannels} channels; 1 to ${WIRE_LIMITS.channels} are allowed`;
  if (data.length !== nSamples * nChannels)
    return `chunk says ${nSamples} x ${nChannels} values and holds ${data.length}`;
  if (!deviceTime) return undefined;
  if (deviceTime.length !== nSamples) return `chunk has ${deviceTime.length} times for ${nSamples} samples`;
  for (let n = 0; n < nSamples; n++)
    if (!Number.isFinite(deviceTime[n]!)) return `time of sample ${n} is not a number`;
  return undefined;
}
