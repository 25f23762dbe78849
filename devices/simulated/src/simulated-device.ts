import { hashSeed, mulberry32, normal } from "@attune/core";
import type { SampleChunk } from "@attune/signal";
import { bandLimitedWeights, KERNEL_HALF } from "./band-limited-reader.ts";
import { DeviceClock, nominalSamples } from "./device-clock.ts";
import type { LossBurst, MovementArtefact } from "./mishaps.ts";
import type { NeuralProcess } from "./neural-process.ts";
import { type BrokenSpan, INTERNAL_RATE, type SimulationOptions } from "./options.ts";
import { type ResolvedPerson, streamOf } from "./people.ts";

/** What an amplifier meets besides the brain. */
export interface Mishaps {
  readonly artefacts: readonly MovementArtefact[];
  readonly losses: readonly LossBurst[];
  readonly brokenSpans: readonly BrokenSpan[];
}

/**
 * One person's amplifier: reads the heads' process at its own sample times, adds what goes wrong, stamps with its
 * own clock and delivers chunks. Whatever the chunk length, the samples and stamps are the same to the bit.
 */
export class SimulatedDevice {
  readonly #person: ResolvedPerson;
  readonly #streamId: string;
  readonly #process: NeuralProcess;
  readonly #scale: Float64Array;
  readonly #mishaps: Mishaps;
  readonly #options: SimulationOptions;
  readonly #withSessionTime: boolean;
  readonly #clock: DeviceClock;
  readonly #total: number;
  readonly #chunkLength: number;
  readonly #jitter: () => number;
  readonly #sensorNoise: () => number;
  readonly #weights = new Float64Array(2 * KERNEL_HALF);
  #drawn = 0;
  #first = 0;
  #end = 0;
  #loss = 0;

  constructor(
    person: ResolvedPerson,
    process: NeuralProcess,
    scale: Float64Array,
    mishaps: Mishaps,
    options: SimulationOptions,
    delivery: { chunkSeconds: number; withSessionTime: boolean },
  ) {
    const { device, id } = person;
    this.#person = person;
    this.#streamId = streamOf(person).id;
    this.#process = process;
    this.#scale = scale;
    this.#mishaps = mishaps;
    this.#options = options;
    this.#withSessionTime = delivery.withSessionTime;
    this.#clock = new DeviceClock(device);
    this.#total = nominalSamples(device, options.durationSeconds);
    this.#chunkLength = Math.max(1, Math.round(delivery.chunkSeconds * device.nominalSamplingRate));
    this.#jitter = normal(mulberry32(hashSeed(options.seed, "jitter", id)));
    this.#sensorNoise = normal(mulberry32(hashSeed(options.seed, "sensor", id)));
    this.#plan(0);
  }

  /** Session time at which the next chunk is complete; Infinity when there is none. */
  get nextAt(): number {
    return this.#first < this.#total ? this.#clock.sampleTime(this.#end - 1) : Number.POSITIVE_INFINITY;
  }

  /** Delivers the chunk that is complete at `nextAt`. */
  emit(): SampleChunk {
    const first = this.#first;
    const nSamples = this.#end - first;
    const nChannels = this.#person.labels.length;
    const data = new Float64Array(nChannels * nSamples);
    const deviceTime = new Float64Array(nSamples);
    const sessionTime = new Float64Array(nSamples);
    this.#skipLostDraws(first);
    const { jitterSeconds, sensorNoiseMicrovolts } = this.#person.device;
    for (let n = 0; n < nSamples; n++) {
      const time = this.#clock.sampleTime(first + n);
      sessionTime[n] = time;
      deviceTime[n] = this.#clock.deviceTime(time) + jitterSeconds * this.#jitter();
      if (sensorNoiseMicrovolts > 0)
        for (let c = 0; c < nChannels; c++)
          data[c * nSamples + n] = sensorNoiseMicrovolts * this.#sensorNoise();
    }
    this.#drawn = first + nSamples;
    this.#addBrain(data, sessionTime);
    this.#addLineNoise(data, sessionTime);
    this.#addArtefacts(data, sessionTime);
    this.#breakSpans(data, sessionTime);
    this.#plan(this.#end);
    return {
      kind: "samples",
      streamId: this.#streamId,
      firstSample: first,
      nSamples,
      data,
      deviceTime,
      ...(this.#withSessionTime ? { sessionTime } : {}),
    };
  }

  /** Finds the next run of received samples: it ends at a multiple of the chunk length, at a loss, or at the end. */
  #plan(from: number): void {
    const { losses } = this.#mishaps;
    let first = from;
    let loss = losses[this.#loss];
    while (loss !== undefined && first >= loss.firstSample) {
      first = Math.max(first, loss.firstSample + loss.nSamples);
      this.#loss += 1;
      loss = losses[this.#loss];
    }
    const boundary = (Math.floor(first / this.#chunkLength) + 1) * this.#chunkLength;
    this.#first = first;
    this.#end = Math.min(boundary, loss?.firstSample ?? this.#total, this.#total);
  }

  /** Lost samples use up their random numbers, so that a loss changes nothing but itself. */
  #skipLostDraws(first: number): void {
    const perSample = this.#person.device.sensorNoiseMicrovolts > 0 ? this.#person.labels.length : 0;
    for (; this.#drawn < first; this.#drawn++) {
      this.#jitter();
      for (let c = 0; c < perSample; c++) this.#sensorNoise();
    }
  }

  #addBrain(data: Float64Array, time: Float64Array): void {
    const nSamples = time.length;
    const { firstNode, labels } = this.#person;
    const process = this.#process;
    const { ring } = process;
    const stride = 2 * process.capacity;
    const weights = this.#weights;
    process.advanceTo(Math.floor(time[nSamples - 1]! * INTERNAL_RATE) + KERNEL_HALF);
    for (let n = 0; n < nSamples; n++) {
      const start = process.offset(bandLimitedWeights(weights, time[n]!));
      for (let c = 0; c < labels.length; c++) {
        const from = (firstNode + c) * stride + start;
        let sum = 0;
        for (let m = 0; m < 2 * KERNEL_HALF; m++) sum += weights[m]! * ring[from + m]!;
        data[c * nSamples + n] = data[c * nSamples + n]! + this.#scale[firstNode + c]! * sum;
      }
    }
  }

  #addLineNoise(data: Float64Array, time: Float64Array): void {
    const { lineNoise } = this.#options;
    if (lineNoise === undefined) return;
    const nSamples = time.length;
    for (let n = 0; n < nSamples; n++) {
      const hum = lineNoise.amplitudeMicrovolts * Math.sin(2 * Math.PI * lineNoise.frequencyHz * time[n]!);
      for (let at = n; at < data.length; at += nSamples) data[at] = data[at]! + hum;
    }
  }

  #addArtefacts(data: Float64Array, time: Float64Array): void {
    const nSamples = time.length;
    for (const { onset, duration, peakMicrovolts } of this.#mishaps.artefacts) {
      if (onset > time[nSamples - 1]! || onset + duration < time[0]!) continue;
      for (let n = 0; n < nSamples; n++) {
        const share = (time[n]! - onset) / duration;
        if (share <= 0 || share >= 1) continue;
        const shape = Math.sin(Math.PI * share) ** 2;
        for (let c = 0; c < peakMicrovolts.length; c++)
          data[c * nSamples + n] = data[c * nSamples + n]! + shape * peakMicrovolts[c]!;
      }
    }
  }

  #breakSpans(data: Float64Array, time: Float64Array): void {
    const nSamples = time.length;
    const { labels, device } = this.#person;
    for (const { kind, onset, duration, channels } of this.#mishaps.brokenSpans)
      for (let c = 0; c < labels.length; c++) {
        if (channels !== undefined && !channels.includes(labels[c]!)) continue;
        for (let n = 0; n < nSamples; n++)
          if (time[n]! >= onset && time[n]! < onset + duration)
            data[c * nSamples + n] = kind === "flat" ? 0 : device.railMicrovolts;
      }
    for (let at = 0; at < data.length; at++)
      data[at] = Math.max(-device.railMicrovolts, Math.min(device.railMicrovolts, data[at]!));
  }
}
