import type {
  Beat,
  Covariation,
  HeartOutput,
  HeartStatus,
  InterbeatInterval,
  Respiration,
  RmssdSample,
  Seconds,
} from "@attune/signal";

/** What is known of one person's heart; undefined until it comes. */
export interface NewestHeart {
  readonly status: HeartStatus | undefined;
  readonly beat: Beat | undefined;
  readonly interval: InterbeatInterval | undefined;
  /** The newest window of sliding RSA: `at` is its centre, `value` ln(ms^2). */
  readonly rsa: { readonly at: Seconds; readonly value: number } | undefined;
  readonly rmssd: RmssdSample | undefined;
  /** From a belt; undefined for people without one. */
  readonly respiration: Respiration | undefined;
}

/** One person's heart over the session. */
export interface HeartTotal {
  readonly person: string;
  readonly nBeats: number;
  /** Intervals that were judged, those that are missing left out. */
  readonly nIntervals: number;
  /** Of these, the ones that were not good as they came. */
  readonly nCorrected: number;
  /** `nCorrected / nIntervals`; NaN when there are none. */
  readonly correctedShare: number;
  /** Share of the time since its first sample in which its interbeat interval is known; NaN before. */
  readonly coverage: number;
  /** Mean of the trace's quality, second by second from the first beat on, 0 to 1; NaN before. */
  readonly signalQuality: number;
}

export interface HeartTotals {
  readonly people: readonly HeartTotal[];
  /** The newest window of each measure and pair, with all of them gathered by state. */
  readonly covariations: readonly Covariation[];
}

interface Sums {
  nBeats: number;
  nIntervals: number;
  nCorrected: number;
  nKnown: number;
  samplingRate: number;
  firstTick: Seconds;
  lastTick: Seconds;
  nTicks: number;
  nRated: number;
  quality: number;
}

/** Adds up what is heard of hearts. */
export class RunningHearts {
  readonly #sums = new Map<string, Sums>();
  readonly #newest = new Map<string, NewestHeart>();
  readonly #covariations = new Map<string, Covariation>();

  take(output: HeartOutput): void {
    if (output.kind === "covariation") {
      this.#covariations.set(`${output.measure} ${output.from} ${output.to}`, output);
      return;
    }
    const { person } = output;
    // A belt is no heart: who wears only that has no total.
    if (output.kind === "respiration") {
      this.#newest.set(person, { ...this.newest(person), respiration: output });
      return;
    }
    const sums = this.#sums.get(person) ?? emptySums();
    this.#sums.set(person, sums);
    const newest = this.newest(person);
    switch (output.kind) {
      case "beat":
        sums.nBeats++;
        this.#newest.set(person, { ...newest, beat: output });
        break;
      case "interbeat":
        if (output.verdict !== "missing") sums.nIntervals++;
        if (output.verdict !== "missing" && output.verdict !== "ok") sums.nCorrected++;
        this.#newest.set(person, { ...newest, interval: output });
        break;
      case "heart-series":
        sums.samplingRate = output.samplingRate;
        for (const value of output.values) if (!Number.isNaN(value)) sums.nKnown++;
        break;
      case "rsa": {
        const last = output.values.length - 1;
        const at = (output.firstIndex + last) / output.samplingRate;
        this.#newest.set(person, { ...newest, rsa: { at, value: output.values[last]! } });
        break;
      }
      case "rmssd":
        this.#newest.set(person, { ...newest, rmssd: output });
        break;
      case "heart-status":
        if (sums.nTicks++ === 0) sums.firstTick = output.at;
        sums.lastTick = output.at;
        if (sums.nBeats > 0) {
          sums.nRated++;
          sums.quality += output.signalQuality;
        }
        this.#newest.set(person, { ...newest, status: output });
    }
  }

  newest(person: string): NewestHeart {
    return this.#newest.get(person) ?? nothing;
  }

  get totals(): HeartTotals {
    return {
      people: [...this.#sums].map(([person, sums]) => ({
        person,
        nBeats: sums.nBeats,
        nIntervals: sums.nIntervals,
        nCorrected: sums.nCorrected,
        correctedShare: sums.nIntervals === 0 ? Number.NaN : sums.nCorrected / sums.nIntervals,
        coverage: coverageOf(sums),
        signalQuality: sums.quality / sums.nRated,
      })),
      covariations: [...this.#covariations.values()],
    };
  }
}

function coverageOf({ nKnown, samplingRate, firstTick, lastTick }: Sums): number {
  const seconds = lastTick - firstTick;
  if (!(seconds > 0)) return Number.NaN;
  return nKnown === 0 ? 0 : Math.min(1, nKnown / samplingRate / seconds);
}

const nothing: NewestHeart = {
  status: undefined,
  beat: undefined,
  interval: undefined,
  rsa: undefined,
  rmssd: undefined,
  respiration: undefined,
};

const emptySums = (): Sums => ({
  nBeats: 0,
  nIntervals: 0,
  nCorrected: 0,
  nKnown: 0,
  samplingRate: Number.NaN,
  firstTick: Number.NaN,
  lastTick: Number.NaN,
  nTicks: 0,
  nRated: 0,
  quality: 0,
});
