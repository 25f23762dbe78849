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
const MOST_BACKOFF_SECONDS = 2;
/** Often at first, until a quick answer has come by; then against drift, and to hear that the server lives. */
const PING_SECONDS = { first: 0.15, later: 0.5, nFirst: 6 } as const;
const WATCH_SECONDS = 0.25;
/** What one look adds to a silence at most: a page that slept, or whose tab is hidden, has not listened in between. */
const MOST_WATCHED_SECONDS = 1.2;
const ANSWER_SECONDS = 15;
/** A question that waits longer is shown as not yet confirmed. */
const PENDING_SECONDS = 0.5;
const TOAST_SECONDS = { done: 4, refused: 9 } as const;
/** A server that lives says four times a second how everything stands: from when on its silence is one, and a serious one. */
export const SILENT_SECONDS = { caution: 1.5, alarm: 3 } as const;
/** Asked by the page itself, or answered in a place of their own. */
const UNSHOWN = new Set<PageRequest["do"]>(["ping", "watch", "traces", "timing", "blur"]);

/** Why there is no connection: it broke, the program has ended, or this page is open anew in another tab. */
export type LossReason = "broken" | "over" | "replaced";

/** What was asked and has no answer yet. */
export interface Pending {
  readonly id: number;
  readonly request: PageRequest;
  /** Session time at which it was asked. */
  readonly at: number;
}

interface Question {
  readonly request: PageRequest;
  /** On the page's own clock. */
  readonly askedAt: number;
  readonly at: number;
  readonly answer: (reply: Reply) => void;
  stopTimer: () => void;
}

/** The session of this page: connects, comes back when the connection is lost, keeps what it was told and carries questions. */
export class PageSession implements SessionView {
  readonly store: SessionStore;
  readonly connection: Signal<ConnectionState> = signal("connecting");
  readonly toasts: Signal<readonly Reply[]> = signal([]);
  /** Seconds, in steps of a quarter, for which the connection has stood and the server has said nothing; 0 while it speaks. */
  readonly silentSeconds = signal(0);
  /** Questions of people that wait for their answer longer than usual, oldest first. */
  readonly pending: Signal<readonly Pending[]> = signal([]);
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
  #standingAt = 0;
  #watchedAt = 0;
  #silence = 0;
  #stopPing: () => void = () => {};
  #stopReconnect: () => void = () => {};
  #stopWatch: () => void = () => {};
  #wantsTraces = true;
  #isWaiting = false;

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
    this.#stopWatch();
    this.#stopReconnect();
    this.#socket?.close();
  }

  /** The network is there again: a page that waits for its next attempt does not wait. */
  retry(): void {
    if (this.connection.peek() !== "lost" || this.#isEnded || !this.#isWaiting) return;
    this.#nFailures = 0;
    this.#stopReconnect();
    this.#connect();
  }

  /** Seconds on this page's clock since it was last told how everything stands. */
  get standingAge(): number {
    return Math.max(0, this.#context.now() - this.#standingAt);
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
      const at = "at" in request && request.at !== undefined ? request.at : this.now();
      const question: Question = {
        request,
        askedAt: this.#context.now(),
        at,
        answer: resolve,
        stopTimer: () => {},
      };
      this.#questions.set(id, question);
      this.#limit(id, question);
      try {
        this.#socket!.send(encodeCommand({ ...request, id }));
      } catch (error) {
        this.#settle(id, this.#refusal(id, error instanceof Error ? error.message : String(error)));
      }
    });
  }

  /** An answer may be late as long as the server says nothing at all: what it was asked stands in its queue. */
  #limit(id: number, question: Question): void {
    question.stopTimer = this.#context.setTimer(() => {
      if (this.silentSeconds.peek() > 0) this.#limit(id, question);
      else this.#settle(id, this.#refusal(id, texts.connection.noAnswer));
    }, ANSWER_SECONDS);
  }

  #at(pageTime: number): number {
    if (this.hello.peek()?.mode === "replay") return this.#replay.at(pageTime);
    const offset = this.#clock.offset;
    return offset === undefined ? (this.standing.peek()?.at ?? 0) : pageTime + offset;
  }

  #connect(): void {
    if (this.#isEnded) return;
    this.#isWaiting = false;
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
    this.#hear();
    this.#watchedAt = this.#heardAt;
    this.#standingAt = this.#heardAt;
    this.#clock.forget();
    this.connection.value = "open";
    void this.send({ do: "watch", traces: this.#wantsTraces });
    this.#ping();
    this.#stopWatch();
    this.#watch();
  }

  #hear(): void {
    this.#heardAt = this.#context.now();
    this.#silence = 0;
    this.silentSeconds.value = 0;
  }

  #onBytes(bytes: Uint8Array): void {
    this.#hear();
    const before = this.standing.peek();
    this.store.takeBytes(bytes);
    const standing = this.standing.peek();
    if (standing !== before) this.#standingAt = this.#heardAt;
    if (standing !== before && standing?.replay) this.#replay.take(standing.replay, this.#heardAt);
  }

  #onClose(code: number): void {
    // A page that cannot come back to a program that has ended is still that page.
    if (this.#isOpen || code === REPLACED)
      this.lossReason.value = code === REPLACED ? "replaced" : code === GOING_AWAY ? "over" : "broken";
    this.#isOpen = false;
    this.#stopPing();
    this.#stopWatch();
    this.silentSeconds.value = 0;
    this.connection.value = "lost";
    for (const id of [...this.#questions.keys()])
      this.#settle(id, this.#refusal(id, texts.connection.answerLost));
    this.pending.value = [];
    if (this.#isEnded || code === REPLACED) return;
    const longest = Math.min(MOST_BACKOFF_SECONDS, LEAST_BACKOFF_SECONDS * 2 ** this.#nFailures++);
    this.#isWaiting = true;
    this.#stopReconnect = this.#context.setTimer(
      () => this.#connect(),
      longest * (0.5 + 0.5 * this.#context.random()),
    );
  }

  #ping(): void {
    const id = this.#nextId++;
    this.#socket?.send(encodeCommand({ do: "ping", id, sentAt: this.#context.now() }));
    const next = this.#nPings++ < PING_SECONDS.nFirst ? PING_SECONDS.first : PING_SECONDS.later;
    this.#stopPing = this.#context.setTimer(() => this.#ping(), next);
  }

  #watch(): void {
    const now = this.#context.now();
    this.#silence += Math.min(now - this.#watchedAt, MOST_WATCHED_SECONDS);
    this.#watchedAt = now;
    if (this.#silence >= SILENT_SECONDS.caution)
      this.silentSeconds.value = Math.floor((now - this.#heardAt) / WATCH_SECONDS) * WATCH_SECONDS;
    this.#tellPending(now);
    this.#stopWatch = this.#context.setTimer(() => this.#watch(), WATCH_SECONDS);
  }

  #tellPending(now: number): void {
    const pending = [...this.#questions]
      .filter(([, { request, askedAt }]) => !UNSHOWN.has(request.do) && now - askedAt >= PENDING_SECONDS)
      .map(([id, { request, at }]) => ({ id, request, at }));
    const known = this.pending.peek();
    if (pending.length !== known.length || pending.some(({ id }, n) => id !== known[n]!.id))
      this.pending.value = pending;
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
    if (this.pending.peek().some((each) => each.id === id))
      this.pending.value = this.pending.peek().filter((each) => each.id !== id);
    this.#show(question.request, reply);
    question.answer(reply);
  }

  #show(request: PageRequest, reply: Reply): void {
    if (reply.message === "" || UNSHOWN.has(request.do) || (request.do === "begin" && !reply.ok)) return;
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
