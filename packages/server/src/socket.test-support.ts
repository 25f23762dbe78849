import {
  decodePageFrame,
  encodeCommand,
  type PageDocument,
  type PageRequest,
  type Reply,
  type Traces,
} from "@attune/wire/page";
import { Subject } from "rxjs";
import { type ClientOptions, WebSocket } from "ws";
import type { Answer, Asker, PageSource, SessionCommand, SourceDocument } from "./page-source.ts";

type Kind = PageDocument["kind"];

/** A page without a browser: what it was told, and what it asks. */
export class TestPage {
  readonly socket: WebSocket;
  readonly frames: (PageDocument | Traces)[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #waiting = new Set<() => void>();
  #id = 0;

  constructor(url: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(url, options);
    this.socket.on("error", () => {});
    this.socket.on("message", (data: Buffer) => {
      const frame = decodePageFrame(data);
      if (frame.kind === "malformed") throw new Error(frame.reason);
      this.frames.push(frame);
      for (const wake of this.#waiting) wake();
    });
    this.closed = new Promise((resolve) => {
      this.socket.once("close", (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  all<K extends Kind>(kind: K): Extract<PageDocument, { kind: K }>[] {
    return this.frames.filter((each) => each.kind === kind) as Extract<PageDocument, { kind: K }>[];
  }

  get traces(): Traces[] {
    return this.frames.filter((each): each is Traces => each.kind === "traces");
  }

  newest<K extends Kind>(kind: K): Extract<PageDocument, { kind: K }> | undefined {
    return this.all(kind).at(-1);
  }

  async until(satisfied: () => boolean, what: string): Promise<void> {
    const limit = performance.now() + 8000;
    while (!satisfied()) {
      if (performance.now() > limit) throw new Error(`${what} did not come`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 50);
        this.#waiting.add(wake);
      });
    }
  }

  async opened(): Promise<this> {
    await this.until(() => this.newest("hello") !== undefined, "hello");
    return this;
  }

  async ask(request: PageRequest): Promise<Reply> {
    const id = ++this.#id;
    this.socket.send(encodeCommand({ ...request, id } as Parameters<typeof encodeCommand>[0]));
    const reply = (): Reply | undefined => this.all("reply").find(({ to }) => to === id);
    await this.until(() => reply() !== undefined, `reply to ${request.do}`);
    return reply()!;
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

/** A source whose every word a test says; it remembers what it was asked. */
export class SpokenSource implements PageSource {
  readonly helloChanges = new Subject<void>();
  readonly updates = new Subject<SourceDocument | Traces>();
  readonly asked: (readonly [SessionCommand["do"], Asker])[] = [];
  readonly left: Asker[] = [];
  readonly coders: string[] = [];
  latest: SourceDocument[] = [];
  kept: Traces[] = [];
  answer: () => Promise<Answer> = async () => ({ ok: true, message: "done", undoSeconds: 5 });

  now(): number {
    return 12.5;
  }

  hello(): ReturnType<PageSource["hello"]> {
    return {
      mode: "live",
      session: "dyad-001",
      people: [{ id: "adult", role: "adult" }],
      streams: [],
      coding: { latencySeconds: 0.3, layers: [] },
      phases: [],
      analysis: null,
      recording: null,
    };
  }

  newest(): readonly SourceDocument[] {
    return this.latest;
  }

  past(): readonly Traces[] {
    return this.kept;
  }

  take(command: SessionCommand, by: Asker): Promise<Answer> {
    this.asked.push([command.do, { seat: by.seat, coder: by.coder }]);
    return this.answer();
  }

  join(coder: string): string | undefined {
    if (coder === "coder") return "that is the first coder's name";
    this.coders.push(coder);
    return undefined;
  }

  leave({ seat, coder }: Asker): void {
    this.left.push({ seat, coder });
  }
}

export const logOf = (id: number): SourceDocument => ({
  kind: "log",
  entries: [{ id, at: id, level: "info", source: "s", message: `entry ${id}` }],
});

export const summaryOf = (durationSeconds: number): SourceDocument => ({
  kind: "summary",
  recording: null,
  isComplete: true,
  durationSeconds,
  phases: [],
  usable: [],
  conditions: [],
  alarms: [],
  overrides: [],
  timing: "x".repeat(2000),
  files: [],
});

export const tracesAt = (start: number, nSamples: number): Traces => ({
  kind: "traces",
  streamId: "s",
  start,
  step: 0.001,
  nChannels: 1,
  nSamples,
  data: new Float32Array(nSamples),
  isEnvelope: false,
  isPast: false,
});
