import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { counterRandom, normal } from "@attune/core";
import { openRecording } from "@attune/recording";
import type { StateChange } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { parseSession } from "../session-file/read-session.ts";
import { type Scripted, scripted } from "./scripted-session.test-support.ts";

const RATE = 8000;

const voiceSession = (more = ""): string => `
session: dyad-001
people: [{ id: adult, role: adult }, { id: infant, role: infant }]
devices:
  recorder: { kind: scripted, streams: [sound] }
streams:
  - { person: adult, signal: audio, device: recorder, channels: [left] }
  - { person: infant, signal: audio, device: recorder, channels: [right] }
${more}`;

interface Utterance {
  readonly from: number;
  readonly to: number;
  readonly channel: 0 | 1;
}

/** Two close microphones in a quiet room: a voice is 30 dB over the room at its own and 15 dB at the other. */
function sound(firstSample: number, nSamples: number, utterances: readonly Utterance[]): Float64Array {
  const draw = normal(counterRandom("room", firstSample));
  const data = Float64Array.from({ length: 2 * nSamples }, () => 0.001 * draw());
  for (let n = 0; n < nSamples; n++) {
    const at = (firstSample + n) / RATE;
    for (const { from, to, channel } of utterances)
      if (at >= from && at < to)
        for (let harmonic = 2; harmonic < 8; harmonic++) {
          const tone = 0.02 * Math.sin(2 * Math.PI * 220 * harmonic * at);
          data[channel * nSamples + n]! += tone;
          data[(1 - channel) * nSamples + n]! += tone / 6;
        }
  }
  return data;
}

/** Seconds of sound in chunks of a tenth; the stamps are those of a clock that is 1000 s behind. */
async function hear({ device, time }: Scripted, from: number, to: number, utterances: readonly Utterance[]) {
  const recorder = device("recorder");
  const { id } = recorder.layout[0]!;
  for (let tick = 10 * from; tick < 10 * to; tick++) {
    if (tick % 10 === 0) recorder.offset(id, 1000);
    const nSamples = RATE / 10;
    recorder.samples(id, nSamples, {
      data: sound(tick * nSamples, nSamples, utterances),
      deviceTime: Float64Array.from({ length: nSamples }, (_, n) => tick / 10 + n / RATE),
    });
    await time.advance(0.1);
  }
}

const voices = (all: readonly StateChange[], person: string) =>
  all
    .filter((each) => each.person === person && each.layer === "voice")
    .map(({ state, at }) => [state, at] as const);

describe("voices of microphones", () => {
  const utterances: readonly Utterance[] = [
    { from: 3, to: 3.8, channel: 0 },
    { from: 5, to: 6.1, channel: 1 },
    { from: 7, to: 7.5, channel: 0 },
  ];

  test("are states of the session, told apart by close microphones, and recorded as they became known", async () => {
    const folder = await mkdtemp(join(tmpdir(), "attune-voice-"));
    try {
      const it = scripted(voiceSession(), { folder });
      const states: StateChange[] = [];
      it.session.outputs.subscribe((output) => {
        if (output.kind === "state") states.push(output);
      });
      await it.session.connect();
      await it.session.begin();
      await hear(it, 0, 10, utterances);
      const { path } = it.session.recording!;
      const replayed: StateChange[] = [];
      await it.session.end();
      expect(it.about("voice")).toEqual([
        `adult's voice is taken from channel left of "sound"`,
        `infant's voice is taken from channel right of "sound"`,
      ]);
      for (const [person, channel] of [
        ["adult", 0],
        ["infant", 1],
      ] as const) {
        const [first, second, ...rest] = voices(states, person);
        // The room has to be heard for a second before anything is known.
        expect([first![0], second![0]]).toEqual(["unknown", "silence"]);
        const expected = utterances
          .filter((each) => each.channel === channel)
          .flatMap(({ from, to }) => [["voice", from] as const, ["silence", to] as const]);
        expect(rest.map(([state]) => state)).toEqual(expected.map(([state]) => state));
        const zero = states.find(({ layer }) => layer === "pause")!.at;
        for (const [i, [, at]] of rest.entries())
          expect(Math.abs(at - zero - expected[i]![1])).toBeLessThan(0.15);
      }
      const recording = await openRecording(path);
      try {
        if (recording.kind !== "continuous") throw new Error("it has a time axis");
        for await (const input of recording.play({ alignment: "causal" }))
          if (input.kind === "state" && input.layer === "voice") replayed.push(input);
      } finally {
        await recording.close();
      }
      expect(replayed).toEqual(states.filter(({ layer }) => layer === "voice"));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("a microphone that sends nothing any more is unknown, not silent, and is heard again later", async () => {
    const it = scripted(voiceSession());
    const states: StateChange[] = [];
    it.session.outputs.subscribe((output) => {
      if (output.kind === "state") states.push(output);
    });
    await it.session.connect();
    await it.session.begin();
    await hear(it, 0, 4, utterances);
    await it.time.advance(3);
    // Any other input lets time go on.
    it.device("recorder").offset(it.device("recorder").layout[0]!.id, 1000);
    expect(voices(states, "adult").at(-1)![0]).toBe("unknown");
    await hear(it, 7, 10, utterances);
    expect(voices(states, "adult").at(-1)![0]).toBe("silence");
    await it.session.end();
  });

  test("a layer that is coded by keys as well is refused", () => {
    expect(() =>
      parseSession(
        voiceSession("coding: { layers: [{ person: adult, layer: voice, states: { speaking: s } }] }"),
        "session.yaml",
      ),
    ).toThrow(
      "session.yaml: the layer voice of adult is coded by keys and by a microphone: call one of them otherwise.",
    );
  });
});
