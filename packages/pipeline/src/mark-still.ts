import type { ClockOffset, SampleChunk } from "@attune/signal";
import { defer, map, type OperatorFunction } from "rxjs";
import { reasonBit } from "./reasons.ts";
import type { ArtefactSettings, PersonMontage } from "./settings.ts";

/** A chunk whose samples may say why they cannot be used. */
export interface MarkedChunk extends SampleChunk {
  /** `[nSamples]`, union of reason bits over the montage's channels. */
  readonly mask?: Uint16Array;
}

/**
 * Finds electrodes that are off and amplifiers at their limit, on the samples as the device sent them: a reference that is
 * subtracted later moves a dead channel, and interpolation rings where a signal meets its rail.
 *
 * `railed`: the same value to the bit for `railedSeconds`, and none beyond it was ever seen. `flat`: the same value to the bit for
 * `flatSeconds`, anywhere else. A spell is marked from the sample on that makes it long enough; windows that hold only its beginning
 * are its neighbours and fall to the guard. A gap or a missing value ends a spell.
 */
export function markStill(
  montage: PersonMontage,
  artefacts: ArtefactSettings,
): OperatorFunction<SampleChunk | ClockOffset, MarkedChunk | ClockOffset> {
  return (inputs) =>
    defer(() => {
      const detector = new StillDetector(montage, artefacts);
      return inputs.pipe(map((input) => (input.kind === "samples" ? detector.mark(input) : input)));
    });
}

const FLAT = reasonBit("flat");
const RAILED = reasonBit("railed");

class StillDetector {
  readonly #rows: readonly number[];
  readonly #flatSamples: number;
  readonly #railedSamples: number;
  readonly #last: Float64Array;
  readonly #run: Float64Array;
  readonly #lowest: Float64Array;
  readonly #highest: Float64Array;
  #nextSample = Number.NaN;

  constructor({ channels, nominalSamplingRate }: PersonMontage, artefacts: ArtefactSettings) {
    const nChannels = channels.length;
    this.#rows = channels.map(({ row }) => row);
    this.#flatSamples = Math.max(2, Math.ceil(artefacts.flatSeconds * nominalSamplingRate));
    this.#railedSamples = Math.max(2, Math.ceil(artefacts.railedSeconds * nominalSamplingRate));
    this.#last = new Float64Array(nChannels).fill(Number.NaN);
    this.#run = new Float64Array(nChannels);
    this.#lowest = new Float64Array(nChannels).fill(Number.POSITIVE_INFINITY);
    this.#highest = new Float64Array(nChannels).fill(Number.NEGATIVE_INFINITY);
  }

  mark(chunk: SampleChunk): MarkedChunk {
    if (chunk.firstSample !== this.#nextSample) this.#last.fill(Number.NaN);
    this.#nextSample = chunk.firstSample + chunk.nSamples;
    const mask = new Uint16Array(chunk.nSamples);
    for (let c = 0; c < this.#rows.length; c++) this.#markChannel(c, chunk, mask);
    return { ...chunk, mask };
  }

  #markChannel(c: number, { data, nSamples }: SampleChunk, mask: Uint16Array): void {
    const from = this.#rows[c]! * nSamples;
    let last = this.#last[c]!;
    let run = this.#run[c]!;
    let low = this.#lowest[c]!;
    let high = this.#highest[c]!;
    for (let n = 0; n < nSamples; n++) {
      const value = data[from + n]!;
      run = value === last ? run + 1 : 1;
      last = value;
      if (value < low) low = value;
      if (value > high) high = value;
      if (run < this.#railedSamples) continue;
      if ((value === high || value === low) && low < high) mask[n]! |= RAILED;
      else if (run >= this.#flatSamples) mask[n]! |= FLAT;
    }
    this.#last[c] = last;
    this.#run[c] = run;
    this.#lowest[c] = low;
    this.#highest[c] = high;
  }
}
