import { welch } from "@attune/core";
import type { SampleChunk, SessionInput } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { type SimulationOptions, simulateDyad, simulateDyadMatrix } from "./index.ts";

const quiet = { artefactsPerMinute: 0, lossesPerMinute: 0 };
const lively: SimulationOptions = {
  seed: 11,
  durationSeconds: 40,
  persons: [
    { id: "adult", role: "adult", device: { lossesPerMinute: 8, sensorNoiseMicrovolts: 0.1 } },
    { id: "infant", role: "infant", device: { lossesPerMinute: 8, artefactsPerMinute: 6 } },
  ],
  lineNoise: { frequencyHz: 50, amplitudeMicrovolts: 2 },
};

/** All that one stream delivered, joined; `counters` holds the number of each sample. */
function join(inputs: Iterable<SessionInput>, streamId: string) {
  const chunks = [...inputs].filter(
    (input): input is SampleChunk => input.kind === "samples" && input.streamId === streamId,
  );
  const nChannels = chunks[0]!.data.length / chunks[0]!.nSamples;
  const channels: number[][] = Array.from({ length: nChannels }, () => []);
  const counters: number[] = [];
  const deviceTime: number[] = [];
  const sessionTime: number[] = [];
  for (const chunk of chunks) {
    expect(chunk.data.length).toBe(nChannels * chunk.nSamples);
    expect(chunk.deviceTime.length).toBe(chunk.nSamples);
    for (let n = 0; n < chunk.nSamples; n++) {
      counters.push(chunk.firstSample + n);
      deviceTime.push(chunk.deviceTime[n]!);
      if (chunk.sessionTime !== undefined) sessionTime.push(chunk.sessionTime[n]!);
      for (let c = 0; c < nChannels; c++) channels[c]!.push(chunk.data[c * chunk.nSamples + n]!);
    }
  }
  return { channels, counters, deviceTime, sessionTime };
}

describe("reproducibility", () => {
  test("the same options give the same session to the bit, and it can be read twice", () => {
    const first = simulateDyad(lively);
    const again = simulateDyad(lively);
    expect([...again.inputs()]).toEqual([...first.inputs()]);
    expect([...first.inputs()]).toEqual([...first.inputs()]);
    expect(again.truth).toEqual(first.truth);
    expect(simulateDyad({ ...lively, seed: 12 }).truth).not.toEqual(first.truth);
  });

  test.each([0.001, 0.037, 2.5, 100])(
    "chunks of %d s hold the same samples as chunks of 0.1 s",
    (chunkSeconds) => {
      const session = simulateDyad(lively);
      for (const { id } of session.streams)
        expect(join(session.inputs({ chunkSeconds }), id)).toEqual(join(session.inputs(), id));
    },
  );

  test("the truth survives JSON", () => {
    const { truth } = simulateDyad({
      ...lively,
      brokenSpans: [{ person: "infant", kind: "flat", onset: 3, duration: 1 }],
    });
    expect(JSON.parse(JSON.stringify(truth))).toEqual(truth);
  });
});

describe("what devices deliver", () => {
  test("comes in the order in which it is complete", () => {
    const session = simulateDyad(lively);
    let latest = Number.NEGATIVE_INFINITY;
    const clocks = new Map(session.truth.clocks.map((clock) => [clock.streamId, clock]));
    for (const input of session.inputs({ withSessionTime: true })) {
      let at = 0;
      if (input.kind === "samples") at = input.sessionTime!.at(-1)!;
      else if (input.kind === "clock-offset") {
        const { driftPpm, clockOffsetSeconds } = clocks.get(input.streamId)!;
        at = (input.collectedAt + clockOffsetSeconds) / (1 + driftPpm * 1e-6);
      } else at = input.at;
      expect(at).toBeGreaterThanOrEqual(latest - 1e-9);
      latest = Math.max(latest, at);
    }
    expect(latest).toBeGreaterThan(39.9);
  });

  test("is the process itself where a device samples on its grid", () => {
    const device = {
      ...quiet,
      nominalSamplingRate: 200,
      driftPpm: 0,
      clockOffsetSeconds: 0,
      startSeconds: 0,
    };
    const options: SimulationOptions = {
      seed: 3,
      durationSeconds: 10,
      persons: [
        { id: "adult", role: "adult", device },
        { id: "infant", role: "infant", device: { ...device, nominalSamplingRate: 400 } },
      ],
    };
    const matrix = simulateDyadMatrix(options);
    const inputs = [...simulateDyad(options).inputs()];
    const adult = join(inputs, "adult-eeg");
    const infant = join(inputs, "infant-eeg");
    expect(adult.counters.length).toBe(2000);
    let worst = 0;
    for (let n = 0; n < 2000; n++) {
      worst = Math.max(worst, Math.abs(adult.channels[0]![n]! - matrix.data[n]!));
      worst = Math.max(worst, Math.abs(infant.channels[1]![2 * n]! - matrix.data[3 * 2000 + n]!));
    }
    expect(worst).toBeLessThan(1e-9);
  });

  test("lacks exactly the samples that the truth lists, and nothing else changes", () => {
    const session = simulateDyad(lively);
    const lossless = simulateDyad({
      ...lively,
      persons: lively.persons!.map((person) => ({
        ...person,
        device: { ...person.device, lossesPerMinute: 0 },
      })),
    });
    expect(session.truth.losses.length).toBeGreaterThan(4);
    for (const { streamId, nSamples } of session.truth.clocks) {
      const lost = new Set<number>();
      for (const burst of session.truth.losses)
        if (burst.streamId === streamId)
          for (let k = 0; k < burst.nSamples; k++) lost.add(burst.firstSample + k);
      const got = join(session.inputs(), streamId);
      const all = join(lossless.inputs(), streamId);
      expect(all.counters).toEqual(Array.from({ length: nSamples }, (_, k) => k));
      expect(got.counters).toEqual(all.counters.filter((k) => !lost.has(k)));
      expect(got.deviceTime).toEqual(all.deviceTime.filter((_, k) => !lost.has(k)));
      expect(got.channels[1]).toEqual(all.channels[1]!.filter((_, k) => !lost.has(k)));
    }
  });

  test("is stamped by a clock with the stated offset, drift and jitter", () => {
    const session = simulateDyad({ ...lively, durationSeconds: 120 });
    for (const { streamId, driftPpm, clockOffsetSeconds, jitterSeconds, nominalSamplingRate } of session.truth
      .clocks) {
      const { counters, deviceTime, sessionTime } = join(session.inputs({ withSessionTime: true }), streamId);
      let sum = 0;
      let squares = 0;
      let worst = 0;
      for (let n = 0; n < counters.length; n++) {
        const error = deviceTime[n]! - (sessionTime[n]! * (1 + driftPpm * 1e-6) - clockOffsetSeconds);
        sum += error;
        squares += error * error;
        const ticks = (deviceTime[n]! - deviceTime[0]!) * nominalSamplingRate;
        worst = Math.max(worst, Math.abs(ticks - (counters[n]! - counters[0]!)));
      }
      expect(worst).toBeLessThan(12 * jitterSeconds * nominalSamplingRate);
      expect(Math.abs(sum / counters.length)).toBeLessThan(1e-5);
      expect(Math.sqrt(squares / counters.length) / jitterSeconds).toBeCloseTo(1, 1);
      const offsets = [...session.inputs()].filter(
        (input) => input.kind === "clock-offset" && input.streamId === streamId,
      );
      expect(offsets.length).toBe(24);
      for (const input of offsets)
        if (input.kind === "clock-offset") {
          const trueSession = (input.collectedAt + clockOffsetSeconds) / (1 + driftPpm * 1e-6);
          expect(Math.abs(input.collectedAt + input.offset - trueSession)).toBeLessThan(6e-4);
        }
    }
  });

  test("carries artefacts, broken spans and hum exactly where the truth says", () => {
    const broken: SimulationOptions = {
      ...lively,
      persons: [
        { id: "adult", role: "adult", device: quiet },
        { id: "infant", role: "infant", device: { ...quiet, artefactsPerMinute: 6 } },
      ],
      brokenSpans: [
        { person: "infant", kind: "flat", onset: 5, duration: 2, channels: ["C4"] },
        { person: "adult", kind: "railed", onset: 7, duration: 1 },
      ],
    };
    const clean: SimulationOptions = {
      seed: broken.seed,
      durationSeconds: broken.durationSeconds,
      persons: broken.persons!.map(({ id, role }) => ({ id, role, device: quiet })),
    };
    const session = simulateDyad(broken);
    const got = join(session.inputs({ withSessionTime: true }), "infant-eeg");
    const bare = join(simulateDyad(clean).inputs(), "infant-eeg");
    expect(session.truth.artefacts.length).toBeGreaterThan(1);
    let worst = 0;
    for (let c = 0; c < 2; c++)
      for (let n = 0; n < got.counters.length; n++) {
        const t = got.sessionTime[n]!;
        let expected = bare.channels[c]![n]! + 2 * Math.sin(2 * Math.PI * 50 * t);
        for (const { person, onset, duration, peakMicrovolts } of session.truth.artefacts)
          if (person === "infant" && t > onset && t < onset + duration)
            expected += peakMicrovolts[c]! * Math.sin((Math.PI * (t - onset)) / duration) ** 2;
        if (c === 1 && t >= 5 && t < 7) expected = 0;
        worst = Math.max(worst, Math.abs(got.channels[c]![n]! - expected));
      }
    expect(worst).toBeLessThan(1e-9);
    const adult = join(session.inputs({ withSessionTime: true }), "adult-eeg");
    expect(adult.channels[0]!.map((x) => x === 5000)).toEqual(adult.sessionTime.map((t) => t >= 7 && t < 8));
  });

  test("has its spectral peaks where they were planted", () => {
    const session = simulateDyad({
      seed: 4,
      durationSeconds: 120,
      coupling: [],
      persons: [
        { id: "adult", role: "adult", backgroundPole: 0, poleRadius: 0.97, device: quiet },
        { id: "infant", role: "infant", backgroundPole: 0, poleRadius: 0.97, device: quiet },
      ],
    });
    for (const [streamId, rate, peak] of [
      ["adult-eeg", 500, 10],
      ["infant-eeg", 250, 7],
    ] as const) {
      const x = Float64Array.from(join(session.inputs(), streamId).channels[0]!);
      const { frequencies, values: power } = welch(x, { samplingRate: rate, segmentLength: 4 * rate });
      let best = 0;
      for (let k = 1; k < power.length; k++) if (power[k]! > power[best]!) best = k;
      expect(Math.abs(frequencies[best]! - peak)).toBeLessThan(0.6);
      // Nothing but the skirt of the interpolator lies above the internal Nyquist frequency.
      for (let k = 0; k < power.length; k++)
        if (frequencies[k]! > 112) expect(power[k]! / power[best]!).toBeLessThan(1e-9);
    }
  });
});
