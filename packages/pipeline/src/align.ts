import { CLOCK_GOOD, type GridChunk, GridResampler } from "@attune/core";
import type { AlignedChunk, ClockOffset } from "@attune/signal";
import { concat, defer, from, mergeMap, type OperatorFunction } from "rxjs";
import type { MarkedChunk } from "./mark-still.ts";
import { reasonBit } from "./reasons.ts";
import { SessionTimes } from "./session-times.ts";

export interface AlignOptions {
  readonly person: string;
  readonly nChannels: number;
  readonly nominalSamplingRate: number;
  readonly gridRate: number;
}

/**
 * Puts one stream onto the session grid: sample `k` lies at `k / gridRate` on the session clock, for every person.
 *
 * Times: those of `SessionTimes`. Values: band-limited interpolation at the grid times, the same for every person. Nothing is
 * interpolated across a gap: grid samples within reach of one, of a missing value, or of a time in doubt are NaN and say why.
 */
export function align(options: AlignOptions): OperatorFunction<MarkedChunk | ClockOffset, AlignedChunk> {
  return (inputs) =>
    defer(() => {
      const stage = new Alignment(options);
      return concat(
        inputs.pipe(
          mergeMap((input) => {
            if (input.kind === "clock-offset") {
              stage.times.addOffset(input);
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

/** Rows that travel with the channels: NaN reaches exactly the grid samples that a gap, a doubt or a missing value spoils. */
const MARKERS = ["gap", "clock", "not-a-number", "flat", "railed"] as const;

const FLAT = reasonBit("flat");
const RAILED = reasonBit("railed");

class Alignment {
  readonly times: SessionTimes;
  readonly #resampler: GridResampler;
  readonly #options: AlignOptions;
  #lastTime = Number.NEGATIVE_INFINITY;

  constructor(options: AlignOptions) {
    this.#options = options;
    this.times = new SessionTimes(options.nominalSamplingRate);
    this.#resampler = new GridResampler({
      nChannels: options.nChannels + MARKERS.length,
      inputRate: options.nominalSamplingRate,
      gridRate: options.gridRate,
    });
  }

  push(chunk: MarkedChunk): AlignedChunk {
    const { time, doubtful } = this.times.of(chunk);
    const placed = this.#placeable(time);
    const rows = this.#withMarkers(chunk, placed, doubtful);
    const placedTime = Float64Array.from(placed, (n) => time[n]!);
    return this.#toAligned(this.#resampler.push(rows, placedTime, placed.length));
  }

  flush(): AlignedChunk {
    return this.#toAligned(this.#resampler.flush());
  }

  /** Indices of the samples with a place on the grid: their time is known and later than that of the one before. */
  #placeable(time: Float64Array): Int32Array {
    const placed = new Int32Array(time.length);
    let count = 0;
    for (let n = 0; n < time.length; n++) {
      if (!(time[n]! > this.#lastTime && time[n]! < Number.POSITIVE_INFINITY)) continue;
      this.#lastTime = time[n]!;
      placed[count++] = n;
    }
    return placed.subarray(0, count);
  }

  /** `[nChannels + markers, placed.length]`, NaN wherever a value is missing or its time in doubt. */
  #withMarkers(
    { data, nSamples, mask }: MarkedChunk,
    placed: Int32Array,
    doubtful: Uint8Array,
  ): Float64Array {
    const { nChannels } = this.#options;
    const nPlaced = placed.length;
    const rows = new Float64Array((nChannels + MARKERS.length) * nPlaced);
    const clockRow = (nChannels + 1) * nPlaced;
    const missingRow = (nChannels + 2) * nPlaced;
    const flatRow = (nChannels + 3) * nPlaced;
    const railedRow = (nChannels + 4) * nPlaced;
    for (let k = 0; k < nPlaced; k++) {
      const n = placed[k]!;
      const inDoubt = doubtful[n] !== CLOCK_GOOD;
      if (inDoubt) rows[clockRow + k] = Number.NaN;
      const marked = mask?.[n] ?? 0;
      if (marked & FLAT) rows[flatRow + k] = Number.NaN;
      if (marked & RAILED) rows[railedRow + k] = Number.NaN;
      for (let c = 0; c < nChannels; c++) {
        const value = data[c * nSamples + n]!;
        const missing = !Number.isFinite(value);
        if (missing && !inDoubt) rows[missingRow + k] = Number.NaN;
        rows[c * nPlaced + k] = missing || inDoubt ? Number.NaN : value;
      }
    }
    return rows;
  }

  #toAligned({ firstIndex, nSamples, data }: GridChunk): AlignedChunk {
    const { gridRate, person, nChannels } = this.#options;
    const mask = new Uint16Array(nSamples);
    // Next to a gap every row is NaN, whatever else is wrong there.
    for (let m = MARKERS.length - 1; m >= 0; m--) {
      const row = (nChannels + m) * nSamples;
      const bit = reasonBit(MARKERS[m]!);
      for (let k = 0; k < nSamples; k++) {
        if (Number.isNaN(data[row + k]!)) mask[k] = m === 0 ? bit : mask[k]! | bit;
      }
    }
    const channels = data.slice(0, nChannels * nSamples);
    return {
      kind: "aligned",
      person,
      samplingRate: gridRate,
      firstIndex,
      nSamples,
      data: channels,
      unfiltered: channels,
      mask,
    };
  }
}
