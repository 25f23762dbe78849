import { type Signal, signal } from "@preact/signals";
import { store, stored } from "../parts/stored.ts";
import { texts } from "../texts/texts.ts";

/** `setSinkId` of an audio context stands in no standard library yet. */
interface RoutedContext extends AudioContext {
  setSinkId?(sinkId: string): Promise<void>;
}

const REPEAT_SECONDS = 4;
/** Two soft tones, a fifth apart; gain far below full scale. */
const TONES = [
  { hertz: 587, from: 0 },
  { hertz: 880, from: 0.18 },
] as const;
const TONE_SECONDS = 0.16;
const GAIN = 0.15;

export interface SoundOutput {
  readonly id: string;
  readonly label: string;
}

/** The sound of alarms. Silent until somebody switches it on, and then on the output that they chose: an infant is in the room. */
export class AlarmSound {
  readonly isOn: Signal<boolean> = signal(false);
  readonly outputs: Signal<readonly SoundOutput[]> = signal([]);
  readonly output: Signal<string> = signal(stored("sound output") ?? "");
  readonly trouble = signal("");
  #context: RoutedContext | undefined;
  #isAlarmed = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Whether the browser lets a page choose where it sounds. */
  get canChoose(): boolean {
    return typeof AudioContext !== "undefined" && "setSinkId" in AudioContext.prototype;
  }

  /** What the chosen output is called; undefined for the standard one. */
  get outputName(): string | undefined {
    const id = this.output.value;
    return id === "" ? undefined : (this.outputs.value.find((each) => each.id === id)?.label ?? id);
  }

  /**
   * Browsers name outputs only to pages that may listen: it is asked for when somebody wants the names, and the microphone is let go
   * at once. A chosen output that has gone is said, not replaced.
   */
  async nameOutputs(): Promise<void> {
    try {
      const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
      for (const track of microphone.getTracks()) track.stop();
    } catch {
      // Refused, or there is none: what the browser says without it has to do.
    }
    await this.listOutputs();
  }

  async listOutputs(): Promise<void> {
    const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    this.outputs.value = devices
      .filter(({ kind, deviceId }) => kind === "audiooutput" && deviceId !== "" && deviceId !== "default")
      .map(({ deviceId, label }, i) => ({ id: deviceId, label: label || `output ${i + 1}` }));
    const chosen = this.output.value;
    const isGone = chosen !== "" && this.outputs.value.every(({ id }) => id !== chosen);
    if (isGone && this.outputs.value.length > 0) this.trouble.value = texts.sound.gone;
  }

  async choose(id: string): Promise<void> {
    this.output.value = id;
    store("sound output", id === "" ? undefined : id);
    this.trouble.value = "";
    if (this.#context !== undefined) await this.#ready();
  }

  async switchOn(isOn: boolean): Promise<void> {
    this.isOn.value = isOn;
    if (isOn) await this.#ready();
    this.#follow();
  }

  async test(): Promise<boolean> {
    const context = await this.#ready();
    if (context === undefined) return false;
    beep(context);
    return true;
  }

  /** Sounds again and again while something is wrong. */
  setAlarmed(isAlarmed: boolean): void {
    this.#isAlarmed = isAlarmed;
    this.#follow();
  }

  #follow(): void {
    const sounds = this.isOn.value && this.#isAlarmed;
    if (!sounds) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else if (this.#timer === undefined) {
      const sound = () => void this.#ready().then((context) => context && beep(context));
      sound();
      this.#timer = setInterval(sound, REPEAT_SECONDS * 1000);
    }
  }

  async #ready(): Promise<AudioContext | undefined> {
    try {
      this.#context ??= new AudioContext();
      await this.#route(this.#context);
      await this.#context.resume();
      this.trouble.value = "";
      return this.#context;
    } catch (error) {
      this.trouble.value = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  /** Never falls back to a loudspeaker when the chosen output has gone. */
  async #route(context: RoutedContext): Promise<void> {
    if (context.setSinkId !== undefined) await context.setSinkId(this.output.value);
  }
}

function beep(context: AudioContext): void {
  for (const { hertz, from } of TONES) {
    const start = context.currentTime + from;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(GAIN, start + 0.02);
    gain.gain.linearRampToValueAtTime(0, start + TONE_SECONDS);
    const tone = context.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(gain).connect(context.destination);
    tone.start(start);
    tone.stop(start + TONE_SECONDS);
  }
}
