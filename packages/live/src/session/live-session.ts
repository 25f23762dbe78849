import { type DeviceContext, type DeviceEvent, type DeviceType, systemContext } from "@attune/device-kit";
import type { SessionSettings } from "@attune/pipeline";
import type { AnalysisLag, Coupling, DeviceOutput, HeartOutput, Seconds, Stream } from "@attune/signal";
import { sessionSettings } from "@attune/study";
import { type Observable, Subject, type Subscription } from "rxjs";
import { LiveAnalysis, type TimedReply } from "../analysis/live-analysis.ts";
import type { WindowVerdict } from "../analysis/messages.ts";
import { deviceTypes } from "../device-registry.ts";
import { SessionError } from "../errors.ts";
import { saveSheets } from "../passport/save-sheets.ts";
import { sessionPassport } from "../passport/session-passport.ts";
import type { TimingPassport } from "../passport/timing-passport.ts";
import type { LoadedSession } from "../session-file/read-session.ts";
import { markersOf } from "../session-file/schema.ts";
import { type AnalysisPlan, analysisPlan } from "../session-file/study-settings.ts";
import { type AssignedStream, assignStreams, couplingMontages } from "./assign-streams.ts";
import { codedLayers } from "./coded-layers.ts";
import { describeEvent } from "./describe-event.ts";
import { DeviceSet, type SessionDevice } from "./device-set.ts";
import { heartSettings } from "./heart-settings.ts";
import type { NewestHeart } from "./heart-totals.ts";
import { InputOrder } from "./input-order.ts";
import { PAUSE_LAYER } from "./pause-layer.ts";
import type { RunningComparison } from "./running-comparison.ts";
import { RunningTotals, type SessionTotals } from "./running-totals.ts";
import { SessionCoder } from "./session-coder.ts";
import { SessionIntake } from "./session-intake.ts";
import type { LogEntry } from "./session-log.ts";
import { type SessionRecording, startRecording } from "./session-recording.ts";
import type { StreamPulse } from "./stream-watch.ts";

export interface LiveSessionOptions {
  readonly record: boolean;
  readonly analyse: boolean;
  readonly devices?: readonly DeviceType[];
  readonly context?: DeviceContext;
  /** False where a released key cannot be seen, as in a terminal. */
  readonly keyReleases?: boolean;
}

/** `monitoring`: data flow and are shown, nothing is kept. */
export type SessionStage = "idle" | "monitoring" | "running" | "ended";

/**
 * A session in the room: devices in, one order of inputs, a recording and an analysis out. `connect` opens the devices,
 * `begin` starts to record and to analyse, `end` closes everything; in between come states and notes.
 */
export class LiveSession {
  readonly loaded: LoadedSession;
  readonly plan: AnalysisPlan;
  /** Behaviour that is coded with keys. */
  readonly coder: SessionCoder;
  readonly #options: LiveSessionOptions;
  readonly #context: DeviceContext;
  readonly #origin: Seconds;
  readonly #devices: DeviceSet;
  readonly #intake: SessionIntake;
  readonly #totals = new RunningTotals();
  readonly #log = new Subject<LogEntry>();
  readonly #replies = new Subject<TimedReply>();
  readonly #couplings = new Subject<Coupling>();
  readonly #windows = new Subject<WindowVerdict>();
  readonly #hearts = new Subject<HeartOutput>();
  readonly #subscriptions: Subscription[] = [];
  readonly #impedances = new Map<string, Extract<DeviceEvent, { kind: "impedance" }>>();
  #stage: SessionStage = "idle";
  #analysis: LiveAnalysis | undefined;
  #recording: SessionRecording | undefined;
  #settings: SessionSettings | undefined;
  #beganAt: Seconds = Number.NaN;
  #isPaused = false;
  #isEnding = false;
  #phase = -1;
  #passport: TimingPassport | undefined;
  #beginning: Promise<void> | undefined;
  #ending: Promise<void> | undefined;

  /** @throws SessionError (misuse) when the file names devices or settings that do not exist */
  constructor(loaded: LoadedSession, options: LiveSessionOptions) {
    const { file } = loaded;
    this.loaded = loaded;
    this.plan = analysisPlan(file);
    this.#options = options;
    this.#context = options.context ?? systemContext;
    this.#origin = this.#context.now();
    this.#devices = new DeviceSet(file.devices, options.devices ?? deviceTypes, this.#context, this.#origin);
    this.#intake = new SessionIntake({
      file,
      now: () => this.now(),
      say: (level, source, message) => this.say(level, source, message),
      deviceOf: (streamId) =>
        this.devices.find(({ streams }) => streams.some(({ id }) => id === streamId))?.id,
      tellsStates: (device) => markersOf(file).some((each) => each.device === device),
    });
    this.coder = new SessionCoder(
      file.coding,
      options.keyReleases ?? true,
      () => this.now(),
      (input) => this.#intake.enter(input),
    );
    this.#subscriptions.push(
      this.#devices.streamChanges.subscribe((streams) => {
        for (const stream of streams) this.#intake.addStream(stream);
      }),
      this.#intake.newStreams.subscribe((stream) => this.#recording?.addStream(stream)),
      this.#devices.outputs.subscribe((output) => this.#intake.take(output)),
      this.#devices.events.subscribe(({ device, event }) => {
        if (event.kind === "impedance") this.#impedances.set(device, event);
        const entry = describeEvent(device, event);
        // How devices go when a session ends is no news.
        const isNews = !this.#isEnding || entry?.level === "alarm";
        if (entry !== undefined && isNews) this.#log.next(entry);
      }),
    );
  }

  /** Seconds on the session clock. */
  now(): Seconds {
    return this.#context.now() - this.#origin;
  }

  /** A timer on the clock that the session runs on. */
  after(seconds: Seconds, callback: () => void): { cancel(): void } {
    return this.#context.setTimer(callback, seconds);
  }

  /** Session time on the host's monotonic clock. */
  hostTime(at: Seconds): Seconds {
    return at + this.#origin;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get stage(): SessionStage {
    return this.#stage;
  }

  get devices(): readonly SessionDevice[] {
    return this.#devices.devices;
  }

  /** Every stream that is known now, under the id by which its data come and are recorded. */
  get streams(): readonly Stream[] {
    return this.#devices.streams.map((stream) => this.#intake.stream(stream.id) ?? stream);
  }

  /** Streams as they become known, or as another layout makes others of them. */
  get newStreams(): Observable<Stream> {
    return this.#intake.newStreams;
  }

  /** Data of every device, on the session clock, from the moment of connecting. */
  get outputs(): Observable<DeviceOutput> {
    return this.#intake.outputs;
  }

  get log(): Observable<LogEntry> {
    return this.#log;
  }

  get couplings(): Observable<Coupling> {
    return this.#couplings;
  }

  get windows(): Observable<WindowVerdict> {
    return this.#windows;
  }

  /** Beats, intervals, RSA and covariation of everybody who has an ecg, in the order in which they become known. */
  get hearts(): Observable<HeartOutput> {
    return this.#hearts;
  }

  /** The newest of a person's heart. */
  heart(person: string): NewestHeart {
    return this.#totals.hearts.newest(person);
  }

  get totals(): SessionTotals {
    return this.#totals.totals;
  }

  /** Conditions compared, by what has been seen so far. */
  get comparison(): RunningComparison {
    return this.#totals.comparison;
  }

  get recording(): SessionRecording | undefined {
    return this.#recording;
  }

  /** What leaves the analysis, with the time that each input took. */
  get replies(): Observable<TimedReply> {
    return this.#replies;
  }

  /** What the analysis runs with; undefined before `begin` and where nothing is analysed. */
  get settings(): SessionSettings | undefined {
    return this.#settings;
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
    return this.#analysis?.delaySeconds ?? 0;
  }

  /** Session time at which recording and analysis began; NaN before. */
  get beganAt(): Seconds {
    return this.#beganAt;
  }

  pulse(streamId: string): StreamPulse | undefined {
    return this.#intake.pulse(streamId);
  }

  /** The newest impedance measurement of a device in this session. */
  lastImpedance(deviceId: string): Extract<DeviceEvent, { kind: "impedance" }> | undefined {
    return this.#impedances.get(deviceId);
  }

  nOffsets(streamId: string): number {
    return this.#intake.nOffsets(streamId);
  }

  /** Opens every device and lets data flow. Devices that fail say so in `failure`. */
  async connect(signal?: AbortSignal): Promise<void> {
    await this.#devices.connect(signal);
    this.#stage = "monitoring";
  }

  /** Whose channels are where. @throws SessionError when a device does not deliver what the file says */
  assignments(): readonly AssignedStream[] {
    return assignStreams(this.loaded.file, this.devices).map(({ assignment, stream }) => ({
      assignment,
      stream: this.#intake.stream(stream.id) ?? stream,
    }));
  }

  /** What the analysis would take from whom; undefined where fewer than two people have EEG. @throws StudyError, SessionError */
  montages(): ReturnType<typeof couplingMontages> {
    return couplingMontages(this.loaded.file, this.assignments(), this.plan.settings);
  }

  /**
   * Starts recording and analysis.
   *
   * @throws SessionError when a device that must be there is not, or a stream that somebody should wear
   */
  begin(): Promise<void> {
    this.#beginning ??= this.#begin().catch(async (error: unknown) => {
      // What stood in the way can be put right: the next attempt begins from nothing.
      await this.#analysis?.close(0);
      this.#analysis = undefined;
      this.#settings = undefined;
      this.#beginning = undefined;
      throw error;
    });
    return this.#beginning;
  }

  async #begin(): Promise<void> {
    const missing = this.devices.filter(({ failure, optional }) => failure !== undefined && !optional);
    if (missing.length > 0)
      throw new SessionError(
        `The session cannot begin without ${missing.map(({ id, failure }) => `${id} (${failure})`).join(" and ")}`,
      );
    const montages = this.montages();
    const hearts = this.#options.analyse ? this.#heartSettings() : undefined;
    if (this.#options.analyse && (montages !== undefined || hearts !== undefined)) {
      const layers = codedLayers(this.loaded.file, this.plan.settings.states);
      const settings: SessionSettings = {
        ...sessionSettings(this.plan.settings, montages ?? [], layers, this.plan.running),
        ...(hearts === undefined ? {} : { hearts }),
      };
      this.#settings = settings;
      if (montages === undefined)
        this.say("info", "session", "fewer than two people have EEG: only hearts are analysed");
      this.#analysis = await LiveAnalysis.start(settings, () => this.now());
      this.#subscriptions.push(this.#analysis.replies.subscribe((reply) => this.#takeReply(reply)));
    } else if (this.#options.analyse)
      this.say(
        "warning",
        "session",
        "fewer than two people have EEG: the session is recorded and not analysed",
      );
    if (this.#options.record) {
      this.#recording = await startRecording({
        loaded: this.loaded,
        plan: this.plan,
        settings: this.#settings,
        now: () => this.now(),
        setTimer: this.#context.setTimer,
        say: (entry) => this.#log.next(entry),
      });
      for (const { streams } of this.devices)
        for (const { id } of streams) this.#recording.addStream(this.#intake.stream(id)!);
    }
    this.#beganAt = this.now();
    this.#stage = "running";
    this.#intake.open(new InputOrder(this.#recording, this.#analysis, (lag) => this.#sayLag(lag)));
    this.enterState({ person: PAUSE_LAYER.person, layer: PAUSE_LAYER.layer, state: PAUSE_LAYER.running });
    this.coder.start();
    this.#intake.enterEarlyStates();
  }

  #heartSettings(): SessionSettings["hearts"] {
    return heartSettings(this.loaded.file, this.assignments(), this.plan, (level, sentence) =>
      this.say(level, "hearts", sentence),
    );
  }

  /** A state of somebody, known now. */
  enterState(
    state: { readonly person: string; readonly layer: string; readonly state: string },
    at = this.now(),
  ): void {
    this.#intake.enter({ kind: "state", ...state, at });
  }

  /** Something that happened: a note, a marker. */
  enterEvent(label: string, source: string, at = this.now()): void {
    this.#intake.enter({ kind: "event", label, at, source });
  }

  pause(at = this.now()): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.enterState({ person: PAUSE_LAYER.person, layer: PAUSE_LAYER.layer, state: PAUSE_LAYER.paused }, at);
    this.enterEvent("pause", "session", at);
  }

  resume(at = this.now()): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.enterState({ person: PAUSE_LAYER.person, layer: PAUSE_LAYER.layer, state: PAUSE_LAYER.running }, at);
    this.enterEvent("resume", "session", at);
  }

  /** Begins a phase; after one that the session file names, `nextPhase` goes on from there. */
  phase(name: string, at = this.now()): void {
    const planned = this.loaded.file.phases.findIndex((phase) => phase.name === name);
    if (planned >= 0) this.#phase = planned;
    this.enterState({ person: "session", layer: "phase", state: name }, at);
    this.enterEvent(`phase ${name}`, "session", at);
  }

  /** The phase that the session file names after the present one; undefined when there is none. */
  nextPhase(at = this.now()): string | undefined {
    const next = this.loaded.file.phases[this.#phase + 1];
    if (next === undefined) return undefined;
    this.#phase++;
    this.enterState({ person: "session", layer: "phase", state: next.name }, at);
    this.enterEvent(`phase ${next.name}`, "session", at);
    return next.name;
  }

  note(text: string, at = this.now()): void {
    this.enterEvent(`note ${text}`, "session", at);
  }

  /** A line of the log, from whoever looks after the session beside it. */
  say(level: LogEntry["level"], source: string, message: string): void {
    this.#log.next({ at: this.now(), level, source, message });
  }

  /** What the times of this session are worth, as far as it has gone. */
  passport(): TimingPassport {
    if (this.#passport !== undefined) return this.#passport;
    return sessionPassport(this.loaded.file, this.devices, this.#settings, this.now(), this.#origin);
  }

  /** Closes everything in an order that loses nothing. Idempotent; a second call waits for the first. */
  end(reason = "quit"): Promise<void> {
    this.#ending ??= this.#end(reason);
    return this.#ending;
  }

  async #end(reason: string): Promise<void> {
    // Whoever ends a session that is only just beginning ends what has been opened by then.
    await this.#beginning?.catch(() => {});
    if (this.#stage === "running") {
      this.coder.stop();
      this.enterEvent(reason, "session");
    }
    const passport = this.#stage === "running" ? this.passport() : undefined;
    this.#isEnding = true;
    // What devices still hold when they are closed belongs to the recording.
    await this.#devices.close();
    this.#stage = "ended";
    await this.#recording?.close();
    if ((await this.#analysis?.close()) === false)
      this.say(
        "warning",
        "analysis",
        "it was behind at the end: its last windows were not computed; attune replay --session gives them",
      );
    if (passport !== undefined && this.#recording !== undefined)
      await saveSheets(this.#recording.path, passport, this.coder).catch((error: unknown) =>
        this.say("warning", "recording", `the sheets beside it could not be written: ${String(error)}`),
      );
    this.#passport = passport;
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#intake.close();
    for (const subject of [this.#replies, this.#couplings, this.#windows, this.#hearts, this.#log])
      subject.complete();
  }

  #takeReply(reply: TimedReply): void {
    const { couplings, windows, hearts, error } = reply;
    this.#replies.next(reply);
    for (const window of windows) {
      this.#totals.window(window);
      this.#windows.next(window);
    }
    for (const coupling of couplings) {
      this.#totals.coupling(coupling);
      this.#couplings.next(coupling);
    }
    for (const output of hearts) {
      this.#totals.heart(output);
      this.#hearts.next(output);
    }
    if (error !== undefined) this.say("alarm", "analysis", `it has stopped: ${error}`);
  }

  #sayLag({ late }: AnalysisLag): void {
    if (late)
      this.say("warning", "analysis", "it is behind: whole windows are left out until it has caught up");
    else this.say("info", "analysis", `it has caught up; ${this.totals.nLate} windows were left out so far`);
  }
}
