import { OptionError } from "../errors.ts";
import { permutation, shuffle, type Uniform } from "../random/index.ts";

/** How far at least a surrogate moves each window, and where its randomness comes from. */
export interface ShuffleOptions {
  /** Windows; at least the number of windows that share samples with one window, plus one. */
  readonly minimumShift: number;
  readonly uniform: Uniform;
}

/** Draws that rejection may cost before the random walk takes over: enough for few windows or for short shifts. */
const REJECTION_DRAWS = 3000;
const REJECTION_DRAWS_PER_WINDOW = 60;
const REJECTION_SHIFT = 3;
/** Proposals of the random walk per window; enough to forget the repair. */
const STEPS_PER_WINDOW = 6;

/**
 * The largest minimum shift that n windows allow: no permutation moves every one of them by more than n / 2.
 * Compare with the wish to report a null that had to be weakened.
 */
export function feasibleMinimumShift(n: number, wanted: number): number {
  return Math.min(wanted, Math.floor(n / 2));
}

/** Throws unless n and the shift are whole numbers in range. */
export function requireShuffle(name: string, n: number, minimumShift: number): void {
  if (!Number.isInteger(n) || n < 0 || !Number.isInteger(minimumShift) || minimumShift < 0)
    throw new OptionError(
      `${name} needs integers n >= 0 and minimumShift >= 0, got ${n} and ${minimumShift}.`,
    );
}

/**
 * Uniform permutations, each given up at its first window that stays too near, until one is complete: exactly
 * uniform over what is allowed. About e^(2 shift - 1) attempts; false when the draws are used up.
 */
function reject(order: Int32Array, shift: number, uniform: Uniform): boolean {
  const n = order.length;
  let budget = REJECTION_DRAWS + (shift <= REJECTION_SHIFT ? REJECTION_DRAWS_PER_WINDOW * n : 0);
  for (let i = 0; i < n; i++) order[i] = i;
  while (budget > 0) {
    let place = n - 1;
    for (; place >= 0; place--) {
      budget -= 1;
      const other = Math.floor(uniform() * (place + 1));
      const kept = order[other];
      order[other] = order[place];
      order[place] = kept;
      if (Math.abs(kept - place) < shift) break;
    }
    if (place < 0) return true;
  }
  return false;
}

/** Swaps that leave both windows far enough from home; false when some window found none. */
function repair(order: Int32Array, shift: number, uniform: Uniform): boolean {
  const n = order.length;
  for (let i = 0; i < n; i++) {
    if (Math.abs(order[i] - i) >= shift) continue;
    const start = Math.floor(uniform() * n);
    let repaired = false;
    for (let k = 0; k < n && !repaired; k++) {
      const j = (start + k) % n;
      // The partner may be a misplaced one itself: then one swap mends both.
      if (Math.abs(order[j] - i) < shift || Math.abs(order[i] - j) < shift) continue;
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
      repaired = true;
    }
    if (!repaired) return false;
  }
  return true;
}

/**
 * Pairs each adult window with another infant window: a random permutation in which every index moves by at least
 * `minimumShift`. Adult window i goes with infant window `out[i]`; whole heads move, never single channels.
 *
 * Destroys the alignment between the heads. Keeps the spectra and the coupling inside each head. Tests any
 * time-locked coupling, including a stimulus that both share. For windows that do not overlap; where they do, use
 * `runPreservingShuffle`.
 *
 * Shifts up to about 3 windows: exactly uniform over all such permutations, by rejection. Longer ones: a uniform
 * permutation is repaired by swaps and then walks 6 n random exchanges of two or three windows that keep the
 * constraint; the walk is symmetric, so it tends to the uniform distribution over what it can reach. Where n is below
 * 2 `minimumShift` no such permutation exists and `feasibleMinimumShift` is used instead.
 *
 * @param n number of windows of one condition
 * @returns `[n]`; the identity for n < 2
 * @throws OptionError when n or minimumShift is not an integer >= 0
 */
export function blockShuffle(n: number, options: ShuffleOptions): Int32Array {
  requireShuffle("blockShuffle", n, options.minimumShift);
  const { uniform } = options;
  const shift = feasibleMinimumShift(n, options.minimumShift);
  const order = permutation(n, uniform);
  if (shift === 0 || reject(order, shift, uniform)) return order;
  for (let attempt = 0; !repair(order, shift, uniform); attempt++) {
    if (attempt < 8) {
      shuffle(order, uniform);
      continue;
    }
    const rotation = shift + Math.floor(uniform() * (n - 2 * shift + 1));
    for (let i = 0; i < n; i++) order[i] = (i + rotation) % n;
  }
  walk(order, shift, uniform);
  return order;
}

/** Random exchanges of two or of three windows, those that would come too near home left out. */
function walk(order: Int32Array, shift: number, uniform: Uniform): void {
  const n = order.length;
  for (let step = 0; step < STEPS_PER_WINDOW * n; step++) {
    const i = Math.floor(uniform() * n);
    const j = Math.floor(uniform() * n);
    const k = step % 2 === 0 ? i : Math.floor(uniform() * n);
    if (i === j || (k !== i && k === j)) continue;
    // i takes what stood at j, j what stood at k, k what stood at i.
    if (Math.abs(order[j] - i) < shift || Math.abs(order[k] - j) < shift) continue;
    if (k !== i && Math.abs(order[i] - k) < shift) continue;
    const kept = order[i];
    order[i] = order[j];
    order[j] = k === i ? kept : order[k];
    if (k !== i) order[k] = kept;
  }
}
