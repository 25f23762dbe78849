import type { LiveSession } from "@attune/live";
import type { Seconds } from "@attune/signal";
import type {
  ChannelQuality,
  Coding,
  Evidence,
  PageStream,
  Standing,
  Summary,
  Traces,
} from "@attune/wire/page";
import { type Observable, Subject } from "rxjs";
import type { Answer, Asker, PageSource, SessionCommand, SourceDocument } from "../page-source.ts";
import { codingOf } from "./coding-sheet.ts";
import { Commands } from "./commands.ts";
import { evidenceOf } from "./evidence.ts";
import { GateChecks } from "./gate-checks.ts";
import { LiveHearts } from "./live-hearts.ts";
import { sessionHello } from "./session-hello.ts";
import { summaryOf } from "./session-summary.ts";
import { SessionWatch } from "./session-watch.ts";
import { standingOf } from "./standing.ts";
import { pageStreams } from "./stream-people.ts";
import { Taps } from "./taps.ts";

export interface LivePageOptions {
  /** What begins the session when a page asks for it. [`session.begin()`] */
  readonly begin?: () => Promise<void>;
  /** What ends it. [`session.end(reason)`] */
  readonly end?: (reason: string) => void;
  /** False where nothing is analysed. [true] */
  readonly analyse?: boolean;
  /** False where nothing is recorded. [true] */
  readonly record?: boolean;
}

/** A live session as pages see it. */
export interface LivePage extends PageSource {
  past(from: Seconds, to: Seconds): readonly Traces[];
  /** Resolves when the session has ended and its summary was told. Ends nothing itself. */
  readonly finished: Promise<void>;
  /** Looks away: nothing is told any more. The session goes on. */
  close(): Promise<void>;
}

const STANDING_SECONDS = 0.25;
const INCREMENT_SECONDS = 0.5;
const EVIDENCE_SECONDS = 0.25;
const QUALITY_SECONDS = 1;
const HEARTS_SECONDS = 1;
const CHECKS_SECONDS = 2;
const AGREEMENT_SECONDS = 5;

/**
 * Shows a live session to pages. Make it before `connect`, so that it knows every clock from its first offset on; it looks until the
 * session has ended. Nothing that it does holds the session up: it works on timers, a few milliseconds at a time.
 */
export function livePage(session: LiveSession, options: LivePageOptions = {}): LivePage {
  return new Page(session, options);
}

class Page implements LivePage {
  readonly finished: Promise<void>;
  readonly #session: LiveSession;
  readonly #options: LivePageOptions;
  readonly #updates = new Subject<SourceDocument | Traces>();
  readonly #helloChanges = new Subject<void>();
  readonly #watch: SessionWatch;
  readonly #hearts: LiveHearts;
  readonly #checks: GateChecks;
  readonly #commands: Commands;
  readonly #due = new Map<string, Seconds>();
  readonly #quality = new Map<string, ChannelQuality>();
  #streams: readonly PageStream[] = [];
  #evidence: Evidence | undefined;
  #nRows = 0;
  #summary: Summary | undefined;
  #helloKey = "";
  #timer: { cancel(): void } | undefined;
  #endedAt: Seconds | undefined;
  #isClosed = false;

  constructor(session: LiveSession, options: LivePageOptions) {
    this.#session = session;
    this.#options = options;
    this.#watch = new SessionWatch(session);
    this.#hearts = new LiveHearts(session, this.#watch, this.#updates);
    const taps = new Taps(session, this.#watch.traces);
    this.#checks = new GateChecks({
      session,
      taps,
      record: options.record ?? true,
      tell: (checks) => this.#updates.next(checks),
    });
    this.#commands = new Commands({
      session,
      states: this.#watch.states,
      taps,
      checks: this.#checks,
      begin: options.begin ?? (() => session.begin()),
      end: options.end ?? ((reason) => void session.end(reason)),
    });
    this.finished = new Promise((resolve) => {
      // Whoever waits for the end gets it, whatever goes wrong on the way.
      this.#watch.ended.subscribe(() => void this.#finish().finally(resolve));
    });
    this.#tick();
  }

  now(): Seconds {
    return this.#session.now();
  }

  hello(): ReturnType<PageSource["hello"]> {
    return sessionHello(this.#session, pageStreams(this.#session), this.#options.analyse ?? true);
  }

  get helloChanges(): Observable<void> {
    return this.#helloChanges;
  }

  get updates(): Observable<SourceDocument | Traces> {
    return this.#updates;
  }

  newest(): readonly SourceDocument[] {
    // What is new goes to everybody first: nobody gets it twice.
    this.#tellIncrements();
    this.#hearts.tell();
    const now = this.now();
    return [
      this.#standing(),
      ...(this.#evidence === undefined ? [] : [this.#evidence]),
      ...this.#quality.values(),
      ...this.#hearts.whole(),
      ...(this.#checks.newest === undefined ? [] : [this.#checks.newest]),
      ...this.#watch.timeline.whole(now),
      ...this.#watch.log.whole(),
      this.#coding(),
      ...(this.#summary === undefined ? [] : [this.#summary]),
    ];
  }

  past(from: Seconds, to: Seconds): readonly Traces[] {
    return this.#watch.traces.past(from, to);
  }

  take(command: SessionCommand, by: Asker): Promise<Answer> {
    return this.#commands.take(command, by);
  }

  join(coder: string): string | undefined {
    const [primary, ...others] = this.#session.coder.coders;
    if (coder === primary) return `"${coder}" is the first coder's name: choose another`;
    if (!others.includes(coder) && others.length >= MOST_CODERS)
      return `${others.join(", ")} have coded already: take one of their names`;
    this.#session.coder.join(coder);
    return undefined;
  }

  leave(by: Asker): void {
    this.#commands.leave(by);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#hearts.close();
    this.#watch.close();
    this.#updates.complete();
    this.#helloChanges.complete();
  }

  /** One round: whatever is due now. */
  #tick(): void {
    if (this.#isClosed) return;
    this.#watch.guard(() => {
      for (const traces of this.#watch.traces.newest()) this.#updates.next(traces);
    });
    this.#every("standing", STANDING_SECONDS, () => this.#look());
    this.#every("increments", INCREMENT_SECONDS, () => this.#tellIncrements());
    this.#every("evidence", EVIDENCE_SECONDS, () => this.#tellEvidence());
    this.#every("quality", QUALITY_SECONDS, () => this.#tellQuality());
    this.#every("hearts", HEARTS_SECONDS, () => this.#hearts.tell());
    this.#every("agreement", AGREEMENT_SECONDS, () => {
      if (this.#session.coder.coders.length > 1) this.#updates.next(this.#coding());
    });
    if (this.#session.stage === "monitoring")
      this.#every("checks", CHECKS_SECONDS, () => void this.#checks.look());
    this.#timer = this.#session.after(this.#watch.traces.everySeconds, () => this.#tick());
  }

  #every(what: string, seconds: Seconds, act: () => void): void {
    const now = this.now();
    const due = this.#due.get(what) ?? now;
    if (now < due) return;
    // A round that came late does not make the next one come early.
    this.#due.set(what, Math.max(due + seconds, now + seconds / 2));
    this.#watch.guard(act);
  }

  #look(): void {
    const { recording } = this.#session;
    this.#streams = pageStreams(this.#session);
    const key = JSON.stringify([this.#session.stage, this.#streams, recording?.path]);
    if (key !== this.#helloKey) {
      this.#helloKey = key;
      this.#helloChanges.next();
    }
    this.#updates.next(this.#standing());
  }

  #standing(): Standing {
    return standingOf({
      session: this.#session,
      states: this.#watch.states,
      secondCoder: this.#session.coder.coders.slice(1).at(-1),
      usable: this.#watch.usable,
    });
  }

  #tellIncrements(): void {
    const now = this.now();
    for (const document of [this.#watch.timeline.increment(now), this.#watch.log.increment()])
      if (document !== undefined) this.#updates.next(document);
    const nRows = this.#session.coder.rows.length;
    if (nRows === this.#nRows) return;
    this.#nRows = nRows;
    this.#updates.next(this.#coding());
  }

  #coding(): Coding {
    return codingOf(this.#session, this.#endedAt ?? this.now());
  }

  #tellEvidence(isLast = false): void {
    if (!this.#watch.takeNewCoupling() && !isLast) return;
    this.#evidence = evidenceOf(this.#session, this.#watch.states);
    this.#updates.next(this.#evidence);
  }

  #tellQuality(): void {
    const now = this.now();
    for (const stream of this.#streams) {
      const quality = this.#watch.lights.read(this.#session, stream, now);
      if (quality === undefined) continue;
      this.#quality.set(stream.id, quality);
      this.#updates.next(quality);
    }
  }

  /** The session has ended: what is left is told, then the summary. */
  async #finish(): Promise<void> {
    if (this.#isClosed) return;
    this.#timer?.cancel();
    this.#endedAt = this.now();
    for (const traces of this.#watch.traces.newest()) this.#updates.next(traces);
    this.#tellEvidence(this.#evidence !== undefined);
    this.#hearts.tell();
    this.#tellIncrements();
    this.#updates.next(this.#coding());
    this.#summary = await summaryOf({
      session: this.#session,
      endedAt: this.#endedAt,
      phases: this.#watch.phasesUntil(this.#endedAt),
      usable: this.#watch.usable,
      alarms: this.#watch.log.alarms,
      overrides: this.#commands.overrides,
    });
    this.#updates.next(this.#standing());
    this.#updates.next(this.#summary);
  }
}

/** Beside the first. */
const MOST_CODERS = 8;
