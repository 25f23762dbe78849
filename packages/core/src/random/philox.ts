import type { Uniform } from "./uniform.ts";

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const N_ROUNDS = 10;

/** High 32 bits of the unsigned product of two 32-bit integers, by 16-bit halves. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle & 0xffff) + aLow * bHigh;
  return aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536);
}

/**
 * One block of Philox-4x32-10: a keyed bijection of a 128-bit counter, so block k of any stream can be had
 * without the blocks before it.
 *
 * @param out     `[4]`, overwritten with four 32-bit words
 * @param counter `[4]`, not changed; may not be `out`
 * @param key     `[2]`, not changed
 * @see Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011)
 */
export function philox4x32(out: Uint32Array, counter: Uint32Array, key: Uint32Array): void {
  let c0 = counter[0];
  let c1 = counter[1];
  let c2 = counter[2];
  let c3 = counter[3];
  let k0 = key[0];
  let k1 = key[1];
  for (let round = 0; round < N_ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

const bits = new DataView(new ArrayBuffer(8));

function mixWord(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/**
 * Derives a 32-bit seed from a list of parts, such as (study seed, "adult", "infant", surrogate index).
 *
 * The same parts give the same seed on every engine; another order, another split of a string or the string
 * "1" instead of the number 1 gives another. Not a cryptographic hash; two lists collide with probability 2^-32.
 *
 * @param parts numbers (all 64 bits count; -0 equals 0) and strings (UTF-16 code units)
 * @returns an integer in [0, 2^32)
 * @see the mixing steps of MurmurHash3 (A. Appleby, 2011, public domain)
 */
export function hashSeed(...parts: readonly (number | string)[]): number {
  let hash = 0;
  let length = 0;
  for (const part of parts) {
    if (typeof part === "number") {
      bits.setFloat64(0, part === 0 ? 0 : part);
      hash = mixWord(mixWord(mixWord(hash, 1), bits.getUint32(0)), bits.getUint32(4));
      length += 3;
    } else {
      hash = mixWord(mixWord(hash, 2), part.length);
      for (let i = 0; i < part.length; i++) hash = mixWord(hash, part.charCodeAt(i));
      length += 2 + part.length;
    }
  }
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * A stream of uniform numbers that belongs to a key and to nothing else: whoever draws for (study seed, pair of
 * persons, surrogate index) gets the same numbers, in whatever order and on however many workers the work is done.
 *
 * Philox-4x32-10 with a 128-bit key made of four salted `hashSeed`s and a 64-bit block counter; streams of
 * different keys do not overlap in practice, which seeds of one `mulberry32` orbit can. Each number carries 53
 * bits (two words).
 *
 * @param key the parts that name the stream, as for `hashSeed`
 * @returns a generator of uniform numbers in [0, 1), multiples of 2^-53
 */
export function counterRandom(...key: readonly (number | string)[]): Uniform {
  const counter = Uint32Array.of(0, 0, hashSeed("counter-2", ...key), hashSeed("counter-3", ...key));
  const philoxKey = Uint32Array.of(hashSeed("key-0", ...key), hashSeed("key-1", ...key));
  const block = new Uint32Array(4);
  let used = 4;
  return () => {
    if (used === 4) {
      philox4x32(block, counter, philoxKey);
      counter[0] = counter[0] + 1;
      if (counter[0] === 0) counter[1] = counter[1] + 1;
      used = 0;
    }
    const high = block[used] >>> 5;
    const low = block[used + 1] >>> 6;
    used += 2;
    return (high * 67108864 + low) / 9007199254740992;
  };
}
