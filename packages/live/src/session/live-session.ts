import { parseMarker } from "@attune/device-coder";
import type { DeviceContext, DeviceEvent, DeviceType } from "@attune/device-kit";
import { systemContext } from "@attune/device-kit";
import type { SessionSettings } from "@attune/pipeline";
import type {
  ClockOffset,
  Coupling,
  DeviceOutput,
  SampleChunk,
  Seconds,
  SessionInput,
  Stream,
  TextChunk,
} from "@attune/signal";
import { layerKey, sessionSettings } from "@attune/study";
import { type Observable, Subject, type Subscription } from "rxjs";
import { LiveAnalysis, type TimedReply } from "../analysis/live-analysis.ts";
import type { WindowVerdict } from "../analysis/messages.ts";
import { deviceTypes } from "../device-registry.ts";
import { SessionError } from "../errors.ts";
import { saveSheets } from "../passport/save-sheets.ts";
import { type TimingPassport, timingPassport } from "../passport/timing-passport.ts";
import type { LoadedSession } from "../session-file/read-session.ts";
import { markersOf } from "../session-file/schema.ts";
import { type AnalysisPlan, analysisPlan } from "../session-file/study-settings.ts";
import { type AssignedStream, assignStreams, couplingMontages } from "./assign-streams.ts";
import { ClockWatch } from "./clock-watch.ts";
import { DerivedStates } from "./derived-states.ts";
import { describeEvent } from "./describe-event.ts";
import { DeviceSet, type SessionDevice } from "./device-set.ts";
import { EarlyOffsets } from "./early-offsets.ts";
import { EarlyStates } from "./early-states.ts";
import { InputOrder } from "./input-order.ts";
import { MarkerInputs } from "./marker-inputs.ts";
import { PAUSE_LAYER } from "./pause-layer.ts";
import { RunningTotals, type SessionTotals } from "./running-totals.ts";
import { SessionCoder } from "./session-coder.ts";
import type { LogEntry } from "./session-log.ts";
import { type SessionRecording, startRecording } from "./session-recording.ts";
import { fits, StreamRegister } from "./stream-register.ts";
import { type StreamPulse, StreamWatch } from "./stream-watch.ts";

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
  readonly #register = new StreamRegister();
  readonly #watch = new StreamWatch();
  readonly #clocks = new ClockWatch();
  readonly #derived: DerivedStates;
  readonly #early = new EarlyOffsets();
  readonly #earlyStates = new EarlyStates();
  readonly #misshapen = new Set<string>();
  readonly #markers: MarkerInputs;
  readonly #totals = new RunningTotals();
  readonly #log = new Subject<LogEntry>();
  readonly #replies = new Subject<TimedReply>();
  readonly #couplings = new Subject<Coupling>();
  readonly #windows = new Subject<WindowVerdict>();
  readonly #outputs = new Subject<DeviceOutput>();
  readonly #subscriptions: Subscription[] = [];
  readonly #impedances = new Map<string, Extract<DeviceEvent, { kind: "impedance" }>>();
  #stage: SessionStage = "idle";
  #order: InputOrder | undefined;
  #analysis: LiveAnalysis | undefined;
  #recording: SessionRecording | undefined;
  #settings: SessionSettings | undefined;
  #beganAt: Seconds = Number.NaN;
  #isPaused = false;
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
    this.#derived = new DerivedStates(file, (sentence) => this.#say("info", "gaze", sentence));
    this.#markers = new MarkerInputs(parseMarker, (streamId) =>
      this.devices.some(
        ({ id, streams }) =>
          markersOf(file).some(({ device }) => device === id) && streams.some((each) => each.id === streamId),
      ),
    );
    this.coder = new SessionCoder(
      file.coding,
      options.keyReleases ?? true,
      () => this.now(),
      (input) => this.#enter(input),
    );
    this.#subscriptions.push(
      this.#devices.streamChanges.subscribe((streams) => {
        for (const stream of streams) this.#addStream(stream);
      }),
      this.#devices.outputs.subscribe((output) => this.#take(this.#register.rename(output))),
      this.#devices.events.subscribe(({ device, event }) => {
        if (event.kind === "impedance") this.#impedances.set(device, event);
        const entry = describeEvent(device, event);
        // How devices go when a session ends is no news.
        const isNews = this.#stage !== "ended" || entry?.level === "alarm";
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

  /** Data of every device, on the session clock, from the moment of connecting. */
  get outputs(): Observable<DeviceOutput> {
    return this.#outputs;
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

  get totals(): SessionTotals {
    return this.#totals.totals;
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
    return this.#watch.pulse(this.#register.get(streamId)?.id ?? streamId, this.now());
  }

  /** The newest impedance measurement of a device in this session. */
  lastImpedance(deviceId: string): Extract<DeviceEvent, { kind: "impedance" }> | undefined {
    return this.#impedances.get(deviceId);
  }

  nOffsets(streamId: string): number {
    return this.#early.count(this.#register.get(streamId)?.id ?? streamId);
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
      stream: this.#register.get(stream.id) ?? stream,
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
    this.#beginning ??= this.#begin();
    return this.#beginning;
  }

  async #begin(): Promise<void> {
    const missing = this.devices.filter(({ failure, optional }) => failure !== undefined && !optional);
    if (missing.length > 0)
      throw new SessionError(
        `The session cannot begin without ${missing.map(({ id, failure }) => `${id} (${failure})`).join(" and ")}`,
      );
    const montages = this.montages();
    if (this.#options.analyse && montages !== undefined) {
      const settings = sessionSettings(this.plan.settings, montages, this.#layers(), this.plan.running);
      this.#settings = settings;
      this.#analysis = await LiveAnalysis.start(settings, () => this.now());
      this.#subscriptions.push(this.#analysis.replies.subscribe((reply) => this.#takeReply(reply)));
    } else if (this.#options.analyse)
      this.#say(
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
        for (const { id } of streams) this.#recording.addStream(this.#register.get(id)!);
    }
    this.#order = new InputOrder(this.#recording, this.#analysis);
    this.#beganAt = this.now();
    this.#stage = "running";
    this.#enterFirstInputs();
  }

  /** A state of somebody, known now. */
  enterState(
    state: { readonly person: string; readonly layer: string; readonly state: string },
    at = this.now(),
  ): void {
    this.#enter({ kind: "state", ...state, at });
  }

  /** Something that happened: a note, a marker. */
  enterEvent(label: string, source: string, at = this.now()): void {
    this.#enter({ kind: "event", label, at, source });
  }

  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.enterState({ person: PAUSE_LAYER.person, layer: PAUSE_LAYER.layer, state: PAUSE_LAYER.paused });
    this.enterEvent("pause", "session");
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.enterState({ person: PAUSE_LAYER.person, layer: PAUSE_LAYER.layer, state: PAUSE_LAYER.running });
    this.enterEvent("resume", "session");
  }

  phase(name: string): void {
    this.enterState({ person: "session", layer: "phase", state: name });
    this.enterEvent(`phase ${name}`, "session");
  }

  note(text: string): void {
    this.enterEvent(`note ${text}`, "session");
  }

  /** What the times of this session are worth, as far as it has gone. */
  passport(): TimingPassport {
    if (this.#passport !== undefined) return this.#passport;
    const { file } = this.loaded;
    const streams = this.devices.flatMap(({ id, device, streams: delivered }) => {
      const { streams: statistics, codec, nReconnects } = device.statistics();
      const nRepairs = (codec?.resyncs ?? 0) + (codec?.checksumErrors ?? 0);
      return statistics.map((each) => ({
        device: id,
        person: onlyOne(
          file.streams.filter((assigned) => assigned.device === id).map(({ person }) => person),
        ),
        nominalSamplingRate:
          delivered.find((stream) => stream.id === each.streamId)?.nominalSamplingRate ?? 0,
        nReconnects,
        nRepairs,
        statistics: { ...each, lastOffset: each.lastOffset - this.#origin },
      }));
    });
    return timingPassport(file.session, this.now(), streams, this.#settings);
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
    this.#stage = "ended";
    await this.#devices.close();
    await this.#recording?.close();
    if ((await this.#analysis?.close()) === false)
      this.#say(
        "warning",
        "analysis",
        "it was behind at the end: its last windows were not computed; attune replay --session gives them",
      );
    if (passport !== undefined && this.#recording !== undefined)
      await saveSheets(this.#recording.path, passport, this.coder).catch((error: unknown) =>
        this.#say("warning", "recording", `the sheets beside it could not be written: ${String(error)}`),
      );
    this.#passport = passport;
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    for (const subject of [this.#outputs, this.#replies, this.#couplings, this.#windows, this.#log])
      subject.complete();
  }

  /** Layers of everything that will be coded. */
  #layers(): Set<string> {
    const { file } = this.loaded;
    const coded = file.coding.layers.map(({ person, layer }) => layerKey(person, layer));
    const { person, layer } = this.plan.settings.states;
    // What markers will carry is not known yet: they are listened to for the layer that the profile looks at.
    const marked = markersOf(file).flatMap(({ layers }) => layers?.map(keyOf) ?? [layerKey(person, layer)]);
    const tracked = file.trackers.map((tracker) => layerKey(tracker.person, tracker.layer));
    const derived = file.mutualGaze ? [layerKey("session", "mutual-gaze")] : [];
    return new Set([
      ...coded,
      ...marked,
      ...tracked,
      ...derived,
      layerKey(PAUSE_LAYER.person, PAUSE_LAYER.layer),
    ]);
  }

  #enterFirstInputs(): void {
    for (const offset of this.#early.all) this.#order!.enter(offset);
    this.enterState({ person: PAUSE_LAYER.person, layer: PAUSE_LAYER.layer, state: PAUSE_LAYER.running });
    this.coder.start();
    for (const state of this.#earlyStates.holdingAt(this.now())) this.#enter(state);
  }

  #enter(input: Extract<SessionInput, { kind: "state" | "event" }>): void {
    if (this.#order === undefined && input.kind === "state") this.#earlyStates.take(input);
    if (input.kind === "state") this.#derived.state(input);
    this.#outputs.next(input);
    this.#order?.enter(input);
  }

  #addStream(stream: Stream): void {
    const added = this.#register.add(stream);
    if (added === undefined) return;
    this.#markers.addStream(added.stream);
    this.#recording?.addStream(added.stream);
    this.#track(added.stream);
    if (added.replaces !== undefined)
      this.#say(
        "alarm",
        stream.id,
        `it changed from ${added.replaces.channels.length} channels at ${added.replaces.nominalSamplingRate} Hz to ${stream.channels.length} at ${stream.nominalSamplingRate} Hz: it is recorded on as a stream of its own, and coupling stops; end the session and begin a new one`,
      );
  }

  /** An eye tracker whose gaze is to become states. */
  #track(stream: Stream): void {
    const owner = this.devices.find(({ streams }) => streams.some(({ id }) => id === stream.id));
    try {
      this.#derived.addStream(owner?.id ?? "", stream);
    } catch (error) {
      this.#say("alarm", stream.id, error instanceof Error ? error.message : String(error));
    }
  }

  #take(output: DeviceOutput): void {
    if (this.#stage === "ended") return;
    if (output.kind === "state" || output.kind === "event") {
      this.#enter(output);
      return;
    }
    if (output.kind === "clock-offset") this.#takeOffset(output);
    else if (this.#isSound(output))
      this.#watch.take(this.#register.get(output.streamId)!, output, this.now());
    else return;
    this.#outputs.next(output);
    this.#order?.enter(output);
    const meant =
      output.kind === "text"
        ? this.#markers.text(output)
        : output.kind === "clock-offset"
          ? this.#markers.offset(output)
          : [];
    if (output.kind === "samples") for (const state of this.#derived.samples(output)) this.#enter(state);
    for (const state of this.#derived.advance(this.now())) this.#enter(state);
    for (const input of meant) {
      // States stand in a stream of their own for every reader; an event is the marker itself, which is recorded already.
      if (input.kind === "state") this.#enter(input);
      else {
        this.#outputs.next(input);
        this.#order?.derive(input);
      }
    }
  }

  #isSound(chunk: SampleChunk | TextChunk): boolean {
    const stream = this.#register.get(chunk.streamId);
    if (stream !== undefined && fits(stream, chunk)) return true;
    if (!this.#misshapen.has(chunk.streamId)) {
      this.#misshapen.add(chunk.streamId);
      this.#say(
        "alarm",
        chunk.streamId,
        stream === undefined
          ? "it delivers data and was never announced: they are left out; restart the device"
          : `it delivers chunks that do not have the ${stream.channels.length} channels that it announced: they are left out; restart the device`,
      );
    }
    return false;
  }

  #takeOffset(offset: ClockOffset): void {
    this.#early.take(offset);
    this.#derived.offset(offset);
    const jump = this.#clocks.take(offset);
    if (jump !== undefined)
      this.#say(
        "alarm",
        offset.streamId,
        `its clock jumped by ${(1000 * jump).toFixed(0)} ms against this computer's: windows are left out until it is known again; if it goes on, restart the device`,
      );
  }

  #takeReply(reply: TimedReply): void {
    const { couplings, windows, error } = reply;
    this.#replies.next(reply);
    for (const window of windows) {
      this.#totals.window(window);
      this.#windows.next(window);
    }
    for (const coupling of couplings) {
      this.#totals.coupling(coupling);
      this.#couplings.next(coupling);
    }
    if (error !== undefined) this.#say("alarm", "analysis", `it has stopped: ${error}`);
  }

  #say(level: LogEntry["level"], source: string, message: string): void {
    this.#log.next({ at: this.now(), level, source, message });
  }
}

const onlyOne = (people: readonly string[]): string | undefined =>
  new Set(people).size === 1 ? people[0] : undefined;

/** `infant.gaze` as the analysis names it. */
const keyOf = (personAndLayer: string): string => {
  const [person = "", layer = ""] = personAndLayer.split(".");
  return layerKey(person, layer);
};
