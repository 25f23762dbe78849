import {
  identityPairing,
  mean,
  PairedMoments,
  permutationP,
  timeReversedDifferenceFromGram,
} from "@attune/core";
import type { TimeReversalResult } from "../result.ts";
import { type NullContext, uniformFor } from "./context.ts";
import { exchangeUnits, shuffleWindows, tooFewToExchange } from "./exchange.ts";

/**
 * Does net flow from one person to the other turn round when time does? D = net forward - net reversed, in nats, held against
 * the same number with windows of the second person shuffled. Zero-lag mixing and unequal noise do not produce D.
 *
 * @returns one row for each pair of people; none where there are too few windows to shuffle
 */
export function testTimeReversal(context: NullContext): TimeReversalResult[] {
  const { settings, estimator, data } = context;
  const { set, unit } = exchangeUnits(data, settings);
  if (tooFewToExchange(set.nWindows / unit) !== undefined) return [];
  const paired = new PairedMoments(set, estimator.order, unit);
  const gram = new Float64Array(((estimator.order + 1) * set.nChannels) ** 2);
  const shape = { nChannels: set.nChannels, order: estimator.order, nRows: paired.nRows };
  // The second direction of a pair is the first with the sign turned round.
  const pairs = estimator.directions.filter(
    ({ fromChannels, toChannels }) => fromChannels[0]! < toChannels[0]!,
  );
  const differencesOf = (values: Float64Array) =>
    pairs.map(({ fromChannels, toChannels }) =>
      timeReversedDifferenceFromGram(
        { ...shape, gram: values },
        { fromIndices: fromChannels, toIndices: toChannels },
      ),
    );
  paired.gram(gram, identityPairing(set, unit));
  const observed = differencesOf(gram);
  const draws: number[][] = pairs.map(() => []);
  const nSurrogates = Math.min(settings.nSurrogates, 200);
  for (let s = 0; s < nSurrogates; s++) {
    const uniform = uniformFor(settings, data.condition, "timeReverse", s);
    const pairing = identityPairing(set, unit);
    for (let person = 1; person < pairing.length; person++) {
      pairing[person] = shuffleWindows(set.nWindows / unit, context, uniform);
    }
    paired.gram(gram, pairing);
    differencesOf(gram).forEach(({ difference }, i) => {
      draws[i]!.push(difference);
    });
  }
  return pairs.map(({ from, to }, i) => {
    const { forwardNet, reversedNet, difference } = observed[i]!;
    return {
      from,
      to,
      netForward: forwardNet,
      netReversed: reversedNet,
      difference,
      p: twoSided(difference, draws[i]!),
    };
  });
}

/** Two-sided about the mean of the null. */
function twoSided(value: number, draws: readonly number[]): number {
  const centre = mean(draws);
  return permutationP(
    Math.abs(value - centre),
    draws.map((draw) => Math.abs(draw - centre)),
  );
}
