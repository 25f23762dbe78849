import { Worker } from "node:worker_threads";
import type { SessionSettings } from "@attune/pipeline";
import type { AnalysisLag, SessionInput } from "@attune/signal";
import { type Observable, Subject } from "rxjs";
import { SessionError } from "../errors.ts";
import type { AnalysisReply, AnalysisTask } from "./messages.ts";

/** An input that waits longer than this means that the analysis is behind. */
const LATE_SECONDS = 0.5;
/** Nothing waits longer than this: it has caught up. */
const CAUGHT_UP_SECONDS = 0.1;
/** So far behind, the analysis is given up: the recording matters more than the memory it would fill. */
const HOPELESS_SECONDS = 60;
/** Compiling takes seconds on a slow machine; longer than this means that it never will be ready. */
const START_SECONDS = 60;

/** A reply, and how long its last input was under way: there, through the pipeline, and back. */
export interface TimedReply extends AnalysisReply {
  readonly delaySeconds: number;
}

/**
 * The analysis of a live session, in a worker thread. It never blocks whoever delivers. When it falls behind, whole windows are
 * left out (`AnalysisLag`, an input that is recorded like any other) until it has caught up; when it is a minute behind it
 * is given up with an error, and everything else goes on.
 */
export class LiveAnalysis {
  readonly #worker: Worker;
  readonly #now: () => number;
  readonly #replies = new Subject<TimedReply>();
  /** When the inputs that were not answered yet were handed over: `[sequence, seconds]`. */
  readonly #waiting: { readonly sequence: number; readonly at: number }[] = [];
  #sequence = 0;
  #late = false;
  #closed = false;
  #idle: (() => void) | undefined;

  private constructor(worker: Worker, now: () => number) {
    this.#worker = worker;
    this.#now = now;
    worker.on("message", (reply: AnalysisReply) => this.#take(reply));
    worker.on("error", (error) => this.#fail(error.message));
  }

  /**
   * Starts the thread and lets it compile; resolves when it can keep up from the first sample on.
   *
   * @throws SessionError when it cannot be started, or is not ready in time
   */
  static async start(
    settings: SessionSettings,
    now: () => number,
    timeoutSeconds = START_SECONDS,
  ): Promise<LiveAnalysis> {
    const worker = new Worker(new URL("./boot.mjs", import.meta.url), { workerData: settings });
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const fail = (why: string, cause?: Error): void =>
          reject(new SessionError(`The analysis could not be started (${why}).`, { cause }));
        worker.once("message", () => resolve());
        worker.once("error", (cause) => fail(cause.message, cause));
        worker.once("exit", () => fail("its thread ended"));
        timer = setTimeout(() => fail(`it was not ready within ${timeoutSeconds} s`), 1000 * timeoutSeconds);
      });
    } catch (error) {
      await worker.terminate();
      throw error;
    } finally {
      clearTimeout(timer);
    }
    return new LiveAnalysis(worker, now);
  }

  /** What comes out, in order; completes on `close`. */
  get replies(): Observable<TimedReply> {
    return this.#replies;
  }

  /** Seconds that the oldest input has been waiting. */
  get delaySeconds(): number {
    const oldest = this.#waiting[0];
    return oldest === undefined ? 0 : this.#now() - oldest.at;
  }

  get isLate(): boolean {
    return this.#late;
  }

  /** What has to enter the session before the next input: a mark, when the analysis fell behind or caught up. */
  lag(): AnalysisLag | undefined {
    const delay = this.delaySeconds;
    if (!this.#closed && delay > HOPELESS_SECONDS)
      this.#fail(`it was ${HOPELESS_SECONDS} s behind and has been given up; recording goes on`);
    const late = this.#late ? delay > CAUGHT_UP_SECONDS : delay > LATE_SECONDS;
    if (late === this.#late || this.#closed) return undefined;
    this.#late = late;
    return { kind: "analysis-lag", late, at: this.#now() };
  }

  push(input: SessionInput): void {
    if (this.#closed) return;
    const sequence = ++this.#sequence;
    this.#waiting.push({ sequence, at: this.#now() });
    this.#worker.postMessage({ inputs: [input], sequence } satisfies AnalysisTask);
  }

  /**
   * Ends the analysis as the end of a file would, waits at most `timeoutSeconds` for what is left, and ends the thread.
   *
   * @returns false when something was left: what a replay gives goes further than what came out here
   */
  async close(timeoutSeconds = 5): Promise<boolean> {
    if (this.#closed) return true;
    const sequence = ++this.#sequence;
    this.#waiting.push({ sequence, at: this.#now() });
    this.#worker.postMessage({ inputs: [], sequence, isLast: true } satisfies AnalysisTask);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise<void>((resolve) => {
        this.#idle = resolve;
      }),
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutSeconds * 1000);
      }),
    ]);
    clearTimeout(timer);
    const isComplete = this.#waiting.length === 0;
    await this.#end();
    return isComplete;
  }

  #take(reply: AnalysisReply): void {
    if (this.#closed) return;
    let delaySeconds = 0;
    while (this.#waiting.length > 0 && this.#waiting[0]!.sequence <= reply.sequence)
      delaySeconds = this.#now() - this.#waiting.shift()!.at;
    this.#replies.next({ ...reply, delaySeconds });
    if (reply.error !== undefined) void this.#end();
    else if (this.#waiting.length === 0) this.#idle?.();
  }

  #fail(error: string): void {
    if (this.#closed) return;
    this.#replies.next({
      sequence: this.#sequence,
      couplings: [],
      windows: [],
      hearts: [],
      error,
      delaySeconds: 0,
    });
    void this.#end();
  }

  async #end(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting.length = 0;
    this.#idle?.();
    await this.#worker.terminate();
    this.#replies.complete();
  }
}
