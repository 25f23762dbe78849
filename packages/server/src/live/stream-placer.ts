import { CausalClock } from "@attune/core";
import type { ClockOffset, SampleChunk, Seconds, Stream } from "@attune/signal";
import type { Traces } from "@attune/wire/page";

/** Samples further apart than so many steps have a gap between them. */
const GAP_STEPS = 1.9;
/** Holes that no counter knows of are told from here on: less is a clock that was put right. */
const LEAST_SILENCE_SECONDS = 0.1;

/** A hole in a stream: nothing is known between its two times. */
export interface StreamGap {
  readonly streamId: string;
  readonly from: Seconds;
  readonly to: Seconds;
  readonly nLost: number;
}

/**
 * Places the samples of one stream on the session clock as they come, with the same causal clock estimate as the analysis, and
 * collects them into runs without gaps. Before the clock is known, samples stand as far from the first chunk as the device says,
 * and that where it arrived.
 */
export class StreamPlacer {
  readonly stream: Stream;
  readonly #clock: CausalClock;
  readonly #step: Seconds;
  readonly #onGap: (gap: StreamGap) => void;
  /** Session time less device time of the chunk that arrived first, for as long as the clock is not known. */
  #arrivalOffset: Seconds | undefined;
  #nextSample = Number.NaN;
  #lastTime = Number.NaN;
  #time = new Float64Array(0);
  #flags = new Uint8Array(0);
  #run: { start: Seconds; end: Seconds; nSamples: number; parts: Float32Array[] } | undefined;
  #done: Traces[] = [];

  constructor(stream: Stream, onGap: (gap: StreamGap) => void) {
    this.stream = stream;
    this.#clock = new CausalClock({ nominalSamplingRate: stream.nominalSamplingRate });
    this.#step = 1 / stream.nominalSamplingRate;
    this.#onGap = onGap;
  }

  offset({ collectedAt, offset }: ClockOffset): void {
    this.#clock.addOffset(collectedAt, offset);
  }

  push(chunk: SampleChunk, now: Seconds): void {
    const { nSamples, firstSample } = chunk;
    if (nSamples === 0) return;
    const nLost = Math.max(0, firstSample - this.#nextSample) || 0;
    if (nLost > 0) this.#clock.skip(nLost);
    this.#nextSample = firstSample + nSamples;
    this.#place(chunk, now);
    const time = this.#time;
    if (nLost > 0) this.#gap(time[0]!, nLost);
    // Within a chunk the device knows of no loss; its times may still jump, where stamps do.
    let from = 0;
    for (let n = 0; n < nSamples; n++) {
      const jump = time[n]! - this.#lastTime;
      if (jump > GAP_STEPS * this.#step || jump < -this.#step) {
        this.#append(chunk, from, n);
        if (n > 0 || nLost === 0) this.#gap(time[n]!, 0);
        from = n;
      }
      this.#lastTime = time[n]!;
    }
    this.#append(chunk, from, nSamples);
  }

  /** The runs since the last time; nothing of them is kept. */
  take(): readonly Traces[] {
    this.#finishRun();
    const done = this.#done;
    this.#done = [];
    return done;
  }

  #gap(to: Seconds, nLost: number): void {
    const from = this.#lastTime;
    this.#finishRun();
    const least = nLost > 0 ? GAP_STEPS * this.#step : LEAST_SILENCE_SECONDS;
    if (to - from > least) this.#onGap({ streamId: this.stream.id, from, to, nLost: Math.round(nLost) });
  }

  /** Session times of a chunk into `#time`. */
  #place(chunk: SampleChunk, now: Seconds): void {
    const { nSamples, deviceTime, sessionTime, receivedAt = now } = chunk;
    if (this.#time.length < nSamples) {
      this.#time = new Float64Array(nSamples);
      this.#flags = new Uint8Array(nSamples);
    }
    const time = this.#time;
    if (sessionTime !== undefined) time.set(sessionTime);
    else this.#clock.push(deviceTime, nSamples, time, this.#flags);
    if (Number.isFinite(time[0]!) && Number.isFinite(time[nSamples - 1]!)) return;
    this.#arrivalOffset ??= receivedAt - deviceTime[nSamples - 1]!;
    for (let n = 0; n < nSamples; n++) time[n] = deviceTime[n]! + this.#arrivalOffset;
  }

  #append({ data, nSamples }: SampleChunk, from: number, to: number): void {
    const count = to - from;
    if (count <= 0) return;
    const nChannels = this.stream.channels.length;
    const part = new Float32Array(nChannels * count);
    for (let c = 0; c < nChannels; c++)
      for (let n = 0; n < count; n++) part[c * count + n] = data[c * nSamples + from + n]!;
    this.#run ??= { start: this.#time[from]!, end: 0, nSamples: 0, parts: [] };
    this.#run.parts.push(part);
    this.#run.nSamples += count;
    this.#run.end = this.#time[to - 1]!;
  }

  #finishRun(): void {
    const run = this.#run;
    if (run === undefined) return;
    this.#run = undefined;
    const nChannels = this.stream.channels.length;
    const step = run.nSamples > 1 ? (run.end - run.start) / (run.nSamples - 1) : this.#step;
    this.#done.push({
      kind: "traces",
      streamId: this.stream.id,
      start: run.start,
      step: step > 0 ? step : this.#step,
      nChannels,
      nSamples: run.nSamples,
      data: joined(run.parts, nChannels, run.nSamples),
      isEnvelope: false,
      isPast: false,
    });
  }
}

/** Channel-major parts one after the other in time. */
function joined(parts: readonly Float32Array[], nChannels: number, nSamples: number): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const data = new Float32Array(nChannels * nSamples);
  let at = 0;
  for (const part of parts) {
    const count = part.length / nChannels;
    for (let c = 0; c < nChannels; c++)
      data.set(part.subarray(c * count, (c + 1) * count), c * nSamples + at);
    at += count;
  }
  return data;
}
