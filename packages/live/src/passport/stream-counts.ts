import type { ClockOffset, SampleChunk, Seconds, Stream, TextChunk } from "@attune/signal";

/** What entered of one stream since the session began. */
export interface StreamCount {
  readonly nSamples: number;
  readonly nLost: number;
  readonly nOffsets: number;
  /** On the session clock, over all spells between two restarts of its clock together; NaN until it can be known. */
  readonly measuredSamplingRate: number;
  /** How often its clock began anew. */
  readonly nRestarts: number;
}

/** A rate over less than this says little. */
const LEAST_SPELL_SECONDS = 5;
/** Offsets scatter by some 0.1 ms: over so long that is few ppm. */
const LEAST_DRIFT_SECONDS = 30;

/**
 * Counts what enters a session of each stream from its beginning on: what the recording holds. Each spell between two restarts of a
 * device's clock is judged by itself, because stamps before and after such a restart have nothing to do with each other.
 */
export class StreamCounts {
  readonly #streams = new Map<string, Count>();

  /** From here on it counts; spells go on. */
  begin(): void {
    for (const count of this.#streams.values()) count.begin();
  }

  take(stream: Stream, chunk: SampleChunk | TextChunk): void {
    this.#of(stream.id).take(stream.nominalSamplingRate, chunk);
  }

  offset(offset: ClockOffset): void {
    this.#of(offset.streamId).offset(offset);
  }

  /** The stream's clock began anew. */
  restarted(streamId: string): void {
    this.#of(streamId).restarted();
  }

  get(streamId: string): StreamCount | undefined {
    return this.#streams.get(streamId)?.value;
  }

  #of(streamId: string): Count {
    const count = this.#streams.get(streamId) ?? new Count();
    this.#streams.set(streamId, count);
    return count;
  }
}

class Count {
  #nSamples = 0;
  #nLost = 0;
  #nOffsets = 0;
  #nRestarts = 0;
  #next = Number.NaN;
  #spell = new Spell();
  #endedSamples = 0;
  #endedSeconds: Seconds = 0;

  begin(): void {
    this.#nSamples = 0;
    this.#nLost = 0;
    this.#nOffsets = 0;
    this.#nRestarts = 0;
    // What was lost before the first recorded sample is missing in nobody's data.
    this.#next = Number.NaN;
  }

  take(nominalSamplingRate: number, { firstSample, nSamples, deviceTime }: SampleChunk | TextChunk): void {
    if (firstSample > this.#next) this.#nLost += firstSample - this.#next;
    this.#next = firstSample + nSamples;
    this.#nSamples += nSamples;
    if (!(nominalSamplingRate > 0) || nSamples === 0) return;
    if (!this.#spell.goesOn(firstSample, deviceTime[0]!)) this.#endSpell();
    this.#spell.take(firstSample, deviceTime);
  }

  offset({ collectedAt, offset }: ClockOffset): void {
    this.#nOffsets++;
    this.#spell.offset(collectedAt, offset);
  }

  restarted(): void {
    this.#nRestarts++;
    this.#endSpell();
  }

  get value(): StreamCount {
    const nSamples = this.#endedSamples + this.#spell.samples;
    return {
      nSamples: this.#nSamples,
      nLost: this.#nLost,
      nOffsets: this.#nOffsets,
      measuredSamplingRate: nSamples > 0 ? nSamples / (this.#endedSeconds + this.#spell.seconds) : Number.NaN,
      nRestarts: this.#nRestarts,
    };
  }

  #endSpell(): void {
    this.#endedSamples += this.#spell.samples;
    this.#endedSeconds += this.#spell.seconds;
    this.#spell = new Spell();
  }
}

/** From one restart of a clock to the next: samples by the device's count, seconds on the session clock. */
class Spell {
  #firstIndex = 0;
  #lastIndex = 0;
  #firstTime = Number.NaN;
  #lastTime = Number.NaN;
  #first: { readonly at: Seconds; readonly offset: Seconds } | undefined;
  /** Sums of the least squares line of offsets on the device's clock. */
  #n = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #xy = 0;
  #lastOffsetAt = Number.NaN;

  /** False where the counter or the clock went back. */
  goesOn(firstSample: number, at: Seconds): boolean {
    return Number.isNaN(this.#lastTime) || (firstSample > this.#lastIndex && at > this.#lastTime);
  }

  take(firstSample: number, deviceTime: Float64Array): void {
    if (Number.isNaN(this.#firstTime)) {
      this.#firstIndex = firstSample;
      this.#firstTime = deviceTime[0]!;
    }
    this.#lastIndex = firstSample + deviceTime.length - 1;
    this.#lastTime = deviceTime[deviceTime.length - 1]!;
  }

  offset(at: Seconds, offset: Seconds): void {
    this.#first ??= { at, offset };
    const x = at - this.#first.at;
    const y = offset - this.#first.offset;
    this.#n++;
    this.#x += x;
    this.#y += y;
    this.#xx += x * x;
    this.#xy += x * y;
    this.#lastOffsetAt = at;
  }

  get samples(): number {
    return this.#isLongEnough ? this.#lastIndex - this.#firstIndex : 0;
  }

  get seconds(): Seconds {
    return this.#isLongEnough ? (this.#lastTime - this.#firstTime) * (1 + this.#slope) : 0;
  }

  get #isLongEnough(): boolean {
    return this.#lastTime - this.#firstTime >= LEAST_SPELL_SECONDS;
  }

  /** Seconds by which the offset grows a second; 0 while it cannot be told from scatter. */
  get #slope(): number {
    const span = this.#first === undefined ? 0 : this.#lastOffsetAt - this.#first.at;
    const spread = this.#n * this.#xx - this.#x * this.#x;
    if (!(span >= LEAST_DRIFT_SECONDS) || !(spread > 0)) return 0;
    return (this.#n * this.#xy - this.#x * this.#y) / spread;
  }
}
