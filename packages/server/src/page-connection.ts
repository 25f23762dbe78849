import type { Seconds } from "@attune/signal";
import {
  decodeCommand,
  encodePageFrame,
  type PageCommand,
  type PageDocument,
  type Seat,
  type Traces,
} from "@attune/wire/page";
import type { WebSocket } from "ws";
import type { Rights } from "./access.ts";

/** Samples are dropped while so much waits: a picture that is late is worth nothing. */
const MOST_BYTES_FOR_TRACES = 256 * 1024;
/** Documents wait on our side while so much waits on the socket's, the newest of each kind only. */
const MOST_BYTES_FOR_DOCUMENTS = 512 * 1024;
/** Answers are never left out, but a page that asks and does not listen is closed. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Close code: the same page connected anew. It should not try again. */
export const REPLACED = 4001;
/** Close code: a message that no page of ours sends. */
const MALFORMED = 1007;

export interface ConnectionActions {
  readonly command: (command: PageCommand) => void;
  /** It can take documents again, and increments were left out meanwhile: what there is now, whole. */
  readonly newest: () => readonly PageDocument[];
  readonly closed: () => void;
}

/** One page on one socket. What it cannot take in time is left out or replaced, so that it costs nobody else anything. */
export class PageConnection {
  readonly rights: Rights;
  /** Name that the page gave itself, to be known again; undefined where it gave none. */
  readonly page: string | undefined;
  seat: Seat = "observer";
  coder = "second-coder";
  wantsTraces = true;
  /** Runs of samples that were not sent because the page was slow. */
  nDropped = 0;
  readonly #socket: WebSocket;
  readonly #actions: ConnectionActions;
  /** Newest unsent document of each kind. */
  readonly #waiting = new Map<string, PageDocument>();
  #missedIncrements = false;
  #isAlive = true;

  constructor(
    socket: WebSocket,
    rights: Rights,
    page: string | undefined,
    actions: (connection: PageConnection) => ConnectionActions,
  ) {
    this.#socket = socket;
    this.rights = rights;
    this.page = page;
    this.#actions = actions(this);
    socket.binaryType = "nodebuffer";
    socket.on("message", (data, isBinary) => this.#take(data as Buffer, isBinary));
    socket.on("pong", () => {
      this.#isAlive = true;
    });
    socket.on("error", () => socket.terminate());
    socket.once("close", () => this.#actions.closed());
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Newest samples: sent if the page keeps up, counted if not. */
  sendTraces(bytes: Uint8Array): void {
    if (!this.isOpen || !this.wantsTraces) return;
    if (this.#socket.bufferedAmount > MOST_BYTES_FOR_TRACES) this.nDropped++;
    else this.#send(bytes);
  }

  /** A document that replaces the one before it, or an increment that is had again with everything else. */
  sendDocument(document: PageDocument, bytes: () => Uint8Array): void {
    if (!this.isOpen) return;
    if (this.#waiting.size === 0 && !this.#missedIncrements && this.#canTake()) {
      this.#send(bytes());
      return;
    }
    if (isIncrement(document)) this.#missedIncrements = true;
    else this.#waiting.set(keyOf(document), document);
  }

  /** What was asked for: it is sent whatever waits. */
  answer(frame: PageDocument | Traces): void {
    if (!this.isOpen) return;
    if (this.#socket.bufferedAmount > MOST_BYTES) this.#socket.terminate();
    else this.#send(encodePageFrame(frame));
  }

  /** Asks whether somebody is still there; closes the connection when the last time nobody answered. */
  probe(): void {
    if (!this.#isAlive) this.#socket.terminate();
    this.#isAlive = false;
    if (this.isOpen) this.#socket.ping();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Lets what waits go out, for so long at most, and closes. */
  async finish(seconds: Seconds): Promise<void> {
    const end = performance.now() + 1000 * seconds;
    while (this.isOpen && this.#socket.bufferedAmount > 0 && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 10));
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#socket.terminate(), Math.max(50, end - performance.now()));
      this.#socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      this.#socket.close(1001, "the session is over");
    });
  }

  #canTake(): boolean {
    return this.#socket.bufferedAmount <= MOST_BYTES_FOR_DOCUMENTS;
  }

  #send(bytes: Uint8Array): void {
    this.#socket.send(bytes, { binary: true }, (error) => {
      if (!error) this.#catchUp();
    });
  }

  #catchUp(): void {
    if (!this.isOpen || !this.#canTake()) return;
    if (this.#missedIncrements) {
      this.#missedIncrements = false;
      for (const document of this.#actions.newest())
        if (isIncrement(document)) this.#send(encodePageFrame(document));
    }
    for (const [key, document] of this.#waiting) {
      if (!this.#canTake()) return;
      this.#waiting.delete(key);
      this.#send(encodePageFrame(document));
    }
  }

  #take(data: Buffer, isBinary: boolean): void {
    const command = isBinary ? decodeCommand(data) : { kind: "malformed" as const, reason: "text" };
    if ("kind" in command) this.close(MALFORMED, command.reason.slice(0, 100));
    else this.#actions.command(command);
  }
}

/** Adds to what was said before; all others replace it. */
const isIncrement = ({ kind }: PageDocument): boolean =>
  kind === "timeline" || kind === "log" || kind === "hearts";

const keyOf = (document: PageDocument): string =>
  document.kind === "quality" ? `quality ${document.streamId}` : document.kind;
