/** A generator of pseudo-random numbers, uniform on [0, 1). Every call advances it. */
export type Uniform = () => number;

/**
 * Mulberry32: a small, fast generator with 32 bits of state.
 *
 *     a <- a + 0x6D2B79F5;  t = (a ^ a>>>15) * (1|a);  t <- (t + (t ^ t>>>7) * (61|t)) ^ t;  u = (t ^ t>>>14) / 2^32
 *
 * All seeds lie on one orbit of length 2^32, so it suits simulations and tests. Use `counterRandom` where many
 * streams must be independent of each other.
 *
 * @param seed any number; taken modulo 2^32
 * @returns a generator of uniform numbers in [0, 1), multiples of 2^-32
 * @see T. Ettinger, "Mulberry32" (2017), public domain; golden vectors in tests/golden/random.test.ts
 */
export function mulberry32(seed: number): Uniform {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
