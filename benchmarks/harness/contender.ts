import { Bench } from "tinybench";
import { medianOf } from "./quantile.ts";
import { threadNanoseconds } from "./thread-time.ts";

/** One way of doing a benchmark's work. */
export interface Contender {
  readonly name: string;
  /** What it is and what it leaves out, in one sentence. */
  readonly note: string;
  /** The numbers that the work gives, to be compared before anything is timed. */
  result(): Float64Array | Promise<Float64Array>;
  measure(round: Round): Timing | Promise<Timing>;
}

/** What one round found out about a contender, in seconds for one whole piece of work. */
export interface Timing {
  /** Wall time of every run. */
  readonly samples: Float64Array;
  /** The round's one number; see `representativeSeconds`. */
  readonly seconds: number;
}

/** Runs beyond this are often interrupted on a busy machine. */
const LONG_RUN_SECONDS = 1e-3;

/**
 * The time of a run that is compared. Short runs: the median of the wall times, because few of them are interrupted. Long
 * ones: processor time of the working thread over the number of runs, because on a busy machine nearly all of them are, and
 * wall time would then favour whoever runs in smaller pieces. On a quiet machine both are the same.
 */
export function representativeSeconds(
  wallSeconds: Float64Array,
  processorSeconds: number | undefined,
): number {
  const median = medianOf(wallSeconds);
  return median < LONG_RUN_SECONDS || processorSeconds === undefined
    ? median
    : processorSeconds / wallSeconds.length;
}

/** How long one contender may run within one round. */
export interface Round {
  readonly milliseconds: number;
  /** Only the first round warms up: afterwards the code is compiled. */
  readonly isFirst: boolean;
}

export interface InProcess {
  readonly name: string;
  readonly note: string;
  /** Part of the piece of work that one `run` does: 1 all of it, 0.01 a hundredth. Default 1. */
  readonly part?: number;
  /** One run takes seconds: it is run once a round and not warmed up beyond the check of its numbers. */
  readonly isSlow?: boolean;
  readonly result: () => Float64Array;
  /** Does the work and returns one number that depends on it, so that nothing can be left out. */
  readonly run: () => number;
}

let consumed = 0;

/** Everything that timed code returned, added up: written into the result, so that the work had to be done. */
export const consumedSum = (): number => consumed;

/** A contender that runs in this process, timed by tinybench. */
export function inProcess({ name, note, part = 1, isSlow = false, result, run }: InProcess): Contender {
  return {
    name,
    note,
    result,
    measure({ milliseconds, isFirst }) {
      let before: number | undefined;
      let after: number | undefined;
      const bench = new Bench({
        time: milliseconds,
        iterations: isSlow ? 1 : 3,
        warmup: isFirst && !isSlow,
        warmupTime: Math.max(300, milliseconds),
        warmupIterations: 1,
        retainSamples: true,
        throws: true,
        setup: () => {
          before = threadNanoseconds();
        },
        teardown: () => {
          after = threadNanoseconds();
        },
      });
      bench.add(name, () => {
        consumed += run();
      });
      const [task] = bench.runSync();
      const outcome = task?.result;
      if (outcome?.state !== "completed") throw new Error(`${name} did not finish: ${outcome?.state}`);
      const runs = Float64Array.from(outcome.latency.samples ?? [], (each) => each / 1000);
      const processor = before === undefined || after === undefined ? undefined : (after - before) / 1e9;
      return {
        samples: runs.map((seconds) => seconds / part),
        seconds: representativeSeconds(runs, processor) / part,
      };
    },
  };
}
