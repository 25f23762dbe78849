import {
  encodeCommand,
  type PageRequest,
  type Pong,
  type Reply,
  type Seat,
  type Traces,
} from "@attune/wire/page";
import { type Signal, signal } from "@preact/signals";
import { texts } from "../texts/texts.ts";
import { ClockEstimate } from "./clock-estimate.ts";
import { GOING_AWAY, type PageContext, type PageSocket, REPLACED } from "./page-context.ts";
import { ReplayClock } from "./replay-clock.ts";
import { SessionStore } from "./session-store.ts";
import type { ConnectionState, SessionView } from "./session-view.ts";

const LEAST_BACKOFF_SECONDS = 0.25;
const MOST_BACKOFF_SECONDS = 5;
/** Often at first, until a quick answer has come by; then against drift. */
const PING_SECONDS = { first: 0.15, later: 2, nFirst: 6 } as const;
/** Of a server that lives: it says four times a second how everything stands. */
const SILENT_SECONDS = 6;
const ANSWER_SECONDS = 15;
const TOAST_SECONDS = { done: 4, refused: 9 } as const;
/** Asked by the page itself, or answered in a place of their own. */
const UNSHOWN = new Set<PageRequest["do"]>(["ping", "watch", "traces", "timing", "blur"]);

/** Why there is no connection: it broke, the program has ended, or this page is open anew in another tab. */
export type LossReason = "broken" | "over" | "replaced";

interface Question {
  readonly request: PageRequest;
  readonly answer: (reply: Reply) => void;
  readonly stopTimer: () => void;
}

/** The session of this page: connects, comes back when the connection is lost, keeps what it was told and carries questions. */
export class PageSession implements SessionView {
  readonly store: SessionStore;
  readonly connection: Signal<ConnectionState> = signal("connecting");
  readonly toasts: Signal<readonly Reply[]> = signal([]);
  /** True while the connection stands and the server says nothing. */
  readonly isSilent = signal(false);
  readonly lossReason: Signal<LossReason> = signal("broken");
  readonly #context: PageContext;
  readonly #clock = new ClockEstimate();
  readonly #replay = new ReplayClock();
  readonly #questions = new Map<number, Question>();
  #nextId = 1;
  #socket: PageSocket | undefined;
  #isOpen = false;
  #isEnded = false;
  #nFailures = 0;
  #nPings = 0;
  #heardAt = 0;
  #stopPing: () => void = () => {};
  #stopReconnect: () => void = () => {};
  #wantsTraces = true;

  constructor(context: PageContext) {
    this.#context = context;
    this.store = new SessionStore({
      onReply: (reply) => this.#onReply(reply),
      onPong: (pong) => this.#onPong(pong),
    });
  }

  get hello() {
    return this.store.hello;
  }
  get standing() {
    return this.store.standing;
  }
  get evidence() {
    return this.store.evidence;
  }
  get hearts() {
    return this.store.hearts;
  }
  get quality() {
    return this.store.quality;
  }
  get checks() {
    return this.store.checks;
  }
  get coding() {
    return this.store.coding;
  }
  get summary() {
    return this.store.summary;
  }
  get log() {
    return this.store.log;
  }
  get timeline() {
    return this.store.timeline;
  }
  get faults() {
    return this.store.faults;
  }

  open(): void {
    this.#connect();
  }

  close(): void {
    this.#isEnded = true;
    this.#stopPing();
    this.#stopReconnect();
    this.#socket?.close();
  }

  onTraces(listener: (traces: Traces) => void): () => void {
    return this.store.onTraces(listener);
  }

  now(): number {
    return this.#at(this.#context.now());
  }

  at(timeStamp: number): number {
    return this.#at(timeStamp / 1000);
  }

  /** Largest error of `now()`, seconds; undefined before the first answer. */
  get clockUncertainty(): number | undefined {
    return this.#clock.uncertainty;
  }

  /** A page that nobody sees asks for no samples. */
  watchTraces(wanted: boolean): void {
    this.#wantsTraces = wanted;
    if (this.#isOpen) void this.send({ do: "watch", traces: wanted });
  }

  takeSeat(seat: Seat, coder?: string): Promise<Reply> {
    return this.send({ do: "take-seat", seat, ...(coder === undefined ? {} : { coder }) });
  }

  send(request: PageRequest): Promise<Reply> {
    const id = this.#nextId++;
    if (!this.#isOpen) {
      const reply = this.#refusal(id, texts.connection.notSent);
      this.#show(request, reply);
      return Promise.resolve(reply);
    }
    return new Promise((resolve) => {
      const stopTimer = this.#context.setTimer(
        () => this.#settle(id, this.#refusal(id, texts.connection.noAnswer)),
        ANSWER_SECONDS,
      );
      this.#questions.set(id, { request, answer: resolve, stopTimer });
      try {
        this.#socket!.send(encodeCommand({ ...request, id }));
      } catch (error) {
        this.#settle(id, this.#refusal(id, error instanceof Error ? error.message : String(error)));
      }
    });
  }

  #at(pageTime: number): number {
    if (this.hello.peek()?.mode === "replay") return this.#replay.at(pageTime);
    const offset = this.#clock.offset;
    return offset === undefined ? (this.standing.peek()?.at ?? 0) : pageTime + offset;
  }

  #connect(): void {
    if (this.#isEnded) return;
    let isCurrent = true;
    this.#socket = this.#context.open({
      onOpen: () => {
        if (isCurrent) this.#onOpen();
      },
      onBytes: (bytes) => {
        if (isCurrent) this.#onBytes(bytes);
      },
      onClose: (code) => {
        if (!isCurrent) return;
        isCurrent = false;
        this.#onClose(code);
      },
    });
  }

  #onOpen(): void {
    this.#isOpen = true;
    this.#nFailures = 0;
    this.#nPings = 0;
    this.#heardAt = this.#context.now();
    this.#clock.forget();
    this.connection.value = "open";
    void this.send({ do: "watch", traces: this.#wantsTraces });
    this.#ping();
  }

  #onBytes(bytes: Uint8Array): void {
    this.#heardAt = this.#context.now();
    this.isSilent.value = false;
    const before = this.standing.peek();
    this.store.takeBytes(bytes);
    const standing = this.standing.peek();
    if (standing !== before && standing?.replay) this.#replay.take(standing.replay, this.#heardAt);
  }

  #onClose(code: number): void {
    // A page that cannot come back to a program that has ended is still that page.
    if (this.#isOpen || code === REPLACED)
      this.lossReason.value = code === REPLACED ? "replaced" : code === GOING_AWAY ? "over" : "broken";
    this.#isOpen = false;
    this.#stopPing();
    this.isSilent.value = false;
    this.connection.value = "lost";
    for (const id of [...this.#questions.keys()])
      this.#settle(id, this.#refusal(id, texts.connection.answerLost));
    if (this.#isEnded || code === REPLACED) return;
    const longest = Math.min(MOST_BACKOFF_SECONDS, LEAST_BACKOFF_SECONDS * 2 ** this.#nFailures++);
    this.#stopReconnect = this.#context.setTimer(
      () => this.#connect(),
      longest * (0.5 + 0.5 * this.#context.random()),
    );
  }

  #ping(): void {
    this.isSilent.value = this.#context.now() - this.#heardAt > SILENT_SECONDS;
    const id = this.#nextId++;
    this.#socket?.send(encodeCommand({ do: "ping", id, sentAt: this.#context.now() }));
    const next = this.#nPings++ < PING_SECONDS.nFirst ? PING_SECONDS.first : PING_SECONDS.later;
    this.#stopPing = this.#context.setTimer(() => this.#ping(), next);
  }

  #onPong({ sentAt, at }: Pong): void {
    this.#clock.add(sentAt, at, this.#context.now());
  }

  #onReply(reply: Reply): void {
    this.#settle(reply.to, reply);
  }

  #settle(id: number, reply: Reply): void {
    const question = this.#questions.get(id);
    if (question === undefined) return;
    this.#questions.delete(id);
    question.stopTimer();
    this.#show(question.request, reply);
    question.answer(reply);
  }

  #show(request: PageRequest, reply: Reply): void {
    if (reply.message === "" || UNSHOWN.has(request.do)) return;
    const shown = reply.ok ? Math.max(TOAST_SECONDS.done, reply.undoSeconds ?? 0) : TOAST_SECONDS.refused;
    this.toasts.value = [...this.toasts.value, reply];
    this.#context.setTimer(() => {
      this.toasts.value = this.toasts.value.filter((each) => each !== reply);
    }, shown);
  }

  #refusal(to: number, message: string): Reply {
    return { kind: "reply", to, ok: false, message, at: this.now(), undoSeconds: null };
  }
}
