import {
  type ChannelQuality,
  type Checks,
  type Coding,
  decodePageFrame,
  type Evidence,
  type Hearts,
  type Hello,
  type PageDocument,
  type PageLog,
  type Pong,
  type Reply,
  type Standing,
  type Summary,
  type Timeline,
  type Traces,
} from "@attune/wire/page";
import { batch, type Signal, signal } from "@preact/signals";
import { mergeHearts } from "./merge-hearts.ts";
import { EMPTY_TIMELINE, mergeTimeline } from "./merge-timeline.ts";

type LogEntry = PageLog["entries"][number];

/** As many lines as a session has at the worst; the file beside the data has all. */
const MOST_LOG_LINES = 2000;

/** Messages of the server that this page could not read. */
export interface Faults {
  readonly count: number;
  readonly last: string;
}

/** What answers are handed to: they belong to a question, not to what is known. */
export interface Answers {
  onReply(reply: Reply): void;
  onPong(pong: Pong): void;
}

/** Everything that is known of the session, by the newest document of each kind. */
export class SessionStore {
  readonly hello = signal<Hello | undefined>(undefined);
  readonly standing = signal<Standing | undefined>(undefined);
  readonly evidence = signal<Evidence | undefined>(undefined);
  readonly hearts = signal<Hearts | undefined>(undefined);
  readonly quality = signal<ReadonlyMap<string, ChannelQuality>>(new Map());
  readonly checks = signal<Checks | undefined>(undefined);
  readonly coding = signal<Coding | undefined>(undefined);
  readonly summary = signal<Summary | undefined>(undefined);
  readonly log = signal<readonly LogEntry[]>([]);
  readonly timeline: Signal<Timeline> = signal(EMPTY_TIMELINE);
  readonly faults = signal<Faults>({ count: 0, last: "" });
  readonly #listeners = new Set<(traces: Traces) => void>();
  readonly #answers: Answers;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  /** One binary message. What cannot be read is counted and shown, and changes nothing else. */
  takeBytes(bytes: Uint8Array): void {
    const frame = decodePageFrame(bytes);
    if (frame.kind === "malformed") this.fault(frame.reason);
    else if (frame.kind === "traces") for (const listener of this.#listeners) listener(frame);
    else this.take(frame);
  }

  take(document: PageDocument): void {
    switch (document.kind) {
      case "hello":
        this.#takeHello(document);
        break;
      case "standing":
        this.standing.value = document;
        break;
      case "evidence":
        this.evidence.value = document;
        break;
      case "hearts":
        this.hearts.value = mergeHearts(this.hearts.value, document);
        break;
      case "quality":
        this.quality.value = new Map(this.quality.value).set(document.streamId, document);
        break;
      case "log":
        this.log.value = mergedLog(this.log.value, document.entries);
        break;
      case "checks":
        this.checks.value = document;
        break;
      case "timeline":
        this.timeline.value = mergeTimeline(this.timeline.value, document);
        break;
      case "coding":
        this.coding.value = document;
        break;
      case "summary":
        this.summary.value = document;
        break;
      case "reply":
        this.#answers.onReply(document);
        break;
      case "pong":
        this.#answers.onPong(document);
    }
  }

  fault(reason: string): void {
    this.faults.value = { count: this.faults.value.count + 1, last: reason };
  }

  onTraces(listener: (traces: Traces) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A new connection begins with a whole log and a whole timeline; another session has nothing to do with the one before. */
  #takeHello(hello: Hello): void {
    const before = this.hello.value;
    batch(() => {
      if (before !== undefined && (before.session !== hello.session || before.mode !== hello.mode)) {
        this.standing.value = undefined;
        this.evidence.value = undefined;
        this.hearts.value = undefined;
        this.quality.value = new Map();
        this.checks.value = undefined;
        this.coding.value = undefined;
        this.summary.value = undefined;
        this.log.value = [];
        this.timeline.value = EMPTY_TIMELINE;
      }
      this.hello.value = hello;
    });
  }
}

function mergedLog(known: readonly LogEntry[], more: readonly LogEntry[]): readonly LogEntry[] {
  const last = known.at(-1)?.id ?? -1;
  if (more.every(({ id }) => id > last)) return [...known, ...more].slice(-MOST_LOG_LINES);
  const byId = new Map(known.map((entry) => [entry.id, entry]));
  for (const entry of more) byId.set(entry.id, entry);
  return [...byId.values()].sort((a, b) => a.id - b.id).slice(-MOST_LOG_LINES);
}
