import type { Seconds } from "@attune/signal";
import {
  encodePageFrame,
  type Hello,
  type PageCommand,
  type PageDocument,
  type Reply,
  type Traces,
} from "@attune/wire/page";
import type { Subscription } from "rxjs";
import type { WebSocket } from "ws";
import type { Rights } from "./access.ts";
import { asObserversSee, helloForObservers } from "./observer-view.ts";
import { PageConnection, REPLACED } from "./page-connection.ts";
import type { PageSource, SessionCommand, SourceDocument } from "./page-source.ts";
import { mayAsk, Seats } from "./seats.ts";

/** What a page that comes gets of the newest samples, at most. */
const RECENT_SECONDS = 20;
const RECENT_BYTES = 4 * 1024 * 1024;
/** What one look at the past may send, and what may still wait before it. */
const PAST_BYTES = 8 * 1024 * 1024;
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
const ONLY_LOOKING = "this address is for looking only";

/** All pages of one session: what is said to them, and what they ask. */
export class PageHall {
  readonly #source: PageSource;
  readonly #onProblem: (error: unknown) => void;
  readonly #seats = new Seats();
  readonly #subscriptions: Subscription[];

  constructor(source: PageSource, onProblem: (error: unknown) => void) {
    this.#source = source;
    this.#onProblem = onProblem;
    this.#subscriptions = [
      source.updates.subscribe((update) => this.#guard(() => this.#broadcast(update))),
      source.helloChanges.subscribe(() => this.#guard(() => this.#tellSeats())),
    ];
  }

  /** Somebody came in. */
  welcome(socket: WebSocket, rights: Rights, page: string | undefined): void {
    const connection = new PageConnection(socket, rights, page, (own) => ({
      command: (command) => this.#guard(() => this.#take(own, command)),
      newest: () => this.#newestFor(own),
      closed: () => this.#guard(() => this.#bid(own)),
    }));
    const before = this.#seats.sameAs(connection);
    if (before !== undefined && before.rights === rights) {
      this.#leave(before);
      before.close(REPLACED, "the same page is open anew");
    }
    const hadWriter = this.#seats.writer !== undefined;
    this.#seats.enter(connection);
    this.#guard(() => {
      if (connection.seat === "second-coder") this.#source.join(connection.coder);
      connection.answer(this.#helloOf(connection));
      for (const document of this.#newestFor(connection)) connection.answer(document);
      this.#sendRecent(connection);
      if (!hadWriter && connection.seat === "writer") this.#tellSeats(connection);
    });
  }

  /** Finds out who has gone without a word. */
  probe(): void {
    for (const connection of this.#seats.all) connection.probe();
  }

  async close(seconds: Seconds): Promise<void> {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    await Promise.all([...this.#seats.all].map((connection) => connection.finish(seconds)));
  }

  #broadcast(update: SourceDocument | Traces): void {
    if (update.kind === "traces") {
      if (![...this.#seats.all].some(({ wantsTraces }) => wantsTraces)) return;
      const bytes = encodePageFrame(update);
      for (const connection of this.#seats.all) connection.sendTraces(bytes);
      return;
    }
    const encoded = new Map<PageDocument, Uint8Array>();
    const plain = withoutOwn(update);
    const measured = asObserversSee(plain);
    for (const connection of this.#seats.all) {
      const seen =
        connection.rights !== "all" ? measured : connection.seat === "second-coder" ? update : plain;
      if (seen === undefined) continue;
      connection.sendDocument(seen, () => {
        const bytes = encoded.get(seen) ?? encodePageFrame(seen);
        encoded.set(seen, bytes);
        return bytes;
      });
    }
  }

  #take(connection: PageConnection, command: PageCommand): void {
    const { id } = command;
    const answer = (ok: boolean, message: string, undoSeconds: Seconds | null = null): void => {
      const reply: Reply = { kind: "reply", to: id, ok, message, at: this.#source.now(), undoSeconds };
      connection.answer(reply);
    };
    if (!mayAsk(connection.seat, command.do)) {
      answer(
        false,
        connection.rights === "all" ? "this page only looks: take the writer's seat first" : ONLY_LOOKING,
      );
      return;
    }
    switch (command.do) {
      case "ping":
        connection.answer({ kind: "pong", sentAt: command.sentAt, at: this.#source.now() });
        break;
      case "watch":
        connection.wantsTraces = command.traces;
        answer(true, command.traces ? "samples are sent" : "no samples are sent");
        break;
      case "take-seat":
        this.#seat(connection, command, answer);
        break;
      case "traces":
        this.#sendPast(connection, command, answer);
        break;
      default:
        this.#ask(connection, command, answer);
    }
  }

  #sendPast(
    connection: PageConnection,
    { from, to }: { readonly from: Seconds; readonly to: Seconds },
    answer: (ok: boolean, message: string) => void,
  ): void {
    if (connection.bufferedBytes > MOST_WAITING_BYTES) {
      answer(false, "what was asked for before is still on its way");
      return;
    }
    const send = (past: readonly Traces[]): void => {
      let bytes = 0;
      for (const traces of past) {
        bytes += traces.data.byteLength;
        if (bytes > PAST_BYTES) {
          answer(false, "that is too much at once: ask for a shorter stretch");
          return;
        }
        connection.answer(traces);
      }
      answer(true, "");
    };
    this.#whenRead(this.#source.past(from, to), send, () =>
      answer(false, "the samples of that time could not be read"),
    );
  }

  /** At once where it is there already: what is newest then follows it in the order of time. */
  #whenRead(
    past: ReturnType<PageSource["past"]>,
    use: (past: readonly Traces[]) => void,
    onFailure: () => void = () => {},
  ): void {
    if (!(past instanceof Promise)) {
      use(past);
      return;
    }
    past.then(
      (read) => this.#guard(() => use(read)),
      (error: unknown) => {
        this.#onProblem(error);
        onFailure();
      },
    );
  }

  #ask(
    connection: PageConnection,
    command: SessionCommand,
    answer: (ok: boolean, message: string, undoSeconds?: Seconds | null) => void,
  ): void {
    const { seat, coder } = connection;
    this.#source.take(command, { seat, coder }).then(
      ({ ok, message, undoSeconds }) => answer(ok, message, undoSeconds ?? null),
      (error: unknown) => {
        answer(false, "something went wrong inside Attune: nothing was done");
        this.#onProblem(error);
      },
    );
  }

  #seat(
    connection: PageConnection,
    { seat, coder }: Extract<PageCommand, { do: "take-seat" }>,
    answer: (ok: boolean, message: string) => void,
  ): void {
    if (connection.rights !== "all" && seat !== "observer") {
      answer(false, ONLY_LOOKING);
      return;
    }
    if (seat === "second-coder") {
      const refusal = this.#source.join(coder ?? "second-coder");
      if (refusal !== undefined) {
        answer(false, refusal);
        return;
      }
    }
    if (connection.seat !== seat) this.#source.leave(connection);
    if (seat === "second-coder") connection.coder = coder ?? "second-coder";
    const former = this.#seats.take(connection, seat);
    if (former !== undefined) this.#source.leave({ seat, coder: former.coder });
    this.#tellSeats();
    answer(
      true,
      former === undefined ? `${wordsFor[seat]}` : `${wordsFor[seat]}; the page before only looks`,
    );
  }

  #bid(connection: PageConnection): void {
    if (!this.#seats.all.has(connection)) return;
    const wasWriter = connection.seat === "writer";
    this.#leave(connection);
    if (wasWriter) this.#tellSeats();
  }

  #leave(connection: PageConnection): void {
    this.#seats.leave(connection);
    this.#source.leave(connection);
  }

  #tellSeats(except?: PageConnection): void {
    for (const connection of this.#seats.all)
      if (connection !== except) {
        const hello = this.#helloOf(connection);
        connection.sendDocument(hello, () => encodePageFrame(hello));
      }
  }

  #helloOf(connection: PageConnection): Hello {
    const { writer } = this.#seats;
    const hello: Hello = {
      kind: "hello",
      protocol: 1,
      ...this.#source.hello(),
      seat: connection.seat,
      writerPresent: writer !== undefined && writer !== connection,
    };
    return connection.rights === "all" ? hello : helloForObservers(hello);
  }

  #newestFor({ rights, seat }: PageConnection): PageDocument[] {
    return this.#source.newest().flatMap((document) => {
      if (rights === "all") return seat === "second-coder" ? document : withoutOwn(document);
      return asObserversSee(withoutOwn(document)) ?? [];
    });
  }

  #sendRecent(connection: PageConnection): void {
    const now = this.#source.now();
    this.#whenRead(this.#source.past(now - RECENT_SECONDS, now), (past) => {
      for (const traces of newestOf(past)) connection.answer(traces);
    });
  }

  /** What goes wrong here costs one message; the session that is shown goes on. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#onProblem(error);
    }
  }
}

/** The newest first counts: what does not fit is had by scrolling back. */
function newestOf(past: readonly Traces[]): Traces[] {
  let bytes = 0;
  const fitting: Traces[] = [];
  for (const traces of past.filter(({ isEnvelope }) => !isEnvelope).sort((a, b) => b.start - a.start)) {
    bytes += traces.data.byteLength;
    if (bytes > RECENT_BYTES) break;
    fitting.push({ ...traces, isPast: false });
  }
  return fitting.reverse();
}

const wordsFor = {
  writer: "this page writes now",
  "second-coder": "this page codes on a track of its own",
  observer: "this page only looks now",
} as const;

const withoutOwn = (document: SourceDocument): SourceDocument =>
  document.kind === "standing" && document.ownStates.length > 0 ? { ...document, ownStates: [] } : document;
