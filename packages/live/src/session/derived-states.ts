import { deriveMutualGaze, type MutualGaze } from "@attune/device-coder";
import type { ClockOffset, SampleChunk, Seconds, StateChange, Stream } from "@attune/signal";
import type { SessionFile } from "../session-file/schema.ts";
import { GazeInputs } from "./gaze-inputs.ts";
import { VoiceInputs } from "./voice-inputs.ts";

/** Gaze of trackers is known this late at most; what is derived from it waits as long. */
const KNOWN_SECONDS = 0.5;
const STEP_SECONDS = 0.1;

/** States that nobody codes: gaze of eye trackers, mutual gaze, voices of microphones. */
export class DerivedStates {
  readonly #gaze: GazeInputs;
  readonly #voice: VoiceInputs;
  readonly #mutual: MutualGaze | undefined;
  #advancedTo: Seconds = Number.NEGATIVE_INFINITY;

  /** @param say told what is read from where, and what it is about */
  constructor(file: SessionFile, say: (sentence: string, about: "gaze" | "voice") => void) {
    const { trackers, mutualGaze, people } = file;
    this.#gaze = new GazeInputs(trackers, (sentence) => say(sentence, "gaze"));
    this.#voice = new VoiceInputs(file, (sentence) => say(sentence, "voice"));
    const adult = people.find(({ role }) => role === "adult");
    const infant = people.find(({ role }) => role !== "adult");
    if (mutualGaze && adult !== undefined && infant !== undefined)
      this.#mutual = deriveMutualGaze({ adult: adult.id, infant: infant.id });
  }

  addStream(device: string, stream: Stream): void {
    this.#voice.addStream(device, stream);
    this.#gaze.addStream(device, stream);
  }

  offset(offset: ClockOffset): void {
    this.#gaze.offset(offset);
    this.#voice.offset(offset);
  }

  /** Every state that enters the session. */
  state(change: StateChange): void {
    this.#mutual?.push(change);
  }

  samples(chunk: SampleChunk): StateChange[] {
    return [...this.#gaze.samples(chunk), ...this.#voice.samples(chunk)];
  }

  /** What has become certain by now. */
  advance(now: Seconds): StateChange[] {
    if (now - this.#advancedTo < STEP_SECONDS) return [];
    this.#advancedTo = now;
    return [
      ...this.#gaze.advance(now),
      ...this.#voice.advance(now),
      ...(this.#mutual?.advance(now - KNOWN_SECONDS) ?? []),
    ];
  }
}
