import type { Seconds } from "@attune/signal";
import type { Hello, PageCommand, PageDocument, Seat, Traces } from "@attune/wire/page";
import type { Observable } from "rxjs";

/** What the server answers itself: clocks, seats, who wants samples. */
type ServerCommand = Extract<PageCommand, { do: "ping" | "watch" | "take-seat" | "traces" }>;
/** What only the session can answer. */
export type SessionCommand = Exclude<PageCommand, ServerCommand>;

/** What came of a command; the server makes a `reply` of it. */
export interface Answer {
  readonly ok: boolean;
  /** In one sentence, for a person. */
  readonly message: string;
  /** For how long an `undo` takes it back; absent where it cannot be taken back. */
  readonly undoSeconds?: Seconds;
}

/** Who asks. */
export interface Asker {
  readonly seat: Seat;
  /** Whose track a second coder writes: `take-seat` names it. */
  readonly coder: string;
}

/** What a document says, apart from what the server says itself. */
export type SourceDocument = Exclude<PageDocument, { kind: "hello" | "reply" | "pong" }>;

/**
 * What pages are shown: a session in the room, or a recording. The server knows nothing else of it.
 *
 * Nothing here waits for a page and no page is known here: whoever is slow misses something and gets the newest.
 */
export interface PageSource {
  /** The clock that all times of documents and traces count on; in a replay its position. */
  now(): Seconds;
  /** Who and what there is. Seats are the server's: it fills them in. */
  hello(): Omit<Hello, "kind" | "protocol" | "seat" | "writerPresent">;
  /** Emits when `hello` would say something else than before. */
  readonly helloChanges: Observable<void>;
  /**
   * Everything that a page needs that comes now: the newest document of every kind, the whole timeline (`isWhole`, then increments
   * where it is large) and the log so far. Also asked when a slow page can take something again.
   */
  newest(): readonly SourceDocument[];
  /**
   * Documents and samples as they come, hot. A document replaces the one before it of its kind (`quality`: of its stream), but for
   * `timeline` and `log`, which add to what was said. `standing.ownStates` are the second coder's; the server keeps them
   * from everybody else.
   */
  readonly updates: Observable<SourceDocument | Traces>;
  /**
   * Samples or envelopes of all streams between two times, oldest first, `isPast`; bounded, coarser where it is long. A promise
   * where a file has to be read for it.
   */
  past(from: Seconds, to: Seconds): readonly Traces[] | Promise<readonly Traces[]>;
  /** Carries a command out. Refusals are answers. May be slow; never rejects but for mistakes of ours. */
  take(command: SessionCommand, by: Asker): Promise<Answer>;
  /** Somebody sat down as second coder, under this name. @returns why not */
  join(coder: string): string | undefined;
  /** A page is gone, or left its seat: keys that it held are released. */
  leave(by: Asker): void;
}
