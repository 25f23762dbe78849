/** What a run writes into results/NAME.json. */
export interface BenchmarkResult {
  readonly name: string;
  readonly title: string;
  readonly environment: Environment;
  readonly kernel?: KernelResult;
  readonly figures?: readonly Figure[];
  readonly targets: readonly TargetResult[];
  /** Quoted from the design text: other machine, other rivals. */
  readonly designTextAnchors: readonly string[];
  readonly skipped: readonly { readonly peer: string; readonly reason: string }[];
}

export interface Environment {
  readonly date: string;
  readonly cpu: string;
  readonly nCpus: number;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  /** Absent where Python or NumPy is. */
  readonly python?: Readonly<Record<string, string>>;
  /** One-minute load average before and after: above 1, others used the machine too. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}

export interface KernelResult {
  readonly work: string;
  readonly unit: "us" | "ms" | "s";
  readonly nRounds: number;
  readonly contenders: readonly ContenderResult[];
  readonly ratios: readonly RatioResult[];
  readonly agreement: readonly AgreementResult[];
  readonly checksum: number;
}

export interface ContenderResult {
  readonly name: string;
  readonly note: string;
  readonly isOurs: boolean;
  /** Timed runs in all rounds together. */
  readonly nSamples: number;
  /** Median over rounds of the round's time: median wall time of short runs, mean processor time of long ones. */
  readonly p50Seconds: number;
  /** Wall time, over all runs of all rounds. */
  readonly p95Seconds: number;
  readonly p99Seconds: number;
  readonly secondsOfEachRound: readonly number[];
}

/** Time of the other over time of our first contender, inside each round. */
export interface RatioResult {
  readonly peer: string;
  readonly isOurs: boolean;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export interface AgreementResult {
  readonly peer: string;
  readonly nNumbers: number;
  readonly largestRelativeDifference: number;
}

/** A number of a benchmark that is not a comparison. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
}

export interface TargetResult {
  readonly text: string;
  readonly measured?: number;
  /** Absent where the target cannot be measured here. */
  readonly isMet?: boolean;
}
