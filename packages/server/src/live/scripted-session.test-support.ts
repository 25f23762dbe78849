import { LiveSession, type LiveSessionOptions, parseSession } from "@attune/live";
import type { DeviceOutput, SampleChunk, Stream } from "@attune/signal";
import { BehaviorSubject, Subject } from "rxjs";
import { z } from "zod";

type DeviceType = NonNullable<LiveSessionOptions["devices"]>[number];
type Context = NonNullable<LiveSessionOptions["context"]>;
type Device = ReturnType<DeviceType["create"]>;
type Lifecycle = LiveSession["devices"][number]["lifecycle"];

/** Time that passes when it is told to. */
export class HandTime {
  readonly context: Context;
  #now = 500;
  #timers: { readonly at: number; readonly ring: () => void }[] = [];

  constructor() {
    this.context = {
      now: () => this.#now,
      uniform: () => 0.5,
      setTimer: (ring, seconds) => {
        const timer = { at: this.#now + Math.max(0, seconds), ring };
        this.#timers.push(timer);
        return { cancel: () => (this.#timers = this.#timers.filter((each) => each !== timer)) };
      },
    };
  }

  get nTimers(): number {
    return this.#timers.length;
  }

  /** Timers ring in their order; what each sets in motion comes to rest before the next. */
  async advance(seconds: number): Promise<void> {
    const end = this.#now + seconds;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.at);
      next.ring();
    }
    this.#now = end;
  }
}

const RATE = 100;
/** Session time less device time of every stream, on the host's clock. */
const OFFSET = 300;

/** An amplifier of two channels whose hands are a test's. */
export class ScriptedAmplifier {
  readonly id: string;
  readonly stream: Stream;
  readonly lifecycle = new BehaviorSubject<Lifecycle>("idle");
  readonly streams = new BehaviorSubject<readonly Stream[]>([]);
  readonly output = new Subject<DeviceOutput>();
  readonly events = new Subject<never>();
  readonly #context: Context;
  #next = 0;

  constructor(id: string, context: Context) {
    this.id = id;
    this.#context = context;
    this.stream = {
      id: `${id}/eeg`,
      name: "eeg",
      type: "EEG",
      channels: ["C3", "C4"].map((label) => ({ label, unit: "uV" })),
      nominalSamplingRate: RATE,
      sampleFormat: "float32",
    };
  }

  async connect(): Promise<void> {
    this.streams.next([this.stream]);
    this.lifecycle.next("ready");
  }

  async start(): Promise<void> {
    this.lifecycle.next("streaming");
  }

  async stop(): Promise<void> {}

  async close(): Promise<void> {
    this.lifecycle.next("closed");
    for (const each of [this.lifecycle, this.streams, this.output, this.events]) each.complete();
  }

  statistics(): ReturnType<Device["statistics"]> {
    return { streams: [], nReconnects: 0 };
  }

  offset(): void {
    const collectedAt = this.#context.now() - OFFSET;
    this.output.next({ kind: "clock-offset", streamId: this.stream.id, collectedAt, offset: OFFSET });
  }

  lose(nSamples: number): void {
    this.#next += nSamples;
  }

  /** A tenth of a second that ends now. @param value of a channel at a sample */
  deliver(value: (sample: number, channel: number) => number): void {
    const nSamples = RATE / 10;
    const firstSample = this.#next;
    this.#next += nSamples;
    const now = this.#context.now();
    const data = new Float64Array(2 * nSamples);
    for (let c = 0; c < 2; c++)
      for (let n = 0; n < nSamples; n++) data[c * nSamples + n] = value(firstSample + n, c);
    const chunk: SampleChunk = {
      kind: "samples",
      streamId: this.stream.id,
      firstSample,
      nSamples,
      data,
      deviceTime: Float64Array.from({ length: nSamples }, (_, n) => now - OFFSET - (nSamples - n) / RATE),
      receivedAt: now,
    };
    this.output.next(chunk);
  }
}

export const brain = (sample: number, channel: number): number =>
  20 * Math.sin(sample / 7 + channel) + 8 * Math.sin(sample * 1.7);

const file = (more: string): string => `
session: dyad-001
people:
  - { id: adult, role: adult }
  - { id: infant, role: infant }
devices:
  adult-cap: { kind: scripted }
  infant-cap: { kind: scripted }
streams:
  - { person: adult, signal: eeg, device: adult-cap, channels: [C3, C4] }
  - { person: infant, signal: eeg, device: infant-cap, channels: [C3, C4] }
coding:
  layers:
    - { person: adult, layer: gaze, states: { direct: d, averted: a } }
    - { person: infant, layer: voice, mode: hold, initial: silent, states: { vocalising: v } }
phases:
  - { name: baseline, plannedSeconds: 60 }
  - { name: free-play }
${more}`;

export interface Scripted {
  readonly session: LiveSession;
  readonly time: HandTime;
  readonly devices: ReadonlyMap<string, ScriptedAmplifier>;
  /** Everybody's amplifier delivers for so long, a tenth of a second at a time. */
  flow(
    seconds: number,
    how?: Readonly<Record<string, (sample: number, channel: number) => number>>,
  ): Promise<void>;
}

/** A session of two scripted amplifiers. @param folder for its recording; nothing is recorded without one */
export function scripted(folder?: string, more = ""): Scripted {
  const time = new HandTime();
  const devices = new Map<string, ScriptedAmplifier>();
  const type: DeviceType = {
    name: "scripted",
    title: "Scripted amplifier",
    settings: z.strictObject({}),
    create: (id, _settings, context) => {
      const device = new ScriptedAmplifier(id, context);
      devices.set(id, device);
      return device as unknown as Device;
    },
  };
  const session = new LiveSession(
    {
      path: "session.yaml",
      file: parseSession(file(more), "session.yaml"),
      recordingFolder: folder ?? "/nowhere",
    },
    { record: folder !== undefined, analyse: false, devices: [type], context: time.context },
  );
  let tick = 0;
  return {
    session,
    time,
    devices,
    flow: async (seconds, how = {}) => {
      for (let n = 0; n < Math.round(10 * seconds); n++) {
        await time.advance(0.1);
        for (const [id, device] of devices) {
          if (tick % 10 === 0) device.offset();
          if (how[id] !== silence) device.deliver(how[id] ?? brain);
        }
        tick++;
      }
    },
  };
}

/** For `flow`: this amplifier delivers nothing. */
export const silence = (): number => Number.NaN;
