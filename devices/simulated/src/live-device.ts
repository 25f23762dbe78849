import {
  Broadcast,
  type Device,
  type DeviceContext,
  type DeviceEvent,
  type DeviceStatistics,
  type DeviceType,
  type Lifecycle,
  LifecycleMachine,
  type StreamStatistics,
  type Timer,
} from "@attune/device-kit";
import type { DeviceOutput, Seconds, SessionInput, Stream } from "@attune/signal";
import type { Observable } from "rxjs";
import { z } from "zod";
import { type SimulatedDyad, simulateDyad } from "./simulate-dyad.ts";

const settingsSchema = z.strictObject({
  seed: z.number().int().min(0).default(1).describe("The same seed gives the same dyad"),
  minutes: z.number().positive().default(120).describe("How long the dyad lasts"),
  coupling: z
    .number()
    .min(0)
    .max(0.25)
    .default(0.1)
    .describe("Strength of adult -> infant under direct gaze: 0.05 weak, 0.1 clear, 0.2 strong"),
  channels: z.number().int().min(1).max(32).default(2).describe("Electrodes a head"),
  adultRateHz: z.number().min(200).default(500),
  infantRateHz: z.number().min(200).default(250),
  lossesPerMinute: z.number().min(0).optional().describe("Bursts of lost samples, each head"),
  artefactsPerMinute: z.number().min(0).optional().describe("Movement artefacts, each head"),
  codesGaze: z.boolean().default(true).describe("Whether it also says where both look"),
});
type Settings = z.infer<typeof settingsSchema>;

const CHUNK_SECONDS = 0.04;

/**
 * The simulated dyad in real time, as a device: two heads on two clocks that drift apart, with their gaze. For trying a session
 * without hardware and sockets, and for tests: with the same seed it delivers the same samples.
 */
export const simulatedDyadDevice: DeviceType<Settings> = {
  name: "simulated",
  title: "Simulated adult and infant with known coupling",
  settings: settingsSchema,
  create: (id, settings, context) => new LiveDyad(id, settings, context),
};

class LiveDyad implements Device {
  readonly id: string;
  readonly lifecycle: Observable<Lifecycle>;
  readonly streams: Observable<readonly Stream[]>;
  readonly output: Observable<DeviceOutput>;
  readonly events: Observable<DeviceEvent>;
  readonly #context: DeviceContext;
  readonly #settings: Settings;
  readonly #dyad: SimulatedDyad;
  readonly #machine: LifecycleMachine;
  readonly #streams: Broadcast<readonly Stream[]>;
  readonly #output: Broadcast<DeviceOutput>;
  readonly #events: Broadcast<DeviceEvent>;
  readonly #counts = new Map<string, Count>();
  #feed: Iterator<SessionInput> | undefined;
  #next: SessionInput | undefined;
  /** Host time at the dyad's time 0. */
  #origin: Seconds = Number.NaN;
  #timer: Timer | undefined;

  constructor(id: string, settings: Settings, context: DeviceContext) {
    this.id = id;
    this.#settings = settings;
    this.#context = context;
    this.#dyad = simulateDyad(simulationOf(settings));
    const onThrow = (error: unknown): void =>
      this.#events.next({ kind: "error", error: asError(error), fatal: false, at: context.now() });
    this.#events = new Broadcast<DeviceEvent>(() => {});
    this.#output = new Broadcast<DeviceOutput>(onThrow);
    this.#streams = new Broadcast<readonly Stream[]>(onThrow, { value: [] });
    this.#machine = new LifecycleMachine(context, (event) => this.#events.next(event), onThrow);
    this.lifecycle = this.#machine.states;
    this.streams = this.#streams.observable;
    this.output = this.#output.observable;
    this.events = this.#events.observable;
  }

  async connect(): Promise<void> {
    if (!this.#machine.is("idle")) return;
    this.#machine.to("connecting", "simulated");
    this.#machine.to("configuring", "simulated");
    this.#streams.next(this.#dyad.streams.map((stream) => ({ ...stream, id: this.#streamId(stream.id) })));
    this.#machine.to("ready", "simulated");
  }

  async start(): Promise<void> {
    if (!this.#machine.is("ready")) return;
    this.#machine.to("streaming", "simulated");
    this.#feed ??= this.#dyad
      .inputs({ chunkSeconds: CHUNK_SECONDS, withSessionTime: true })
      [Symbol.iterator]();
    this.#next ??= this.#feed.next().value as SessionInput | undefined;
    this.#origin = this.#context.now() - (this.#next === undefined ? 0 : dueAt(this.#next));
    this.#deliver();
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
    if (!this.#machine.is("streaming")) return;
    this.#machine.to("stopping", "asked to");
    this.#machine.to("ready", "stopped");
  }

  async close(): Promise<void> {
    await this.stop();
    this.#machine.to("closed", "asked to");
    for (const each of [this.#output, this.#streams, this.#events]) each.complete();
  }

  statistics(): DeviceStatistics {
    return { streams: [...this.#counts].map(([id, count]) => statisticsOf(id, count)), nReconnects: 0 };
  }

  #streamId(id: string): string {
    return `${this.id}/${id}`;
  }

  /** Everything whose time has come, then sleeps until the next. */
  #deliver(): void {
    const now = this.#context.now();
    while (this.#next !== undefined && this.#origin + dueAt(this.#next) <= now) {
      this.#emit(this.#next);
      this.#next = this.#feed!.next().value as SessionInput | undefined;
    }
    if (this.#next === undefined) return;
    const wait = this.#origin + dueAt(this.#next) - now;
    this.#timer = this.#context.setTimer(() => this.#deliver(), wait);
  }

  #emit(input: SessionInput): void {
    switch (input.kind) {
      case "samples": {
        const streamId = this.#streamId(input.streamId);
        const { sessionTime: _, ...chunk } = input;
        const receivedAt = this.#context.now();
        countSamples(this.#count(streamId), chunk.firstSample, chunk.nSamples, receivedAt);
        this.#output.next({ ...chunk, streamId, receivedAt });
        return;
      }
      case "clock-offset": {
        const streamId = this.#streamId(input.streamId);
        const offset = input.offset + this.#origin;
        const count = this.#count(streamId);
        count.offsets.push([input.collectedAt, offset]);
        this.#output.next({ ...input, streamId, offset });
        return;
      }
      case "state":
        if (this.#settings.codesGaze) this.#output.next({ ...input, at: this.#origin + input.at });
        return;
      default:
        return;
    }
  }

  #count(streamId: string): Count {
    const count = this.#counts.get(streamId) ?? {
      nSamples: 0,
      nLost: 0,
      next: 0,
      lastReceivedAt: Number.NaN,
      offsets: [],
    };
    this.#counts.set(streamId, count);
    return count;
  }
}

interface Count {
  nSamples: number;
  nLost: number;
  next: number;
  lastReceivedAt: Seconds;
  readonly offsets: (readonly [collectedAt: Seconds, offset: Seconds])[];
}

function countSamples(count: Count, firstSample: number, nSamples: number, receivedAt: Seconds): void {
  count.nLost += Math.max(0, firstSample - count.next);
  count.next = firstSample + nSamples;
  count.nSamples += nSamples;
  count.lastReceivedAt = receivedAt;
}

function statisticsOf(
  streamId: string,
  { nSamples, nLost, lastReceivedAt, offsets }: Count,
): StreamStatistics {
  const [first, last] = [offsets[0], offsets.at(-1)];
  const elapsed = first === undefined || last === undefined ? 0 : last[0] - first[0];
  return {
    streamId,
    nSamples,
    nLost,
    measuredSamplingRate: Number.NaN,
    driftPpm: elapsed > 0 ? (-1e6 * (last![1] - first![1])) / elapsed : Number.NaN,
    jitterRms: Number.NaN,
    nOffsets: offsets.length,
    lastOffset: last?.[1] ?? Number.NaN,
    // What the simulation plants by default, three standard deviations.
    offsetUncertainty: offsets.length > 0 ? 3e-4 : Number.NaN,
    lastReceivedAt,
  };
}

/** When an item is complete, in the dyad's own time; what has no time of its own is due at once. */
function dueAt(input: SessionInput): Seconds {
  if (input.kind === "samples") return input.sessionTime?.[input.nSamples - 1] ?? 0;
  if (input.kind === "clock-offset") return input.collectedAt + input.offset;
  return input.at;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function simulationOf(settings: Settings): Parameters<typeof simulateDyad>[0] {
  const {
    seed,
    minutes,
    coupling,
    channels,
    adultRateHz,
    infantRateHz,
    lossesPerMinute,
    artefactsPerMinute,
  } = settings;
  const mishaps = {
    ...(lossesPerMinute === undefined ? {} : { lossesPerMinute }),
    ...(artefactsPerMinute === undefined ? {} : { artefactsPerMinute }),
  };
  return {
    seed,
    durationSeconds: 60 * minutes,
    persons: [
      { id: "adult", role: "adult", channels, device: { nominalSamplingRate: adultRateHz, ...mishaps } },
      { id: "infant", role: "infant", channels, device: { nominalSamplingRate: infantRateHz, ...mishaps } },
    ],
    coupling:
      coupling > 0 ? [{ from: "adult", to: "infant", strength: coupling, gazeState: "direct" as const }] : [],
  };
}
