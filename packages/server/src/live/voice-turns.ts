import {
  type Intervals,
  intersectIntervals,
  observedTime,
  STATE_WORDS,
  subtractIntervals,
  tidyIntervals,
  totalSeconds,
  turnTakingByKind,
  uniteIntervals,
} from "@attune/core";
import type { Seconds, StateChange } from "@attune/signal";
import type { TurnsOfPair } from "@attune/wire/page";
import { known } from "./known.ts";

/** Default of the contingency windows too: most answers of adults come within 1 s. */
const GAP_SECONDS = 2;
const VOICE_LAYER = "voice";

interface Span {
  readonly state: string;
  readonly onset: Seconds;
  /** NaN while it holds. */
  offset: Seconds;
}

/** Who speaks when, and whose turn it was: for every pair whose voices are coded, by keys or by a microphone. */
export class VoiceTurns {
  readonly #voices = new Map<string, Span[]>();
  readonly #pauses: Span[] = [];
  /** Adults first. */
  readonly #people: readonly string[];

  /** @param people those who may have a voice; in a pair the one who stands first is `first` */
  constructor(people: readonly string[]) {
    this.#people = people;
  }

  /** Whether two people's voices are coded. */
  get hasPair(): boolean {
    return this.#voices.size > 1;
  }

  change({ person, layer, state, at }: StateChange): void {
    if (person === "session" && layer === "pause") follow(this.#pauses, state, at);
    if (layer !== VOICE_LAYER || !this.#people.includes(person)) return;
    const spans = this.#voices.get(person) ?? [];
    this.#voices.set(person, spans);
    follow(spans, state, at);
  }

  /** @param now up to which it is looked */
  pairs(now: Seconds): TurnsOfPair[] {
    const speakers = this.#people.filter((person) => this.#voices.has(person));
    return speakers.flatMap((first, i) =>
      speakers.slice(i + 1).flatMap((second) => this.#turns(first, second, now) ?? []),
    );
  }

  #turns(first: string, second: string, now: Seconds): TurnsOfPair | undefined {
    const [a, b] = [this.#voices.get(first)!, this.#voices.get(second)!];
    // What has not ended has no offset yet: nothing is counted beyond its beginning.
    const end = Math.min(now, ...[a, b].map(openSince));
    const start = Math.max(a[0]!.onset, b[0]!.onset);
    if (!(end > start)) return undefined;
    const observed = subtractIntervals(
      intersectIntervals(heard(a, start, end), heard(b, start, end)),
      intervalsOf(this.#pauses, (state) => state !== "running", start, end),
    );
    const observedSeconds = totalSeconds(observed);
    if (!(observedSeconds > 0)) return undefined;
    const speech = [a, b].map((spans) =>
      intervalsOf(spans, (s) => isVoice(s) && !STATE_WORDS.cry.test(s), start, end),
    );
    const cries = [a, b].map((spans) =>
      intervalsOf(spans, (s) => isVoice(s) && STATE_WORDS.cry.test(s), start, end),
    );
    // Mostly it is the second, an infant, who cries.
    const [turns] = turnTakingByKind([speech[1]!, cries[1]!], speech[0]!, {
      gapSeconds: GAP_SECONDS,
      observed,
    });
    return {
      first,
      second,
      gapSeconds: GAP_SECONDS,
      observedSeconds,
      nFirst: speech[0]!.onsets.length,
      nSecond: speech[1]!.onsets.length,
      nCries: cries[0]!.onsets.length + cries[1]!.onsets.length,
      firstToSecond: turns!.secondToFirst,
      secondToFirst: turns!.firstToSecond,
      medianTransferSeconds: known(turns!.medianTransferOffset),
      overlapShare: known(turns!.overlapShare),
      nUnknown: turns!.nUnknown,
    };
  }
}

const isVoice = (state: string): boolean =>
  !STATE_WORDS.unknown.test(state) && !STATE_WORDS.rest.test(state) && !STATE_WORDS.notVoice.test(state);

/** A state that holds ends where another begins; times never go back. */
function follow(spans: Span[], state: string, at: Seconds): void {
  const last = spans.at(-1);
  if (last?.state === state) return;
  const onset = Math.max(at, last?.onset ?? at);
  if (last !== undefined) last.offset = onset;
  spans.push({ state, onset, offset: Number.NaN });
}

/** Beginning of an utterance that goes on; infinity for none. */
function openSince(spans: readonly Span[]): Seconds {
  const { state, onset } = spans.at(-1)!;
  return isVoice(state) ? onset : Number.POSITIVE_INFINITY;
}

const heard = (spans: readonly Span[], start: Seconds, end: Seconds): Intervals =>
  observedTime(
    start,
    end,
    intervalsOf(spans, (state) => STATE_WORDS.unknown.test(state), start, end),
  );

/** States that fit, as one stream within `[start, end)`. */
function intervalsOf(
  spans: readonly Span[],
  fits: (state: string) => boolean,
  start: Seconds,
  end: Seconds,
): Intervals {
  const own = spans.filter(({ state, onset }) => fits(state) && onset < end);
  return uniteIntervals(
    tidyIntervals(
      own.map(({ onset }) => onset),
      own.map(({ offset }) => offset),
      { start, end },
    ).intervals,
  );
}
