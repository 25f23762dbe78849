import type {
  ChannelQuality,
  Checks,
  Coding,
  Evidence,
  Hearts,
  Hello,
  PageLog,
  PageRequest,
  Reply,
  Standing,
  Summary,
  Timeline,
  Traces,
} from "@attune/wire/page";
import type { ReadonlySignal } from "@preact/signals";

/** A connection that was lost comes back by itself; what is shown meanwhile is old and says so. */
export type ConnectionState = "connecting" | "open" | "lost";

/** Everything that the session has told this page. Panels read it and never change it; they ask with `send`. */
export interface SessionView {
  readonly connection: ReadonlySignal<ConnectionState>;
  /** Seconds without a word of a session that is connected; 0 while it speaks. */
  readonly silentSeconds: ReadonlySignal<number>;
  readonly hello: ReadonlySignal<Hello | undefined>;
  readonly standing: ReadonlySignal<Standing | undefined>;
  readonly evidence: ReadonlySignal<Evidence | undefined>;
  /** Increments are merged into it; undefined where there are neither hearts nor two coded voices. A new object at each change. */
  readonly hearts: ReadonlySignal<Hearts | undefined>;
  /** By stream. */
  readonly quality: ReadonlySignal<ReadonlyMap<string, ChannelQuality>>;
  readonly checks: ReadonlySignal<Checks | undefined>;
  readonly coding: ReadonlySignal<Coding | undefined>;
  readonly summary: ReadonlySignal<Summary | undefined>;
  /** Newest last. */
  readonly log: ReadonlySignal<readonly PageLog["entries"][number][]>;
  /** Whole: increments are merged into it, intervals that were open are closed. A new object at each change. */
  readonly timeline: ReadonlySignal<Timeline>;
  /** Answers of the last seconds, to be shown. */
  readonly toasts: ReadonlySignal<readonly Reply[]>;
  /** Samples as they come. Returns what ends it. */
  onTraces(listener: (traces: Traces) => void): () => void;
  /** The session clock now, in a replay its position: by the last answer of the server, not by this machine's clock. */
  now(): number;
  /** Session time of a moment on the page's own clock (`event.timeStamp`). */
  at(timeStamp: number): number;
  /** @returns the answer; a refusal is an answer too (`ok: false`) */
  send(request: PageRequest): Promise<Reply>;
}
