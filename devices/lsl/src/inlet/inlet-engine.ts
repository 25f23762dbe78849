import { setTimeout as sleep } from "node:timers/promises";
import type { InletState } from "../api/inlet.ts";
import type { Endpoint, StreamInfo } from "../api/stream-info.ts";
import { bufferSamples } from "../buffer-samples.ts";
import type { Settings } from "../configuration/settings.ts";
import { localClock } from "../local-clock.ts";
import type { Emit, Engine } from "../thread/engine.ts";
import { FlowWindow } from "../thread/flow-window.ts";
import type { DecodedSamples } from "../wire/sample-decoder.ts";
import { ClockCorrector } from "./clock-corrector.ts";
import { FeedConnection, type FeedEnd } from "./feed-connection.ts";
import { fetchFullInfo } from "./fetch-full-info.ts";
import { findAgain } from "./find-again.ts";
import {
  type InletCommand,
  type InletEngineOptions,
  type InletEvent,
  messagesUnderWay,
} from "./inlet-messages.ts";
import { MessagePace } from "./message-pace.ts";
import { joinTexts, type PackedSamples, pack, SampleQueue } from "./sample-queue.ts";
import { TimeSynchroniser } from "./time-synchroniser.ts";

/** Most samples of one message when the queue is emptied. */
const samplesPerMessage = 1 << 14;
/** So many values are worth a message at any pace. */
const valuesAtOnce = 1 << 16;

/** The sockets of one inlet: the feed, its recovery, the clock measurement and the watchdog. */
export class InletEngine implements Engine<InletCommand> {
  readonly #options: InletEngineOptions;
  readonly #settings: Settings;
  readonly #emit: Emit<InletEvent>;
  readonly #flow: FlowWindow;
  readonly #queue: SampleQueue;
  readonly #synchroniser: TimeSynchroniser;
  readonly #corrector: ClockCorrector;
  readonly #watchdog: NodeJS.Timeout;
  readonly #pace = new MessagePace(() => this.#deliver());
  readonly #abort = new AbortController();
  #info: StreamInfo;
  #feed: FeedConnection | undefined;
  #state: InletState | "opening" | "closed" = "opening";
  #measuring: boolean;
  #lastSampleAt = localClock();
  #looking = false;
  #usesV6 = false;

  constructor(options: InletEngineOptions, emit: Emit<InletEvent>) {
    const { info, settings, postProcessing } = options;
    this.#options = options;
    this.#settings = settings;
    this.#emit = emit;
    this.#info = info;
    this.#flow = new FlowWindow(options.flow, messagesUnderWay);
    const maximum = bufferSamples(options.maxBufferSeconds, info.nominalSamplingRate);
    this.#queue = new SampleQueue(info.channelFormat, info.channelCount, maximum);
    this.#measuring = postProcessing.clockSync ?? false;
    this.#corrector = new ClockCorrector(
      postProcessing,
      info.nominalSamplingRate,
      settings.tuning.smoothingHalftimeSeconds,
    );
    this.#synchroniser = new TimeSynchroniser(settings, (correction) => {
      this.#corrector.measured(correction);
      this.#emit({ kind: "correction", correction });
      this.#deliver();
    });
    this.#watchdog = setInterval(
      () => this.#watch(),
      Math.max(10, settings.tuning.watchdogCheckIntervalSeconds * 1000),
    );
    // Not at once: the caller does not hold the engine yet.
    queueMicrotask(() => this.#connect());
  }

  handle(command: InletCommand): void {
    if (command.kind === "room") this.#deliver();
    else if (command.kind === "close") this.#close();
    else if (command.kind === "full-info") void this.#fetchFullInfo(command.request, command.timeoutSeconds);
    else if (!this.#measuring) {
      this.#measuring = true;
      this.#startMeasuring();
    }
  }

  #endpoint(): Endpoint | undefined {
    const { v4, v6 } = this.#info.endpoints;
    const usableV4 = this.#settings.ipv4 ? v4 : undefined;
    const usableV6 = this.#settings.ipv6 ? v6 : undefined;
    return this.#usesV6 ? (usableV6 ?? usableV4) : (usableV4 ?? usableV6);
  }

  #connect(): void {
    if (this.#state === "closed") return;
    const endpoint = this.#endpoint();
    if (!endpoint) {
      this.#ended({ kind: "lost", reason: "the info has no address in a usable family" });
      return;
    }
    this.#usesV6 = endpoint.address.includes(":");
    this.#feed?.close();
    this.#feed = new FeedConnection(
      {
        info: this.#info,
        endpoint,
        maximumBufferSamples: bufferSamples(this.#options.maxBufferSeconds, this.#info.nominalSamplingRate),
        maximumChunkSamples: this.#options.maximumChunkSamples,
        limits: this.#settings.limits,
      },
      {
        onOpen: () => this.#opened(),
        onSamples: (samples) => this.#receive(samples),
        onEnd: (end) => this.#ended(end),
      },
    );
  }

  #opened(): void {
    const recovered = this.#state === "recovering";
    this.#lastSampleAt = localClock();
    if (recovered) this.#corrector.reset(this.#info.nominalSamplingRate);
    this.#setState("connected", "", recovered);
    this.#startMeasuring();
  }

  #startMeasuring(): void {
    const endpoint = this.#endpoint();
    if (this.#measuring && this.#state === "connected" && endpoint) void this.#synchroniser.start(endpoint);
  }

  #receive(samples: DecodedSamples): void {
    const receivedAt = localClock();
    this.#lastSampleAt = receivedAt;
    const { channelCount } = this.#info;
    if (this.#settings.tuning.forceDefaultTimestamps)
      samples.timestamps.fill(receivedAt, 0, samples.nSamples);
    const mayLeave = this.#pace.arrived(receivedAt);
    const isLarge = (this.#queue.length + samples.nSamples) * channelCount >= valuesAtOnce;
    if (mayLeave && this.#queue.length === 0 && this.#mayDeliver()) {
      this.#send(pack(samples, channelCount, receivedAt));
      return;
    }
    // The queue copies numbers, but strings are views of the decoder's memory.
    this.#queue.push(samples.values ? samples : pack(samples, channelCount, receivedAt), receivedAt);
    if (mayLeave || isLarge) this.#deliver();
  }

  #mayDeliver(): boolean {
    return !this.#corrector.mustWait && this.#flow.mayBeSent();
  }

  #deliver(): void {
    this.#pace.sentAll();
    while (this.#queue.length > 0 && this.#mayDeliver()) this.#send(this.#queue.take(samplesPerMessage));
  }

  #send(samples: PackedSamples): void {
    this.#corrector.execute(samples.timestamps);
    const { nSamples, timestamps, values, receivedAt } = samples;
    const joined = samples.texts ? joinTexts(samples.texts) : undefined;
    const transfer = [timestamps.buffer];
    if (values) transfer.push(values.buffer as ArrayBuffer);
    if (joined) transfer.push(joined.text.buffer, joined.ends.buffer);
    this.#flow.sent();
    this.#emit(
      {
        kind: "samples",
        nSamples,
        timestamps,
        values,
        text: joined?.text,
        textEnds: joined?.ends,
        receivedAt,
        dropped: this.#queue.dropped,
      },
      transfer,
    );
  }

  #ended(end: FeedEnd): void {
    this.#feed = undefined;
    if (this.#state === "closed" || this.#state === "lost") return;
    // Whoever learns of the end has had what came before it.
    this.#deliver();
    const { recover } = this.#options;
    const { name, sourceId } = this.#info;
    const mayRecover = recover && sourceId !== "" && end.kind === "lost";
    if (this.#state === "opening" && !mayRecover) {
      this.#stop();
      this.#emit({
        kind: "failed",
        error: end.kind === "refused" ? "protocol" : "connection",
        message: `Stream "${name}" cannot be opened: ${end.reason}.`,
      });
      return;
    }
    if (!mayRecover) {
      this.#synchroniser.stop();
      clearInterval(this.#watchdog);
      this.#setState("lost", end.reason, false);
      return;
    }
    if (this.#state !== "recovering") this.#forgetClock();
    this.#setState("recovering", end.reason, false);
    void this.#recover();
  }

  #forgetClock(): void {
    this.#synchroniser.stop();
    // What is queued was stamped by the old clock and leaves with its correction.
    this.#deliver();
    this.#corrector.forget();
  }

  /** Looks until the stream is found, then connects; `#ended` comes back here when that fails. */
  async #recover(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    let listenSeconds = 1;
    while (this.#state === "recovering") {
      const found = await findAgain(this.#info, this.#settings, listenSeconds, this.#abort.signal);
      if (this.#state !== "recovering") break;
      await this.#pause(found ? 0 : this.#settings.tuning.recoveryRetrySeconds);
      if (found) {
        this.#looking = false;
        this.#info = found;
        this.#connect();
        return;
      }
      listenSeconds = 5;
    }
    this.#looking = false;
  }

  async #pause(seconds: number): Promise<void> {
    await sleep(seconds * 1000, undefined, { signal: this.#abort.signal }).catch(() => {});
  }

  /** A feed that is silent for long may belong to a program that was replaced; a quiet marker stream answers and stays. */
  #watch(): void {
    const { watchdogTimeThresholdSeconds } = this.#settings.tuning;
    const { recover } = this.#options;
    const silent = localClock() - this.#lastSampleAt > watchdogTimeThresholdSeconds;
    if (!silent || !recover || this.#info.sourceId === "" || this.#state !== "connected" || this.#looking)
      return;
    this.#looking = true;
    void findAgain(this.#info, this.#settings, 1, this.#abort.signal).then((found) => {
      this.#looking = false;
      if (!found || found.uid === this.#info.uid || this.#state !== "connected") return;
      this.#forgetClock();
      this.#setState("recovering", "another outlet took over the stream", false);
      this.#info = found;
      this.#connect();
    });
  }

  async #fetchFullInfo(request: number, timeoutSeconds: number): Promise<void> {
    const deadline = localClock() + timeoutSeconds;
    let reason = "the stream is not connected";
    while (this.#state !== "closed") {
      const endpoint = this.#endpoint();
      const left = deadline - localClock();
      if (left <= 0) break;
      try {
        if (!endpoint) throw new Error(reason);
        const xml = await fetchFullInfo(endpoint, left, this.#settings.limits.maximumInfoBytes);
        this.#emit({ kind: "full-info", request, xml });
        return;
      } catch (error) {
        reason = (error as Error).message;
      }
      if (this.#state === "lost") break;
      const retry = Math.min(this.#settings.tuning.recoveryRetrySeconds, deadline - localClock());
      if (retry > 0) await this.#pause(retry);
    }
    this.#emit({ kind: "full-info", request, reason });
  }

  #setState(state: InletState, reason: string, clockReset: boolean): void {
    const changed = this.#state !== state;
    this.#state = state;
    if (changed) this.#emit({ kind: "state", state, info: this.#info, reason, clockReset });
  }

  #close(): void {
    if (this.#state === "closed") return;
    this.#deliver();
    this.#stop();
    this.#emit({ kind: "closed" });
  }

  #stop(): void {
    this.#state = "closed";
    this.#abort.abort();
    clearInterval(this.#watchdog);
    this.#synchroniser.stop();
    this.#feed?.close();
  }
}
