import { type VoiceChanges, VoiceGate, voiceChanges } from "@attune/core";
import type { ClockOffset, SampleChunk, Seconds, StateChange, Stream } from "@attune/signal";
import type { SessionFile, StreamAssignment } from "../session-file/schema.ts";

/** Layer of the states that microphones give: `voice`, `silence`, `unknown`. */
export const VOICE_LAYER = "voice";

/** A microphone's newest sample may be this far behind the session clock before its silence means anything. */
const LOST_SECONDS = 1;
const LOWEST_RATE = 8000;
const HIGHEST_RATE = 48_000;

/** Microphones of one stream, on one clock, from the moment on at which the stream is known. */
interface Listening {
  readonly streamId: string;
  readonly samplingRate: number;
  /** One a microphone, in the order of the gate. */
  readonly people: readonly string[];
  readonly rows: readonly number[];
  readonly gate: VoiceGate;
  changes: VoiceChanges;
  /** Number of the sample that should come next; NaN while nothing has come, or not for long. */
  next: number;
  lastAt: Seconds;
}

/**
 * Voices as states: channels of microphones through `VoiceGate`. A stream with close microphones of several people tells them
 * apart; a microphone alone hears whoever is loud. Sample times are stamps plus the newest offset of their clock. A voice is known
 * 0.1 s after it began and 0.3 s after it ended; until a second has been heard, and when the microphone is silent to the bit or
 * sends nothing for 1 s, the state is unknown.
 */
export class VoiceInputs {
  readonly #assignments: readonly StreamAssignment[];
  readonly #listening: Listening[] = [];
  readonly #offsets = new Map<string, number>();
  readonly #states = new Map<string, string>();
  /** Told which channels are listened to. */
  readonly #say: (sentence: string) => void;

  constructor({ streams }: Pick<SessionFile, "streams">, say: (sentence: string) => void) {
    this.#assignments = streams.filter(({ signal }) => signal === "audio");
    this.#say = say;
  }

  addStream(device: string, stream: Stream): void {
    const own = this.#assignments.filter(
      (each) =>
        each.device === device &&
        (each.stream === undefined || each.stream === stream.name || each.stream === stream.id),
    );
    const { nominalSamplingRate: samplingRate, channels } = stream;
    const isAudio = samplingRate >= LOWEST_RATE && samplingRate <= HIGHEST_RATE;
    if (own.length === 0 || this.#listening.some(({ streamId }) => streamId === stream.id)) return;
    if (!isAudio) {
      if (samplingRate > 0)
        this.#say(
          `"${stream.name}" has ${samplingRate} Hz: voices are looked for at ${LOWEST_RATE} to ${HIGHEST_RATE} Hz`,
        );
      return;
    }
    const rows = own.map(({ channels: labels }) =>
      Math.max(
        0,
        channels.findIndex(({ label }) => label.toLowerCase() === labels?.[0]?.toLowerCase()),
      ),
    );
    const gate = new VoiceGate({ samplingRate, nMicrophones: own.length });
    this.#listening.push({
      streamId: stream.id,
      samplingRate,
      people: own.map(({ person }) => person),
      rows,
      gate,
      changes: voiceChanges(gate.mostChanges(samplingRate)),
      next: Number.NaN,
      lastAt: Number.NaN,
    });
    for (const [m, { person }] of own.entries())
      this.#say(`${person}'s voice is taken from channel ${channels[rows[m]!]!.label} of "${stream.name}"`);
  }

  offset({ streamId, offset }: ClockOffset): void {
    this.#offsets.set(streamId, offset);
  }

  samples(chunk: SampleChunk): StateChange[] {
    const offset = this.#offsets.get(chunk.streamId);
    const listening = this.#listening.find(({ streamId }) => streamId === chunk.streamId);
    if (offset === undefined || listening === undefined || chunk.nSamples === 0) return [];
    const { gate, rows, samplingRate, people } = listening;
    const { firstSample, nSamples, deviceTime } = chunk;
    const out: StateChange[] = [];
    const timeOf = (sample: number): Seconds =>
      offset + deviceTime[nSamples - 1]! - (firstSample + nSamples - 1 - sample) / samplingRate;
    if (listening.next !== firstSample) {
      if (Number.isNaN(listening.next)) gate.reset(firstSample);
      else gate.interrupt(listening.changes, firstSample);
      for (const person of people) this.#change(out, person, "unknown", timeOf(firstSample));
    }
    listening.next = firstSample + nSamples;
    listening.lastAt = timeOf(firstSample + nSamples - 1);
    const heard = new Float64Array(rows.length * nSamples);
    for (const [m, row] of rows.entries())
      heard.set(chunk.data.subarray(row * nSamples, (row + 1) * nSamples), m * nSamples);
    if (listening.changes.samples.length < gate.mostChanges(nSamples))
      listening.changes = voiceChanges(gate.mostChanges(nSamples));
    const { changes } = listening;
    const n = gate.execute(changes, heard, nSamples);
    for (let i = 0; i < n; i++)
      this.#change(
        out,
        people[changes.microphone[i]!]!,
        changes.isOnset[i] === 1 ? "voice" : "silence",
        timeOf(changes.samples[i]!),
      );
    for (const [m, person] of people.entries()) {
      if (gate.isVoice(m)) continue;
      const isKnown = !Number.isNaN(gate.level(m)) && !Number.isNaN(gate.floor(m));
      const isUnknown = (this.#states.get(person) ?? "unknown") === "unknown";
      if (isKnown === isUnknown) this.#change(out, person, isKnown ? "silence" : "unknown", listening.lastAt);
    }
    return out;
  }

  /** Time goes on: a microphone that fell silent becomes unknown. */
  advance(now: Seconds): StateChange[] {
    const out: StateChange[] = [];
    for (const listening of this.#listening) {
      if (!(now - listening.lastAt > LOST_SECONDS)) continue;
      listening.gate.interrupt(listening.changes, 0);
      listening.next = Number.NaN;
      for (const person of listening.people) this.#change(out, person, "unknown", listening.lastAt);
      listening.lastAt = Number.NaN;
    }
    return out;
  }

  #change(out: StateChange[], person: string, state: string, at: Seconds): void {
    if (this.#states.get(person) === state) return;
    this.#states.set(person, state);
    out.push({ kind: "state", person, layer: VOICE_LAYER, state, at });
  }
}
