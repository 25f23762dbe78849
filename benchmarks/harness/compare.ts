import { joinAll } from "../inputs/eeg.ts";
import { type Contender, consumedSum, type Timing } from "./contender.ts";
import { medianOf, quantileOfSorted } from "./quantile.ts";
import type { AgreementResult, ContenderResult, RatioResult } from "./result.ts";

/** One kernel with its rivals on the same seeded input. */
export interface KernelBenchmark {
  readonly name: string;
  readonly title: string;
  /** What one time means: `one window`, `1000 surrogates` ... */
  readonly work: string;
  readonly unit: "us" | "ms" | "s";
  /** Ours first: every ratio is a rival's time over its time. Further ones are other ways through our own code. */
  readonly ours: readonly Contender[];
  readonly peers: readonly Contender[];
  /** Rivals that could not take part, and why. */
  readonly skipped: readonly { readonly peer: string; readonly reason: string }[];
  readonly targets: readonly Target[];
  /** Figures of the design text for the same work, never mixed with what is measured here. */
  readonly anchors: readonly string[];
  /** Time of one contender in one round. Default 300. */
  readonly millisecondsPerRound?: number;
}

export interface Target {
  readonly text: string;
  /** Name of the rival and the least ratio to it. Absent: not measurable on this machine. */
  readonly peer?: string;
  readonly atLeast?: number;
}

export interface Comparison {
  readonly agreement: readonly AgreementResult[];
  readonly contenders: readonly ContenderResult[];
  readonly ratios: readonly RatioResult[];
  readonly checksum: number;
}

/** Largest difference that rivals may show, relative to the largest number of the result. */
const TOLERANCE = 1e-6;

/**
 * First checks that everybody computes the same numbers, then times them in interleaved rounds: every contender runs in
 * every round, in an order that rotates, and ratios are formed inside each round. A machine that is slowed down by
 * something else slows all of them.
 */
export async function compare(benchmark: KernelBenchmark, nRounds: number): Promise<Comparison> {
  const all = [...benchmark.ours, ...benchmark.peers];
  const agreement = await checkAgreement(all);
  const timings = all.map((): Timing[] => []);
  for (let round = 0; round < nRounds; round++) {
    for (let k = 0; k < all.length; k++) {
      const i = (k + round) % all.length;
      timings[i]!.push(
        await all[i]!.measure({ milliseconds: benchmark.millisecondsPerRound ?? 300, isFirst: round === 0 }),
      );
    }
  }
  const contenders = all.map(({ name, note }, i) =>
    summarise(name, note, i < benchmark.ours.length, timings[i]!),
  );
  const ratios = all.slice(1).map(({ name }, i): RatioResult => {
    const perRound = timings[i + 1]!.map(({ seconds }, round) => seconds / timings[0]![round]!.seconds);
    return {
      peer: name,
      isOurs: i + 1 < benchmark.ours.length,
      median: medianOf(perRound),
      lowest: Math.min(...perRound),
      highest: Math.max(...perRound),
    };
  });
  return { agreement, contenders, ratios, checksum: consumedSum() };
}

async function checkAgreement([first, ...others]: readonly Contender[]): Promise<AgreementResult[]> {
  const expected = await first!.result();
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(scale > 0)) throw new Error(`${first!.name} computes nothing but zeros`);
  const agreement: AgreementResult[] = [];
  for (const { name, result } of others) {
    const got = await result();
    if (got.length === 0 || got.length > expected.length)
      throw new Error(`${name} gives ${got.length} numbers where ${first!.name} gives ${expected.length}`);
    let worst = 0;
    // A rival that is timed on a part of the work is compared on that part, which comes first.
    for (let i = 0; i < got.length; i++) {
      const difference = Math.abs(got[i]! - expected[i]!) / scale;
      if (!(difference <= worst)) worst = difference;
    }
    if (!(worst <= TOLERANCE))
      throw new Error(
        `${name} does not give the numbers of ${first!.name}: they differ by ${worst} of the largest`,
      );
    agreement.push({ peer: name, nNumbers: got.length, largestRelativeDifference: worst });
  }
  return agreement;
}

function summarise(name: string, note: string, isOurs: boolean, rounds: readonly Timing[]): ContenderResult {
  const all = joinAll(rounds.map(({ samples }) => samples)).sort();
  const seconds = rounds.map((round) => round.seconds);
  return {
    name,
    note,
    isOurs,
    nSamples: all.length,
    p50Seconds: medianOf(seconds),
    p95Seconds: quantileOfSorted(all, 0.95),
    p99Seconds: quantileOfSorted(all, 0.99),
    secondsOfEachRound: seconds,
  };
}
