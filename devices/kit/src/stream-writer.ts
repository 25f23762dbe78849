import { ArrivalClock } from "@attune/core";
import type { DeviceOutput, SampleChunk, Seconds, Stream } from "@attune/signal";
import { ChunkAssembler } from "./chunk-assembler.ts";
import { ClockReporter } from "./clock-reporter.ts";
import { FRAME_FLAGS, type FrameBatch } from "./codec.ts";
import type { DeviceEvent, StreamStatistics } from "./device.ts";
import { FramePositions } from "./frame-positions.ts";
import { LossMonitor } from "./loss-monitor.ts";

const OFFSET_EVERY_SECONDS = 1;
export interface StreamWriterOptions {
  readonly stream: Stream;
  /** The device's counter is taken modulo this; absent where it does not count. */
  readonly counterModulus?: number;
  /** `FrameBatch.deviceTime` means something. */
  readonly hasDeviceClock: boolean;
  /** Known delay between sampling and arrival, taken off the offsets. */
  readonly declaredLatencySeconds: number;
  /** Length of a chunk, default 0.02. */
  readonly chunkSeconds?: number;
  readonly emit: (output: DeviceOutput) => void;
  readonly report: (event: DeviceEvent) => void;
}

/**
 * Frames of one stream to what a device delivers: numbers the samples, finds what is lost, keeps the clock line, cuts
 * chunks, and says once a second where the device's clock lies on the host's.
 *
 * **Device time** of a chunk is the device's own clock, or sample number / nominal rate where it has none; then lost samples
 * move it. **Loss** is a jump of `firstSample`, never filled:
 *
 * - Devices with a counter: placed exactly, at once. Whole turns of the counter are told from samples that are late by
 *   arrival times, which takes up to 1 s during which chunks are held back; they lie at the damage or counter gap of the
 *   read where the delay began, else behind the frames that the codec had held back (`FrameBatch.nHeldBack`). Where a codec
 *   does not say which those are and the first frame of the following read shows a counter gap, they lie there.
 *   Turns shorter than 20 ms cannot be told from batching.
 * - Devices with a clock that counts samples: placed exactly.
 * - Devices with neither: losses over about 20 ms (over 6 spreads of the lateness on links that come in bursts) are
 *   inferred from arrival times, within about 1 ms of their length plus half a sample, and placed at the read where the delay began: exactly
 *   where the link is silent while samples are lost, else up to one read early. Shorter ones cannot be seen and bend
 *   the clock line.
 *
 * Frames that the device made up are NaN and counted as lost. `marker` frames become events where the flag rises.
 */
export class StreamWriter {
  readonly #options: StreamWriterOptions;
  readonly #rate: number;
  readonly #clock: ArrivalClock;
  /** Line of `sample number / rate` on the time that tells lost from late: the host's, or an irregular device clock. */
  readonly #indexClock: ArrivalClock;
  readonly #positions: FramePositions;
  readonly #monitor: LossMonitor | undefined;
  readonly #assembler: ChunkAssembler;
  readonly #reporter: ClockReporter;
  #next = 0;
  #nSamples = 0;
  #nLost = 0;
  #nOffsets = 0;
  #lastOffset = Number.NaN;
  #lastOffsetAt = Number.NaN;
  #lastReceivedAt = Number.NaN;
  #firstDeviceTime = Number.NaN;
  #firstIndex = 0;
  #lastDeviceTime = Number.NaN;
  #lastFlags = 0;
  #doubting = false;
  /** The samples in doubt lie before the first frame of the read where the delay began, for want of any sign. */
  #isPlaceGuessed = false;
  /** Samples that went by while the device was stopped on purpose are skipped, not lost. */
  #paused = false;

  constructor(options: StreamWriterOptions) {
    this.#options = options;
    const { stream, hasDeviceClock, counterModulus, declaredLatencySeconds, chunkSeconds = 0.02 } = options;
    this.#rate = stream.nominalSamplingRate;
    this.#clock = new ArrivalClock({ declaredLatencySeconds });
    this.#indexClock = hasDeviceClock ? new ArrivalClock() : this.#clock;
    this.#positions = new FramePositions({
      samplingRate: this.#rate,
      hasDeviceClock,
      ...(counterModulus !== undefined && { counterModulus }),
    });
    if (this.#rate > 0 && !(hasDeviceClock && counterModulus !== undefined))
      this.#monitor = new LossMonitor({ samplingRate: this.#rate, quantum: counterModulus ?? 1 });
    this.#reporter = new ClockReporter(stream, options.report);
    this.#assembler = new ChunkAssembler({
      streamId: stream.id,
      nChannels: stream.channels.length,
      nSamples: Math.max(1, Math.round(chunkSeconds * this.#rate)),
      emit: (chunk) => this.#emitChunk(chunk),
    });
  }

  /**
   * Take the frames of one read.
   * @param receivedAt when its last byte arrived, seconds on the host's monotonic clock
   */
  write(batch: FrameBatch, receivedAt: Seconds): void {
    const n = batch.nFrames;
    if (n === 0) return;
    const rate = this.#rate;
    const positions = this.#positions;
    positions.locate(batch, this.#next, receivedAt, this.#clock);
    if (positions.clockWasSet) this.#clock.restart();
    this.#lastReceivedAt = receivedAt;

    const lastIndex = this.#next + positions.total + n - 1;
    const ownTime = batch.deviceTime[n - 1]!;
    const deviceTime = this.#options.hasDeviceClock ? ownTime : rate > 0 ? lastIndex / rate : receivedAt;
    const monitorTime = this.#options.hasDeviceClock ? ownTime : receivedAt;
    const verdict = this.#judge(lastIndex / rate, monitorTime);
    if (verdict === "steady") this.#feedClocks(lastIndex, deviceTime, receivedAt, monitorTime);

    const began = this.#monitor?.doubting === true && !this.#doubting;
    const showsBetter = this.#isPlaceGuessed && this.#showsLoss(batch, 0);
    const placeAt = began ? this.#placeOfLoss(batch) : showsBetter ? 0 : -1;
    this.#isPlaceGuessed = began && placeAt === 0 && !this.#showsLoss(batch, 0);
    for (let f = 0; f < n; f++) {
      if (f === placeAt) this.#doubtFromHere(receivedAt);
      this.#take(batch, f, receivedAt);
    }
    if (placeAt === n) this.#doubtFromHere(receivedAt);
    if (verdict === "late" || verdict === "lost") this.#endDoubt(verdict === "lost", deviceTime, receivedAt);
    this.#reporter.update(this.#clock, this.#lastDeviceTime - this.#firstDeviceTime, receivedAt);
  }

  /**
   * The flow of data was broken: a reconnect, or a stop on purpose (`paused`). The number of the next sample follows from
   * the time that went by, which is known 0.5 s after data came back; the clock line is kept. What went by while `paused`
   * is skipped without being counted as lost.
   */
  interrupted({ paused }: { paused: boolean }): void {
    this.flush();
    if (this.#clock.nUpdates === 0) return;
    this.#positions.forgetCounter();
    this.#paused = paused || (this.#doubting && this.#paused);
    if (!this.#monitor || this.#positions.countsByClock) return;
    this.#monitor.resume();
    this.#indexClock.loosen(1 / (this.#rate * Math.sqrt(12)));
    this.#doubtFromHere(this.#lastReceivedAt);
    this.#isPlaceGuessed = false;
  }

  /** Emit what is under way: the data end here. */
  flush(): void {
    if (this.#doubting && this.#monitor) {
      const verdict = this.#monitor.decide();
      this.#endDoubt(verdict === "lost", Number.NaN, this.#lastReceivedAt);
    }
    this.#assembler.cut(this.#lastReceivedAt);
  }

  statistics(): StreamStatistics {
    const span = this.#lastDeviceTime - this.#firstDeviceTime;
    const drift = this.#clock.driftPpm;
    return {
      streamId: this.#options.stream.id,
      nSamples: this.#nSamples,
      nLost: this.#nLost,
      measuredSamplingRate:
        span >= 5 ? ((this.#next - 1 - this.#firstIndex) / span) * (1 + drift * 1e-6) : Number.NaN,
      driftPpm: this.#clock.settled ? drift : Number.NaN,
      jitterRms: this.#clock.jitterRms,
      nOffsets: this.#nOffsets,
      lastOffset: this.#lastOffset,
      offsetUncertainty: Number.NaN,
      lastReceivedAt: this.#lastReceivedAt,
    };
  }

  #judge(indexTime: Seconds, at: Seconds): "steady" | "doubt" | "late" | "lost" {
    const monitor = this.#monitor;
    if (!monitor || this.#positions.countsByClock) return "steady";
    if (!this.#indexClock.settled && !monitor.doubting) return "steady";
    return monitor.observe(this.#indexClock.lateness(indexTime, at), at);
  }

  #feedClocks(index: number, deviceTime: Seconds, receivedAt: Seconds, monitorTime: Seconds): void {
    this.#clock.update(deviceTime, receivedAt);
    if (this.#indexClock !== this.#clock && this.#rate > 0)
      this.#indexClock.update(index / this.#rate, monitorTime);
  }

  /**
   * Before which frame of the read in which the delay began the samples are missing, as well as it shows; `nFrames` when
   * it is before the next read.
   */
  #placeOfLoss(batch: FrameBatch): number {
    for (let f = 0; f < batch.nFrames; f++) if (this.#showsLoss(batch, f)) return f;
    return batch.nHeldBack ?? 0;
  }

  /** Samples from the next one on wait until it is known how many are missing before them. */
  #doubtFromHere(receivedAt: Seconds): void {
    this.#assembler.holdFromHere(receivedAt);
    this.#doubting = true;
  }

  #showsLoss(batch: FrameBatch, frame: number): boolean {
    return this.#positions.gaps[frame]! > 0 || (batch.flags[frame]! & FRAME_FLAGS.resynchronised) !== 0;
  }

  #take(batch: FrameBatch, frame: number, receivedAt: Seconds): void {
    const gap = this.#positions.gaps[frame]!;
    if (gap > 0) {
      this.#assembler.cut(receivedAt);
      this.#next += gap;
      if (!this.#paused || this.#doubting) this.#lose(gap, "counter", receivedAt);
    }
    if (!this.#doubting) this.#paused = false;
    const flags = batch.flags[frame]!;
    const invented = (flags & FRAME_FLAGS.invented) !== 0;
    const index = this.#next++;
    const deviceTime = this.#options.hasDeviceClock
      ? batch.deviceTime[frame]!
      : this.#rate > 0
        ? index / this.#rate
        : receivedAt;
    if (Number.isNaN(this.#firstDeviceTime)) {
      this.#firstDeviceTime = deviceTime;
      this.#firstIndex = index;
    }
    this.#lastDeviceTime = deviceTime;
    if (invented) this.#lose(1, "invented", receivedAt);
    else this.#nSamples++;
    this.#reportFlags(flags, deviceTime, receivedAt);
    this.#assembler.add(index, batch.values, frame, invented, deviceTime, receivedAt);
  }

  #endDoubt(lost: boolean, deviceTime: Seconds, receivedAt: Seconds): void {
    const nLost = lost ? (this.#monitor?.nLost ?? 0) : 0;
    const shift = this.#options.hasDeviceClock ? 0 : nLost / this.#rate;
    this.#next += nLost;
    if (!this.#options.hasDeviceClock) this.#lastDeviceTime += shift;
    this.#doubting = false;
    if (nLost > 0 && !this.#paused) this.#lose(nLost, "time", receivedAt);
    this.#paused = false;
    if (Number.isFinite(deviceTime)) this.#clock.update(deviceTime + shift, receivedAt);
    this.#assembler.release(nLost, shift);
  }

  #lose(nSamples: number, cause: "counter" | "time" | "invented", at: Seconds): void {
    this.#nLost += nSamples;
    this.#options.report({ kind: "loss", streamId: this.#options.stream.id, nSamples, cause, at });
  }

  #emitChunk(chunk: SampleChunk): void {
    const at = this.#clock.lastDeviceTime;
    if (
      !(at - this.#lastOffsetAt < OFFSET_EVERY_SECONDS && at >= this.#lastOffsetAt) &&
      Number.isFinite(at)
    ) {
      this.#lastOffsetAt = at;
      this.#lastOffset = this.#clock.offsetAt(at);
      this.#nOffsets++;
      this.#options.emit({
        kind: "clock-offset",
        streamId: this.#options.stream.id,
        collectedAt: at,
        offset: this.#lastOffset,
      });
    }
    this.#options.emit(chunk);
  }

  #reportFlags(flags: number, deviceTime: Seconds, receivedAt: Seconds): void {
    const changed = flags ^ this.#lastFlags;
    this.#lastFlags = flags;
    if (changed === 0) return;
    const { stream } = this.#options;
    if ((changed & flags & FRAME_FLAGS.marker) !== 0) {
      const sampledAt = this.#clock.hostTimeAt(deviceTime);
      this.#options.emit({
        kind: "event",
        label: "marker",
        at: Number.isFinite(sampledAt) ? sampledAt : receivedAt,
        source: stream.id,
      });
    }
    if ((changed & FRAME_FLAGS.leadOff) !== 0) {
      const word = (flags & FRAME_FLAGS.leadOff) !== 0 ? "off" : "unknown";
      this.#options.report({
        kind: "quality",
        streamId: stream.id,
        channels: stream.channels.map(() => word),
        at: receivedAt,
      });
    }
  }
}
