import type { DeviceContext, DeviceEvent, StreamStatistics, Timer } from "@attune/device-kit";
import type { Inlet, InletChunk, TimeCorrection } from "@attune/lsl";
import type { DeviceOutput, Seconds, Stream } from "@attune/signal";
import { OffsetDrift } from "./offset-drift.ts";
import { StampStatistics } from "./stamp-statistics.ts";
import { transpose } from "./transpose.ts";

/** Pieces wait so long for others before they leave as one chunk. */
const CHUNK_SECONDS = 0.02;
/** A chunk leaves at once when it spans so much. */
const LONGEST_CHUNK_SECONDS = 0.05;
/** After an interruption a hole shorter than this is jitter of the stamps. */
const SHORTEST_HOLE_SECONDS = 0.05;
/** Stamps that disagree with arrival times by more than this after an interruption come from a clock that was reset. */
const CLOCK_AGREEMENT_SECONDS = 1;

export interface FlowOptions {
  readonly stream: Stream;
  /** Stamps are so much later than what they stamp; offsets take it out. */
  readonly declaredLatencySeconds: Seconds;
  readonly context: DeviceContext;
  readonly emit: (output: DeviceOutput) => void;
  readonly report: (event: DeviceEvent) => void;
  /** Every time that samples come. */
  readonly onSamples: () => void;
}

/**
 * Turns what inlets deliver into the session's chunks, and counts. It outlives an inlet, so that the counter of samples goes on
 * when a stream was lost and found.
 *
 * Counter: Lab Streaming Layer has none, so it counts what arrived, what our own queue dropped (exactly), and after an
 * interruption of a stream with a rate what the stamps say is missing: elapsed time by its rate. A hole inside a stream, made by
 * the sender, is left to the clock model, which sees it in the stamps.
 */
export class StreamFlow {
  readonly #o: FlowOptions;
  #stream: Stream;
  #inlet: Inlet | undefined;
  #unsubscribe: (() => void)[] = [];
  #pieces: InletChunk[] = [];
  #nPending = 0;
  #timer: Timer | undefined;
  #next = 0;
  #dropped = 0;
  #isInterrupted = false;
  #countsInterruption = true;
  #lastStamp = Number.NaN;
  #lastReceivedAt = Number.NaN;
  #hasWarnedOfRounding = false;
  #nSamples = 0;
  #nLost = 0;
  #nOffsets = 0;
  #offset = Number.NaN;
  #uncertainty = Number.NaN;
  #stamps: StampStatistics;
  readonly #drift = new OffsetDrift();

  constructor(options: FlowOptions) {
    this.#o = options;
    this.#stream = options.stream;
    this.#stamps = new StampStatistics(options.stream.nominalSamplingRate);
  }

  /** Take samples from this inlet from now on; what it queued before is thrown away. */
  async attach(inlet: Inlet): Promise<void> {
    this.detach();
    this.#inlet = inlet;
    while ((await inlet.pullChunk({ timeoutSeconds: 0 })) !== undefined);
    if (this.#inlet !== inlet) return;
    this.#dropped = inlet.samplesDropped;
    this.#unsubscribe = [
      inlet.onChunk((chunk) => this.#take(chunk)),
      inlet.onTimeCorrection((correction) => this.#takeCorrection(correction)),
    ];
  }

  detach(): void {
    for (const off of this.#unsubscribe) off();
    this.#unsubscribe = [];
    this.flush();
    this.#inlet = undefined;
  }

  /**
   * What comes next does not follow on what came last.
   *
   * @param countAsLoss false where nobody wanted the samples in between (stop, then start)
   */
  interrupt(countAsLoss: boolean): void {
    this.flush();
    if (!this.#isInterrupted) this.#countsInterruption = countAsLoss;
    this.#isInterrupted = true;
  }

  /** The stream goes on under a changed description. */
  redescribe(stream: Stream): void {
    this.flush();
    this.#stream = stream;
    this.#stamps = new StampStatistics(stream.nominalSamplingRate);
  }

  get stream(): Stream {
    return this.#stream;
  }

  /** NaN before the first sample. */
  get lastReceivedAt(): Seconds {
    return this.#lastReceivedAt;
  }

  get nOffsets(): number {
    return this.#nOffsets;
  }

  statistics(): StreamStatistics {
    const isRegular = this.#stream.nominalSamplingRate > 0;
    return {
      streamId: this.#stream.id,
      nSamples: this.#nSamples,
      nLost: this.#nLost,
      measuredSamplingRate: isRegular ? this.#stamps.samplingRate : Number.NaN,
      driftPpm: this.#drift.ppm,
      jitterRms: isRegular ? this.#stamps.jitterRms : Number.NaN,
      nOffsets: this.#nOffsets,
      lastOffset: this.#offset,
      offsetUncertainty: this.#uncertainty,
      lastReceivedAt: this.#lastReceivedAt,
    };
  }

  #take(chunk: InletChunk): void {
    if (chunk.nSamples === 0) return;
    if (this.#isInterrupted) this.#resume(chunk);
    const dropped = this.#inlet?.samplesDropped ?? this.#dropped;
    if (dropped > this.#dropped) {
      this.flush();
      this.#lose(dropped - this.#dropped, "overflow");
      this.#dropped = dropped;
    }
    this.#pieces.push(chunk);
    this.#nPending += chunk.nSamples;
    this.#lastStamp = chunk.timestamps[chunk.nSamples - 1]!;
    this.#lastReceivedAt = chunk.receivedAt;
    this.#o.onSamples();
    const rate = this.#stream.nominalSamplingRate;
    if (rate > 0 && this.#nPending >= LONGEST_CHUNK_SECONDS * rate) this.flush();
    else this.#timer ??= this.#o.context.setTimer(() => this.flush(), CHUNK_SECONDS);
  }

  /** Emits what is waiting. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#pieces.length === 0) return;
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#nPending = 0;
    const { id: streamId, channels, sampleFormat } = this.#stream;
    const { data, deviceTime, nSamples, isRounded } = transpose(pieces, channels.length);
    const common = { streamId, firstSample: this.#next, nSamples, deviceTime };
    const receivedAt = pieces[pieces.length - 1]!.receivedAt;
    this.#stamps.add(this.#next, deviceTime);
    this.#next += nSamples;
    this.#nSamples += nSamples;
    if (isRounded && !this.#hasWarnedOfRounding) {
      this.#hasWarnedOfRounding = true;
      this.#warn(`Values of "${this.#stream.name}" are beyond 2^53: their last digits are rounded.`);
    }
    if (sampleFormat === "string")
      this.#o.emit({
        kind: "text",
        ...common,
        text: pieces.flatMap((piece) => piece.data as string[]),
        receivedAt,
      });
    else this.#o.emit({ kind: "samples", ...common, data, receivedAt });
  }

  /** The first samples after an interruption: how many are missing? */
  #resume(chunk: InletChunk): void {
    this.#isInterrupted = false;
    const rate = this.#stream.nominalSamplingRate;
    if (!(rate > 0) || Number.isNaN(this.#lastStamp)) return;
    const byStamps = chunk.timestamps[0]! - this.#lastStamp;
    const byArrival = chunk.receivedAt - (chunk.nSamples - 1) / rate - this.#lastReceivedAt;
    const clockGoesOn = Math.abs(byStamps - byArrival) < CLOCK_AGREEMENT_SECONDS;
    if (!clockGoesOn) {
      this.#drift.reset();
      this.#stamps = new StampStatistics(rate);
    }
    const elapsed = clockGoesOn ? byStamps : byArrival;
    if (elapsed < SHORTEST_HOLE_SECONDS + 1 / rate) return;
    const nMissing = Math.max(0, Math.round(elapsed * rate) - 1);
    if (this.#countsInterruption) this.#lose(nMissing, "time");
    else this.#next += nMissing;
  }

  #lose(nSamples: number, cause: "overflow" | "time"): void {
    if (nSamples <= 0) return;
    this.#next += nSamples;
    this.#nLost += nSamples;
    this.#o.report({
      kind: "loss",
      streamId: this.#stream.id,
      nSamples,
      cause,
      at: this.#o.context.now(),
    });
  }

  #takeCorrection(correction: TimeCorrection): void {
    const offset = correction.offset - this.#o.declaredLatencySeconds;
    this.#offset = offset;
    this.#uncertainty = correction.uncertainty / 2;
    this.#nOffsets++;
    this.#drift.add(correction.remoteTime, offset);
    this.#o.emit({
      kind: "clock-offset",
      streamId: this.#stream.id,
      collectedAt: correction.remoteTime,
      offset,
    });
    const { driftPpm, jitterRms } = this.statistics();
    this.#o.report({
      kind: "clock",
      streamId: this.#stream.id,
      driftPpm,
      jitterRms,
      at: this.#o.context.now(),
    });
  }

  #warn(message: string): void {
    this.#o.report({ kind: "warning", message, at: this.#o.context.now() });
  }
}
