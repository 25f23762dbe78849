import type { SampleChunk, Seconds, SessionInput } from "@attune/signal";

/** When a device has an input to send. */
export function dueAt(input: SessionInput): Seconds {
  if (input.kind === "samples") return input.sessionTime?.[input.nSamples - 1] ?? 0;
  return input.kind === "clock-offset" ? input.collectedAt + input.offset : input.at;
}

/** `[nSamples, nChannels]`, as wires have it. */
export function sampleMajor({ data, nSamples }: SampleChunk): Float64Array {
  const nChannels = data.length / nSamples;
  const out = new Float64Array(data.length);
  for (let c = 0; c < nChannels; c++)
    for (let n = 0; n < nSamples; n++) out[n * nChannels + c] = data[c * nSamples + n]!;
  return out;
}
