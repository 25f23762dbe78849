import type { LiveSession } from "@attune/live";
import type { DeviceOutput, Seconds, StateChange } from "@attune/signal";
import { type Observable, Subject, type Subscription } from "rxjs";
import { LiveTraces } from "./live-traces.ts";
import { LogBook } from "./log-book.ts";
import { QualityLights } from "./quality.ts";
import type { PhaseSpan } from "./session-summary.ts";
import { NO_PHASE, StateTrack } from "./state-track.ts";
import { TimelineBook } from "./timeline-book.ts";
import { UsableTime } from "./usable-time.ts";

/** Everything that a live session has let be seen so far, kept so that it can be told to a page at any time. */
export class SessionWatch {
  readonly states = new StateTrack();
  readonly timeline: TimelineBook;
  readonly log = new LogBook();
  readonly usable: UsableTime;
  readonly lights: QualityLights;
  readonly traces: LiveTraces;
  readonly #session: LiveSession;
  readonly #phases: PhaseSpan[] = [];
  readonly #subscriptions: Subscription[];
  readonly #mistakes = new Set<string>();
  readonly #ended = new Subject<void>();
  #hasNewCoupling = false;

  constructor(session: LiveSession) {
    this.#session = session;
    this.timeline = new TimelineBook(session.now());
    this.usable = new UsableTime(session.loaded.file.people.map(({ id }) => id));
    this.lights = new QualityLights(session.plan.settings.artefacts.lineNoiseHz || 50);
    this.traces = new LiveTraces((gap) => this.timeline.gap(gap));
    for (const stream of session.streams) this.#addStream(stream);
    this.#subscriptions = [
      session.newStreams.subscribe((stream) => this.#addStream(stream)),
      session.outputs.subscribe((output) => this.guard(() => this.#take(output))),
      session.windows.subscribe((window) => {
        this.usable.window(window);
        const reasons = window.reasons.map(({ person, reason }) => `${person} ${reason}`);
        if (reasons.length > 0) this.timeline.rejected(window.start, window.seconds, reasons);
      }),
      session.couplings.subscribe((coupling) => {
        if (coupling.scope !== "pooled") return;
        this.timeline.coupling(coupling);
        this.#hasNewCoupling = true;
      }),
      session.eventLog.subscribe((entry) => this.log.add(entry)),
      session.log.subscribe({ complete: () => this.#ended.next() }),
    ];
  }

  /** The session has ended and says nothing more. */
  get ended(): Observable<void> {
    return this.#ended;
  }

  /** Whether there was coupling since the last time that somebody asked. */
  takeNewCoupling(): boolean {
    const isNew = this.#hasNewCoupling;
    this.#hasNewCoupling = false;
    return isNew;
  }

  /** Phases so far, the present one as if it ended now. */
  phasesUntil(now: Seconds): readonly PhaseSpan[] {
    const held = this.states.get("session", "phase");
    const present = held === undefined ? [] : [{ name: held.state, from: held.since, to: now }];
    return [...this.#phases, ...present].filter(({ name }) => name !== NO_PHASE);
  }

  /** A mistake of ours in what is shown must not end what is recorded: it is told once, and what comes next is done. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (this.#mistakes.has(message)) return;
      this.#mistakes.add(message);
      this.#session.say(
        "alarm",
        "page",
        `something went wrong inside Attune (${message}); recording goes on`,
      );
    }
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#ended.complete();
  }

  #addStream(stream: LiveSession["streams"][number]): void {
    this.traces.addStream(stream);
    this.lights.addStream(stream);
  }

  #take(output: DeviceOutput): void {
    const now = this.#session.now();
    this.traces.take(output, now);
    this.lights.take(output);
    if (output.kind === "state") this.#takeState(output);
    else if (output.kind === "event" && output.source !== "coding")
      this.timeline.event(output.at, output.label, output.source);
  }

  #takeState(change: StateChange): void {
    const taken = this.states.take(change);
    if (taken === undefined) return;
    const { held, ended } = taken;
    this.timeline.state(held, ended);
    if (held.person !== "session" || held.layer !== "phase") return;
    if (ended !== undefined) this.#phases.push({ name: ended.state, from: ended.onset, to: ended.offset });
    this.usable.beginPhase(held.since);
  }
}
