import { OptionError, ShapeError } from "../errors.ts";

/** How far a duration may lie from a whole number of samples before it is refused, in samples. */
const TOLERANCE = 1e-6;

/**
 * A duration as a whole number of samples.
 *
 * @throws OptionError when the rate is not positive, the duration is no whole number of samples or below `minimum`
 */
export function samplesOf(what: string, seconds: number, samplingRate: number, minimum = 1): number {
  if (!(samplingRate > 0 && Number.isFinite(samplingRate)))
    throw new OptionError(`${what}: samplingRate must be a positive number of Hz, got ${samplingRate}.`);
  const samples = Math.round(seconds * samplingRate);
  if (!(Math.abs(seconds * samplingRate - samples) <= TOLERANCE) || samples < minimum)
    throw new OptionError(
      `${what} must be a whole number of samples, ${minimum} or more: ${seconds} s at ${samplingRate} Hz is ${
        seconds * samplingRate
      }.`,
    );
  return samples;
}

/** Throws unless two members' series are equally long: they must share one time grid. */
export function requireSameGrid(kernel: string, a: Float64Array, b: Float64Array): void {
  if (a.length !== b.length)
    throw new ShapeError(kernel, `b of ${a.length} samples on the grid of a`, `${b.length}`);
}

/** Share of pairs that must be valid; 0.8 unless said otherwise. */
export const DEFAULT_COVERAGE = 0.8;

/** @throws OptionError when the share is outside (0, 1] */
export function requireCoverage(kernel: string, minimumCoverage: number): number {
  if (!(minimumCoverage > 0 && minimumCoverage <= 1))
    throw new OptionError(`${kernel}: minimumCoverage must lie in (0, 1], got ${minimumCoverage}.`);
  return minimumCoverage;
}

/** The fewest valid pairs that make up a share of n, never below 3: two points always correlate perfectly. */
export function fewestValid(n: number, minimumCoverage: number): number {
  return Math.max(3, Math.ceil(minimumCoverage * n - 1e-9));
}
