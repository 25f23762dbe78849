import type { LogEntry } from "@attune/live";
import type { OpenOptions } from "@attune/recording";
import type { Seconds } from "@attune/signal";
import type { Coding, Evidence, Standing, Summary, Traces } from "@attune/wire/page";
import { type Observable, Subject } from "rxjs";
import { evidenceOf } from "../live/evidence.ts";
import { LogBook } from "../live/log-book.ts";
import type { TimelineBook } from "../live/timeline-book.ts";
import type { Answer, Asker, PageSource, SessionCommand, SourceDocument } from "../page-source.ts";
import type { AnalysisMessage, KnownState } from "./analysis/messages.ts";
import { ReplayAnalysis } from "./analysis/replay-analysis.ts";
import type { TableDisk } from "./append-table.ts";
import type { ForeignRequest } from "./foreign-plan.ts";
import { PlayClock } from "./play-clock.ts";
import { PositionQuality } from "./position-quality.ts";
import { recordedLog } from "./recorded-log.ts";
import { ReplayCoder } from "./replay-coder.ts";
import { replayCoding } from "./replay-coding.ts";
import { ReplayCommands } from "./replay-commands.ts";
import { Findings, ReplayCursor } from "./replay-cursor.ts";
import { openFacts, type ReplayFacts } from "./replay-facts.ts";
import { replayHello } from "./replay-hello.ts";
import { ReplaySamples } from "./replay-samples.ts";
import { ReplaySheets } from "./replay-sheets.ts";
import { replayStanding } from "./replay-standing.ts";
import { replaySummary, timingLine } from "./replay-summary.ts";
import { addFinding, timelineOf } from "./replay-timeline.ts";

/** Time on the wall, in seconds, and timers on it. */
export interface ReplayContext {
  now(): Seconds;
  setTimer(callback: () => void, seconds: Seconds): { cancel(): void };
}

export interface ReplayPageOptions extends ForeignRequest {
  readonly open?: OpenOptions;
  /** N times real time. [1] */
  readonly speed?: number;
  /** Plays at once. [false] */
  readonly isPlaying?: boolean;
  /** Under which name the first page codes. ["replay"] */
  readonly coder?: string;
  /** [the machine's monotonic clock] */
  readonly context?: ReplayContext;
  /** Where tables beside the recording go. [the machine's disk] */
  readonly disk?: TableDisk;
}

/** A recording as pages see it. */
export interface ReplayPage extends PageSource {
  /** Resolves when the whole recording is analysed, or cannot be: the log says why then. */
  readonly analysed: Promise<void>;
  /** Ends the analysis if it is still going on, writes what was coded and closes the recording. */
  close(): Promise<void>;
}

const IDLE_SECONDS = 0.25;
const STANDING_SECONDS = 0.25;
const EVIDENCE_SECONDS = 0.25;
const INCREMENT_SECONDS = 0.5;
const HEARTS_SECONDS = 1;
const AGREEMENT_SECONDS = 5;
/** Beside the first. */
const MOST_CODERS = 8;
const MOST_DAMAGES = 20;

const wallClock: ReplayContext = {
  now: () => performance.now() / 1000,
  setTimer: (callback, seconds) => {
    const timer = setTimeout(callback, Math.max(0, seconds * 1000));
    return { cancel: () => clearTimeout(timer) };
  },
};

/**
 * Shows a recording to pages. It is analysed once in the background, much faster than real time; at any position, pages see what was
 * known there: of a recorded session its own numbers to the last bit (its inputs in the order in which they came, with its own
 * settings), of any other recording those of the same causal pipeline. Samples lie on the session clock by the whole-file fit.
 *
 * Whatever is coded or noted over it goes into tables beside the recording.
 *
 * @throws RecordingError when it cannot be read, StudyError when people or channels that were asked for are not in it, ServerError
 *   (misuse) when it has no time axis
 */
export async function replayPage(path: string, options: ReplayPageOptions = {}): Promise<ReplayPage> {
  const facts = await openFacts(path, options.open ?? {}, options);
  const sheets = await ReplaySheets.open(path, options.disk);
  const log = await recordedLog(path);
  return new Replay({ facts, sheets, log, options });
}

interface ReplayParts {
  readonly facts: ReplayFacts;
  readonly sheets: ReplaySheets;
  readonly log: readonly LogEntry[] | undefined;
  readonly options: ReplayPageOptions;
}

class Replay implements ReplayPage {
  readonly analysed: Promise<void>;
  readonly #facts: ReplayFacts;
  readonly #context: ReplayContext;
  readonly #primary: string;
  readonly #updates = new Subject<SourceDocument | Traces>();
  readonly #helloChanges = new Subject<void>();
  readonly #samples: ReplaySamples;
  readonly #quality: PositionQuality;
  readonly #clock: PlayClock;
  readonly #findings: Findings;
  readonly #cursor: ReplayCursor;
  readonly #timeline: TimelineBook;
  readonly #log = new LogBook();
  readonly #recordedLog: readonly LogEntry[];
  readonly #sheets: ReplaySheets;
  readonly #coder: ReplayCoder;
  readonly #commands: ReplayCommands;
  readonly #analysis: ReplayAnalysis;
  readonly #due = new Map<string, Seconds>();
  #knownStates: KnownState[] = [];
  #isAnalysed = false;
  #onAnalysed: () => void = () => {};
  #summary: Summary | undefined;
  #nSeeks = 0;
  #nRows = 0;
  #evidenceMark = "";
  #hearts: ReplayCursor["hearts"] | undefined;
  #heartsMark = "";
  #qualityTold: unknown;
  #standingTold = "";
  #timer: { cancel(): void } | undefined;
  #isClosed = false;

  constructor({ facts, sheets, log, options }: ReplayParts) {
    const { recording, from, to, plan, coding } = facts;
    this.#facts = facts;
    this.#context = options.context ?? wallClock;
    this.#primary = options.coder ?? "replay";
    this.#samples = new ReplaySamples(facts, (error) => this.#sayUnreadable(error));
    this.#quality = new PositionQuality(
      this.#samples.blocks,
      facts.streams,
      plan?.settings.artefacts.lineNoiseHz || 50,
    );
    this.#clock = new PlayClock({ from, to }, () => this.#context.now(), options.speed ?? 1);
    this.#findings = new Findings(facts.states.map((change) => ({ knownAt: change.at, change })));
    this.#cursor = this.#newCursor();
    this.#timeline = timelineOf(facts);
    this.#recordedLog = log ?? [];
    for (const entry of log ?? eventEntries(facts)) this.#log.add(entry);
    for (const { what } of recording.damage.slice(0, MOST_DAMAGES)) this.#say("warning", "recording", what);
    if (facts.whyNoCoupling !== undefined)
      this.#say("info", "analysis", `there is no coupling: ${facts.whyNoCoupling}`);
    this.#sheets = sheets;
    sheets.onTrouble = (sentence) => this.#say("warning", "coding", sentence);
    this.#coder = new ReplayCoder(coding, (row) => sheets.row(row));
    this.#coder.join(this.#primary, sheets.earlierRows(this.#primary));
    this.#commands = new ReplayCommands({
      clock: this.#clock,
      coder: this.#coder,
      primary: this.#primary,
      now: () => this.#context.now(),
      seek: (position) => this.#seek(position),
      onMoved: () => this.#tick(),
      enter: (at, source, message) => {
        sheets.entry(at, source, message);
        this.#log.add({ at, level: "info", source, message });
      },
      saved: async () => {
        await sheets.written();
        return !sheets.isFailing;
      },
      timing: () => timingLine(recording.path),
    });
    this.analysed = new Promise((resolve) => {
      this.#onAnalysed = resolve;
    });
    this.#analysis = new ReplayAnalysis(
      { path: recording.path, open: options.open ?? {}, pipeline: facts.pipeline },
      (message) => this.#takeFound(message),
    );
    if (options.isPlaying) this.#clock.play();
    this.#tick();
  }

  now(): Seconds {
    return this.#clock.position;
  }

  hello(): ReturnType<PageSource["hello"]> {
    return replayHello(this.#facts);
  }

  get helloChanges(): Observable<void> {
    return this.#helloChanges;
  }

  get updates(): Observable<SourceDocument | Traces> {
    return this.#updates;
  }

  newest(): readonly SourceDocument[] {
    this.#tellIncrements();
    const position = this.#clock.position;
    this.#moveCursor(position);
    // What is new goes to everybody first: nobody gets it twice.
    this.#tellHearts();
    const evidence = this.#evidence(position);
    const hearts = this.#cursor.hearts.whole();
    return [
      this.#standing(position),
      ...(evidence === undefined ? [] : [evidence]),
      ...this.#quality.read(position),
      ...(hearts === undefined ? [] : [hearts]),
      ...this.#timeline.whole(this.#facts.to),
      ...this.#log.whole(),
      this.#coding(position),
      ...(this.#summary === undefined ? [] : [this.#summary]),
    ];
  }

  past(from: Seconds, to: Seconds): readonly Traces[] | Promise<readonly Traces[]> {
    return this.#samples.past(from, to);
  }

  take(command: SessionCommand, by: Asker): Promise<Answer> {
    return this.#commands.take(command, by);
  }

  join(coder: string): string | undefined {
    const others = this.#coder.coders.filter((each) => each !== this.#primary);
    if (coder === this.#primary) return `"${coder}" is the first coder's name: choose another`;
    if (!others.includes(coder) && others.length >= MOST_CODERS)
      return `${others.join(", ")} have coded already: take one of their names`;
    this.#coder.join(coder, this.#sheets.earlierRows(coder));
    return undefined;
  }

  leave(by: Asker): void {
    this.#commands.leave(by);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#coder.endPasses(this.#clock.position);
    await this.#analysis.close();
    this.#onAnalysed();
    await this.#sheets.close();
    this.#updates.complete();
    this.#helloChanges.complete();
    await this.#facts.recording.close();
  }

  #newCursor(): ReplayCursor {
    const { people, to } = this.#facts;
    const adultsFirst = people.toSorted((a, b) => Number(b.role === "adult") - Number(a.role === "adult"));
    return new ReplayCursor(
      this.#findings,
      adultsFirst.map(({ id }) => id),
      to,
    );
  }

  #takeFound(message: AnalysisMessage): void {
    if (message.kind === "envelope") this.#samples.envelopes.add(message.runs);
    else if (message.kind === "found") {
      this.#findings.add(message.findings);
      for (const known of message.states) this.#knownStates.push(known);
      for (const finding of message.findings) addFinding(this.#timeline, finding);
    } else if (!this.#isAnalysed) this.#finishAnalysis(message.error);
  }

  #finishAnalysis(error: string | undefined): void {
    this.#isAnalysed = true;
    if (error !== undefined) this.#say("alarm", "analysis", `it has stopped: ${error}`);
    // Where damage took some of them, those that the recording holds stay.
    else if (this.#knownStates.length >= this.#facts.states.length)
      this.#findings.replaceStates(this.#knownStates);
    this.#knownStates = [];
    const finish = (): void => {
      if (!this.#isClosed) this.#tick();
      this.#onAnalysed();
    };
    if (this.#facts.file === undefined) {
      finish();
      return;
    }
    const end = this.#newCursor();
    end.moveTo(Number.POSITIVE_INFINITY);
    replaySummary(this.#facts, end, this.#recordedLog)
      .then((summary) => {
        this.#summary = summary;
        if (!this.#isClosed) this.#updates.next(summary);
      })
      .finally(finish);
  }

  /** The newest wish counts: who draws a slider asks for many places and means the last. */
  async #seek(to: Seconds): Promise<void> {
    const seek = ++this.#nSeeks;
    const { range } = this.#clock;
    const target = Math.min(range.to, Math.max(range.from, to));
    await this.#samples.feed.prepare(target);
    if (seek !== this.#nSeeks || this.#isClosed) return;
    this.#coder.endPasses(this.#clock.position);
    this.#clock.seek(target);
    this.#samples.feed.jump(target);
    this.#due.clear();
  }

  /** What arrived after the last sample was taken is known at the end. */
  #moveCursor(position: Seconds): void {
    this.#cursor.moveTo(position >= this.#facts.to ? Number.POSITIVE_INFINITY : position);
  }

  /** One round: whatever is due now. */
  #tick(): void {
    if (this.#isClosed) return;
    this.#timer?.cancel();
    const position = this.#clock.position;
    if (this.#clock.isAtEnd) this.#clock.stop();
    for (const traces of this.#samples.feed.take(position, this.#clock.speed)) this.#updates.next(traces);
    this.#moveCursor(position);
    this.#every("standing", STANDING_SECONDS, () => this.#tellStanding(position));
    this.#every("evidence", EVIDENCE_SECONDS, () => this.#tellEvidence(position));
    this.#every("quality", EVIDENCE_SECONDS, () => this.#tellQuality(position));
    this.#every("hearts", HEARTS_SECONDS, () => this.#tellHearts());
    this.#every("increments", INCREMENT_SECONDS, () => this.#tellIncrements());
    this.#every("agreement", AGREEMENT_SECONDS, () => {
      if (this.#clock.isPlaying && this.#coder.rows.length > 0) this.#updates.next(this.#coding(position));
    });
    const isBusy = this.#clock.isPlaying || this.#samples.feed.until < position;
    this.#timer = this.#context.setTimer(
      () => this.#tick(),
      isBusy ? this.#samples.feed.everySeconds : IDLE_SECONDS,
    );
  }

  #every(what: string, seconds: Seconds, act: () => void): void {
    const now = this.#context.now();
    const due = this.#due.get(what) ?? now;
    if (now < due) return;
    // A round that came late does not make the next one come early.
    this.#due.set(what, Math.max(due + seconds, now + seconds / 2));
    act();
  }

  #standing(position: Seconds): Standing {
    return replayStanding(
      {
        facts: this.#facts,
        times: this.#samples.times,
        clock: this.#clock,
        cursor: this.#cursor,
        coder: this.#coder,
        primary: this.#primary,
        isAnalysed: this.#isAnalysed,
      },
      position,
    );
  }

  #tellStanding(position: Seconds): void {
    const standing = this.#standing(position);
    const told = JSON.stringify(standing);
    if (told === this.#standingTold) return;
    this.#standingTold = told;
    this.#updates.next(standing);
  }

  #evidence(position: Seconds): Evidence | undefined {
    const { plan, coding } = this.#facts;
    if (plan === undefined) return undefined;
    const { person, layer } = plan.settings.states;
    const coded = coding.layers.find((each) => each.person === person && each.layer === layer);
    const { totals, states } = this.#cursor;
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
    if (this.#cursor.mark === this.#evidenceMark) return;
    this.#evidenceMark = this.#cursor.mark;
    const evidence = this.#evidence(position);
    if (evidence !== undefined) this.#updates.next(evidence);
  }

  #tellQuality(position: Seconds): void {
    const quality = this.#quality.read(position);
    if (quality === this.#qualityTold) return;
    this.#qualityTold = quality;
    for (const each of quality) this.#updates.next(each);
  }

  /** Whole after a step backwards, else what is new. */
  #tellHearts(): void {
    const { hearts, mark } = this.#cursor;
    if (hearts === this.#hearts && mark === this.#heartsMark) return;
    const told = hearts === this.#hearts ? hearts.increment() : hearts.whole();
    this.#hearts = hearts;
    this.#heartsMark = mark;
    if (told !== undefined) this.#updates.next(told);
  }

  #tellIncrements(): void {
    for (const document of [this.#timeline.increment(this.#facts.to), this.#log.increment()])
      if (document !== undefined) this.#updates.next(document);
    const nRows = this.#coder.rows.length;
    if (nRows === this.#nRows) return;
    this.#nRows = nRows;
    this.#updates.next(this.#coding(this.#clock.position));
  }

  #coding(position: Seconds): Coding {
    return replayCoding(this.#facts, this.#coder, this.#primary, position);
  }

  #say(level: LogEntry["level"], source: string, message: string): void {
    this.#log.add({ at: this.#clock.position, level, source, message });
  }

  #sayUnreadable(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    if (!this.#isClosed) this.#say("warning", "recording", `a stretch of it could not be read: ${why}`);
  }
}

const eventEntries = ({ events }: ReplayFacts): LogEntry[] =>
  events.map(({ at, label, source }) => ({ at, level: "info", source, message: label }));
