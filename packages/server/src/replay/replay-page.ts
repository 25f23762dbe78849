import { eventWords, type LogEntry } from "@attune/live";
import type { Seconds } from "@attune/signal";
import type { Traces } from "@attune/wire/page";
import { type Observable, Subject } from "rxjs";
import { LogBook } from "../live/log-book.ts";
import type { TimelineBook } from "../live/timeline-book.ts";
import type { Answer, Asker, PageSource, SessionCommand, SourceDocument } from "../page-source.ts";
import type { AnalysisMessage, KnownState } from "./analysis/messages.ts";
import { ReplayAnalysis } from "./analysis/replay-analysis.ts";
import { PlayClock } from "./play-clock.ts";
import { PositionQuality } from "./position-quality.ts";
import { recordedLog } from "./recorded-log.ts";
import { ReplayCoder } from "./replay-coder.ts";
import { ReplayCommands } from "./replay-commands.ts";
import { Findings, ReplayCursor } from "./replay-cursor.ts";
import { openFacts, type ReplayFacts } from "./replay-facts.ts";
import { replayHello } from "./replay-hello.ts";
import { type ReplayContext, type ReplayPage, type ReplayPageOptions, wallClock } from "./replay-options.ts";
import { ReplaySamples } from "./replay-samples.ts";
import { ReplaySheets } from "./replay-sheets.ts";
import { replaySummary, timingLine } from "./replay-summary.ts";
import { ReplayTeller } from "./replay-teller.ts";
import { addFinding, timelineOf } from "./replay-timeline.ts";

const IDLE_SECONDS = 0.25;
/** Beside the first. */
const MOST_CODERS = 8;
const MOST_DAMAGES = 20;

export type { ReplayContext, ReplayPage, ReplayPageOptions };

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
  readonly #clock: PlayClock;
  readonly #findings: Findings;
  readonly #cursor: ReplayCursor;
  readonly #teller: ReplayTeller;
  readonly #timeline: TimelineBook;
  readonly #log = new LogBook();
  readonly #recordedLog: readonly LogEntry[];
  readonly #sheets: ReplaySheets;
  readonly #coder: ReplayCoder;
  readonly #commands: ReplayCommands;
  readonly #analysis: ReplayAnalysis;
  #knownStates: KnownState[] = [];
  #onAnalysed: () => void = () => {};
  #nSeeks = 0;
  #timer: { cancel(): void } | undefined;
  #isClosed = false;

  constructor({ facts, sheets, log, options }: ReplayParts) {
    const { recording, from, to, plan, coding } = facts;
    this.#facts = facts;
    this.#context = options.context ?? wallClock;
    this.#primary = options.coder ?? "replay";
    this.#samples = new ReplaySamples(facts, (error) => this.#sayUnreadable(error));
    const quality = new PositionQuality(
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
    this.#teller = new ReplayTeller({
      facts,
      samples: this.#samples,
      quality,
      clock: this.#clock,
      cursor: this.#cursor,
      timeline: this.#timeline,
      log: this.#log,
      coder: this.#coder,
      primary: this.#primary,
      now: () => this.#context.now(),
      tell: (document) => this.#updates.next(document),
    });
    this.#commands = new ReplayCommands({
      clock: this.#clock,
      coder: this.#coder,
      primary: this.#primary,
      now: () => this.#context.now(),
      seek: (position) => this.#seek(position),
      onMoved: () => this.#tick(),
      enter: (at, source, message) => {
        sheets.entry(at, source, message);
        this.#log.add({ at, level: "info", source, message: eventWords(message, from) });
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
    const position = this.#clock.position;
    this.#moveCursor(position);
    return this.#teller.whole(position);
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
      for (const known of message.states)
        if (this.#facts.isShown(known.change)) this.#knownStates.push(known);
      for (const finding of message.findings) addFinding(this.#timeline, finding);
    } else if (!this.#teller.isAnalysed) this.#finishAnalysis(message.error);
  }

  #finishAnalysis(error: string | undefined): void {
    this.#teller.isAnalysed = true;
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
        this.#teller.summarise(summary);
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
    this.#teller.jumped();
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
    this.#teller.tell(position);
    const isBusy = this.#clock.isPlaying || this.#samples.feed.until < position;
    this.#timer = this.#context.setTimer(
      () => this.#tick(),
      isBusy ? this.#samples.feed.everySeconds : IDLE_SECONDS,
    );
  }

  #say(level: LogEntry["level"], source: string, message: string): void {
    this.#log.add({ at: this.#clock.position, level, source, message });
  }

  #sayUnreadable(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    if (!this.#isClosed) this.#say("warning", "recording", `a stretch of it could not be read: ${why}`);
  }
}

const eventEntries = ({ events, from }: ReplayFacts): LogEntry[] =>
  events.map(({ at, label, source }) => ({ at, level: "info", source, message: eventWords(label, from) }));
