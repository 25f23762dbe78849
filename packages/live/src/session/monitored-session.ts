import { type DeviceContext, type DeviceEvent, type DeviceType, systemContext } from "@attune/device-kit";
import type { DeviceOutput, Seconds, Stream } from "@attune/signal";
import { type Observable, Subject, type Subscription } from "rxjs";
import { type AlarmLimits, alarmLimits } from "../alarms/limits.ts";
import { SessionAlarms } from "../alarms/session-alarms.ts";
import { StreamAlarms } from "../alarms/stream-alarms.ts";
import { deviceTypes } from "../device-registry.ts";
import type { LoadedSession } from "../session-file/read-session.ts";
import { markersOf } from "../session-file/schema.ts";
import { type AnalysisPlan, analysisPlan } from "../session-file/study-settings.ts";
import { type AssignedStream, assignStreams, couplingMontages } from "./assign-streams.ts";
import { describeEvent } from "./describe-event.ts";
import { DeviceSet, type SessionDevice } from "./device-set.ts";
import { EventLog } from "./event-log.ts";
import type { LogDisk } from "./log-file.ts";
import { SessionCoder } from "./session-coder.ts";
import { SessionCourse } from "./session-course.ts";
import { SessionIntake } from "./session-intake.ts";
import type { LogEntry } from "./session-log.ts";
import { type SpellMark, Spells } from "./spells.ts";
import type { StreamPulse } from "./stream-watch.ts";

export interface LiveSessionOptions {
  readonly record: boolean;
  readonly analyse: boolean;
  readonly devices?: readonly DeviceType[];
  readonly context?: DeviceContext;
  /** Time of day, seconds: tells that the computer slept. Default that of the system; that of `context` where one is given. */
  readonly wallClock?: () => Seconds;
  /** False where a released key cannot be seen, as in a terminal. */
  readonly keyReleases?: boolean;
  /** Where the event log goes. [the machine's disk] */
  readonly logDisk?: LogDisk;
}

/** `monitoring`: data flow and are shown, nothing is kept. */
export type SessionStage = "idle" | "monitoring" | "running" | "ended";

/** A session file, opened: its devices deliver, are watched and are heard; nothing is kept yet. */
export class MonitoredSession {
  readonly loaded: LoadedSession;
  readonly plan: AnalysisPlan;
  /** When something is a warning and when an alarm. */
  readonly limits: AlarmLimits;
  /** Behaviour that is coded with keys. */
  readonly coder: SessionCoder;
  protected readonly options: LiveSessionOptions;
  protected readonly context: DeviceContext;
  protected readonly origin: Seconds;
  protected readonly deviceSet: DeviceSet;
  protected readonly intake: SessionIntake;
  protected readonly course: SessionCourse;
  protected readonly alarms: SessionAlarms;
  protected readonly logEntries = new Subject<LogEntry>();
  protected readonly events: EventLog;
  protected readonly subscriptions: Subscription[] = [];
  /** Devices are being closed: how they go is no news. */
  protected isClosing = false;
  protected currentStage: SessionStage = "idle";
  protected begunAt: Seconds = Number.NaN;
  readonly #troubles = new Spells();
  readonly #streamAlarms: StreamAlarms;
  readonly #impedances = new Map<string, Extract<DeviceEvent, { kind: "impedance" }>>();

  /** @throws SessionError (misuse) when the file names devices or settings that do not exist */
  constructor(loaded: LoadedSession, options: LiveSessionOptions) {
    const { file } = loaded;
    this.loaded = loaded;
    this.plan = analysisPlan(file);
    this.limits = alarmLimits(file);
    this.options = options;
    this.context = options.context ?? systemContext;
    this.origin = this.context.now();
    this.deviceSet = new DeviceSet(file.devices, options.devices ?? deviceTypes, this.context, this.origin);
    this.intake = new SessionIntake({
      file,
      now: () => this.now(),
      say: (level, source, message) => this.say(level, source, message),
      deviceOf: (streamId) =>
        this.devices.find(({ streams }) => streams.some(({ id }) => id === streamId))?.id,
      tellsStates: (device) => markersOf(file).some((each) => each.device === device),
    });
    this.course = new SessionCourse(file.phases, (input) => this.intake.enter(input));
    this.#streamAlarms = new StreamAlarms(
      this.limits,
      (level, source, message, spell) => this.#sayOf(spell, level, source, message),
      this.#troubles,
    );
    this.alarms = new SessionAlarms({
      alarms: this.#streamAlarms,
      now: () => this.now(),
      beat: () => this.intake.beat(),
      onStoodStill: (seconds) =>
        this.say(
          "warning",
          "computer",
          `this computer stood still for ${seconds.toFixed(1)} s: what devices sent meanwhile may be missing; keep it awake, and close programs that take all of it`,
        ),
      wall: options.wallClock ?? (options.context === undefined ? systemWallClock : () => this.now()),
      onWallJump: (seconds) =>
        this.say(seconds > 0 ? "alarm" : "warning", "computer", wallJumpWords(seconds)),
      devices: () => this.devices,
      pulse: (streamId) => this.pulse(streamId),
      setTimer: this.context.setTimer,
    });
    this.events = new EventLog(options.logDisk);
    this.coder = new SessionCoder(
      file.coding,
      options.keyReleases ?? true,
      () => this.now(),
      (input) => this.intake.enter(input),
    );
    this.logEntries.subscribe((entry) => this.events.add(entry));
    this.subscriptions.push(
      this.intake.outputs.subscribe((output) => this.events.enter(output, this.beganAt)),
      this.deviceSet.streamChanges.subscribe((streams) => {
        for (const stream of streams) this.intake.addStream(stream);
      }),
      this.deviceSet.outputs.subscribe((output) => this.intake.take(output)),
      this.deviceSet.events.subscribe(({ device, event }) => {
        if (event.kind === "impedance") this.#impedances.set(device, event);
        const entry = this.#inSpell(device, event, describeEvent(device, event));
        // How devices go when a session ends is no news.
        const isNews = !this.isClosing || entry?.level === "alarm";
        if (entry !== undefined && isNews) this.logEntries.next(entry);
      }),
    );
  }

  /** Seconds on the session clock. */
  now(): Seconds {
    return this.context.now() - this.origin;
  }

  /** A timer on the clock that the session runs on. */
  after(seconds: Seconds, callback: () => void): { cancel(): void } {
    return this.context.setTimer(callback, seconds);
  }

  /** Session time on the host's monotonic clock. */
  hostTime(at: Seconds): Seconds {
    return at + this.origin;
  }

  /** Session time at which recording and analysis began; NaN before. */
  get beganAt(): Seconds {
    return this.begunAt;
  }

  get isPaused(): boolean {
    return this.course.isPaused;
  }

  get stage(): SessionStage {
    return this.currentStage;
  }

  get devices(): readonly SessionDevice[] {
    return this.deviceSet.devices;
  }

  /** Every stream that is known now, under the id by which its data come and are recorded. */
  get streams(): readonly Stream[] {
    return this.deviceSet.streams.map((stream) => this.intake.stream(stream.id) ?? stream);
  }

  /** Streams as they become known, or as another layout makes others of them. */
  get newStreams(): Observable<Stream> {
    return this.intake.newStreams;
  }

  /** Data of every device, on the session clock, from the moment of connecting. */
  get outputs(): Observable<DeviceOutput> {
    return this.intake.outputs;
  }

  /** What somebody should know, alarms included. */
  get log(): Observable<LogEntry> {
    return this.logEntries;
  }

  /** The same, and markers, notes and overrides between: what stands as a table beside the recording. */
  get eventLog(): Observable<LogEntry> {
    return this.events.entries;
  }

  pulse(streamId: string): StreamPulse | undefined {
    return this.intake.pulse(streamId);
  }

  /** The newest impedance measurement of a device in this session. */
  lastImpedance(deviceId: string): Extract<DeviceEvent, { kind: "impedance" }> | undefined {
    return this.#impedances.get(deviceId);
  }

  nOffsets(streamId: string): number {
    return this.intake.nOffsets(streamId);
  }

  /** Opens every device and lets data flow. Devices that fail say so in `failure`. */
  async connect(signal?: AbortSignal): Promise<void> {
    await this.deviceSet.connect(signal);
    // Whoever ended it meanwhile ended it.
    if (this.isClosing) return;
    this.currentStage = "monitoring";
    this.alarms.start();
  }

  /** Whose channels are where. @throws SessionError when a device does not deliver what the file says */
  assignments(): readonly AssignedStream[] {
    return assignStreams(this.loaded.file, this.devices).map(({ assignment, stream }) => ({
      assignment,
      stream: this.intake.stream(stream.id) ?? stream,
    }));
  }

  /** What the analysis would take from whom; undefined where fewer than two people have EEG. @throws StudyError, SessionError */
  montages(): ReturnType<typeof couplingMontages> {
    return couplingMontages(this.loaded.file, this.assignments(), this.plan.settings);
  }

  /** A state of somebody, known now. */
  enterState(
    state: { readonly person: string; readonly layer: string; readonly state: string },
    at = this.now(),
  ): void {
    this.intake.enter({ kind: "state", ...state, at });
  }

  /** Something that happened: a note, a marker. */
  enterEvent(label: string, source: string, at = this.now()): void {
    this.course.event(label, source, at);
  }

  pause(at = this.now()): void {
    this.course.pause(at);
  }

  resume(at = this.now()): void {
    this.course.resume(at);
  }

  /** Begins a phase; after one that the session file names, `nextPhase` goes on from there. */
  phase(name: string, at = this.now()): void {
    this.course.phase(name, at);
  }

  /** The phase that the session file names after the present one; undefined when there is none. */
  nextPhase(at = this.now()): string | undefined {
    return this.course.nextPhase(at);
  }

  note(text: string, at = this.now()): void {
    this.enterEvent(`note ${text}`, "session", at);
  }

  /** A device that goes away and its streams that are silent then are one trouble, which ends when samples flow again. */
  #inSpell(device: string, event: DeviceEvent, entry: LogEntry | undefined): LogEntry | undefined {
    if (event.kind !== "lifecycle") return entry;
    if (AWAY.has(event.to)) {
      this.intake.left(device);
      return entry && { ...entry, spell: this.#troubles.mark(device) };
    }
    if (event.to !== "streaming") return entry;
    this.intake.returned(device);
    const spell = this.#streamAlarms.isSilent(device) ? undefined : this.#troubles.end(device);
    return entry && spell ? { ...entry, spell } : entry;
  }

  #sayOf(spell: SpellMark | undefined, level: LogEntry["level"], source: string, message: string): void {
    this.logEntries.next({ at: this.now(), level, source, message, ...(spell && { spell }) });
  }

  /** A line of the log, from whoever looks after the session beside it. */
  say(level: LogEntry["level"], source: string, message: string): void {
    this.logEntries.next({ at: this.now(), level, source, message });
  }
}

/** Where a device is that delivers nothing. */
const AWAY: ReadonlySet<string> = new Set(["stalled", "reconnecting", "failed"]);

const systemWallClock = (): Seconds => Date.now() / 1000;

const wallJumpWords = (seconds: Seconds): string =>
  seconds > 0
    ? `the time of day went ${seconds.toFixed(1)} s further than this computer ran: it slept and nothing was recorded meanwhile, or its clock was set; keep it awake`
    : `the time of day of this computer was set back by ${(-seconds).toFixed(1)} s: the recording does not depend on it`;
