import { chooseGazeChannels, type GazeArea, GazeTracker } from "@attune/device-coder";
import type { ClockOffset, SampleChunk, Seconds, StateChange, Stream } from "@attune/signal";
import type { TrackerSetting } from "../session-file/schema.ts";

/** One tracker of the session file, from the moment on at which its stream is known. */
interface Tracking {
  readonly setting: TrackerSetting;
  readonly tracker: GazeTracker;
  readonly streamId: string;
}

/** A tracker's newest sample may be this far behind the session clock before its silence means anything. */
const TRANSPORT_SECONDS = 0.3;

/**
 * Points of gaze as states: streams of eye trackers through the areas of interest of the session file. Sample times are
 * stamps plus the newest offset of their clock.
 */
export class GazeInputs {
  readonly #settings: readonly TrackerSetting[];
  readonly #tracking: Tracking[] = [];
  readonly #offsets = new Map<string, number>();
  /** Told which channels of a tracker are read. */
  readonly #say: (sentence: string) => void;

  constructor(settings: readonly TrackerSetting[], say: (sentence: string) => void) {
    this.#settings = settings;
    this.#say = say;
  }

  /** @throws CoderError when the stream has no channels that say where the eyes are */
  addStream(device: string, stream: Stream): void {
    for (const setting of this.#settings) {
      const isIts =
        setting.device === device && (setting.stream === undefined || setting.stream === stream.name);
      if (
        isIts &&
        stream.sampleFormat !== "string" &&
        !this.#tracking.some((each) => each.setting === setting)
      )
        this.#tracking.push(this.#track(setting, stream));
    }
  }

  offset({ streamId, offset }: ClockOffset): void {
    this.#offsets.set(streamId, offset);
  }

  samples(chunk: SampleChunk): StateChange[] {
    const offset = this.#offsets.get(chunk.streamId);
    if (offset === undefined) return [];
    const changes: StateChange[] = [];
    for (const { tracker, streamId } of this.#tracking) {
      if (streamId !== chunk.streamId) continue;
      const times = chunk.deviceTime.map((at) => at + offset);
      changes.push(...tracker.push(chunk.data, chunk.nSamples, times));
    }
    return changes;
  }

  /** Time goes on: a tracker that fell silent becomes unknown. */
  advance(now: Seconds): StateChange[] {
    return this.#tracking.flatMap(({ tracker }) => tracker.advance(now - TRANSPORT_SECONDS));
  }

  #track(setting: TrackerSetting, stream: Stream): Tracking {
    const { person, layer, areas, coordinates, outside, headYaw } = setting;
    const channels = chooseGazeChannels({ name: stream.name, channels: stream.channels });
    const tracker = new GazeTracker({
      person,
      layer,
      channels,
      coordinates,
      outside,
      areas: areas.map(areaOf),
      ...(headYaw ? { headYaw: {} } : {}),
    });
    this.#say(`${person}'s gaze is taken from ${tracker.chosen}`);
    return { setting, tracker, streamId: stream.id };
  }
}

const areaOf = ({ name, state, ...shape }: TrackerSetting["areas"][number]): GazeArea =>
  "rectangle" in shape
    ? { name, state, shape: { kind: "rectangle", ...shape.rectangle } }
    : { name, state, shape: { kind: "polygon", points: shape.polygon } };
