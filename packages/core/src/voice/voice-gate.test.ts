import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Intervals, intersectIntervals, intervals, totalSeconds } from "../events/index.ts";
import { median } from "../statistics/index.ts";
import { conversation, mix, room, synthesise, type Utterance } from "./synthetic-voice.test-support.ts";
import { VoiceGate, voiceChanges } from "./voice-gate.ts";
import type { VoiceGateOptions } from "./voice-gate-options.ts";
import { voiceIntervals } from "./voice-intervals.ts";

const RATE = 16_000;

/** Every change as "sample on/off", fed in chunks of the given sizes, then of what is left. */
function listen(data: Float64Array, sizes: readonly number[], options: VoiceGateOptions): string[] {
  const gate = new VoiceGate(options);
  const changes = voiceChanges(gate.mostChanges(data.length));
  const said: string[] = [];
  const note = (n: number) => {
    for (let i = 0; i < n; i++) said.push(`${changes.samples[i]} ${changes.isOnset[i] === 1 ? "on" : "off"}`);
  };
  let at = 0;
  for (const size of [...sizes, data.length]) {
    const n = Math.min(size, data.length - at);
    note(gate.execute(changes, data.subarray(at, at + n), n));
    at += n;
    said.push(`${gate.level()} ${gate.floor()}`);
  }
  note(gate.finish(changes));
  return said;
}

const changesOnly = (said: readonly string[]) => said.filter((each) => /o/.test(each) && !/NaN/.test(each));

/** Onset errors of utterances whose beginning was found, and gate openings in which nobody spoke. */
function score(found: Intervals, truth: readonly Utterance[]) {
  const errors: number[] = [];
  for (const { onset } of truth) {
    const error = [...found.onsets].map((each) => each - onset).find((each) => Math.abs(each) < 0.3);
    if (error !== undefined) errors.push(error);
  }
  const falseAlarms = [...found.onsets].filter(
    (onset, i) => !truth.some((each) => onset < each.offset && found.offsets[i] > each.onset),
  );
  return { errors, falseAlarms };
}

const heard = (data: Float64Array, options: VoiceGateOptions) => voiceIntervals(data, options)[0];

describe("the voice gate", () => {
  const seconds = 120;
  const truth = conversation(seconds, 3);

  describe.each([8000, 16_000, 48_000])("at %d Hz", (rate) => {
    const voice = synthesise(truth, seconds, rate);
    const noise = room(voice.length, rate, 7);

    test.each([
      [20, 0, 0.01, 0.03],
      [10, 0, 0.02, 0.12],
    ])(
      "%d dB over the room: every utterance, none in silence, onsets within a frame or few",
      (decibels, missed, typical, most) => {
        const { intervals } = heard(mix(voice, noise, rate, truth, decibels), {
          samplingRate: rate,
        });
        const { errors, falseAlarms } = score(intervals, truth);
        expect(truth.length - errors.length).toBe(missed);
        expect(falseAlarms).toEqual([]);
        expect(Math.abs(median(errors))).toBeLessThan(typical);
        const sizes = errors.map(Math.abs).sort((a, b) => a - b);
        expect(sizes[Math.floor(0.95 * sizes.length)]).toBeLessThan(most);
      },
    );

    test("at the level of the room voice is missed and silence stays silent", () => {
      const { intervals } = heard(mix(voice, noise, rate, truth, 0), { samplingRate: rate });
      expect(score(intervals, truth).falseAlarms).toEqual([]);
      expect(intervals.onsets.length).toBeLessThan(truth.length / 4);
    });
  });

  test("a room alone never opens it", () => {
    for (let seed = 0; seed < 5; seed++)
      expect(heard(room(60 * 8000, 8000, seed), { samplingRate: 8000 }).intervals.onsets).toHaveLength(0);
  });

  test("any cut into chunks, single samples among them, gives the same bits", () => {
    const short = conversation(12, 5);
    const data = mix(synthesise(short, 12, 8000), room(12 * 8000, 8000, 2), 8000, short, 15);
    data.fill(Number.NaN, 30_000, 30_007);
    data.fill(data[60_000], 60_000, 60_900);
    const options = { samplingRate: 8000 };
    const whole = listen(data, [], options);
    expect(changesOnly(whole).length).toBeGreaterThan(6);
    const last = whole.filter((each) => !/on|off/.test(each)).at(-1);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 700 }), fc.constant(1)), { maxLength: 300 }),
        (sizes) => {
          const cut = listen(data, sizes, options);
          expect(changesOnly(cut)).toEqual(changesOnly(whole));
          expect(cut.filter((each) => !/on|off/.test(each)).at(-1)).toBe(last);
        },
      ),
      { numRuns: 40 },
    );
    expect(changesOnly(listen(data, new Array<number>(data.length).fill(1), options))).toEqual(
      changesOnly(whole),
    );
  });

  test("loudness of the whole does not matter", () => {
    const data = mix(synthesise(truth, seconds, RATE), room(seconds * RATE, RATE, 7), RATE, truth, 15);
    const found = heard(data, { samplingRate: RATE }).intervals;
    for (const gain of [2 ** -20, 2 ** 15]) {
      const scaled = data.map((x) => gain * x);
      expect(heard(scaled, { samplingRate: RATE }).intervals).toEqual(found);
    }
  });

  test("a knock is no voice, a noise that starts and stays is forgotten within the floor's memory", () => {
    const data = room(40 * RATE, RATE, 4);
    for (let n = 5 * RATE; n < 5 * RATE + 0.03 * RATE; n++) data[n] *= 30;
    for (let n = 15 * RATE; n < data.length; n++) data[n] *= 4;
    const { intervals, openAtEnd } = heard(data, { samplingRate: RATE });
    expect(intervals.onsets.length).toBe(1);
    expect(Math.abs(intervals.onsets[0] - 15)).toBeLessThanOrEqual(0.02);
    expect(intervals.offsets[0]).toBeGreaterThan(23);
    expect(intervals.offsets[0]).toBeLessThan(25.5);
    expect(openAtEnd).toBe(false);
  });

  test("pauses below the hangover are bridged, longer ones are not", () => {
    const pair = (pause: number): Utterance[] => [
      { onset: 3, offset: 3.5, kind: "infant-vowel" },
      { onset: 3.5 + pause, offset: 4.3 + pause, kind: "infant-vowel" },
    ];
    const found = (pause: number) =>
      heard(mix(synthesise(pair(pause), 6, RATE), room(6 * RATE, RATE, 1), RATE, pair(pause), 25), {
        samplingRate: RATE,
      }).intervals.onsets.length;
    expect([found(0.15), found(0.4)]).toEqual([1, 2]);
  });

  test("what is missing or stands still ends voice and is not learned as silence", () => {
    const spoken: Utterance[] = [{ onset: 3, offset: 6, kind: "adult-vowel" }];
    const clean = mix(synthesise(spoken, 8, RATE), room(8 * RATE, RATE, 1), RATE, spoken, 25);
    for (const value of [Number.NaN, 0]) {
      const data = clean.slice();
      data.fill(value, 4 * RATE, 5 * RATE);
      const { intervals } = heard(data, { samplingRate: RATE });
      expect(intervals.onsets.length).toBe(2);
      for (const [i, time] of [
        [0, 4],
        [1, 5],
      ] as const)
        expect(Math.abs((i === 0 ? intervals.offsets[0] : intervals.onsets[1]) - time)).toBeLessThan(0.06);
    }
    const muted = new Float64Array(8 * RATE);
    const gate = new VoiceGate({ samplingRate: RATE });
    expect(gate.execute(voiceChanges(1000), muted, muted.length)).toBe(0);
    expect([gate.floor(), gate.level()]).toEqual([Number.NaN, Number.NaN]);
  });

  test("a frame with one missing sample is unknown, and so are the next ones until the filter has settled", () => {
    const data = room(2 * RATE, RATE, 3);
    const levels = (samples: Float64Array) => {
      const gate = new VoiceGate({ samplingRate: RATE });
      const changes = voiceChanges(gate.mostChanges(320));
      return Array.from({ length: 100 }, (_, frame) => {
        gate.execute(changes, samples.subarray(320 * frame, 320 * frame + 320), 320);
        return gate.level();
      });
    };
    const whole = levels(data);
    data[50 * 320 + 310] = Number.NaN;
    const holed = levels(data);
    expect(holed.slice(0, 50)).toEqual(whole.slice(0, 50));
    expect(holed[50]).toBeNaN();
    expect(holed[51]).toBeNaN();
    expect(holed[60]).toBeCloseTo(whole[60], 3);
  });

  test("a microphone that stands still at any value teaches the floor nothing", () => {
    const data = room(4 * RATE, RATE, 3);
    const gate = new VoiceGate({ samplingRate: RATE });
    const changes = voiceChanges(gate.mostChanges(data.length));
    gate.execute(changes, data, data.length);
    const still = new Float64Array(3 * RATE).fill(0.3);
    // Its first frame holds the step, and that was heard.
    gate.execute(changes, still.subarray(0, 320), 320);
    const before = gate.floor();
    gate.execute(changes, still, still.length);
    expect(gate.floor()).toBe(before);
    expect(gate.level()).toBeNaN();
  });

  test("voice that is still on at the end ends with its last loud frame", () => {
    const spoken: Utterance[] = [{ onset: 3, offset: 4, kind: "infant-vowel" }];
    const data = mix(synthesise(spoken, 4.15, RATE), room(4.15 * RATE, RATE, 1), RATE, spoken, 25);
    const { intervals: found, openAtEnd } = heard(data, { samplingRate: RATE });
    expect(openAtEnd).toBe(true);
    expect(Math.abs(found.offsets[0] - 4)).toBeLessThan(0.04);
  });

  test("after a gap it goes on at the sample that it is told, with the floor that it knows", () => {
    const spoken: Utterance[] = [{ onset: 3, offset: 3.8, kind: "infant-vowel" }];
    const data = mix(synthesise(spoken, 5, RATE), room(5 * RATE, RATE, 1), RATE, spoken, 20);
    const gate = new VoiceGate({ samplingRate: RATE });
    const changes = voiceChanges(gate.mostChanges(data.length));
    const half = 3.4 * RATE;
    expect(gate.execute(changes, data.subarray(0, half), half)).toBe(1);
    const floor = gate.floor();
    expect(gate.interrupt(changes, 100_000)).toBe(1);
    expect([changes.samples[0], changes.isOnset[0], gate.isVoice()]).toEqual([half, 0, false]);
    expect(gate.floor()).toBe(floor);
    const rest = data.length - half;
    expect(gate.execute(changes, data.subarray(half), rest)).toBe(2);
    expect(changes.samples[0]).toBeLessThan(100_000 + 0.06 * RATE);
    expect(Math.abs(changes.samples[1] - (100_000 + 0.4 * RATE))).toBeLessThan(0.05 * RATE);
  });

  test("two close microphones tell who speaks although each hears both; when both speak, both are on", () => {
    const adult = conversation(60, 8).map((each): Utterance => ({ ...each, kind: "adult-vowel" }));
    const infant = conversation(60, 9).map((each): Utterance => ({ ...each, kind: "infant-vowel" }));
    const voices = [adult, infant].map((own) => synthesise(own, 60, RATE));
    const nSamples = voices[0].length;
    const both = new Float64Array(2 * nSamples);
    for (const m of [0, 1]) {
      const noise = room(nSamples, RATE, 20 + m);
      const own = mix(voices[m], noise, RATE, [adult, infant][m], 20);
      const other = mix(
        voices[1 - m],
        new Float64Array(nSamples).map((_, n) => noise[n]),
        RATE,
        [adult, infant][1 - m],
        8,
      );
      // The microphones have different gains: levels count over their own floors.
      for (let n = 0; n < nSamples; n++)
        both[m * nSamples + n] = (own[n] + other[n] - noise[n]) * (m === 0 ? 1 : 7);
    }
    const together = voiceIntervals(both, { samplingRate: RATE, nMicrophones: 2 });
    [adult, infant].forEach((truth, m) => {
      const alone = heard(both.slice(m * nSamples, (m + 1) * nSamples), { samplingRate: RATE });
      const overlap = (found: Intervals) => {
        const mine = intervals(
          Float64Array.from(truth, ({ onset }) => onset),
          Float64Array.from(truth, ({ offset }) => offset),
        );
        const hit = totalSeconds(intersectIntervals(found, mine));
        return { recall: hit / totalSeconds(mine), precision: hit / totalSeconds(found) };
      };
      expect(overlap(alone.intervals).precision).toBeLessThan(0.75);
      expect(overlap(together[m].intervals).precision).toBeGreaterThan(0.9);
      expect(overlap(together[m].intervals).recall).toBeGreaterThan(0.93);
    });
  });
});
