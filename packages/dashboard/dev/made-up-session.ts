import type {
  ChannelQuality,
  Checks,
  Coding,
  Evidence,
  Hearts,
  Hello,
  PageLog,
  PageRequest,
  PageStream,
  Reply,
  Standing,
  Summary,
  Timeline,
  Traces,
} from "@attune/wire/page";
import { signal } from "@preact/signals";
import type { ConnectionState, SessionView } from "../src/session/session-view.ts";
import { storyHearts } from "./made-up-hearts.ts";
import { MadeUpSignals } from "./made-up-signals.ts";
import { STORY_GAPS, storyEvidence, storyHello, storyTimeline } from "./made-up-story.ts";

export interface MadeUpOptions {
  readonly nChannels: number;
  readonly samplingRate: number;
  readonly mode: Hello["mode"];
  /** Session seconds per second. */
  readonly speed: number;
  /** Session seconds that have passed when the page opens. */
  readonly elapsedSeconds: number;
  readonly chunkSeconds: number;
  /** False: nothing happens but what a test pushes. */
  readonly isRunning: boolean;
}

const BEGINNING = 5000;
const KEPT_SECONDS = 300;
const REPLAY_SECONDS = 420;

/** A session without a server: what a page would be told, made up on the page itself. */
export class MadeUpSession implements SessionView {
  readonly silentSeconds = signal(0);
  readonly connection = signal<ConnectionState>("open");
  readonly hello = signal<Hello | undefined>(undefined);
  readonly standing = signal<Standing | undefined>(undefined);
  readonly evidence = signal<Evidence | undefined>(undefined);
  readonly hearts = signal<Hearts | undefined>(undefined);
  readonly quality = signal<ReadonlyMap<string, ChannelQuality>>(new Map());
  readonly checks = signal<Checks | undefined>(undefined);
  readonly coding = signal<Coding | undefined>(undefined);
  readonly summary = signal<Summary | undefined>(undefined);
  readonly log = signal<readonly PageLog["entries"][number][]>([]);
  readonly timeline = signal<Timeline>(storyTimeline(BEGINNING, BEGINNING));
  readonly toasts = signal<readonly Reply[]>([]);
  /** All that the page asked. */
  readonly asked: PageRequest[] = [];
  readonly #options: MadeUpOptions;
  readonly #signals: MadeUpSignals;
  readonly #listeners = new Set<(traces: Traces) => void>();
  readonly #sent = new Map<string, number>();
  #clockAt = performance.now();
  #clock: number;
  #isPlaying = true;

  constructor(options: MadeUpOptions) {
    this.#options = options;
    this.#signals = new MadeUpSignals(options.samplingRate);
    this.#clock = BEGINNING + options.elapsedSeconds;
    this.hello.value = storyHello(options.nChannels, options.samplingRate, options.mode);
    if (!options.isRunning) return;
    this.#tell();
    setInterval(() => this.#tell(), 500);
    setInterval(() => this.#sendTraces(), Math.max(4, options.chunkSeconds * 1000));
  }

  now(): number {
    if (!this.#options.isRunning || !this.#isPlaying) return this.#clock;
    const now = this.#clock + ((performance.now() - this.#clockAt) / 1000) * this.#options.speed;
    return this.#options.mode === "replay" ? Math.min(now, BEGINNING + REPLAY_SECONDS) : now;
  }

  at(timeStamp: number): number {
    return this.now() + ((timeStamp - performance.now()) / 1000) * this.#options.speed;
  }

  /** Moves a clock that stands still. */
  setNow(at: number): void {
    this.#clock = at;
    this.#clockAt = performance.now();
  }

  push(traces: Traces): void {
    for (const listener of this.#listeners) listener(traces);
  }

  onTraces(listener: (traces: Traces) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(request: PageRequest): Promise<Reply> {
    this.asked.push(request);
    if (this.asked.length > 1000) this.asked.shift();
    if (this.#options.isRunning) this.#answer(request);
    return Promise.resolve({
      kind: "reply",
      to: 0,
      ok: true,
      message: "",
      at: this.now(),
      undoSeconds: null,
    });
  }

  #answer(request: PageRequest): void {
    if (request.do === "seek") this.#seek(request.to);
    if (request.do === "play" || request.do === "stop") {
      this.setNow(this.now());
      this.#isPlaying = request.do === "play";
      this.#tell();
    }
    if (request.do !== "traces") return;
    setTimeout(() => {
      const from = Math.max(BEGINNING, request.from);
      const to = Math.min(this.now(), request.to);
      for (const stream of this.hello.value?.streams ?? []) this.#sendPast(stream, from, to);
    }, 30);
  }

  #seek(to: number): void {
    this.setNow(Math.min(BEGINNING + REPLAY_SECONDS, Math.max(BEGINNING, to)));
    this.#sent.clear();
    this.#tell();
  }

  #sendTraces(): void {
    if (!this.#isPlaying) return;
    const { samplingRate } = this.#options;
    for (const stream of this.hello.value?.streams ?? []) {
      const until = Math.floor((this.now() - BEGINNING) * samplingRate);
      const from = this.#sent.get(stream.id) ?? until - Math.round(samplingRate * 0.02);
      this.#sent.set(stream.id, until);
      for (const [a, b] of this.#withoutGaps(stream.id, from, until))
        this.push(this.#samples(stream, a, b, false));
    }
  }

  #sendPast(stream: PageStream, from: number, to: number): void {
    const { samplingRate } = this.#options;
    const first = Math.ceil((from - BEGINNING) * samplingRate);
    const end = Math.floor((to - BEGINNING) * samplingRate);
    for (const [a, b] of this.#withoutGaps(stream.id, first, end)) {
      const samples = this.#samples(stream, a, b, true);
      this.push(to < this.now() - KEPT_SECONDS ? envelope(samples, 8) : samples);
    }
  }

  #withoutGaps(streamId: string, from: number, to: number): [number, number][] {
    let pieces: [number, number][] = [[from, to]];
    for (const gap of STORY_GAPS) {
      if (gap.streamId !== streamId) continue;
      const a = Math.round(gap.from * this.#options.samplingRate);
      const b = Math.round(gap.to * this.#options.samplingRate);
      pieces = pieces.flatMap(([x, y]): [number, number][] => [
        [x, Math.min(y, a)],
        [Math.max(x, b), y],
      ]);
    }
    return pieces.filter(([x, y]) => x < y);
  }

  #samples(stream: PageStream, from: number, to: number, isPast: boolean): Traces {
    const n = to - from;
    const nChannels = stream.channels.length;
    const data = new Float32Array(nChannels * n);
    for (let c = 0; c < nChannels; c++)
      for (let i = 0; i < n; i++) data[c * n + i] = this.#signals.value(stream, c, from + i);
    const step = 1 / this.#options.samplingRate;
    return {
      kind: "traces",
      streamId: stream.id,
      start: BEGINNING + from * step,
      step,
      nChannels,
      nSamples: n,
      data,
      isEnvelope: false,
      isPast,
    };
  }

  #tell(): void {
    const isReplay = this.#options.mode === "replay";
    const now = this.now();
    const end = isReplay ? BEGINNING + REPLAY_SECONDS : now;
    if (!isReplay || this.timeline.value.to !== end) this.timeline.value = storyTimeline(BEGINNING, end);
    this.evidence.value = storyEvidence(this.timeline.value, now);
    this.hearts.value = storyHearts(BEGINNING, now);
    this.quality.value = new Map(
      (this.hello.value?.streams ?? []).map((stream) => [stream.id, madeUpQuality(stream, now)]),
    );
    this.standing.value = {
      kind: "standing",
      at: now,
      stage: "running",
      isPaused: false,
      elapsedSeconds: now - BEGINNING,
      recording: null,
      phase: null,
      analysisDelaySeconds: 0.1,
      states: [],
      ownStates: [],
      streams: [],
      conditions: [],
      usable: [],
      windows: { nWindows: 0, nAccepted: 0, nLate: 0, rejected: {} },
      replay: isReplay
        ? {
            position: now,
            from: BEGINNING,
            to: end,
            speed: this.#options.speed,
            isPlaying: this.#isPlaying,
            isAnalysed: true,
          }
        : null,
    };
  }
}

function madeUpQuality(stream: PageStream, at: number): ChannelQuality {
  return {
    kind: "quality",
    at,
    streamId: stream.id,
    overSeconds: 3,
    channels: stream.channels.map(({ label, person, signal: kind }) => {
      const found = (light: "fair" | "poor", reasons: ChannelQuality["channels"][number]["reasons"]) => ({
        light,
        reasons,
      });
      const verdict =
        person === "infant" && label === "O2"
          ? found("poor", ["railed"])
          : person === "infant" && label === "T7"
            ? found("fair", ["muscle"])
            : person === "infant" && label === "P4"
              ? found("fair", ["drift"])
              : person === "adult" && label === "P8"
                ? found("poor", ["line-noise"])
                : { light: "good" as const, reasons: [] };
      return {
        label,
        ...verdict,
        rms: kind === "ecg" ? 0.31 : person === "infant" ? 38.2 : 17.4,
        lineRatio: 1.2,
        muscleShare: 0.05,
        drift: 12,
        kilohms: kind === "eeg" ? 4 + label.length * 3 : null,
      };
    }),
  };
}

function envelope(samples: Traces, stretch: number): Traces {
  const { nChannels, data } = samples;
  const n = Math.floor(samples.nSamples / stretch);
  const out = new Float32Array(nChannels * 2 * n);
  for (let c = 0; c < nChannels; c++)
    for (let i = 0; i < n; i++) {
      const part = data.subarray(
        c * samples.nSamples + i * stretch,
        c * samples.nSamples + (i + 1) * stretch,
      );
      out[c * 2 * n + i] = Math.min(...part);
      out[c * 2 * n + n + i] = Math.max(...part);
    }
  return { ...samples, step: samples.step * stretch, nSamples: n, data: out, isEnvelope: true };
}
