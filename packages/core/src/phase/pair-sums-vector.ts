import { instantiate } from "../wasm/instantiate.ts";
import { complexProducts, imaginaryParts, realProducts } from "./pair-sums.ts";
import { PAIR_SUMS_WASM } from "./pair-sums-wasm.ts";

/** The sums that exist twice, in JavaScript and in vectors; see `pair-sums.ts` for what each is. */
export interface PairSums {
  /** Channels must be a multiple of this. */
  readonly channelMultiple: number;
  /** Buffers for the sums' operands and results, of the given lengths. They hold nothing from call to call. */
  scratch(lengths: readonly number[]): Float64Array[];
  readonly complexProducts: typeof complexProducts;
  readonly realProducts: typeof realProducts;
  readonly imaginaryParts: typeof imaginaryParts;
}

/** In JavaScript, for any problem. */
export const plainSums: PairSums = {
  channelMultiple: 2,
  scratch: (lengths) => lengths.map((length) => new Float64Array(length)),
  complexProducts,
  realProducts,
  imaginaryParts,
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  complexProducts(...placesThenSizes: number[]): void;
  realProducts(first: number, rows: number, n: number, nSamples: number): void;
  imaginaryParts(...placesThenSizes: number[]): void;
}

/** Two channels a vector, in one memory that all plans of a thread share and that `scratch` gives out again and again. */
function vectorSums(exports: Exports): PairSums {
  const { buffer } = exports.memory;
  return {
    channelMultiple: 4,
    scratch: (lengths) => {
      let from = 0;
      return lengths.map((length) => {
        const view = new Float64Array(buffer, from * 8, length);
        from += length;
        return view;
      });
    },
    complexProducts: (first, second, aReal, aImaginary, bReal, bImaginary, n, nSamples) =>
      exports.complexProducts(
        first.byteOffset,
        second.byteOffset,
        aReal.byteOffset,
        aImaginary.byteOffset,
        bReal.byteOffset,
        bImaginary.byteOffset,
        n,
        nSamples,
      ),
    realProducts: (first, rows, n, nSamples) =>
      exports.realProducts(first.byteOffset, rows.byteOffset, n, nSamples),
    imaginaryParts: (first, second, real, imaginary, n, nSamples) =>
      exports.imaginaryParts(
        first.byteOffset,
        second.byteOffset,
        real.byteOffset,
        imaginary.byteOffset,
        n,
        nSamples,
      ),
  };
}

let shared: { readonly sums: PairSums; readonly capacity: number } | undefined;
let isTried = false;

function sharedVectorSums() {
  if (!isTried) {
    const exports = instantiate<Exports>(PAIR_SUMS_WASM);
    if (exports !== undefined)
      shared = { sums: vectorSums(exports), capacity: exports.memory.buffer.byteLength / 8 };
  }
  isTried = true;
  return shared;
}

/** With fewer channels most of a tile of four by four lies outside the triangle. */
const LEAST_CHANNELS = 6;

/**
 * The faster of the two for a problem; both give the same bits.
 *
 * @param scratchLength numbers that `scratch` will be asked for in all, for a number of channels
 */
export function choosePairSums(
  nChannels: number,
  scratchLength: (nPaddedChannels: number) => number,
): PairSums {
  if (nChannels < LEAST_CHANNELS) return plainSums;
  const vectors = sharedVectorSums();
  if (vectors === undefined) return plainSums;
  const padded = Math.ceil(nChannels / vectors.sums.channelMultiple) * vectors.sums.channelMultiple;
  return scratchLength(padded) <= vectors.capacity ? vectors.sums : plainSums;
}
