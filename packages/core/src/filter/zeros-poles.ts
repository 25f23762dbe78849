/** A complex number, `[real, imaginary]`. Only filter design uses it; nothing here runs per sample. */
export type Complex = readonly [number, number];

/** A rational transfer function by its roots, H = gain * prod(z - zeros) / prod(z - poles). */
export interface ZerosPolesGain {
  readonly zeros: readonly Complex[];
  readonly poles: readonly Complex[];
  readonly gain: number;
}

export const add = (a: Complex, b: Complex): Complex => [a[0] + b[0], a[1] + b[1]];
export const subtract = (a: Complex, b: Complex): Complex => [a[0] - b[0], a[1] - b[1]];
export const scale = (a: Complex, factor: number): Complex => [a[0] * factor, a[1] * factor];
export const multiply = (a: Complex, b: Complex): Complex => [
  a[0] * b[0] - a[1] * b[1],
  a[0] * b[1] + a[1] * b[0],
];
export const divide = (a: Complex, b: Complex): Complex => {
  const power = b[0] * b[0] + b[1] * b[1];
  return [(a[0] * b[0] + a[1] * b[1]) / power, (a[1] * b[0] - a[0] * b[1]) / power];
};
export const modulus = (a: Complex): number => Math.hypot(a[0], a[1]);
export const distance = (a: Complex, b: Complex): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
export const isReal = (a: Complex): boolean => a[1] === 0;

/** Principal square root; exact zeros stay exact, so real roots remain recognisable. */
export function squareRoot(a: Complex): Complex {
  if (a[1] === 0) return a[0] >= 0 ? [Math.sqrt(a[0]), 0] : [0, Math.sqrt(-a[0])];
  const radius = modulus(a);
  const real = Math.sqrt((radius + Math.abs(a[0])) / 2);
  const other = Math.abs(a[1]) / (2 * real);
  const sign = a[1] < 0 ? -1 : 1;
  return a[0] >= 0 ? [real, sign * other] : [other, sign * real];
}
