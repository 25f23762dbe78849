import type { SampleChunk, Seconds, Stream, TextChunk } from "@attune/signal";
import { LossWatch } from "../alarms/loss-watch.ts";

/** Rate and liveness of one stream as it arrives. */
export interface StreamPulse {
  readonly streamId: string;
  readonly nSamples: number;
  readonly nLost: number;
  /** Samples per second over the newest stretch; NaN until two seconds are known, and for irregular streams. */
  readonly measuredSamplingRate: number;
  /** The same over the older and the newer half of that stretch: a gap spoils one of them, a wrong rate both. */
  readonly halfSamplingRates: readonly [number, number];
  /** Since the last chunk, or since this computer stood still; NaN before the first. */
  readonly silentSeconds: Seconds;
  readonly lostPercent: number;
  /** Over the last ten seconds; NaN where nothing came for so long, and in the first two. */
  readonly recentLostPercent: number;
}

const RATE_SECONDS = 10;
const LEAST_SECONDS = 2;

/** Where nothing ran here for longer, no stream is to blame for its silence. */
const STILL_SECONDS = 2;

/** Counts what arrives, stream by stream. */
export class StreamWatch {
  readonly #streams = new Map<string, Pulse>();
  #beatAt = Number.NaN;
  #stillUntil = Number.NEGATIVE_INFINITY;

  /** From here on it counts; rates and losses of late go on. */
  begin(): void {
    for (const pulse of this.#streams.values()) pulse.begin();
  }

  /** The stream's clock began anew: what came before says nothing about its rate now. */
  restarted(streamId: string): void {
    this.#streams.get(streamId)?.restarted();
  }

  take(stream: Stream, chunk: SampleChunk | TextChunk, now: Seconds): void {
    const pulse = this.#streams.get(stream.id) ?? new Pulse(stream);
    this.#streams.set(stream.id, pulse);
    pulse.take(chunk, chunk.receivedAt ?? now);
    pulse.losses.take(chunk, now);
  }

  pulse(streamId: string, now: Seconds): StreamPulse | undefined {
    this.#lookForStandstill(now);
    return this.#streams.get(streamId)?.at(now, this.#stillUntil);
  }

  /** To be called several times a second: where it was not, this computer stood still. */
  beat(now: Seconds): void {
    this.#lookForStandstill(now);
    this.#beatAt = now;
  }

  /** Whoever asks first after a standstill must not hear of silence. */
  #lookForStandstill(now: Seconds): void {
    if (now - this.#beatAt > STILL_SECONDS) this.#stillUntil = now;
  }
}

class Pulse {
  readonly losses = new LossWatch();
  readonly #stream: Stream;
  /** Arrivals of the newest stretch: `[at, samples so far including lost ones]`. */
  readonly #arrivals: Arrival[] = [];
  #nSamples = 0;
  #nLost = 0;
  #next = Number.NaN;
  #last = Number.NaN;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  begin(): void {
    this.#nSamples = 0;
    this.#nLost = 0;
  }

  restarted(): void {
    this.#arrivals.length = 0;
  }

  take({ firstSample, nSamples }: SampleChunk | TextChunk, at: Seconds): void {
    if (firstSample > this.#next) this.#nLost += firstSample - this.#next;
    // It began to count anew: what came before says nothing about the rate now.
    else if (firstSample < this.#next) this.#arrivals.length = 0;
    this.#next = firstSample + nSamples;
    this.#nSamples += nSamples;
    this.#last = at;
    this.#arrivals.push({ at, end: this.#next });
    while (this.#arrivals.length > 2 && at - this.#arrivals[0]!.at > RATE_SECONDS) this.#arrivals.shift();
  }

  at(now: Seconds, stillUntil: Seconds): StreamPulse {
    const span = this.#last - (this.#arrivals[0]?.at ?? this.#last);
    const regular = this.#stream.nominalSamplingRate > 0 && span >= LEAST_SECONDS;
    const middle = this.#last - span / 2;
    const halves = [
      this.#arrivals.filter(({ at }) => at <= middle),
      this.#arrivals.filter(({ at }) => at >= middle),
    ] as const;
    return {
      streamId: this.#stream.id,
      nSamples: this.#nSamples,
      nLost: this.#nLost,
      measuredSamplingRate: regular ? slopeOf(this.#arrivals) : Number.NaN,
      halfSamplingRates: regular ? [slopeOf(halves[0]), slopeOf(halves[1])] : [Number.NaN, Number.NaN],
      silentSeconds: Math.max(0, now - Math.max(this.#last, stillUntil)),
      lostPercent: (100 * this.#nLost) / Math.max(1, this.#nLost + this.#nSamples),
      recentLostPercent: this.losses.lostPercent(now),
    };
  }
}

interface Arrival {
  readonly at: Seconds;
  readonly end: number;
}

/** Samples per second: the least squares line through all arrivals, because the first and the last may be late by a whole read. */
function slopeOf(arrivals: readonly Arrival[]): number {
  const origin = arrivals[0];
  if (origin === undefined) return Number.NaN;
  let meanAt = 0;
  let meanEnd = 0;
  for (const { at, end } of arrivals) {
    meanAt += (at - origin.at) / arrivals.length;
    meanEnd += (end - origin.end) / arrivals.length;
  }
  let together = 0;
  let spread = 0;
  for (const { at, end } of arrivals) {
    const x = at - origin.at - meanAt;
    together += x * (end - origin.end - meanEnd);
    spread += x * x;
  }
  return together / spread;
}
