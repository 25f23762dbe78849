import type { Seconds, StateChange } from "@attune/signal";
import { CoderError } from "../errors.ts";
import { type Box, type GazeArea, inBox, inPolygon } from "./areas.ts";
import type { GazeChannels } from "./choose-channels.ts";
import { GazeHysteresis, INVALID } from "./hysteresis.ts";
import { LatestValue } from "./latest-value.ts";

export interface GazeTrackerOptions {
  /** Whose eyes they are. */
  readonly person: string;
  readonly channels: GazeChannels;
  /** In the tracker's coordinates; the first that holds the point of gaze counts. */
  readonly areas: readonly GazeArea[];
  /** Coordinates of the areas; must be those of the channels, where they say. */
  readonly coordinates: "normalised" | "pixels";
  /** State while the eyes are valid and in no area: `away` for an infant, `averted` for an adult. */
  readonly outside: string;
  readonly layer?: string;
  /** Default 0.1 (ours). */
  readonly enterSeconds?: Seconds;
  /** Default 0.2 (ours). */
  readonly leaveSeconds?: Seconds;
  /** Default 0.075 (ours; the usual limit for filling gaps of a tracker). */
  readonly invalidSeconds?: Seconds;
  /** Points with less are invalid, where the stream has confidence. Default 0.6, as Pupil Labs advise for Pupil Core. */
  readonly minimumConfidence?: number;
  /** A box or a yaw older than this says nothing any more. Default 0.25 (ours). */
  readonly maxAgeSeconds?: Seconds;
  /** How long a sample waits for the box or yaw of its moment. Default 0.1 (ours). */
  readonly waitSeconds?: Seconds;
  /**
   * Divide a state by the turn of the head: up to `directDegrees` to either side it stays `direct`, beyond it is
   * `direct-oblique` (head averted, eyes to the partner; Leong et al. 2017). The limit of 10 degrees is ours.
   */
  readonly headYaw?: {
    readonly directDegrees?: number;
    readonly state?: string;
    readonly obliqueState?: string;
    /** Yaw is told by `pushYaw` instead of a channel of the stream. */
    readonly external?: boolean;
  };
}

/**
 * A person's gaze as a state, from a stream of points of gaze and areas of interest. Causal: a state is announced when it is
 * certain, and `at` is that moment (the eyes had been there for `enterSeconds`, or gone for `leaveSeconds`). Any way of
 * cutting the stream into chunks gives the same changes.
 *
 * With moving areas or an external yaw a sample waits until these are known for its moment, `waitSeconds` at most; within that
 * time the order in which the streams arrive does not matter. Where a box or yaw is too old the sample is invalid:
 * unknown is not away. A box that is `undefined` says that the detector saw no face: then the eyes are not on it.
 */
export class GazeTracker {
  /** Which channels are read, for people. */
  readonly chosen: string;
  readonly #person: string;
  readonly #layer: string;
  readonly #channels: GazeChannels;
  readonly #areas: readonly GazeArea[];
  /** Per place: 0 is outside, then each area, then the oblique variant of each area. */
  readonly #states: readonly string[];
  readonly #minimumConfidence: number;
  readonly #waitSeconds: Seconds;
  readonly #hysteresis: GazeHysteresis;
  readonly #boxes = new Map<string, LatestValue<Box | undefined>>();
  readonly #yaw: LatestValue<number> | undefined;
  readonly #yawState: string;
  readonly #directDegrees: number;
  readonly #hasYaw: boolean;
  /** Samples that wait: time, x, y, yaw of each. */
  #waiting: number[] = [];
  #announced = false;

  /** @throws CoderError when areas and channels do not fit together or a duration is negative */
  constructor(options: GazeTrackerOptions) {
    const { person, channels, areas, coordinates, outside, headYaw, maxAgeSeconds = 0.25 } = options;
    const { enterSeconds = 0.1, leaveSeconds = 0.2, invalidSeconds = 0.075, waitSeconds = 0.1 } = options;
    check(options, [enterSeconds, leaveSeconds, invalidSeconds, waitSeconds, maxAgeSeconds]);
    if (channels.coordinates !== "unknown" && channels.coordinates !== coordinates)
      throw new CoderError(
        `The areas of ${person} are in ${coordinates} coordinates, the tracker's in ${channels.coordinates} (${channels.chosen}); give the areas in the tracker's.`,
      );
    this.chosen = channels.chosen;
    this.#person = person;
    this.#layer = options.layer ?? "gaze";
    this.#channels = channels;
    this.#areas = areas;
    this.#minimumConfidence = options.minimumConfidence ?? 0.6;
    this.#waitSeconds = waitSeconds;
    this.#hysteresis = new GazeHysteresis({ enterSeconds, leaveSeconds, invalidSeconds });
    for (const { name, shape } of areas)
      if (shape.kind === "moving") this.#boxes.set(name, new LatestValue(maxAgeSeconds));
    this.#hasYaw = headYaw !== undefined;
    this.#yaw = headYaw?.external ? new LatestValue<number>(maxAgeSeconds) : undefined;
    this.#yawState = headYaw?.state ?? "direct";
    this.#directDegrees = headYaw?.directDegrees ?? 10;
    const oblique = headYaw?.obliqueState ?? "direct-oblique";
    this.#states = [outside, ...areas.map(({ state }) => state), ...areas.map(() => oblique)];
  }

  /**
   * @param data     `[nChannels, nSamples]`, channel-major, the whole stream
   * @param nSamples samples in it
   * @param times    `[nSamples]`, session clock, growing over all calls
   */
  push(data: Float64Array, nSamples: number, times: Float64Array): StateChange[] {
    const changes: StateChange[] = [];
    for (let n = 0; n < nSamples; n++) {
      const { x, y } = this.#point(data, nSamples, n);
      const yaw = this.#channels.yaw === undefined ? Number.NaN : data[this.#channels.yaw * nSamples + n]!;
      const at = times[n]!;
      this.#announce(at, changes);
      this.#waiting.push(at, x, y, yaw);
      this.#release(at - this.#waitSeconds, changes);
    }
    return changes;
  }

  /** Where a moving area is from `at` on; `undefined`: the detector sees it nowhere. */
  pushBox(area: string, box: Box | undefined, at: Seconds): StateChange[] {
    const boxes = this.#boxes.get(area);
    if (!boxes) throw new CoderError(`"${area}" is not a moving area of ${this.#person}; it has no box.`);
    boxes.push(box, at);
    const changes: StateChange[] = [];
    this.#release(Number.NEGATIVE_INFINITY, changes);
    return changes;
  }

  /** Turn of the head from `at` on, degrees, 0 towards the partner. */
  pushYaw(degrees: number, at: Seconds): StateChange[] {
    if (!this.#yaw)
      throw new CoderError(`The head yaw of ${this.#person} is not told from outside; set headYaw.external.`);
    this.#yaw.push(degrees, at);
    const changes: StateChange[] = [];
    this.#release(Number.NEGATIVE_INFINITY, changes);
    return changes;
  }

  /** No sample before `at` is still to come: a tracker that fell silent becomes unknown. */
  advance(at: Seconds): StateChange[] {
    const changes: StateChange[] = [];
    this.#release(at - this.#waitSeconds, changes);
    if (this.#waiting.length === 0 && this.#announced) this.#hysteresis.silence(at, this.#decided(changes));
    return changes;
  }

  /** Before the first decision nothing is known, and that is said. */
  #announce(at: Seconds, changes: StateChange[]): void {
    if (this.#announced) return;
    this.#announced = true;
    this.#decided(changes)(INVALID, at);
  }

  /** Judge the samples whose surroundings are known, and those before `regardless`. */
  #release(regardless: Seconds, changes: StateChange[]): void {
    let known = this.#yaw?.knownUntil ?? Number.POSITIVE_INFINITY;
    for (const boxes of this.#boxes.values()) known = Math.min(known, boxes.knownUntil);
    const until = Math.max(known, regardless);
    const waiting = this.#waiting;
    const decided = this.#decided(changes);
    let done = 0;
    while (done < waiting.length && waiting[done]! <= until) {
      const [at, x, y, yaw] = [waiting[done]!, waiting[done + 1]!, waiting[done + 2]!, waiting[done + 3]!];
      this.#hysteresis.sample(this.#placeOf(x, y, yaw, at), at, decided);
      done += 4;
    }
    if (done > 0) waiting.splice(0, done);
  }

  #decided(changes: StateChange[]): (place: number, at: Seconds) => void {
    return (place, at) =>
      changes.push({
        kind: "state",
        person: this.#person,
        layer: this.#layer,
        state: place === INVALID ? "unknown" : this.#states[place]!,
        at,
      });
  }

  /** The mean of the valid eyes, NaN where there is none. */
  #point(data: Float64Array, nSamples: number, n: number): { x: number; y: number } {
    let x = 0;
    let y = 0;
    let nEyes = 0;
    for (const eye of this.#channels.eyes) {
      const px = data[eye.x * nSamples + n]!;
      const py = data[eye.y * nSamples + n]!;
      if (!(Number.isFinite(px) && Number.isFinite(py))) continue;
      if (eye.valid !== undefined && !(data[eye.valid * nSamples + n]! > 0.5)) continue;
      if (eye.confidence !== undefined && !(data[eye.confidence * nSamples + n]! >= this.#minimumConfidence))
        continue;
      x += px;
      y += py;
      nEyes++;
    }
    return nEyes === 0 ? { x: Number.NaN, y: Number.NaN } : { x: x / nEyes, y: y / nEyes };
  }

  #placeOf(x: number, y: number, channelYaw: number, at: Seconds): number {
    if (Number.isNaN(x)) return INVALID;
    let doubtful = false;
    for (let i = 0; i < this.#areas.length; i++) {
      const inside = this.#contains(this.#areas[i]!, x, y, at);
      if (inside === "stale") doubtful = true;
      else if (inside) return doubtful ? INVALID : this.#turned(i, channelYaw, at);
    }
    return doubtful ? INVALID : 0;
  }

  #contains({ name, shape }: GazeArea, x: number, y: number, at: Seconds): boolean | "stale" {
    if (shape.kind === "rectangle") return inBox(shape, x, y);
    if (shape.kind === "polygon") return inPolygon(shape.points, x, y);
    const box = this.#boxes.get(name)!.at(at);
    if (box === "stale") return "stale";
    return box.value !== undefined && inBox(box.value, x, y);
  }

  #turned(area: number, channelYaw: number, at: Seconds): number {
    const place = 1 + area;
    if (!this.#hasYaw || this.#areas[area]!.state !== this.#yawState) return place;
    const told = this.#yaw?.at(at) ?? { value: channelYaw };
    if (told === "stale" || !Number.isFinite(told.value)) return INVALID;
    return Math.abs(told.value) <= this.#directDegrees ? place : place + this.#areas.length;
  }
}

function check(
  { person, areas, headYaw, channels }: GazeTrackerOptions,
  durations: readonly Seconds[],
): void {
  if (durations.some((seconds) => !(seconds >= 0)))
    throw new CoderError(
      `Durations of the gaze of ${person} must be at least 0 s, got ${durations.join(", ")}.`,
    );
  if (areas.length === 0)
    throw new CoderError(
      `The gaze of ${person} needs at least one area of interest, such as the partner's face.`,
    );
  if (new Set(areas.map(({ name }) => name)).size < areas.length)
    throw new CoderError(`Two areas of ${person} have the same name; name them differently.`);
  const thin = areas.find(({ shape }) => shape.kind === "polygon" && shape.points.length < 3);
  if (thin) throw new CoderError(`The area "${thin.name}" of ${person} needs at least three corners.`);
  if (headYaw && !headYaw.external && channels.yaw === undefined)
    throw new CoderError(
      `Head yaw of ${person} is asked for, but the stream has none (${channels.chosen}); leave headYaw out or set headYaw.external.`,
    );
}
