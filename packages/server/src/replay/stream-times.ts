import type { RecordedStream } from "@attune/recording";
import type { Seconds } from "@attune/signal";

/** Samples of one stream that follow each other evenly on the session clock. */
export interface EvenSpan {
  readonly firstSample: number;
  readonly nSamples: number;
  /** Session time of its first sample. */
  readonly start: Seconds;
  /** Seconds between two samples. */
  readonly step: Seconds;
}

/** Where the samples of a regular stream lie on the session clock by the whole-file fit: even spans with gaps between them. */
export class StreamTimes {
  readonly stream: RecordedStream;
  readonly spans: readonly EvenSpan[];

  constructor(stream: RecordedStream) {
    this.stream = stream;
    this.spans = spansOf(stream);
  }

  /** Session time of a sample; NaN for a stream without samples. */
  timeOf(sample: number): Seconds {
    const span = this.#spanBy(({ firstSample }) => firstSample <= sample);
    return span === undefined ? Number.NaN : span.start + (sample - span.firstSample) * span.step;
  }

  /** The first sample at or after a time; the count of samples behind the last. */
  sampleAt(time: Seconds): number {
    const span = this.#spanBy(({ start }) => start <= time);
    if (span === undefined) return 0;
    const into = Math.ceil((time - span.start) / span.step - 1e-6);
    return span.firstSample + Math.min(span.nSamples, Math.max(0, into));
  }

  /** Time of the newest sample up to a time; NaN before the first. */
  lastBefore(time: Seconds): Seconds {
    const next = this.sampleAt(time);
    return next === 0 ? Number.NaN : this.timeOf(next - 1);
  }

  /** The last span that satisfies what all before it do. */
  #spanBy(satisfies: (span: EvenSpan) => boolean): EvenSpan | undefined {
    let low = 0;
    let high = this.spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (satisfies(this.spans[middle]!)) low = middle + 1;
      else high = middle;
    }
    return this.spans[Math.max(0, low - 1)];
  }
}

function spansOf(stream: RecordedStream): EvenSpan[] {
  const { nSamples, firstTime, lastTime, nominalSamplingRate, effectiveSamplingRate } = stream;
  if (nSamples === 0) return [];
  const usual = 1 / (effectiveSamplingRate > 0 ? effectiveSamplingRate : nominalSamplingRate);
  const cuts = stream.gaps.filter(({ sample }) => sample > 0 && sample < nSamples);
  return [undefined, ...cuts].map((cut, k): EvenSpan => {
    const firstSample = cut?.sample ?? 0;
    const start = cut === undefined ? firstTime : cut.start + cut.duration;
    const next = cuts[k];
    const count = (next?.sample ?? nSamples) - firstSample;
    // A gap begins where the sample after the last one would lie.
    const step = next === undefined ? (lastTime - start) / (count - 1) : (next.start - start) / count;
    return {
      firstSample,
      nSamples: count,
      start,
      step: step > usual / 2 && step < 2 * usual ? step : usual,
    };
  });
}
