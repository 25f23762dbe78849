import { CausalClock, CLOCK_GOOD, GridResampler } from "@attune/core";
import type { AlignedChunk, ClockOffset, SampleChunk } from "@attune/signal";
import { concat, defer, from, mergeMap, type OperatorFunction } from "rxjs";
import { reasonBit } from "./reasons.ts";

export interface AlignOptions {
  readonly person: string;
  readonly nChannels: number;
  readonly nominalSamplingRate: number;
  readonly gridRate: number;
}

/**
 * Puts one stream onto the session grid: sample `k` lies at `k / gridRate` on the session clock, for every person.
 *
 * Times: `sessionTime` of the chunk where its source has fixed it (whole-file fit, simulation, a table of one clock); else the
 * causal clock model estimates it from stamps and offsets so far. Values: band-limited interpolation at the grid
 * times, the same for every person. Nothing is interpolated across a gap: grid samples within reach of
 * one, of a missing value, or of a time in doubt are NaN and say why.
 */
export function align(options: AlignOptions): OperatorFunction<SampleChunk | ClockOffset, AlignedChunk> {
  return (inputs) =>
    defer(() => {
      const stage = new Alignment(options);
      return concat(
        inputs.pipe(
          mergeMap((input) => {
            if (input.kind === "clock-offset") {
              stage.clock.addOffset(input.collectedAt, input.offset);
              return [];
            }
            const aligned = stage.push(input);
            return aligned.nSamples > 0 ? [aligned] : [];
          }),
        ),
        defer(() => from([stage.flush()].filter(({ nSamples }) => nSamples > 0))),
      );
    });
}

/** A stretch of session time whose samples are missing for a reason other than a gap. */
interface Blemish {
  readonly start: number;
  end: number;
  readonly reason: "clock" | "not-a-number";
}

class Alignment {
  readonly clock: CausalClock;
  readonly #resampler: GridResampler;
  readonly #options: AlignOptions;
  readonly #blemishes: Blemish[] = [];
  #nextSample = Number.NaN;
  #lastTime = Number.NEGATIVE_INFINITY;

  constructor(options: AlignOptions) {
    this.#options = options;
    this.clock = new CausalClock({ nominalSamplingRate: options.nominalSamplingRate });
    this.#resampler = new GridResampler({
      nChannels: options.nChannels,
      inputRate: options.nominalSamplingRate,
      gridRate: options.gridRate,
    });
  }

  push(chunk: SampleChunk): AlignedChunk {
    const { nSamples } = chunk;
    const { nChannels } = this.#options;
    const data = chunk.data.slice();
    const times = this.#sessionTimes(chunk);
    const { time, doubtful } = times;
    let kept = 0;
    for (let n = 0; n < nSamples; n++) {
      // A time that is not known yet, or does not advance, cannot be placed on the grid at all.
      if (!(time[n]! > this.#lastTime)) continue;
      this.#lastTime = time[n]!;
      const missing = isMissing(data, nChannels, nSamples, n);
      if (doubtful[n] !== CLOCK_GOOD) this.#note(time[n]!, "clock");
      else if (missing) this.#note(time[n]!, "not-a-number");
      for (let c = 0; c < nChannels; c++) {
        data[c * nSamples + kept] = doubtful[n] === CLOCK_GOOD ? data[c * nSamples + n]! : Number.NaN;
      }
      time[kept] = time[n]!;
      kept++;
    }
    return this.#toAligned(
      this.#resampler.push(compact(data, nChannels, nSamples, kept), time.subarray(0, kept), kept),
    );
  }

  flush(): AlignedChunk {
    return this.#toAligned(this.#resampler.flush());
  }

  #sessionTimes(chunk: SampleChunk): { time: Float64Array; doubtful: Uint8Array } {
    const doubtful = new Uint8Array(chunk.nSamples);
    if (chunk.sessionTime !== undefined) return { time: chunk.sessionTime.slice(), doubtful };
    const time = new Float64Array(chunk.nSamples);
    //SKIP
    this.#nextSample = chunk.firstSample + chunk.nSamples;
    this.clock.push(chunk.deviceTime, chunk.nSamples, time, doubtful);
    return { time, doubtful };
  }

  #note(time: number, reason: Blemish["reason"]): void {
    const last = this.#blemishes.at(-1);
    const period = 1 / this.#options.nominalSamplingRate;
    if (last?.reason === reason && time - last.end < 2 * period) last.end = time;
    else this.#blemishes.push({ start: time, end: time, reason });
  }

  #toAligned(resampled: {
    firstIndex: number;
    nSamples: number;
    data: Float64Array;
    mask: Uint8Array;
  }): AlignedChunk {
    const { gridRate, person } = this.#options;
    const reach = this.#resampler.latencySeconds + 1 / gridRate;
    const mask = new Uint16Array(resampled.nSamples);
    for (let k = 0; k < resampled.nSamples; k++) {
      if (resampled.mask[k] === 0) continue;
      const time = (resampled.firstIndex + k) / gridRate;
      while (this.#blemishes.length > 1 && this.#blemishes[0]!.end + reach < time) this.#blemishes.shift();
      const blemish = this.#blemishes.find(({ start, end }) => time >= start - reach && time <= end + reach);
      mask[k] = reasonBit(blemish?.reason ?? "gap");
    }
    return {
      kind: "aligned",
      person,
      samplingRate: gridRate,
      firstIndex: resampled.firstIndex,
      nSamples: resampled.nSamples,
      data: resampled.data,
      unfiltered: resampled.data,
      mask,
    };
  }
}

function isMissing(data: Float64Array, nChannels: number, nSamples: number, n: number): boolean {
  for (let c = 0; c < nChannels; c++) if (!Number.isFinite(data[c * nSamples + n]!)) return true;
  return false;
}

/** `[nChannels, nSamples]` cut down to its first `kept` samples. */
function compact(data: Float64Array, nChannels: number, nSamples: number, kept: number): Float64Array {
  if (kept === nSamples) return data;
  const short = new Float64Array(nChannels * kept);
  for (let c = 0; c < nChannels; c++) short.set(data.subarray(c * nSamples, c * nSamples + kept), c * kept);
  return short;
}
