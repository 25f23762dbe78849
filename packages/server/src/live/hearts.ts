import type { LiveSession } from "@attune/live";
import type { Covariation, HeartOutput, Respiration, RsaSample, Seconds, StateChange } from "@attune/signal";
import type { CovariationOfWindow, CovariationTotal, HeartOfPerson, Hearts } from "@attune/wire/page";
import { known } from "./known.ts";
import { VoiceTurns } from "./voice-turns.ts";

/** What a page that comes gets of intervals and of RSA. */
const KEPT_SECONDS = 120;
/** Of one session; the file has all. */
const MOST_WINDOWS = 4000;

type Interval = HeartOfPerson["intervals"][number];
type RsaPoint = HeartOfPerson["rsaTrend"][number];
type Newest = ReturnType<LiveSession["heart"]>;

/** What pages are told of hearts and of voices: of a session in the room, or of one that is replayed. */
export interface HeartSession {
  /** Everybody in the session, adults first. */
  readonly people: readonly string[];
  now(): Seconds;
  /** Newest of a person's heart. */
  heart(person: string): Newest;
}

/** Rows of one person: all that are kept, and those that no document has told yet. */
class Rows<Row extends { readonly at: Seconds }> {
  readonly #kept: Row[] = [];
  #fresh: Row[] = [];

  add(row: Row): void {
    this.#kept.push(row);
    this.#fresh.push(row);
  }

  whole(since: Seconds): Row[] {
    this.#forget(since);
    return [...this.#kept];
  }

  increment(since: Seconds): Row[] {
    this.#forget(since);
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  #forget(since: Seconds): void {
    const old = this.#kept.findIndex(({ at }) => at >= since);
    this.#kept.splice(0, old < 0 ? this.#kept.length : old);
  }
}

/** Follows hearts and voices, and says once a second what is new, or to a page that comes, everything. */
export class HeartBook {
  readonly #session: HeartSession;
  readonly #turns: VoiceTurns;
  readonly #hearts = new Map<string, { readonly intervals: Rows<Interval>; readonly rsa: Rows<RsaPoint> }>();
  readonly #totals = new Map<string, CovariationTotal>();
  #windows: CovariationOfWindow[] = [];
  #freshWindows: CovariationOfWindow[] = [];

  constructor(session: HeartSession) {
    this.#session = session;
    this.#turns = new VoiceTurns(session.people);
  }

  /** Who has a heart, before anything is heard of it. */
  addPerson(person: string): void {
    if (!this.#hearts.has(person)) this.#hearts.set(person, { intervals: new Rows(), rsa: new Rows() });
  }

  take(output: HeartOutput): void {
    if (output.kind === "covariation") {
      this.#takeWindow(output);
      return;
    }
    // A belt alone is no heart; that of somebody with a heart is in what is newest of it.
    if (output.kind === "respiration") return;
    this.addPerson(output.person);
    const { intervals, rsa } = this.#hearts.get(output.person)!;
    if (output.kind === "interbeat") {
      const { at, interval, verdict, correctedInterval } = output;
      intervals.add({ at, interval: known(interval), verdict, corrected: known(correctedInterval) });
    } else if (output.kind === "rsa") for (const point of wholeSeconds(output)) rsa.add(point);
  }

  change(change: StateChange): void {
    this.#turns.change(change);
  }

  /** Everything; undefined where there are neither hearts nor two voices. */
  whole(): Hearts | undefined {
    return this.#say(true, this.#windows, (rows, since) => rows.whole(since));
  }

  /** What is new since the last time. */
  increment(): Hearts | undefined {
    const windows = this.#freshWindows;
    this.#freshWindows = [];
    return this.#say(false, windows, (rows, since) => rows.increment(since));
  }

  #say(
    isWhole: boolean,
    covariations: CovariationOfWindow[],
    rowsOf: <Row extends { readonly at: Seconds }>(rows: Rows<Row>, since: Seconds) => Row[],
  ): Hearts | undefined {
    if (this.#hearts.size === 0 && !this.#turns.hasPair) return undefined;
    const at = this.#session.now();
    return {
      kind: "hearts",
      at,
      isWhole,
      people: [...this.#hearts].map(([person, { intervals, rsa }]) => ({
        ...newestOf(person, this.#session.heart(person)),
        rsaTrend: rowsOf(rsa, at - KEPT_SECONDS),
        intervals: rowsOf(intervals, at - KEPT_SECONDS),
      })),
      covariations: [...covariations],
      totals: [...this.#totals.values()],
      turns: this.#turns.pairs(at),
    };
  }

  #takeWindow(window: Covariation): void {
    const { measure, series, from, to, start, end, nValid, coverage, lead, nNull } = window;
    const row: CovariationOfWindow = {
      measure,
      series,
      from,
      to,
      start,
      end,
      nValid,
      coverage,
      z: known(window.z),
      lagSeconds: known(window.lagSeconds),
      lead,
      nullPercentile: known(window.nullPercentile),
      nNull,
    };
    this.#windows.push(row);
    this.#freshWindows.push(row);
    if (this.#windows.length > MOST_WINDOWS) this.#windows.splice(0, this.#windows.length - MOST_WINDOWS);
    this.#totals.set(JSON.stringify([measure, from, to]), totalOf(window));
  }
}

function newestOf(person: string, heart: Newest): Omit<HeartOfPerson, "rsaTrend" | "intervals"> {
  const { status, rsa, rmssd, respiration } = heart;
  return {
    person,
    statusAt: known(status?.at),
    rate: known(status?.rate),
    signalQuality: known(status?.signalQuality),
    coverage: known(status?.coverage),
    correctedShare: known(status?.correctedShare),
    rsa: rsa === undefined ? null : { at: rsa.at, value: known(rsa.value) },
    rmssd: rmssd === undefined ? null : { at: rmssd.at, value: known(rmssd.value) },
    ...(respiration === undefined ? {} : { respiration: breathingOf(respiration) }),
  };
}

const breathingOf = ({ at, rate, band, outsideBand }: Respiration): HeartOfPerson["respiration"] => ({
  at,
  rate: known(60 * rate),
  bandLow: 60 * band.low,
  bandHigh: 60 * band.high,
  isOutsideBand: outsideBand,
});

/** Windows whose centre is a whole second: the same moments for everybody. */
function wholeSeconds({ samplingRate, firstIndex, values }: RsaSample): RsaPoint[] {
  const points: RsaPoint[] = [];
  for (let k = 0; k < values.length; k++) {
    const at = (firstIndex + k) / samplingRate;
    if (Number.isInteger(at)) points.push({ at, value: known(values[k]) });
  }
  return points;
}

type Moments = { readonly n: number; readonly mean: number; readonly variance: number };
const momentsOf = ({ n, mean, variance }: Moments) => ({ n, mean: known(mean), variance: known(variance) });

function totalOf({ measure, from, to, nWindows, nWithoutValue, byLayer }: Covariation): CovariationTotal {
  return {
    measure,
    from,
    to,
    nWindows,
    nWithoutValue,
    byLayer: byLayer.map(({ person, layer, mixed, states }) => ({
      person,
      layer,
      mixed: momentsOf(mixed),
      states: states.map(({ state, inside, outside, difference, hedgesG }) => ({
        state,
        inside: momentsOf(inside),
        outside: momentsOf(outside),
        difference: known(difference),
        hedgesG: known(hedgesG),
      })),
    })),
  };
}
