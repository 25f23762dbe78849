import { type DeviceEvent, type StreamStatistics, StreamWriter } from "@attune/device-kit";
import type { DeviceOutput, Seconds, Stream } from "@attune/signal";
import type { StreamDescription } from "@attune/wire";
import type { ClockMeasurement } from "./clock-probe.ts";

const MODULUS = 2 ** 32;
/**
 * A client may come back with this much more than has passed since it was heard, from clocks that differ and
 * buffers.
 */
const LEEWAY: Seconds = 10;

/** Samples of any sender in the form that a stream takes. */
export interface Frames {
  readonly nSamples: number;
  /** `[nSamples, nChannels]` */
  readonly values: Float32Array | Float64Array;
  /** Index of the first sample as the sender counts, modulo 2^32; absent where it does not. */
  readonly sequence?: number;
  /** `[nSamples]` */
  readonly deviceTime?: Float64Array;
}

/**
 * One stream of one client across its connections. Samples keep one running index: a client that goes on
 * counting after a break is believed, one that begins anew is placed by the time that has passed.
 */
export class IngestStream {
  readonly stream: Stream;
  readonly description: StreamDescription;
  readonly hasClock: boolean;
  /** An irregular stream of a client without a clock: its samples have no time but that of their arrival. */
  readonly #timedByArrival: boolean;
  readonly #writer: StreamWriter;
  readonly #emit: (output: DeviceOutput) => void;
  readonly #nChannels: number;
  readonly #counts: boolean;
  #values = new Float64Array(0);
  #counter = new Float64Array(0);
  #deviceTime = new Float64Array(0);
  #flags = new Uint8Array(0);
  /** Sequence that the client's next sample has when nothing is lost; NaN before the first. */
  #expected = Number.NaN;
  #anew = false;
  #lastAt: Seconds = Number.NaN;
  #measurement: ClockMeasurement | undefined;
  #nMeasurements = 0;
  #nChunks = 0;
  /** What a client sent while the device was stopped was not wanted, hence not lost. */
  #resumed = false;
  #nSkipped = 0;

  /** @param probed the client answers pings: its clock is measured by them and not by when samples arrive */
  constructor(o: {
    id: string;
    description: StreamDescription;
    client: string;
    clockId: string;
    counts: boolean;
    hasClock: boolean;
    probed: boolean;
    emit: (output: DeviceOutput) => void;
    report: (event: DeviceEvent) => void;
  }) {
    const { name, type, channels, nominalSamplingRate, sampleFormat, declaredLatency } = o.description;
    const sourceId = o.description.sourceId || `${o.client}/${name}`;
    const description = { client: o.client, clockId: o.clockId, declaredLatencySeconds: declaredLatency };
    this.description = o.description;
    this.stream = {
      id: o.id,
      name,
      type,
      channels,
      nominalSamplingRate,
      sampleFormat,
      sourceId,
      description,
    };
    this.hasClock = o.hasClock;
    this.#emit = o.emit;
    this.#counts = o.counts;
    this.#nChannels = channels.length;
    this.#timedByArrival = !o.hasClock && nominalSamplingRate === 0;
    const measuredElsewhere = o.probed || this.#timedByArrival;
    this.#writer = new StreamWriter({
      stream: this.stream,
      ...(o.counts ? { counterModulus: MODULUS } : {}),
      hasDeviceClock: o.hasClock || this.#timedByArrival,
      declaredLatencySeconds: declaredLatency,
      emit: (output) => {
        if (!(measuredElsewhere && output.kind === "clock-offset")) o.emit(output);
      },
      report: (event) => {
        if (event.kind === "loss" && this.#resumed) this.#nSkipped += event.nSamples;
        else o.report(event);
      },
    });
  }

  get nChunks(): number {
    return this.#nChunks;
  }

  /** The client is back: it may count from anywhere. */
  beginConnection(): void {
    this.#anew = true;
    if (!this.#counts) this.#writer.interrupted({ paused: false });
  }

  /** The device was stopped on purpose: samples that go by until the next `write` are skipped. */
  pause(): void {
    this.#writer.flush();
    if (this.#counts) this.#resumed = true;
    else this.#writer.interrupted({ paused: true });
  }

  clockMeasured(measurement: ClockMeasurement): void {
    const { collectedAt } = measurement;
    const offset = measurement.offset - this.description.declaredLatency;
    this.#measurement = { ...measurement, offset };
    this.#nMeasurements++;
    this.#emit({ kind: "clock-offset", streamId: this.stream.id, collectedAt, offset });
  }

  /** @returns a sentence when the chunk cannot be placed; then nothing of it was taken */
  write(frames: Frames, at: Seconds): string | undefined {
    const { nSamples, values, sequence, deviceTime } = frames;
    if (sequence !== undefined) {
      const complaint = this.#follow(sequence, at);
      if (complaint) return complaint;
      this.#expected = (sequence + nSamples) % MODULUS;
    }
    if (this.#timedByArrival && !(at - this.#lastAt < 1))
      this.#emit({ kind: "clock-offset", streamId: this.stream.id, collectedAt: at, offset: 0 });
    this.#lastAt = at;
    this.#nChunks++;
    this.#reserve(nSamples);
    for (let k = 0; k < nSamples * this.#nChannels; k++) {
      const value = values[k]!;
      this.#values[k] = Number.isFinite(value) ? value : Number.NaN;
    }
    for (let n = 0; n < nSamples; n++) {
      this.#counter[n] = sequence === undefined ? Number.NaN : (sequence + n) % MODULUS;
      this.#deviceTime[n] = this.hasClock ? deviceTime![n]! : this.#timedByArrival ? at : Number.NaN;
    }
    this.#writer.write(
      {
        nFrames: nSamples,
        values: this.#values,
        counter: this.#counter,
        deviceTime: this.#deviceTime,
        flags: this.#flags,
      },
      at,
    );
    this.#resumed = false;
    return undefined;
  }

  flush(): void {
    this.#writer.flush();
  }

  statistics(): StreamStatistics {
    const written = this.#writer.statistics();
    const counted = { ...written, nLost: written.nLost - this.#nSkipped };
    if (!this.#measurement) return counted;
    return {
      ...counted,
      nOffsets: this.#nMeasurements,
      lastOffset: this.#measurement.offset,
      offsetUncertainty: this.#measurement.roundTrip / 2,
    };
  }

  /** Where the client's counting stands against what was expected. */
  #follow(sequence: number, at: Seconds): string | undefined {
    const anew = this.#anew;
    this.#anew = false;
    if (Number.isNaN(this.#expected)) return undefined;
    const ahead = (sequence - this.#expected + MODULUS) % MODULUS;
    const rate = this.stream.nominalSamplingRate;
    const possible = rate > 0 ? rate * (at - this.#lastAt + LEEWAY) : MODULUS / 2;
    if (ahead <= possible && ahead < MODULUS / 2) return undefined;
    if (!anew) {
      return ahead >= MODULUS / 2
        ? `sequence ${sequence} comes after ${this.#expected}`
        : `sequence jumps by ${ahead} samples in ${(at - this.#lastAt).toFixed(1)} s`;
    }
    // its own clock says how much is missing or, without one, the arrivals to come
    this.#writer.interrupted({ paused: false });
    return undefined;
  }

  #reserve(nSamples: number): void {
    if (this.#counter.length >= nSamples) return;
    this.#values = new Float64Array(nSamples * this.#nChannels);
    this.#counter = new Float64Array(nSamples);
    this.#deviceTime = new Float64Array(nSamples);
    this.#flags = new Uint8Array(nSamples);
  }
}
