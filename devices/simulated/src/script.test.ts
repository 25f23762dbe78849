import type { SampleChunk } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { ADULT_GAZE, type SimulationOptions, simulateDyad, simulateDyadMatrix } from "./index.ts";

describe("the script", () => {
  test("covers the whole session with exclusive states, and the devices hear of every change", () => {
    const session = simulateDyad({ seed: 11, durationSeconds: 40 });
    for (const [person, allowed] of [
      ["adult", [...ADULT_GAZE]],
      ["infant", ["partner", "object", "away"]],
    ] as const) {
      const layer = session.states.filter((state) => state.person === person && state.layer === "gaze");
      let end = 0;
      for (const { onset, duration, state } of layer) {
        expect(onset).toBeCloseTo(end, 9);
        expect(allowed as readonly string[]).toContain(state);
        end = onset + duration;
      }
      expect(end).toBeCloseTo(40, 9);
      const changes = [...session.inputs()].filter(
        (input) => input.kind === "state" && input.person === person,
      );
      expect(changes.map((change) => change.kind === "state" && change.state)).toEqual(
        layer.map(({ state }) => state),
      );
    }
  });

  test("a script of one's own decides the regime of every sample", () => {
    const states = [
      { person: "adult", layer: "gaze", state: "direct", onset: 0, duration: 4 },
      { person: "adult", layer: "gaze", state: "averted", onset: 4, duration: 6 },
    ];
    const { gaze } = simulateDyadMatrix({ seed: 1, durationSeconds: 10, states });
    expect(gaze.indexOf(1)).toBe(800);
    expect(gaze.lastIndexOf(0)).toBe(799);
    expect(() => simulateDyad({ seed: 1, durationSeconds: 11, states })).toThrow("ends at 10 s");
  });

  test("a song drives both heads with the same waveform at every repetition", () => {
    const stimulus = {
      strength: 3,
      latencySeconds: { adult: 0.05, infant: 0.06 },
      songs: [{ name: "star", durationSeconds: 8 }],
      pauseSeconds: 1,
    };
    const options: SimulationOptions = { seed: 1, durationSeconds: 90, coupling: [], stimulus };
    const { presentations, states } = simulateDyad(options).truth;
    expect(presentations.length).toBe(10);
    expect(presentations.map(({ repetition }) => repetition)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(states.filter(({ layer, state }) => layer === "stimulus" && state === "star").length).toBe(10);
    const { data, nSamples } = simulateDyadMatrix(options);
    const correlation = (c: number, first: number, d: number, second: number) => {
      let [xx, yy, xy] = [0, 0, 0];
      for (let t = 100; t < 1600; t++) {
        const x = data[c * nSamples + first + t]!;
        const y = data[d * nSamples + second + t]!;
        xx += x * x;
        yy += y * y;
        xy += x * y;
      }
      return xy / Math.sqrt(xx * yy);
    };
    const starts = presentations.map(({ firstSample }) => firstSample);
    let same = 0;
    let next = 0;
    let apart = 0;
    for (let k = 0; k < 9; k++) {
      same += correlation(0, starts[k]!, 0, starts[k + 1]!) / 9;
      next += Math.abs(correlation(0, starts[k]!, 2, starts[k + 1]!)) / 9;
      apart += Math.abs(correlation(0, starts[k]!, 0, starts[k + 1]! - 130)) / 9;
    }
    expect(same).toBeGreaterThan(0.6);
    expect(next).toBeGreaterThan(1.5 * apart);
  });

  test("a name that nobody bears is refused instead of ignored", () => {
    const base = { seed: 1, durationSeconds: 5 };
    expect(() => simulateDyad({ ...base, coupling: [{ from: "adult", to: "baby", strength: 0.1 }] })).toThrow(
      "adult->baby",
    );
    expect(() =>
      simulateDyad({ ...base, brokenSpans: [{ person: "baby", kind: "flat", onset: 0, duration: 1 }] }),
    ).toThrow("baby");
    expect(() =>
      simulateDyad({
        ...base,
        brokenSpans: [{ person: "infant", kind: "flat", onset: 0, duration: 1, channels: ["Oz"] }],
      }),
    ).toThrow("Oz");
    expect(() => simulateDyad({ ...base, durationSeconds: 0 })).toThrow("durationSeconds");
  });

  test("three people and any number of channels", () => {
    const session = simulateDyad({
      seed: 1,
      durationSeconds: 3,
      persons: [
        { id: "adult", role: "adult", channels: 32 },
        { id: "infant", role: "infant", channels: ["Cz"] },
        { id: "infant-2", role: "infant", channels: 4 },
      ],
    });
    expect(session.streams.map((stream) => stream.channels.length)).toEqual([32, 1, 4]);
    expect(
      session.streams.every(
        (stream) => new Set(stream.channels.map((c) => c.label)).size === stream.channels.length,
      ),
    ).toBe(true);
    const chunk = [...session.inputs()].find(
      (input): input is SampleChunk => input.kind === "samples" && input.streamId === "infant-2-eeg",
    );
    expect(chunk!.data.length).toBe(4 * chunk!.nSamples);
  });
});
