import { MadeUpSignals, storyEvidence, storyHearts, storyTimeline } from "@attune/dashboard/dev";
import type { Answer, PageSource, SessionCommand, SourceDocument } from "@attune/server";
import type { PageStream, Timeline, Traces } from "@attune/wire/page";
import { Subject } from "rxjs";

type About = ReturnType<PageSource["hello"]>;

/** What a scripted session shows: the documents of one moment, which stays. */
export interface Scene {
  readonly hello: About;
  readonly at: number;
  readonly from: number;
  readonly documents: readonly SourceDocument[];
  /** Streams without samples. */
  readonly silent?: readonly string[];
  readonly answer?: (command: SessionCommand) => Answer | Promise<Answer>;
}

export const BEGINNING = 5000;

/** A session that stands at one moment, for what a page must show in states that are hard to come by; the server is the real one. */
export class ScriptedSource implements PageSource {
  readonly helloChanges = new Subject<void>();
  readonly updates = new Subject<SourceDocument | Traces>();
  /** Everything that pages asked, oldest first. */
  readonly asked: SessionCommand[] = [];
  readonly #signals = new MadeUpSignals(RATE);
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  now(): number {
    return this.#scene.at;
  }

  hello(): About {
    return this.#scene.hello;
  }

  newest(): readonly SourceDocument[] {
    return this.#scene.documents;
  }

  past(from: number, to: number): readonly Traces[] {
    return this.#scene.hello.streams
      .filter(({ id, samplingRate }) => samplingRate > 0 && this.#scene.silent?.includes(id) !== true)
      .map((stream) => this.#samples(stream, Math.max(this.#scene.from, from), Math.min(this.#scene.at, to)))
      .filter(({ nSamples }) => nSamples > 0);
  }

  async take(command: SessionCommand): Promise<Answer> {
    this.asked.push(command);
    return (await this.#scene.answer?.(command)) ?? { ok: true, message: "" };
  }

  join(): string | undefined {
    return undefined;
  }

  leave(): void {}

  /** Says something new. */
  say(document: SourceDocument): void {
    this.updates.next(document);
  }

  #samples(stream: PageStream, from: number, to: number): Traces {
    const first = Math.ceil((from - BEGINNING) * RATE);
    const nSamples = Math.max(0, Math.floor((to - BEGINNING) * RATE) - first);
    const nChannels = stream.channels.length;
    const data = new Float32Array(nChannels * nSamples);
    for (let c = 0; c < nChannels; c++)
      for (let i = 0; i < nSamples; i++) data[c * nSamples + i] = this.#signals.value(stream, c, first + i);
    return {
      kind: "traces",
      streamId: stream.id,
      start: BEGINNING + first / RATE,
      step: 1 / RATE,
      nChannels,
      nSamples,
      data,
      isEnvelope: false,
      isPast: true,
    };
  }
}

export const RATE = 250;

/** The story as far as it has come: what was coded, coupling, hearts. */
export function story(at: number, change: (timeline: Timeline) => Timeline = (it) => it): SourceDocument[] {
  const timeline = change(storyTimeline(BEGINNING, at));
  return [timeline, storyEvidence(timeline, at), storyHearts(BEGINNING, at)];
}
