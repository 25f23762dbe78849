import type { Uniform } from "./uniform.ts";

/**
 * Standard normal numbers by the Box-Muller transform: exact distribution, tails to about 6.7 SD.
 *
 *     r = sqrt(-2 ln(1 - u1));  first r cos(2 pi u2), then r sin(2 pi u2)
 *
 * `Math.log`, `cos` and `sin` may differ between engines in the last bit, so these numbers are equal everywhere
 * to about 1e-15, not to the bit. Use `irwinHall` where bits matter.
 *
 * @param uniform two draws per two numbers
 * @see Box & Muller, Annals of Mathematical Statistics 29:610 (1958)
 */
export function boxMuller(uniform: Uniform): () => number {
  let spare = 0;
  let hasSpare = false;
  return () => {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    hasSpare = true;
    return radius * Math.cos(angle);
  };
}

/**
 * Nearly standard normal numbers as the sum of twelve uniform ones minus six (Irwin-Hall).
 *
 * Mean 0 and variance 1 exactly; tails end at 6 SD and excess kurtosis is -0.1. With `mulberry32` every partial
 * sum is exact in binary64, so the numbers are equal to the bit on every engine and in every language.
 *
 * @param uniform twelve draws per number
 * @see Irwin, Biometrika 19:225 (1927); Hall, Biometrika 19:240 (1927)
 */
export function irwinHall(uniform: Uniform): () => number {
  return () => {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += uniform();
    return sum - 6;
  };
}

/**
 * Standard normal numbers by the project's default method, which is `boxMuller`.
 *
 * @param uniform source of uniform numbers, such as `mulberry32(seed)` or `counterRandom(...)`
 */
export function normal(uniform: Uniform): () => number {
  return boxMuller(uniform);
}
