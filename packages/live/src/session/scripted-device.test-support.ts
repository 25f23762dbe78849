import {
  type Device,
  type DeviceContext,
  DeviceError,
  type DeviceEvent,
  DeviceOutlets,
  type DeviceStatistics,
  type DeviceType,
  type Lifecycle,
} from "@attune/device-kit";
import type { DeviceOutput, SampleChunk, Stream } from "@attune/signal";
import type { Observable } from "rxjs";
import { z } from "zod";

export const eegStream = (id: string, change: Partial<Stream> = {}): Stream => ({
  id,
  name: id,
  type: "EEG",
  channels: [
    { label: "C3", unit: "uV" },
    { label: "C4", unit: "uV" },
  ],
  nominalSamplingRate: 100,
  sampleFormat: "float32",
  ...change,
});

/** An electrocardiogram: streams that are called `heart` are such. */
export const ecgStream = (id: string, change: Partial<Stream> = {}): Stream =>
  eegStream(id, {
    type: "ECG",
    channels: [{ label: "ecg", unit: "mV" }],
    nominalSamplingRate: 250,
    ...change,
  });

/** A belt: streams that are called `belt` are such. */
export const beltStream = (id: string, change: Partial<Stream> = {}): Stream =>
  eegStream(id, {
    type: "Respiration",
    channels: [{ label: "resp", unit: "au" }],
    nominalSamplingRate: 50,
    ...change,
  });

/** A microphone of two channels: streams that are called `sound` are such. */
export const soundStream = (id: string, change: Partial<Stream> = {}): Stream =>
  eegStream(id, {
    type: "Audio",
    channels: [
      { label: "left", unit: "" },
      { label: "right", unit: "" },
    ],
    nominalSamplingRate: 8000,
    ...change,
  });

const kinds: Readonly<Record<string, typeof eegStream>> = {
  belt: beltStream,
  heart: ecgStream,
  sound: soundStream,
};

export const markerStream = (id: string): Stream => ({
  id,
  name: `${id} markers`,
  type: "Markers",
  channels: [{ label: "marker", unit: "" }],
  nominalSamplingRate: 0,
  sampleFormat: "string",
});

const settingsSchema = z.strictObject({
  streams: z.array(z.string()).default(["eeg"]),
  markers: z.boolean().default(false),
  refuses: z.string().optional(),
  sourceId: z.string().optional(),
  /** Session order of its impedances: what each `impedance` event says. */
  kilohms: z.array(z.array(z.number().nullable())).optional(),
});
type Settings = z.infer<typeof settingsSchema>;

/** A device whose hands are a test's: it delivers what it is told to, by the contract of every other device. */
export class ScriptedDevice implements Device {
  readonly id: string;
  readonly lifecycle: Observable<Lifecycle>;
  readonly streams: Observable<readonly Stream[]>;
  readonly output: Observable<DeviceOutput>;
  readonly events: Observable<DeviceEvent>;
  readonly outlets: DeviceOutlets;
  readonly layout: Stream[];
  readonly switched: boolean[] = [];
  readonly impedance?: (on: boolean) => Promise<void>;
  readonly #settings: Settings;
  readonly #context: DeviceContext;
  readonly #next = new Map<string, number>();

  constructor(id: string, settings: Settings, context: DeviceContext) {
    this.id = id;
    this.#settings = settings;
    this.#context = context;
    this.outlets = new DeviceOutlets(context);
    this.lifecycle = this.outlets.machine.states;
    this.streams = this.outlets.streams.observable;
    this.output = this.outlets.output.observable;
    this.events = this.outlets.events.observable;
    const { sourceId } = settings;
    this.layout = settings.streams.map((name) =>
      (kinds[name] ?? eegStream)(`${id}/${name}`, {
        name,
        ...(sourceId === undefined ? {} : { sourceId }),
      }),
    );
    if (settings.markers) this.layout.push(markerStream(`${id}/markers`));
    const { kilohms } = settings;
    if (kilohms !== undefined)
      this.impedance = async (on) => {
        this.switched.push(on);
        if (!on) return;
        for (const [i, each] of kilohms.entries())
          context.setTimer(
            () =>
              this.outlets.events.next({
                kind: "impedance",
                streamId: this.layout[0]!.id,
                kilohms: each.map((value) => value ?? Number.NaN),
                at: context.now(),
              }),
            i + 1,
          );
      };
  }

  async connect(): Promise<void> {
    const { machine } = this.outlets;
    if (!machine.is("idle")) return;
    machine.to("connecting", "asked to");
    if (this.#settings.refuses !== undefined) {
      machine.to("failed", this.#settings.refuses);
      throw new DeviceError(this.#settings.refuses);
    }
    machine.to("configuring", "asked to");
    this.outlets.streams.next(this.layout);
    machine.to("ready", "asked to");
  }

  async start(): Promise<void> {
    if (this.outlets.machine.is("ready")) this.outlets.machine.to("streaming", "asked to");
  }

  async stop(): Promise<void> {}

  async close(): Promise<void> {
    if (this.outlets.machine.is("closed")) return;
    this.outlets.complete("asked to");
  }

  /** What it says that it has counted. */
  counted: DeviceStatistics = { streams: [], nReconnects: 0 };

  statistics(): DeviceStatistics {
    return this.counted;
  }

  say(output: DeviceOutput): void {
    this.outlets.output.next(output);
  }

  /** `nSamples` at the stream's rate, stamped on the host's clock less `offset`. */
  samples(streamId: string, nSamples: number, change: Partial<SampleChunk> = {}): void {
    const stream = this.layout.find(({ id }) => id === streamId)!;
    const firstSample = this.#next.get(streamId) ?? 0;
    this.#next.set(streamId, (change.firstSample ?? firstSample) + nSamples);
    const nChannels = stream.channels.length;
    this.say({
      kind: "samples",
      streamId,
      firstSample,
      nSamples,
      data: Float64Array.from({ length: nChannels * nSamples }, (_, i) =>
        Math.fround(10 * Math.sin(i + firstSample)),
      ),
      deviceTime: Float64Array.from(
        { length: nSamples },
        (_, n) => (firstSample + n) / stream.nominalSamplingRate,
      ),
      receivedAt: this.#context.now(),
      ...change,
    });
  }

  marker(text: string, deviceTime: number): void {
    const streamId = `${this.id}/markers`;
    const firstSample = this.#next.get(streamId) ?? 0;
    this.#next.set(streamId, firstSample + 1);
    this.say({
      kind: "text",
      streamId,
      firstSample,
      nSamples: 1,
      text: [text],
      deviceTime: Float64Array.of(deviceTime),
      receivedAt: this.#context.now(),
    });
  }

  offset(streamId: string, offset: number, collectedAt = this.#context.now() - offset): void {
    this.say({ kind: "clock-offset", streamId, collectedAt, offset });
  }
}

/** The kind `scripted`, and every device of it that a session made, by its id. */
export function scriptedDevices(): { readonly type: DeviceType; readonly made: Map<string, ScriptedDevice> } {
  const made = new Map<string, ScriptedDevice>();
  const type: DeviceType<Settings> = {
    name: "scripted",
    title: "Scripted device",
    settings: settingsSchema,
    create: (id, settings, context) => {
      const device = new ScriptedDevice(id, settings, context);
      made.set(id, device);
      return device;
    },
  };
  return { type: type as unknown as DeviceType, made };
}
