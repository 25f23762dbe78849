import type { Hello, Timeline, Traces } from "@attune/wire/page";
import type { FilterChoice } from "./display-filter.ts";
import { layOutTraces, type TraceGroup } from "./layout.ts";
import { type Gains, type Picture, paintColumns } from "./paint.ts";
import { PastFrames } from "./past-frames.ts";
import { Raster } from "./raster.ts";
import { scaleRows } from "./scales.ts";
import { type Appearance, StreamTraces } from "./stream-traces.ts";
import { readThemeColours, tracePalette } from "./theme-colours.ts";

/** The newest edge stands this far behind the session, so that data which are on their way are drawn once. */
const BEHIND_SECONDS = 0.15;
/** Without a high-pass, and where a unit has no gain, rows are centred anew this often. */
const CENTRE_EVERY_SECONDS = 2;
/** A gap that is longer is asked for. */
const ASKED_GAP_SECONDS = 1;
/** A step back in time that is no jitter. */
const REWIND_SECONDS = 0.5;

export interface ScreenSettings {
  readonly windowSeconds: number;
  readonly gains: Gains;
  readonly filter: FilterChoice;
  readonly isReferenced: boolean;
  /** Channels that are neither EEG nor ECG, too. */
  readonly isEverything: boolean;
}

/** What a screen asks of the page around it. */
export interface ScreenHost {
  now(): number;
  timeline(): Timeline;
  zero(): number;
  /** Labels of one stream that should not be part of the reference. */
  poor(streamId: string): ReadonlySet<string>;
  requestPast(from: number, to: number): void;
  /** The time shown has changed. */
  onMove(from: number, to: number, secondsPerPixel: number): void;
  onLayout(groups: readonly TraceGroup[], pixelsPerCssPixel: number): void;
}

/**
 * The traces of all streams on one canvas. Following the session, a frame moves what is drawn to the left and paints only the columns
 * that are new or have changed; everything is painted again only when the view changes.
 */
export class TraceScreen {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #host: ScreenHost;
  readonly #streams = new Map<string, StreamTraces>();
  readonly #past = new PastFrames();
  #hello: Hello | undefined;
  #settings: ScreenSettings;
  #raster: Raster | undefined;
  #picture: Picture | undefined;
  #groups: TraceGroup[] = [];
  #pixelRatio = 1;
  #position: number | null = null;
  #right = Number.NEGATIVE_INFINITY;
  #centredAt = 0;
  #showsEnvelope = false;
  #mustRefill = true;
  #mustPaint = true;
  #shownTimeline: Timeline | undefined;
  #marks = "";

  constructor(canvas: HTMLCanvasElement, host: ScreenHost, settings: ScreenSettings) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false })!;
    this.#host = host;
    this.#settings = settings;
  }

  get secondsPerColumn(): number {
    return this.#settings.windowSeconds / Math.max(1, this.#canvas.width);
  }

  /** True where a part of the view is known by its least and greatest values only: neither filters nor a reference apply to it. */
  get showsEnvelope(): boolean {
    return this.#showsEnvelope;
  }

  /** Time of the oldest sample that the page keeps; NaN before the first. */
  get oldest(): number {
    let oldest = Number.NaN;
    for (const { ring } of this.#streams.values())
      if (!ring.isEmpty && !(oldest <= ring.start)) oldest = ring.start;
    return oldest;
  }

  resize(width: number, height: number, pixelRatio: number): void {
    if (width < 2 || height < 2) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#pixelRatio = pixelRatio;
    this.#raster = new Raster(width, height);
    this.#makeStreams();
    this.#layOut();
  }

  show(hello: Hello): void {
    this.#hello = hello;
    this.#makeStreams();
    this.#layOut();
  }

  configure(settings: ScreenSettings): void {
    const { windowSeconds, filter, isReferenced, isEverything } = this.#settings;
    const needsSamples =
      settings.windowSeconds !== windowSeconds ||
      settings.filter !== filter ||
      settings.isReferenced !== isReferenced;
    this.#settings = settings;
    if (settings.isEverything !== isEverything) this.#layOut();
    if (needsSamples) this.#mustRefill = true;
    this.#mustPaint = true;
  }

  /** Colours or electrodes that count for the reference have changed. */
  invalidate(): void {
    this.#picture = undefined;
    this.#mustPaint = true;
  }

  /** @param position session time of the right edge, null to follow the session */
  moveTo(position: number | null): void {
    if (position === this.#position) return;
    this.#position = position;
    this.#mustRefill = true;
  }

  take(traces: Traces): void {
    if (traces.isPast) {
      if (this.#past.add(traces)) this.#mustRefill = true;
      return;
    }
    if (traces.isEnvelope) return;
    const stream = this.#streams.get(traces.streamId);
    if (stream === undefined) return;
    const end = stream.ring.end;
    const appended = stream.append(traces, this.#hello?.mode === "replay");
    if (appended === "rewound" && this.#position === null) this.#mustRefill = true;
    // It may be that only this page has missed it, while its connection was lost.
    if (appended === "gap" && traces.start - end > ASKED_GAP_SECONDS) this.recall(end, traces.start);
  }

  /** The stretch shown is asked for where it is not known. */
  recall(from: number, to: number): void {
    if (this.#past.want(from, to)) this.#host.requestPast(from, to);
  }

  frame(): void {
    const raster = this.#raster;
    if (raster === undefined || this.#hello === undefined || this.#groups.length === 0) return;
    const { width } = raster.image;
    const seconds = this.secondsPerColumn;
    let right = Math.floor((this.#position ?? this.#host.now() - this.#behind()) / seconds);
    if (!Number.isFinite(right)) return;
    if (this.#position === null && right < this.#right) {
      // The clock of the session was estimated anew, or somebody has wound back.
      if (this.#right - right < REWIND_SECONDS / seconds) right = this.#right;
      else this.#mustRefill = true;
    }
    const jumped = this.#position === null && right - this.#right > width && Number.isFinite(this.#right);
    if (jumped && this.#hello.mode === "replay") this.#mustRefill = true;
    const left = right - width + 1;
    if (this.#mustRefill) this.#refill(left, right);
    let first = this.#takeDirty();
    this.#checkMarks(left * seconds, (right + 1) * seconds);
    const followsMeans =
      !this.#settings.filter.highPass ||
      this.#groups.some(({ rows }) => rows.some(({ microvolts }) => microvolts === undefined));
    if (followsMeans && Math.abs(this.#host.now() - this.#centredAt) > CENTRE_EVERY_SECONDS)
      this.#mustPaint = true;

    const shift = right - this.#right;
    if (this.#mustPaint || this.#picture === undefined || shift < 0 || shift > width / 2) {
      this.#picture = this.#compose(left, right);
      first = left;
    } else {
      if (shift > 0)
        this.#context.drawImage(
          this.#canvas,
          shift,
          0,
          width - shift,
          raster.image.height,
          0,
          0,
          width - shift,
          raster.image.height,
        );
      first = Math.max(left, Math.min(first, this.#right + 1));
    }
    const moved = shift !== 0 || this.#mustPaint;
    this.#right = right;
    this.#mustPaint = false;
    if (first <= right) {
      paintColumns(raster, this.#picture, left, first, right);
      this.#context.putImageData(raster.image, 0, 0, first - left, 0, right - first + 1, raster.image.height);
    }
    if (moved) this.#host.onMove(left * seconds, (right + 1) * seconds, seconds);
  }

  /** Samples that are shown now; for those who cannot see the picture and for tests. */
  columnsOf(streamId: string): StreamTraces | undefined {
    return this.#streams.get(streamId);
  }

  #behind(): number {
    return this.#hello?.mode === "replay" ? 0 : BEHIND_SECONDS;
  }

  #makeStreams(): void {
    if (this.#hello === undefined || this.#raster === undefined) return;
    const nColumns = 2 * this.#raster.image.width;
    const wanted = this.#hello.streams.filter(({ samplingRate }) => samplingRate > 0);
    for (const id of this.#streams.keys())
      if (!wanted.some((stream) => stream.id === id)) this.#streams.delete(id);
    for (const stream of wanted) {
      const known = this.#streams.get(stream.id);
      const isSame =
        known !== undefined &&
        known.stream.samplingRate === stream.samplingRate &&
        known.stream.channels.length === stream.channels.length;
      if (isSame && known.columns.capacity === nColumns) continue;
      this.#streams.set(stream.id, new StreamTraces(stream, nColumns, isSame ? known.ring : undefined));
    }
    this.#mustRefill = true;
  }

  #layOut(): void {
    if (this.#hello === undefined || this.#raster === undefined) return;
    this.#groups = layOutTraces(this.#hello, this.#raster.image.height, this.#settings.isEverything);
    this.#picture = undefined;
    this.#host.onLayout(this.#groups, this.#pixelRatio);
  }

  #refill(left: number, right: number): void {
    const seconds = this.secondsPerColumn;
    const from = left * seconds;
    const to = this.#position === null ? null : (right + 1) * seconds;
    const until = (right + 1) * seconds;
    const isShort = [...this.#streams.values()].some(
      ({ ring }) => ring.isEmpty || ring.start > from || ring.longestGap(from, until) > ASKED_GAP_SECONDS,
    );
    if (isShort && (this.#position !== null || this.#hello?.mode === "replay")) this.recall(from, until);
    this.#showsEnvelope = false;
    for (const [id, stream] of this.#streams) {
      const appearance: Appearance = { ...this.#settings, poor: this.#host.poor(id) };
      const past = this.#past.of(id);
      this.#showsEnvelope ||= past.some(
        (frame) =>
          frame.isEnvelope && frame.start < until && frame.start + frame.nSamples * frame.step > from,
      );
      stream.refill(from, to, seconds, appearance, past);
    }
    this.#mustRefill = false;
    this.#mustPaint = true;
  }

  #compose(left: number, right: number): Picture {
    const colours = readThemeColours();
    const isCentred = this.#settings.filter.highPass;
    this.#centredAt = this.#host.now();
    const analysis = this.#hello?.analysis;
    return {
      groups: this.#groups,
      streams: this.#streams,
      scales: scaleRows(
        this.#groups,
        this.#streams,
        this.#settings.gains,
        this.#pixelRatio,
        isCentred,
        left,
        right,
      ),
      palette: tracePalette(colours),
      colours,
      secondsPerColumn: this.secondsPerColumn,
      secondsPerGridLine: 1,
      zero: this.#host.zero(),
      lineWidth: 1.2 * this.#pixelRatio,
      pixelsPerCssPixel: this.#pixelRatio,
      timeline: this.#host.timeline(),
      layer:
        analysis === null || analysis === undefined
          ? undefined
          : { person: analysis.person, layer: analysis.layer },
    };
  }

  #takeDirty(): number {
    let from = Number.POSITIVE_INFINITY;
    for (const { columns } of this.#streams.values()) from = Math.min(from, columns.takeDirty());
    return from;
  }

  /** States and events become known late and are corrected: what is in view is compared, and painted again when it differs. */
  #checkMarks(from: number, to: number): void {
    const timeline = this.#host.timeline();
    if (timeline === this.#shownTimeline && !this.#mustPaint) return;
    this.#shownTimeline = timeline;
    let marks = `${this.#host.zero()}`;
    for (const { person, layer, state, onset, offset } of timeline.intervals)
      if (onset < to && (offset ?? to) > from)
        marks += `;${person}.${layer}=${state}@${onset}-${offset ?? ""}`;
    for (const { at } of timeline.events) if (at >= from && at < to) marks += `;${at}`;
    if (marks !== this.#marks) this.#mustPaint = true;
    this.#marks = marks;
  }
}
