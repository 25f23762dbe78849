import { ShapeError } from "@attune/core";
import type { ClockOffset } from "@attune/signal";
import { type MonoTypeOperatorFunction, map } from "rxjs";
import type { MarkedChunk } from "./mark-still.ts";
import type { PersonMontage } from "./settings.ts";

/**
 * Keeps the channels that enter the model, in model order, as microvolts against the montage's reference.
 *
 * With `averageRows` the mean of those rows is subtracted at every sample; one missing value among them makes
 * the sample missing in every channel, because its reference is not known. Never mixes people.
 *
 * @throws ShapeError (as an error of the stream) when a chunk has fewer rows than the montage names
 */
export function applyMontage(montage: PersonMontage): MonoTypeOperatorFunction<MarkedChunk | ClockOffset> {
  const nRows = 1 + Math.max(...montage.channels.map(({ row }) => row), ...montage.averageRows);
  return map((chunk) => {
    if (chunk.kind === "clock-offset") return chunk;
    const { nSamples, data } = chunk;
    if (data.length < nRows * nSamples)
      throw new ShapeError(
        `The montage of ${montage.person.id}`,
        `${nRows} x ${nSamples} samples`,
        `${data.length}`,
      );
    const picked = new Float64Array(montage.channels.length * nSamples);
    const reference = averageOf(data, montage.averageRows, nSamples);
    for (let c = 0; c < montage.channels.length; c++) {
      const from = montage.channels[c]!.row * nSamples;
      const to = c * nSamples;
      for (let n = 0; n < nSamples; n++) {
        picked[to + n] = (data[from + n]! - reference[n]!) * montage.toMicrovolts;
      }
    }
    return { ...chunk, data: picked };
  });
}

function averageOf(data: Float64Array, rows: readonly number[], nSamples: number): Float64Array {
  const average = new Float64Array(nSamples);
  for (const row of rows) {
    for (let n = 0; n < nSamples; n++) average[n]! += data[row * nSamples + n]!;
  }
  if (rows.length > 0) for (let n = 0; n < nSamples; n++) average[n]! /= rows.length;
  return average;
}
