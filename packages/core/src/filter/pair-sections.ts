import { type Complex, distance, isReal, modulus, type ZerosPolesGain } from "./zeros-poles.ts";

/**
 * Groups roots into second-order sections, `[nSections, 6]` as b0 b1 b2 a0 a1 a2.
 *
 * The pole nearest the unit circle is paired with its conjugate and with the nearest zeros, and comes last, so
 * that no intermediate signal grows large; the gain sits in the first section. This is the rule of scipy's
 * `zpk2sos(pairing="nearest")`. Zeros and poles must be equally many and closed under conjugation.
 */
export function pairSections({ zeros, poles, gain }: ZerosPolesGain): Float64Array {
  const z: Complex[] = [...zeros];
  const p: Complex[] = [...poles];
  // An odd order has one real root left over; a root at the origin on both sides completes its section.
  if (p.length % 2 === 1) {
    z.push([0, 0]);
    p.push([0, 0]);
  }
  const nSections = p.length / 2;
  const sections = new Float64Array(nSections * 6);

  for (let s = nSections - 1; s >= 0; s--) {
    const firstPole = takeNearest(p, (pole) => Math.abs(1 - modulus(pole)));
    const secondPole = isReal(firstPole)
      ? takeNearest(p, (pole) => (isReal(pole) ? Math.abs(1 - modulus(pole)) : Number.POSITIVE_INFINITY))
      : takeNearest(p, (pole) => distance(pole, [firstPole[0], -firstPole[1]]));
    // One real and one complex zero left would strand the real one, so a complex pole leaves it for later.
    const realZeros = z.filter(isReal).length;
    const mustBeComplex = !isReal(firstPole) && realZeros === 1;
    const firstZero = takeNearest(z, (zero) =>
      mustBeComplex && isReal(zero) ? Number.POSITIVE_INFINITY : distance(zero, firstPole),
    );
    const secondZero = isReal(firstZero)
      ? takeNearest(z, (zero) => (isReal(zero) ? distance(zero, firstPole) : Number.POSITIVE_INFINITY))
      : takeNearest(z, (zero) => distance(zero, [firstZero[0], -firstZero[1]]));
    const g = s === 0 ? gain : 1;
    sections.set(
      [...quadratic(firstZero, secondZero).map((b) => b * g), ...quadratic(firstPole, secondPole)],
      s * 6,
    );
  }
  return sections;
}

/** Coefficients of (z - a)(z - b), where the two are conjugate or both real. */
const quadratic = (a: Complex, b: Complex): [number, number, number] => [
  1,
  -(a[0] + b[0]),
  a[0] * b[0] - a[1] * b[1],
];

function takeNearest(roots: Complex[], cost: (root: Complex) => number): Complex {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < roots.length; i++) {
    const value = cost(roots[i]);
    if (value < least) {
      best = i;
      least = value;
    }
  }
  return roots.splice(best, 1)[0];
}
