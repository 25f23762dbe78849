import type { DeviceStatistics } from "@attune/device-kit";
import type { SessionSettings } from "@attune/pipeline";
import type { AnalysisLag, Coupling, HeartOutput, Respiration, Seconds } from "@attune/signal";
import type { Observable } from "rxjs";
import type { TimedReply } from "../analysis/live-analysis.ts";
import type { WindowVerdict } from "../analysis/messages.ts";
import { SessionError } from "../errors.ts";
import { saveSheets } from "../passport/save-sheets.ts";
import { type PassportRequest, sessionPassport } from "../passport/session-passport.ts";
import type { TimingPassport } from "../passport/timing-passport.ts";
import type { NewestHeart } from "./heart-totals.ts";
import { InputOrder } from "./input-order.ts";
import { MonitoredSession } from "./monitored-session.ts";
import type { RunningComparison } from "./running-comparison.ts";
import type { SessionTotals } from "./running-totals.ts";
import type { SessionRecording } from "./session-recording.ts";
import { SessionResults } from "./session-results.ts";
import { type Run, startRun } from "./start-run.ts";

/**
 * A session in the room: devices in, one order of inputs, a recording and an analysis out. `connect` opens the devices,
 * `begin` starts to record and to analyse, `end` closes everything; in between come states and notes.
 */
export class LiveSession extends MonitoredSession {
  readonly #results = new SessionResults();
  /** Whose breathing is faster or slower than RSA allows for. */
  readonly #outsideBand = new Set<string>();
  #run: Run | undefined;
  #doing: string | undefined;
  #passport: TimingPassport | undefined;
  /** What devices had counted when the session began. */
  #before: ReadonlyMap<string, DeviceStatistics> = new Map();
  #beginning: Promise<void> | undefined;
  #ending: Promise<void> | undefined;

  get couplings(): Observable<Coupling> {
    return this.#results.couplings;
  }

  get windows(): Observable<WindowVerdict> {
    return this.#results.windows;
  }

  /** Beats, intervals, RSA and covariation of everybody who has an ecg, in the order in which they become known. */
  get hearts(): Observable<HeartOutput> {
    return this.#results.hearts;
  }

  /** The newest of a person's heart. */
  heart(person: string): NewestHeart {
    return this.#results.totals.hearts.newest(person);
  }

  get totals(): SessionTotals {
    return this.#results.totals.totals;
  }

  /** Conditions compared, by what has been seen so far. */
  get comparison(): RunningComparison {
    return this.#results.totals.comparison;
  }

  get recording(): SessionRecording | undefined {
    return this.#run?.recording;
  }

  /** What leaves the analysis, with the time that each input took. */
  get replies(): Observable<TimedReply> {
    return this.#results.replies;
  }

  /** What the analysis runs with; undefined before `begin` and where nothing is analysed. */
  get settings(): SessionSettings | undefined {
    return this.#run?.settings;
  }

  /** States of the layer that decides the condition, as far as keys of the session file code them. */
  get knownConditions(): readonly string[] {
    const { person, layer } = this.plan.settings.states;
    const coded = this.loaded.file.coding.layers.find(
      (each) => each.person === person && each.layer === layer,
    );
    return Object.keys(coded?.states ?? {});
  }

  /** Seconds that the analysis is behind. */
  get analysisDelay(): Seconds {
    return this.#run?.analysis?.delaySeconds ?? 0;
  }

  /** What `begin` is waiting for, in words; undefined while nothing begins. */
  get beginning(): string | undefined {
    return this.#doing;
  }

  /**
   * Starts recording and analysis. What stood in the way can be put right: the next attempt begins from nothing.
   *
   * @throws SessionError when a device that must be there is not, or a stream that somebody should wear; when nothing can be recorded,
   *   the analysis does not start, or the session has ended
   */
  begin(): Promise<void> {
    this.#beginning ??= this.#begin().catch((error: unknown) => {
      this.#beginning = undefined;
      throw error;
    });
    return this.#beginning;
  }

  async #begin(): Promise<void> {
    if (this.#ending !== undefined) throw new SessionError("The session has ended: start it anew.");
    const missing = this.devices.filter(({ failure, optional }) => failure !== undefined && !optional);
    if (missing.length > 0)
      throw new SessionError(
        `The session cannot begin without ${missing.map(({ id, failure }) => `${id} (${failure})`).join(" and ")}`,
      );
    const { record, analyse } = this.options;
    try {
      this.#run = await startRun({
        loaded: this.loaded,
        plan: this.plan,
        analyse,
        record,
        assigned: this.assignments(),
        montages: this.montages(),
        limits: this.limits,
        now: () => this.now(),
        setTimer: this.context.setTimer,
        say: (entry) => this.logEntries.next(entry),
        doing: (what) => {
          this.#doing = what;
        },
      });
    } finally {
      this.#doing = undefined;
    }
    this.#open(this.#run);
  }

  /** From here on everything is kept; nothing in it waits. */
  #open({ analysis, recording }: Run): void {
    this.begunAt = this.now();
    this.#before = this.#statistics();
    if (analysis !== undefined)
      this.subscriptions.push(
        analysis.replies.subscribe((reply) => {
          this.#results.take(reply);
          for (const output of reply.hearts) if (output.kind === "respiration") this.#lookAtBreathing(output);
          if (reply.error !== undefined) this.say("alarm", "analysis", `it has stopped: ${reply.error}`);
        }),
      );
    if (recording !== undefined) {
      for (const stream of this.streams) recording.addStream(stream);
      this.subscriptions.push(this.newStreams.subscribe((stream) => recording.addStream(stream)));
      this.events.writeBeside(recording.path, this.begunAt, (trouble) =>
        this.say(
          trouble === undefined ? "info" : "alarm",
          "log",
          trouble ?? "the event log can be written again",
        ),
      );
    }
    this.currentStage = "running";
    this.intake.open(new InputOrder(recording, analysis, (lag) => this.#sayLag(lag)));
    this.course.begin(this.begunAt);
    this.coder.start(this.begunAt);
    this.intake.enterEarlyStates();
  }

  /** What the times of this session are worth, as far as it has gone. */
  passport(): TimingPassport {
    if (this.#passport !== undefined) return this.#passport;
    return this.#passportNow(this.devices, this.#statistics());
  }

  #statistics(): ReadonlyMap<string, DeviceStatistics> {
    return new Map(this.devices.map(({ id, device }) => [id, device.statistics()]));
  }

  #passportNow(
    devices: PassportRequest["devices"],
    statistics: PassportRequest["statistics"],
    until = this.now(),
  ): TimingPassport {
    return sessionPassport({
      file: this.loaded.file,
      devices,
      statistics,
      before: this.#before,
      countOf: (streamId) => this.intake.count(streamId),
      settings: this.settings,
      durationSeconds: until - (Number.isNaN(this.begunAt) ? 0 : this.begunAt),
      origin: this.origin,
    });
  }

  /** Closes everything in an order that loses nothing. Idempotent; a second call waits for the first. */
  end(reason = "quit"): Promise<void> {
    this.#ending ??= this.#end(reason);
    return this.#ending;
  }

  async #end(reason: string): Promise<void> {
    // Whoever ends a session that is only just beginning ends what has been opened by then.
    await this.#beginning?.catch(() => {});
    if (this.currentStage === "running") {
      this.coder.stop();
      this.enterEvent(reason, "session");
    }
    const isRun = this.currentStage === "running";
    const endedAt = this.now();
    const statistics = this.#statistics();
    const devices = this.devices.map(({ id, streams }) => ({ id, streams }));
    this.isClosing = true;
    this.alarms.close();
    // What devices still hold when they are closed belongs to the recording.
    await this.deviceSet.close();
    const passport = isRun ? this.#passportNow(devices, statistics, endedAt) : undefined;
    this.currentStage = "ended";
    const { recording, analysis } = this.#run ?? {};
    await recording?.close();
    if ((await analysis?.close()) === false)
      this.say(
        "warning",
        "analysis",
        "it was behind at the end: its last windows were not computed; attune replay --session gives them",
      );
    if (passport !== undefined && recording !== undefined)
      await saveSheets(recording.path, passport, this.coder).catch((error: unknown) =>
        this.say("warning", "recording", `the sheets beside it could not be written: ${String(error)}`),
      );
    this.#passport = passport;
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.intake.close();
    this.#results.complete();
    await this.events.close();
    this.logEntries.complete();
  }

  /** Said once a person: breathing at the edge of the band would say it again and again. */
  #lookAtBreathing({ person, rate, band: { low, high }, outsideBand }: Respiration): void {
    if (!outsideBand || this.#outsideBand.has(person)) return;
    this.#outsideBand.add(person);
    this.say(
      "warning",
      "hearts",
      `${person} breathes at ${rate.toFixed(2)} Hz, outside the RSA band of ${low} to ${high} Hz: RSA does not measure what its name says`,
    );
  }

  #sayLag({ late }: AnalysisLag): void {
    if (late)
      this.say("warning", "analysis", "it is behind: whole windows are left out until it has caught up");
    else this.say("info", "analysis", `it has caught up; ${this.totals.nLate} windows were left out so far`);
  }
}
