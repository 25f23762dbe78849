import { OptionError } from "../errors.ts";
import type { Uniform } from "./uniform.ts";

/** What `shuffle` can permute in place: arrays and typed arrays. */
export interface MutableSequence<T> {
  readonly length: number;
  [index: number]: T;
}

/**
 * Permutes an array in place, every order equally likely (Fisher-Yates; Durstenfeld, CACM 7:420, 1964).
 *
 * @param array   array or typed array, overwritten
 * @param uniform one draw per element but one
 */
export function shuffle<T>(array: MutableSequence<T>, uniform: Uniform): void {
  for (let i = array.length - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    const kept = array[i];
    array[i] = array[j];
    array[j] = kept;
  }
}

/**
 * A random permutation of 0 .. n - 1, every one equally likely.
 *
 * @returns `[n]`; `out[i]` is the index that stands at place i
 * @throws OptionError when n is not an integer >= 0
 */
export function permutation(n: number, uniform: Uniform): Int32Array {
  if (!Number.isInteger(n) || n < 0)
    throw new OptionError(`permutation needs an integer n >= 0, got ${n}: pass the number of items.`);
  const out = new Int32Array(n);
  for (let i = 0; i < n; i++) out[i] = i;
  shuffle(out, uniform);
  return out;
}
