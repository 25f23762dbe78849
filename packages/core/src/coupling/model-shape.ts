import { OptionError, ShapeError } from "../errors.ts";
import type { MvarModel } from "../mvar/model.ts";

/** Refuses a model whose arrays do not have the sizes that it announces. */
export function checkModel(kernel: string, model: MvarModel): void {
  const { nChannels: n, order: p } = model;
  checkCounts(kernel, n, p);
  if (model.coefficients.length !== p * n * n)
    throw new ShapeError(
      kernel,
      `coefficients of ${p} x ${n} x ${n} = ${p * n * n} numbers`,
      `${model.coefficients.length}`,
    );
  if (model.noiseCovariance.length !== n * n)
    throw new ShapeError(
      kernel,
      `a noise covariance of ${n} x ${n} = ${n * n} numbers`,
      `${model.noiseCovariance.length}`,
    );
}

export function checkCounts(kernel: string, nChannels: number, order: number): void {
  if (!(Number.isInteger(nChannels) && nChannels > 0))
    throw new OptionError(`${kernel}: nChannels must be a positive whole number, got ${nChannels}.`);
  if (!(Number.isInteger(order) && order > 0))
    throw new OptionError(`${kernel}: order must be a positive whole number, got ${order}.`);
}

/** Refuses channel sets that are empty, out of range, repeated or shared. */
export function checkDisjoint(
  kernel: string,
  nChannels: number,
  sets: Record<string, ArrayLike<number>>,
): void {
  const owner = new Map<number, string>();
  for (const [name, indices] of Object.entries(sets)) {
    if (indices.length === 0) throw new OptionError(`${kernel}: ${name} names no channel.`);
    for (const index of Array.from(indices)) {
      if (!(Number.isInteger(index) && index >= 0 && index < nChannels))
        throw new OptionError(`${kernel}: ${name} holds channel ${index}, allowed are 0..${nChannels - 1}.`);
      const before = owner.get(index);
      if (before !== undefined)
        throw new OptionError(`${kernel}: channel ${index} stands twice, in ${before} and in ${name}.`);
      owner.set(index, name);
    }
  }
}

/** The residual variances s_i^2, the diagonal of the noise covariance. */
export function noiseVariance(model: MvarModel): Float64Array {
  const n = model.nChannels;
  const variance = new Float64Array(n);
  for (let i = 0; i < n; i++) variance[i] = model.noiseCovariance[i * n + i];
  return variance;
}

/** The channels that are in none of the sets, ascending. */
export function remainingChannels(nChannels: number, ...sets: readonly ArrayLike<number>[]): number[] {
  const used = new Set<number>();
  for (const set of sets) for (const index of Array.from(set)) used.add(index);
  const rest: number[] = [];
  for (let i = 0; i < nChannels; i++) if (!used.has(i)) rest.push(i);
  return rest;
}
