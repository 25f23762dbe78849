import { parseMarker } from "@attune/device-coder";
import type {
  ClockOffset,
  DeviceOutput,
  SampleChunk,
  Seconds,
  SessionInput,
  Stream,
  TextChunk,
} from "@attune/signal";
import { type Observable, Subject } from "rxjs";
import { type StreamCount, StreamCounts } from "../passport/stream-counts.ts";
import type { SessionFile } from "../session-file/schema.ts";
import { ClockWatch } from "./clock-watch.ts";
import { declaredStates } from "./declared-states.ts";
import { DerivedStates } from "./derived-states.ts";
import { EarlyOffsets } from "./early-offsets.ts";
import { EarlyStates } from "./early-states.ts";
import type { InputOrder } from "./input-order.ts";
import { MarkerInputs } from "./marker-inputs.ts";
import type { LogEntry } from "./session-log.ts";
import { fits, StreamRegister } from "./stream-register.ts";
import { type StreamPulse, StreamWatch } from "./stream-watch.ts";

export interface IntakeOptions {
  readonly file: SessionFile;
  readonly now: () => Seconds;
  readonly say: (level: LogEntry["level"], source: string, message: string) => void;
  /** Whose stream it is: a key under `devices`. */
  readonly deviceOf: (streamId: string) => string | undefined;
  /** Whether the markers of a device are read as states. */
  readonly tellsStates: (device: string) => boolean;
}

/** A state or an event: what enters a session without being data of a device. */
export type Happening = Extract<SessionInput, { kind: "state" | "event" }>;

/**
 * The way into a session: what devices deliver is checked, watched and put into the one order of inputs, together with what
 * follows from it (states that markers tell, gaze of trackers, voices). Before there is an order, what will be needed then is kept.
 */
export class SessionIntake {
  readonly #options: IntakeOptions;
  readonly #register = new StreamRegister();
  readonly #watch = new StreamWatch();
  readonly #clocks = new ClockWatch();
  readonly #counts = new StreamCounts();
  readonly #isDeclared: ReturnType<typeof declaredStates>;
  readonly #undeclared = new Set<string>();
  readonly #derived: DerivedStates;
  readonly #markers: MarkerInputs;
  readonly #earlyOffsets = new EarlyOffsets();
  readonly #earlyStates = new EarlyStates();
  readonly #misshapen = new Set<string>();
  readonly #outputs = new Subject<DeviceOutput>();
  readonly #newStreams = new Subject<Stream>();
  #order: InputOrder | undefined;

  constructor(options: IntakeOptions) {
    const { file, say, deviceOf, tellsStates } = options;
    this.#options = options;
    this.#isDeclared = declaredStates(file);
    this.#derived = new DerivedStates(file, (sentence, about) => say("info", about, sentence));
    this.#markers = new MarkerInputs(parseMarker, (streamId) => tellsStates(deviceOf(streamId) ?? ""));
  }

  /** Everything that comes in, on the session clock. */
  get outputs(): Observable<DeviceOutput> {
    return this.#outputs;
  }

  /** Streams under the id by which they are recorded, as they become known. */
  get newStreams(): Observable<Stream> {
    return this.#newStreams;
  }

  stream(streamId: string): Stream | undefined {
    return this.#register.get(streamId);
  }

  pulse(streamId: string): StreamPulse | undefined {
    return this.#watch.pulse(this.#register.get(streamId)?.id ?? streamId, this.#options.now());
  }

  /** What entered of a stream since the session began. */
  count(streamId: string): StreamCount | undefined {
    return this.#counts.get(this.#register.get(streamId)?.id ?? streamId);
  }

  /** To be called several times a second, so that a standstill of this computer is not taken for silence of devices. */
  beat(): void {
    this.#watch.beat(this.#options.now());
  }

  /** A device is away; what is different when it comes back is not the clock's fault. */
  left(device: string): void {
    this.#clocks.left(device);
  }

  returned(device: string): void {
    this.#clocks.returned(device, this.#options.now());
  }

  nOffsets(streamId: string): number {
    return this.#earlyOffsets.count(this.#register.get(streamId)?.id ?? streamId);
  }

  /** From now on everything goes into the order, and first the clock offsets that are known already. */
  open(order: InputOrder): void {
    this.#order = order;
    this.#watch.begin();
    this.#counts.begin();
    for (const offset of this.#earlyOffsets.all) order.enter(offset);
  }

  /** States that were told before there was an order and still hold. */
  enterEarlyStates(): void {
    for (const state of this.#earlyStates.holdingAt(this.#options.now())) this.enter(state);
  }

  /** States of people or layers that the session file does not name become none. */
  enter(input: Happening): void {
    if (input.kind === "state" && !this.#isDeclared(input)) {
      this.#tellUndeclared(input);
      const { person, layer, state, at } = input;
      this.#order?.enter({ kind: "event", label: `${person}.${layer}=${state}`, at, source: UNDECLARED });
      return;
    }
    if (this.#order === undefined && input.kind === "state") this.#earlyStates.take(input);
    if (input.kind === "state") this.#derived.state(input);
    this.#outputs.next(input);
    this.#order?.enter(input);
  }

  addStream(stream: Stream): void {
    const { say, deviceOf } = this.#options;
    const added = this.#register.add(stream);
    if (added === undefined) return;
    this.#markers.addStream(added.stream);
    this.#newStreams.next(added.stream);
    try {
      this.#derived.addStream(deviceOf(stream.id) ?? "", added.stream);
    } catch (error) {
      say("alarm", stream.id, error instanceof Error ? error.message : String(error));
    }
    if (added.replaces !== undefined) say("alarm", stream.id, changed(added.replaces, stream));
  }

  take(given: DeviceOutput): void {
    const output = this.#register.rename(given);
    if (output.kind === "state" || output.kind === "event") {
      this.enter(output);
      return;
    }
    if (output.kind === "clock-offset") this.#takeOffset(output);
    else if (this.#isSound(output)) {
      const stream = this.#register.get(output.streamId)!;
      this.#watch.take(stream, output, this.#options.now());
      this.#counts.take(stream, output);
    } else return;
    this.#outputs.next(output);
    this.#order?.enter(output);
    this.#enterWhatFollows(output);
  }

  close(): void {
    this.#outputs.complete();
    this.#newStreams.complete();
  }

  #enterWhatFollows(output: SampleChunk | TextChunk | ClockOffset): void {
    if (output.kind === "samples") for (const state of this.#derived.samples(output)) this.enter(state);
    for (const state of this.#derived.advance(this.#options.now())) this.enter(state);
    if (output.kind === "samples") return;
    const meant = output.kind === "text" ? this.#markers.text(output) : this.#markers.offset(output);
    for (const input of meant) {
      // States stand in a stream of their own for every reader; an event is the marker itself, which is recorded already.
      if (input.kind === "state") {
        // The marker is recorded as it is.
        if (this.#isDeclared(input)) this.enter(input);
        else this.#tellUndeclared(input);
      } else {
        this.#outputs.next(input);
        this.#order?.derive(input);
      }
    }
  }

  #isSound(chunk: SampleChunk | TextChunk): boolean {
    const stream = this.#register.get(chunk.streamId);
    if (stream !== undefined && fits(stream, chunk)) return true;
    if (!this.#misshapen.has(chunk.streamId)) {
      this.#misshapen.add(chunk.streamId);
      this.#options.say(
        "alarm",
        chunk.streamId,
        stream === undefined
          ? "it delivers data and was never announced: they are left out; restart the device"
          : `it delivers chunks that do not have the ${stream.channels.length} channels that it announced: they are left out; restart the device`,
      );
    }
    return false;
  }

  #takeOffset(offset: ClockOffset): void {
    this.#earlyOffsets.take(offset);
    this.#derived.offset(offset);
    const { deviceOf, now, say } = this.#options;
    const { streamId } = offset;
    const change = this.#clocks.take(offset, deviceOf(streamId.replace(/#\d+$/, "")), now());
    if (change?.kind === "restart") {
      this.#counts.restarted(streamId);
      this.#watch.restarted(streamId);
      say(
        "info",
        streamId,
        "its clock began anew, as it does when a device is restarted: times go on by the new one",
      );
    } else if (change !== undefined) {
      this.#counts.restarted(streamId);
      say(
        "alarm",
        streamId,
        `its clock jumped by ${(1000 * change.seconds).toFixed(0)} ms against this computer's: windows are left out until it is known again; if it goes on, restart the device`,
      );
    }
    this.#counts.offset(offset);
  }

  #tellUndeclared({ person, layer }: Pick<Extract<Happening, { kind: "state" }>, "person" | "layer">): void {
    const whose = `${person}.${layer}`;
    if (this.#undeclared.has(whose)) return;
    this.#undeclared.add(whose);
    this.#options.say(
      "info",
      "states",
      `states of ${whose} are told, which the session file does not name: they are recorded and change nothing`,
    );
  }
}

/** Where an event comes from that is a state nobody declared. */
export const UNDECLARED = "undeclared";

const changed = (before: Stream, after: Stream): string =>
  `it changed from ${before.channels.length} channels at ${before.nominalSamplingRate} Hz to ${after.channels.length} at ${after.nominalSamplingRate} Hz: it is recorded on as a stream of its own, and coupling stops; end the session and begin a new one`;
