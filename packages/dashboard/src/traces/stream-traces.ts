import type { PageStream, Traces } from "@attune/wire/page";
import { Columns } from "./columns.ts";
import { DisplayFilter, designDisplayFilter, type FilterChoice } from "./display-filter.ts";
import { type ReferenceGroup, subtractMean } from "./reference.ts";
import { type Appended, SampleRing } from "./sample-ring.ts";

/** How long samples are kept at full rate on the page; what lies further back is asked for. */
export const KEPT_SECONDS = 300;
/** The filters run this long before what is shown, so that a view of the past looks as it did when it was live. */
const WARM_UP_SECONDS = 3;
const PIECE_SAMPLES = 1024;

/** How samples become columns. */
export interface Appearance {
  readonly filter: FilterChoice;
  readonly isReferenced: boolean;
  /** Channels whose light is poor: not part of the reference. */
  readonly poor: ReadonlySet<string>;
}

/** One stream on the screen: its newest samples as they came, and the columns that are shown, which follow new samples or stand in the past. */
export class StreamTraces {
  readonly stream: PageStream;
  readonly ring: SampleRing;
  readonly columns: Columns;
  readonly #scratch: Float64Array;
  #filter: DisplayFilter;
  #groups: ReferenceGroup[] = [];
  #secondsPerColumn = 1;
  #isFollowing = true;

  /** @param ring what is known already, when only the screen has changed */
  constructor(stream: PageStream, nColumns: number, ring?: SampleRing) {
    this.stream = stream;
    const nChannels = stream.channels.length;
    this.ring =
      ring ?? new SampleRing(nChannels, Math.max(16, Math.ceil(KEPT_SECONDS * stream.samplingRate)));
    this.columns = new Columns(nChannels, nColumns);
    this.#scratch = new Float64Array(nChannels * PIECE_SAMPLES);
    this.#filter = new DisplayFilter(new Float64Array(0), nChannels);
  }

  /** Takes new samples; see `SampleRing.append`. @returns what they were to those before */
  append(frame: Traces, mayRewind: boolean): Appended {
    if (frame.nChannels !== this.ring.nChannels) return "continued";
    const end = this.ring.end;
    const nBefore = this.ring.nWritten;
    const appended = this.ring.append(frame, mayRewind);
    if (!this.#isFollowing) return appended;
    if (appended === "rewound") {
      this.columns.reset(this.#secondsPerColumn);
      this.#filter.reset();
    } else if (appended === "gap") this.#lose(end, frame.start);
    this.ring.visitFrom(appended === "rewound" ? 0 : nBefore, PIECE_SAMPLES, (offset, n, start, step) =>
      this.#show(this.ring.data, this.ring.capacity, offset, n, start, step),
    );
    return appended;
  }

  /** Forgets all samples and columns. */
  clear(): void {
    this.ring.clear();
    this.columns.reset(this.#secondsPerColumn);
    this.#filter.reset();
  }

  /**
   * Makes the columns anew for the time from `from` on: up to the newest sample and onwards (`to` is null), or up to `to` and no
   * further. `past` are frames from before what is kept or from a hole in it, oldest first.
   */
  refill(
    from: number,
    to: number | null,
    secondsPerColumn: number,
    appearance: Appearance,
    past: readonly Traces[],
  ): void {
    this.#isFollowing = to === null;
    this.#secondsPerColumn = secondsPerColumn;
    this.columns.reset(secondsPerColumn);
    this.#filter = new DisplayFilter(
      designDisplayFilter(appearance.filter, this.stream.samplingRate),
      this.ring.nChannels,
    );
    this.#groups = appearance.isReferenced ? referenceGroups(this.stream, appearance.poor) : [];

    const begin = from - WARM_UP_SECONDS;
    const until = to ?? Number.POSITIVE_INFINITY;
    let shownTo = Number.NEGATIVE_INFINITY;
    let next = 0;
    const showPastBefore = (time: number): void => {
      for (; next < past.length && past[next]!.start < time; next++) {
        const frame = past[next]!;
        if (frame.nChannels !== this.ring.nChannels) continue;
        if (frame.isEnvelope) this.#showEnvelope(frame, time);
        else this.#showFrame(frame, Math.max(begin, shownTo), Math.min(until, time), shownTo);
        shownTo = Math.max(shownTo, Math.min(time, frame.start + frame.nSamples * frame.step));
      }
    };
    this.ring.visitFrom(this.ring.numberAt(begin), PIECE_SAMPLES, (offset, n, start, step) => {
      const first = start < shownTo - 0.5 * step ? Math.ceil((shownTo - start) / step - 0.5) : 0;
      // One more, for the line that leaves on the right.
      const last = Math.min(n, Math.ceil((until - start) / step) + 1);
      if (first >= last) return;
      const at = start + first * step;
      showPastBefore(at - 0.5 * step);
      if (at - shownTo > 0.75 * step) this.#lose(shownTo, at);
      this.#show(this.ring.data, this.ring.capacity, offset + first, last - first, at, step);
      shownTo = at + (last - first) * step;
    });
    showPastBefore(until);
  }

  #showFrame(frame: Traces, from: number, to: number, shownTo: number): void {
    const { start, step, nSamples } = frame;
    const first = Math.max(0, Math.ceil((from - start) / step - 0.5));
    const end = Math.min(nSamples, Math.ceil((to - start) / step));
    if (first < end && start + first * step - shownTo > 0.75 * step)
      this.#lose(shownTo, start + first * step);
    for (let n = first; n < end; n += PIECE_SAMPLES)
      this.#show(frame.data, nSamples, n, Math.min(PIECE_SAMPLES, end - n), start + n * step, step);
  }

  /** Envelopes are shown as they are, less the middle of what they show: filters and references need samples. */
  #showEnvelope(frame: Traces, to: number): void {
    const { start, step, nSamples, nChannels, data } = frame;
    this.#filter.reset();
    for (let c = 0; c < nChannels; c++) {
      const row = c * 2 * nSamples;
      let sum = 0;
      let n = 0;
      for (let i = 0; i < 2 * nSamples; i++) {
        const value = data[row + i]!;
        if (Number.isNaN(value)) continue;
        sum += value;
        n++;
      }
      const middle = n === 0 ? 0 : sum / n;
      for (let i = 0; i < nSamples && start + i * step < to; i++)
        this.columns.addRange(
          c,
          start + i * step,
          start + (i + 1) * step,
          data[row + i]! - middle,
          data[row + nSamples + i]! - middle,
        );
    }
  }

  #lose(from: number, to: number): void {
    this.#filter.reset();
    if (Number.isFinite(from)) this.columns.gap(from, to);
    else this.columns.break();
  }

  #show(
    data: Float32Array,
    stride: number,
    offset: number,
    nSamples: number,
    start: number,
    step: number,
  ): void {
    const { nChannels } = this.ring;
    for (let c = 0; c < nChannels; c++) {
      const row = c * stride + offset;
      const out = c * PIECE_SAMPLES;
      for (let i = 0; i < nSamples; i++) this.#scratch[out + i] = data[row + i]!;
    }
    for (const group of this.#groups) subtractMean(this.#scratch, PIECE_SAMPLES, nSamples, group);
    for (let c = 0; c < nChannels; c++) this.#filter.apply(c, this.#scratch, c * PIECE_SAMPLES, nSamples);
    this.columns.add(this.#scratch, PIECE_SAMPLES, nSamples, start, step);
  }
}

/** EEG channels by person, each person against the mean of the own electrodes. */
export function referenceGroups(stream: PageStream, poor: ReadonlySet<string>): ReferenceGroup[] {
  const people = new Set(stream.channels.map(({ person }) => person));
  return [...people].map((person) => {
    const channels = stream.channels.flatMap((channel, index) =>
      channel.person === person && channel.signal === "eeg" ? [index] : [],
    );
    return { channels, members: channels.filter((index) => !poor.has(stream.channels[index]!.label)) };
  });
}
