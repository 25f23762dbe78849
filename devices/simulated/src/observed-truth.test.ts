import { bandMean, fitMvar, frequencyGrid, gpdc } from "@attune/core";
import { expect, test } from "vitest";
import { type SimulatedDyad, simulateDyad } from "./index.ts";

const SECONDS = 240;
const GRID = 200;

/** One stream's channels, put on the grid `n / 200` s by a long windowed sinc on its true sample times. */
function onGrid(session: SimulatedDyad, streamId: string): Float64Array[] {
  const clock = session.truth.clocks.find((candidate) => candidate.streamId === streamId)!;
  const channels = [new Float64Array(clock.nSamples), new Float64Array(clock.nSamples)];
  for (const input of session.inputs())
    if (input.kind === "samples" && input.streamId === streamId)
      channels.forEach((channel, c) => {
        channel.set(input.data.subarray(c * input.nSamples, (c + 1) * input.nSamples), input.firstSample);
      });
  const rate = clock.nominalSamplingRate * (1 + clock.driftPpm * 1e-6);
  const out = channels.map(() => new Float64Array(SECONDS * GRID));
  for (let n = 0; n < SECONDS * GRID; n++) {
    const position = (n / GRID - clock.startSeconds) * rate;
    const below = Math.floor(position);
    for (let m = -23; m <= 24; m++) {
      const distance = position - below - m;
      const sinc = Math.abs(distance) < 1e-9 ? 1 : Math.sin(Math.PI * distance) / (Math.PI * distance);
      const weight = sinc * Math.cos((Math.PI * distance) / 50) ** 2;
      for (let c = 0; c < 2; c++) out[c]![n] = out[c]![n]! + weight * (channels[c]![below + m] ?? 0);
    }
  }
  return out;
}

test("seen through two amplifiers and put back on one grid, the planted coupling is still there, in its state only", () => {
  const device = { artefactsPerMinute: 0, lossesPerMinute: 0 };
  const session = simulateDyad({
    seed: 3,
    durationSeconds: SECONDS,
    persons: [
      { id: "adult", role: "adult", device },
      { id: "infant", role: "infant", device },
    ],
  });
  const nodes = [...onGrid(session, "adult-eeg"), ...onGrid(session, "infant-eeg")];
  const alpha = (state: string) => {
    const windows: Float64Array[] = [];
    for (const { person, layer, state: current, onset, duration } of session.states) {
      if (person !== "adult" || layer !== "gaze" || current !== state) continue;
      for (let second = Math.ceil(onset + 0.5); second + 1 <= onset + duration; second++) {
        const window = new Float64Array(4 * GRID);
        nodes.forEach((node, c) => {
          window.set(node.subarray(second * GRID, (second + 1) * GRID), c * GRID);
        });
        windows.push(window);
      }
    }
    const model = fitMvar(windows, { nChannels: 4, order: 5, demean: true });
    const frequencies = frequencyGrid({ samplingRate: GRID, nfft: 256 });
    return bandMean(gpdc(model, { samplingRate: GRID, frequencies }), {
      low: 6,
      high: 9,
      edges: "half-open",
      squared: true,
    });
  };
  const direct = alpha("direct");
  const averted = alpha("averted");
  const truth = session.truth.links.filter(
    ({ from, to, band, state }) =>
      from === "adult" && to === "infant" && band === "alpha" && state === "direct",
  );
  expect(truth.map(({ fromChannel, toChannel }) => fromChannel + toChannel)).toEqual(["C3C3", "C4C4"]);
  // [sink, source] of four nodes: adult C3, adult C4, infant C3, infant C4.
  expect(Math.abs(direct[2 * 4 + 0]! - truth[0]!.gpdcSquared)).toBeLessThan(0.06);
  expect(Math.abs(direct[3 * 4 + 1]! - truth[1]!.gpdcSquared)).toBeLessThan(0.06);
  for (const at of [2, 3, 6, 7]) {
    expect(direct[at]).toBeLessThan(0.01);
    expect(averted[at]).toBeLessThan(0.01);
  }
  for (const at of [8, 9, 12, 13]) expect(averted[at]).toBeLessThan(0.01);
});
