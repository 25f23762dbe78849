import type { DeviceEvent, StreamStatistics } from "@attune/device-kit";
import type { DeviceOutput, Seconds, Stream } from "@attune/signal";
import type {
  Chunk,
  Hello,
  PointMessage,
  QualityMessage,
  StateMessage,
  StreamDescription,
} from "@attune/wire";
import type { ClockMeasurement } from "./clock-probe.ts";
import type { Converted, ConvertedSamples } from "./converters/converted.ts";
import { describeForeign, differenceFromExpected, differenceInLayout } from "./expected-streams.ts";
import type { Complaint } from "./ingest-client.ts";
import { IngestStream } from "./ingest-stream.ts";
import type { AttuneWsSettings } from "./settings.ts";

/**
 * What one client delivers, across its connections: its streams, its clock, its states and events. The layout
 * is fixed by the first hello (or, from a sender that says none, by the first samples): a recording has begun
 * with it.
 */
export class ClientStreams {
  readonly #id: string;
  readonly #client: string;
  readonly #expected: AttuneWsSettings["streams"];
  readonly #emit: (output: DeviceOutput) => void;
  readonly #report: (event: DeviceEvent) => void;
  readonly #inlets = new Map<string, IngestStream>();
  #clockId = "";
  #offset: Seconds = Number.NaN;
  /** Whether samples, states and events are passed on. */
  flowing = false;

  constructor(o: {
    id: string;
    client: string;
    expected: AttuneWsSettings["streams"];
    emit: (output: DeviceOutput) => void;
    report: (event: DeviceEvent) => void;
  }) {
    this.#id = o.id;
    this.#client = o.client;
    this.#expected = o.expected;
    this.#emit = o.emit;
    this.#report = o.report;
  }

  get streams(): readonly Stream[] {
    return [...this.#inlets.values()].map((inlet) => inlet.stream);
  }

  get nChunks(): number {
    return [...this.#inlets.values()].reduce((sum, inlet) => sum + inlet.nChunks, 0);
  }

  statistics(): readonly StreamStatistics[] {
    return [...this.#inlets.values()].map((inlet) => inlet.statistics());
  }

  /** The layout of the first hello is taken; a later one must agree with it. @returns what does not agree */
  hello(hello: Hello): string | undefined {
    const { clockId } = hello;
    const known = [...this.#inlets.values()].map((inlet) => inlet.description);
    if (known.length === 0) {
      const difference = this.#expected && differenceFromExpected(hello.streams, this.#expected);
      if (difference) return difference;
      this.#clockId = clockId;
      for (const stream of hello.streams)
        this.#lay(stream, { hasClock: clockId !== "", probed: clockId !== "", counts: true });
      return undefined;
    }
    const difference = differenceFromExpected(hello.streams, known);
    if (difference) return difference;
    if ((clockId === "") !== (this.#clockId === "")) return "it had a clock before, or has one only now";
    this.#clockId = clockId;
    return undefined;
  }

  get clockId(): string {
    return this.#clockId;
  }

  beginConnection(): void {
    for (const inlet of this.#inlets.values()) inlet.beginConnection();
  }

  flush(): void {
    for (const inlet of this.#inlets.values()) inlet.flush();
  }

  pause(): void {
    for (const inlet of this.#inlets.values()) inlet.pause();
  }

  clockMeasured(measurement: ClockMeasurement): void {
    this.#offset = measurement.offset;
    for (const inlet of this.#inlets.values()) inlet.clockMeasured(measurement);
  }

  message(message: Chunk | PointMessage | StateMessage | QualityMessage, at: Seconds): Complaint | undefined {
    if (message.kind === "chunk") return this.#chunk(message, at);
    if (message.kind === "quality") return this.#quality(message, at);
    if (!this.flowing) return undefined;
    const when = this.#when(message, at);
    if (message.kind === "event") {
      this.#emit({ kind: "event", label: message.label, at: when, source: this.#id });
    } else {
      const { person, layer, state } = message;
      this.#emit({ kind: "state", person, layer, state, at: when });
    }
    return undefined;
  }

  /** A message of a sender with another format, after its converter. */
  foreign(converted: Converted, at: Seconds): Complaint | undefined {
    switch (converted.kind) {
      case "malformed":
        return badFrame(converted.reason);
      case "samples":
        return this.#foreignSamples(converted, at);
      case "events":
        // the sender's wall clock cannot be measured by events alone: they are timed by their arrival
        for (const { label } of converted.events) this.message({ kind: "event", label }, at);
        return undefined;
      case "quality": {
        const [inlet] = this.#inlets.values();
        if (!inlet) return undefined;
        const contacts = new Map(converted.channels.map(({ label, contact }) => [label, contact]));
        const channels = inlet.stream.channels.map(({ label }) => contacts.get(label) ?? "unknown");
        this.#report({ kind: "quality", streamId: inlet.stream.id, channels, at });
        return undefined;
      }
      case "ignored":
        return undefined;
    }
  }

  #lay(
    description: StreamDescription,
    how: { hasClock: boolean; probed: boolean; counts: boolean },
  ): IngestStream {
    const inlet = new IngestStream({
      id: `${this.#id}:${description.name}`,
      description,
      client: this.#client,
      clockId: this.#clockId,
      ...how,
      emit: this.#emit,
      report: this.#report,
    });
    this.#inlets.set(description.name, inlet);
    return inlet;
  }

  #chunk(chunk: Chunk, at: Seconds): Complaint | undefined {
    const inlet = this.#inlets.get(chunk.stream);
    if (!inlet) return unknownStream(chunk.stream);
    const nChannels = inlet.stream.channels.length;
    if (chunk.nChannels !== nChannels)
      return badFrame(`chunk of ${chunk.nChannels} channels in a stream of ${nChannels}`);
    if (inlet.hasClock && !chunk.deviceTime)
      return badFrame("chunk without times from a client with a clock");
    if (!this.flowing) return undefined;
    const { nSamples, data: values, sequence, deviceTime } = chunk;
    const reason = inlet.write({ nSamples, values, sequence, ...(deviceTime ? { deviceTime } : {}) }, at);
    return reason === undefined ? undefined : badFrame(reason);
  }

  #foreignSamples(samples: ConvertedSamples, at: Seconds): Complaint | undefined {
    const description = describeForeign(samples, this.#expected);
    if (typeof description === "string") return { kind: "policy", reason: description };
    const hasClock = samples.deviceTime !== undefined;
    let [inlet] = this.#inlets.values();
    inlet ??= this.#lay(description, { hasClock, probed: false, counts: false });
    const difference =
      differenceInLayout(description, inlet.description) ??
      (inlet.hasClock === hasClock ? undefined : "messages with and without times");
    if (difference) return { kind: "policy", reason: difference };
    if (this.flowing) inlet.write(samples, at);
    return undefined;
  }

  #quality(message: QualityMessage, at: Seconds): Complaint | undefined {
    const inlet = this.#inlets.get(message.stream);
    if (!inlet) return unknownStream(message.stream);
    const { channels, kilohms, batteryPercent } = message;
    const nChannels = inlet.stream.channels.length;
    for (const { length } of [channels, kilohms])
      if (length !== 0 && length !== nChannels)
        return badFrame(`quality of ${length} channels in a stream of ${nChannels}`);
    const streamId = inlet.stream.id;
    if (channels.length > 0) this.#report({ kind: "quality", streamId, channels, at });
    if (kilohms.length > 0) this.#report({ kind: "impedance", streamId, kilohms, at });
    if (batteryPercent !== undefined) this.#report({ kind: "battery", percent: batteryPercent, at });
    return undefined;
  }

  /**
   * On the session clock: by the client's measured clock where it gives a time, else by arrival; less what it
   * declares.
   */
  #when({ time, latency = 0 }: PointMessage | StateMessage, at: Seconds): Seconds {
    const measured = time !== undefined && !Number.isNaN(this.#offset);
    return (measured ? time + this.#offset : at) - latency;
  }
}

function badFrame(reason: string): Complaint {
  return { kind: "bad-frame", reason };
}

function unknownStream(name: string): Complaint {
  return { kind: "policy", reason: `stream "${name.slice(0, 60)}" was not announced` };
}
