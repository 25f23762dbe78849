import type { DeviceContext } from "@attune/device-kit";
import { type PlantedBehaviour, simulateContingency } from "@attune/device-simulated";
import { createOutlet, type LslConfiguration, type Outlet } from "@attune/lsl";
import { stateIntervalsToChanges } from "@attune/recording";
import type { Seconds, StateChange, StateInterval } from "@attune/signal";
import { beltAt, LAB_BREATHS } from "./lab-breath.ts";
import { clockOf, onClockOf } from "./lab-clocks.ts";
import { LabMarkers } from "./lab-markers.ts";
import { LAB } from "./lab-session.ts";
import { MICROPHONES, SOUND_BLOCK, SOUND_RATE, type Utterance, VoiceSound } from "./voice-sound.ts";

const PEOPLE = ["adult", "infant"] as const;
const BLOCK_SECONDS = SOUND_BLOCK / SOUND_RATE;
/** Hz. */
const BELT_RATE = 50;
const BELT_BLOCK = BELT_RATE * BLOCK_SECONDS;

type Outlets = Readonly<Record<"voices" | (typeof PEOPLE)[number], Outlet>>;

interface LabBehaviourOptions {
  readonly seed: number;
  readonly seconds: Seconds;
  /** Where everybody looks: what is said depends on it. */
  readonly gaze: readonly StateInterval[];
  readonly context: DeviceContext;
  readonly lsl: LslConfiguration | undefined;
}

/**
 * What an adult and an infant do beside looking, over Lab Streaming Layer: voices in two microphones, which answer each other and
 * come more often under direct gaze; touch, which answers cries, as markers; a respiration belt each.
 */
export class LabBehaviour {
  /** Voice and touch as they were planted, in the order of their onsets, and by which rule. */
  readonly states: readonly StateInterval[];
  readonly planted: PlantedBehaviour;
  readonly devices: readonly string[];
  readonly #touches: readonly StateChange[];
  readonly #sound: VoiceSound;
  readonly #outlets: Outlets;
  readonly #markers: LabMarkers;
  #nextBlock = 0;
  #nextTouch = 0;

  static async open(options: LabBehaviourOptions): Promise<LabBehaviour> {
    const { context, lsl } = options;
    const opened: { close(): Promise<void> }[] = [];
    const open = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
      const one = await opening;
      opened.push(one);
      return one;
    };
    const configuration = lsl === undefined ? {} : { configuration: lsl };
    const belt = (person: (typeof PEOPLE)[number]) =>
      createOutlet(
        {
          name: LAB.belts[person],
          type: "Respiration",
          channelCount: 1,
          nominalSamplingRate: BELT_RATE,
          channelFormat: "float32",
          sourceId: `virtual-${person}-belt`,
          channels: [{ label: "belt", unit: "a.u.", type: "Respiration" }],
        },
        { ...onClockOf(person), ...configuration },
      );
    try {
      const voices = await open(
        createOutlet(
          {
            name: LAB.voices,
            type: "Audio",
            channelCount: MICROPHONES.length,
            nominalSamplingRate: SOUND_RATE,
            channelFormat: "int16",
            sourceId: "virtual-voices",
            channels: MICROPHONES.map((label) => ({ label, type: "Audio" })),
          },
          // Stamps of every sample would be four times as much as the sound.
          { ...onClockOf("adult"), ...configuration, sendEveryTimestamp: false },
        ),
      );
      const outlets = { voices, adult: await open(belt("adult")), infant: await open(belt("infant")) };
      const markers = await open(LabMarkers.open(LAB.touch, "virtual-touch", context, lsl));
      return new LabBehaviour(options, outlets, markers);
    } catch (error) {
      await Promise.allSettled(opened.map((each) => each.close()));
      throw error;
    }
  }

  private constructor({ seed, seconds, gaze }: LabBehaviourOptions, outlets: Outlets, markers: LabMarkers) {
    const looks = gaze
      .filter(({ person, layer }) => person === "adult" && layer === "gaze")
      .map(({ state, onset, duration }) => ({ state, from: onset, to: onset + duration }));
    const { states, planted } = simulateContingency(seed, seconds, true, looks);
    this.states = states.sort((a, b) => a.onset - b.onset);
    this.planted = planted;
    const touches = states.filter(({ layer }) => layer === "touch");
    this.#touches = [
      { kind: "state", person: "adult", layer: "touch", state: "none", at: 0 },
      ...stateIntervalsToChanges(touches, "none"),
    ];
    const utterances = states.flatMap(({ person, layer, state, onset, duration }): Utterance[] =>
      layer === "voice" && (person === "adult" || person === "infant")
        ? [{ person, state, onset, end: onset + duration }]
        : [],
    );
    this.#sound = new VoiceSound(utterances, seed);
    this.#outlets = outlets;
    this.#markers = markers;
    this.devices = [
      `LSL outlet "${LAB.voices}": two close microphones at ${SOUND_RATE} Hz, on the clock of the adult's EEG`,
      `LSL outlets "${LAB.belts.adult}" and "${LAB.belts.infant}": respiration belts at ${BELT_RATE} Hz`,
      `LSL outlet "${LAB.touch}": the adult's touch, as markers`,
    ];
  }

  /** Sends everything that has happened. @param origin time of the host at which the laboratory began */
  deliver(origin: Seconds, now: Seconds): void {
    for (; origin + (this.#nextBlock + 1) * BLOCK_SECONDS <= now; this.#nextBlock++) {
      const start = origin + this.#nextBlock * BLOCK_SECONDS;
      this.#deliverSound(start);
      for (const person of PEOPLE) this.#deliverBelt(person, origin);
    }
    for (; this.#nextTouch < this.#touches.length; this.#nextTouch++) {
      const touch = this.#touches[this.#nextTouch]!;
      if (origin + touch.at > now) break;
      this.#markers.send(touch, origin + touch.at);
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([...Object.values(this.#outlets), this.#markers].map((each) => each.close()));
  }

  #deliverSound(start: Seconds): void {
    const { voices } = this.#outlets;
    // Nobody listens to most of a long day.
    if (!voices.haveConsumers()) return;
    const last = clockOf("adult", start + (SOUND_BLOCK - 1) / SOUND_RATE);
    voices.pushChunk(this.#sound.block(this.#nextBlock), last);
  }

  #deliverBelt(person: (typeof PEOPLE)[number], origin: Seconds): void {
    const times = Float64Array.from(
      { length: BELT_BLOCK },
      (_, n) => (this.#nextBlock * BELT_BLOCK + n) / BELT_RATE,
    );
    this.#outlets[person].pushChunk(
      Float32Array.from(times, (at) => beltAt(LAB_BREATHS[person], at)),
      times.map((at) => clockOf(person, origin + at)),
    );
  }
}
