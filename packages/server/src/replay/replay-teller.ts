import type { Seconds } from "@attune/signal";
import type { Coding, Evidence, Standing, Summary } from "@attune/wire/page";
import { evidenceOf } from "../live/evidence.ts";
import type { LogBook } from "../live/log-book.ts";
import type { TimelineBook } from "../live/timeline-book.ts";
import type { SourceDocument } from "../page-source.ts";
import type { PlayClock } from "./play-clock.ts";
import type { PositionQuality } from "./position-quality.ts";
import type { ReplayCoder } from "./replay-coder.ts";
import { replayCoding } from "./replay-coding.ts";
import type { ReplayCursor } from "./replay-cursor.ts";
import type { ReplayFacts } from "./replay-facts.ts";
import type { ReplaySamples } from "./replay-samples.ts";
import { replayStanding } from "./replay-standing.ts";

const STANDING_SECONDS = 0.25;
const EVIDENCE_SECONDS = 0.25;
const INCREMENT_SECONDS = 0.5;
const HEARTS_SECONDS = 1;
const AGREEMENT_SECONDS = 5;

export interface ReplayTellerParts {
  readonly facts: ReplayFacts;
  readonly samples: ReplaySamples;
  readonly quality: PositionQuality;
  readonly clock: PlayClock;
  readonly cursor: ReplayCursor;
  readonly timeline: TimelineBook;
  readonly log: LogBook;
  readonly coder: ReplayCoder;
  /** Whose track the first page codes on. */
  readonly primary: string;
  /** The clock on the wall. */
  readonly now: () => Seconds;
  readonly tell: (document: SourceDocument) => void;
}

/** Tells pages what was known at a position: all of it, or what has changed since the last time, each kind at its own pace. */
export class ReplayTeller {
  /** Whether the whole recording is analysed. */
  isAnalysed = false;
  readonly #parts: ReplayTellerParts;
  readonly #due = new Map<string, Seconds>();
  #summary: Summary | undefined;
  #nRows = 0;
  #evidenceMark = "";
  #hearts: ReplayCursor["hearts"] | undefined;
  #heartsMark = "";
  #qualityTold: unknown;
  #standingTold = "";

  constructor(parts: ReplayTellerParts) {
    this.#parts = parts;
  }

  /** Everything that a page needs that comes now. */
  whole(position: Seconds): readonly SourceDocument[] {
    // What is new goes to everybody first: nobody gets it twice.
    this.#tellIncrements();
    this.#tellHearts();
    const { cursor, quality, timeline, log, facts } = this.#parts;
    const evidence = this.#evidence(position);
    const hearts = cursor.hearts.whole();
    return [
      this.#standing(position),
      ...(evidence === undefined ? [] : [evidence]),
      ...quality.read(position),
      ...(hearts === undefined ? [] : [hearts]),
      ...timeline.whole(facts.to),
      ...log.whole(),
      this.#coding(position),
      ...(this.#summary === undefined ? [] : [this.#summary]),
    ];
  }

  /** Whatever is due now and is new. */
  tell(position: Seconds): void {
    const { clock, coder, tell } = this.#parts;
    this.#every("standing", STANDING_SECONDS, () => this.#tellStanding(position));
    this.#every("evidence", EVIDENCE_SECONDS, () => this.#tellEvidence(position));
    this.#every("quality", EVIDENCE_SECONDS, () => this.#tellQuality(position));
    this.#every("hearts", HEARTS_SECONDS, () => this.#tellHearts());
    this.#every("increments", INCREMENT_SECONDS, () => this.#tellIncrements());
    this.#every("agreement", AGREEMENT_SECONDS, () => {
      if (clock.isPlaying && coder.rows.length > 0) tell(this.#coding(position));
    });
  }

  /** The position jumped: everything is due. */
  jumped(): void {
    this.#due.clear();
  }

  summarise(summary: Summary): void {
    this.#summary = summary;
    this.#parts.tell(summary);
  }

  #every(what: string, seconds: Seconds, act: () => void): void {
    const now = this.#parts.now();
    const due = this.#due.get(what) ?? now;
    if (now < due) return;
    // A round that came late does not make the next one come early.
    this.#due.set(what, Math.max(due + seconds, now + seconds / 2));
    act();
  }

  #standing(position: Seconds): Standing {
    return replayStanding(
      {
        facts: this.#parts.facts,
        times: this.#parts.samples.times,
        clock: this.#parts.clock,
        cursor: this.#parts.cursor,
        coder: this.#parts.coder,
        primary: this.#parts.primary,
        isAnalysed: this.isAnalysed,
      },
      position,
    );
  }

  #tellStanding(position: Seconds): void {
    const standing = this.#standing(position);
    const told = JSON.stringify(standing);
    if (told === this.#standingTold) return;
    this.#standingTold = told;
    this.#parts.tell(standing);
  }

  #evidence(position: Seconds): Evidence | undefined {
    const { plan, coding } = this.#parts.facts;
    if (plan === undefined) return undefined;
    const { person, layer } = plan.settings.states;
    const coded = coding.layers.find((each) => each.person === person && each.layer === layer);
    const { totals, states } = this.#parts.cursor;
    return evidenceOf(
      {
        plan,
        totals: totals.totals,
        comparison: totals.comparison,
        knownConditions: Object.keys(coded?.states ?? {}),
        now: () => position,
      },
      states,
    );
  }

  #tellEvidence(position: Seconds): void {
    if (this.#parts.cursor.mark === this.#evidenceMark) return;
    this.#evidenceMark = this.#parts.cursor.mark;
    const evidence = this.#evidence(position);
    if (evidence !== undefined) this.#parts.tell(evidence);
  }

  #tellQuality(position: Seconds): void {
    const quality = this.#parts.quality.read(position);
    if (quality === this.#qualityTold) return;
    this.#qualityTold = quality;
    for (const each of quality) this.#parts.tell(each);
  }

  /** Whole after a step backwards, else what is new. */
  #tellHearts(): void {
    const { hearts, mark } = this.#parts.cursor;
    if (hearts === this.#hearts && mark === this.#heartsMark) return;
    const told = hearts === this.#hearts ? hearts.increment() : hearts.whole();
    this.#hearts = hearts;
    this.#heartsMark = mark;
    if (told !== undefined) this.#parts.tell(told);
  }

  #tellIncrements(): void {
    for (const document of [
      this.#parts.timeline.increment(this.#parts.facts.to),
      this.#parts.log.increment(),
    ])
      if (document !== undefined) this.#parts.tell(document);
    const nRows = this.#parts.coder.rows.length;
    if (nRows === this.#nRows) return;
    this.#nRows = nRows;
    this.#parts.tell(this.#coding(this.#parts.clock.position));
  }

  #coding(position: Seconds): Coding {
    return replayCoding(this.#parts.facts, this.#parts.coder, this.#parts.primary, position);
  }
}
