import { VoiceGate, voiceChanges } from "@attune/core";
import { expect, test } from "vitest";
import { MICROPHONES, SOUND_BLOCK, SOUND_RATE, type Utterance, VoiceSound } from "./voice-sound.ts";

const utterances: readonly Utterance[] = [
  { person: "infant", state: "protophone", onset: 2.1, end: 2.9 },
  { person: "adult", state: "speech", onset: 3.5, end: 4.8 },
  { person: "infant", state: "cry", onset: 6, end: 10 },
  { person: "adult", state: "speech", onset: 9, end: 10.5 },
  { person: "infant", state: "protophone", onset: 12.013, end: 12.4 },
];
const SECONDS = 15;
const N_BLOCKS = (SECONDS * SOUND_RATE) / SOUND_BLOCK;

test("the voice gate tells each utterance of two microphones, whose it is and when", () => {
  const sound = new VoiceSound(utterances, 3);
  const gate = new VoiceGate({ samplingRate: SOUND_RATE, nMicrophones: MICROPHONES.length });
  const changes = voiceChanges(gate.mostChanges(SOUND_BLOCK));
  const data = new Float64Array(SOUND_BLOCK * MICROPHONES.length);
  const found: { person: string; isOnset: boolean; at: number }[] = [];
  for (let block = 0; block < N_BLOCKS; block++) {
    const heard = sound.block(block);
    for (let m = 0; m < MICROPHONES.length; m++)
      for (let n = 0; n < SOUND_BLOCK; n++) data[m * SOUND_BLOCK + n] = heard[n * MICROPHONES.length + m]!;
    const n = gate.execute(changes, data, SOUND_BLOCK);
    for (let i = 0; i < n; i++)
      found.push({
        person: MICROPHONES[changes.microphone[i]!]!,
        isOnset: changes.isOnset[i] === 1,
        at: changes.samples[i]! / SOUND_RATE,
      });
  }
  for (const person of MICROPHONES) {
    const own = found.filter((each) => each.person === person);
    const planted = utterances
      .filter((each) => each.person === person)
      .flatMap(({ onset, end }) => [onset, end]);
    expect(own.map(({ isOnset }) => isOnset)).toEqual(planted.map((_, i) => i % 2 === 0));
    own.forEach(({ at }, i) => {
      // Half of the adult's last syllable may be the closed mouth.
      expect(Math.abs(at - planted[i]!), `${person} at ${planted[i]} s`).toBeLessThan(0.1);
    });
  }
});

test("a block is the same whatever was made before it, another with another seed, and never clips", () => {
  const inOrder = new VoiceSound(utterances, 3);
  const blocks = Array.from({ length: N_BLOCKS }, (_, block) => inOrder.block(block));
  for (const block of [200, 180, 60])
    expect(new VoiceSound(utterances, 3).block(block)).toEqual(blocks[block]);
  expect(new VoiceSound(utterances, 4).block(60)).not.toEqual(blocks[60]);
  expect(Math.max(...blocks.map((block) => Math.max(...block.map(Math.abs))))).toBeLessThan(32_767);
});
