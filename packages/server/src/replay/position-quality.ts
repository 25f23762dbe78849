import type { Seconds } from "@attune/signal";
import type { ChannelQuality, PageStream } from "@attune/wire/page";
import { QualityLights } from "../live/quality.ts";
import type { SampleBlocks } from "./sample-blocks.ts";
import type { StreamTimes } from "./stream-times.ts";

/** What the lights look back over. */
const OVER_SECONDS = 4;
/** More than any stretch: what was there before is forgotten. */
const JUMP_SAMPLES = 1e7;

/** Lights beside channels at whole seconds of a recording, from the samples before: the same however one came there. */
export class PositionQuality {
  readonly #blocks: SampleBlocks;
  readonly #lights: QualityLights;
  readonly #streams: readonly PageStream[];
  #nextSample = 0;
  #at: Seconds | undefined;
  #quality: readonly ChannelQuality[] = [];

  constructor(blocks: SampleBlocks, streams: readonly PageStream[], mainsHz: number) {
    this.#blocks = blocks;
    this.#streams = streams;
    this.#lights = new QualityLights(mainsHz);
    for (const { stream } of blocks.times) this.#lights.addStream(stream);
  }

  /** Every stream with lights at the last whole second; what was known last where its samples are not read yet. */
  read(position: Seconds): readonly ChannelQuality[] {
    const at = Math.floor(position);
    if (at === this.#at || !this.#blocks.isLoaded(at - OVER_SECONDS, at)) return this.#quality;
    this.#at = at;
    this.#quality = this.#blocks.times.flatMap((times) => this.#readStream(times, at) ?? []);
    return this.#quality;
  }

  #readStream(times: StreamTimes, at: Seconds): ChannelQuality | undefined {
    const { id, channels, nominalSamplingRate } = times.stream;
    const stream = this.#streams.find((each) => each.id === id);
    if (stream === undefined) return undefined;
    const nSamples = Math.round(OVER_SECONDS * nominalSamplingRate);
    const data = new Float64Array(channels.length * nSamples).fill(Number.NaN);
    let last = Number.NaN;
    for (const run of this.#blocks.between(times, at - OVER_SECONDS, at)) {
      const first = Math.round((run.start - at + OVER_SECONDS) * nominalSamplingRate);
      const count = Math.min(run.nSamples, nSamples - first);
      for (let c = 0; c < channels.length; c++)
        data.set(run.data.subarray(c * run.nSamples, c * run.nSamples + count), c * nSamples + first);
      last = run.start + (run.nSamples - 1) * run.step;
    }
    this.#nextSample += JUMP_SAMPLES;
    const deviceTime = new Float64Array(0);
    this.#lights.take({
      kind: "samples",
      streamId: id,
      firstSample: this.#nextSample,
      nSamples,
      data,
      deviceTime,
    });
    const pulse = {
      streamId: id,
      nSamples,
      nLost: 0,
      measuredSamplingRate: Number.NaN,
      silentSeconds: Number.isNaN(last) ? Number.POSITIVE_INFINITY : at - last,
      lostPercent: 0,
      recentLostPercent: Number.NaN,
      halfSamplingRates: [Number.NaN, Number.NaN] as const,
    };
    return this.#lights.read({ pulse: () => pulse, lastImpedance: () => undefined }, stream, at);
  }
}
