import type { SampleChunk, Stream } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { StreamCounts } from "./stream-counts.ts";

const STREAM: Stream = {
  id: "heart",
  name: "Attune-Line",
  type: "ECG",
  channels: [{ label: "ecg", unit: "mV" }],
  nominalSamplingRate: 500,
  sampleFormat: "float32",
};

/** A second of samples whose stamps begin at `at` on the device's clock. */
const second = (firstSample: number, at: number): SampleChunk => ({
  kind: "samples",
  streamId: STREAM.id,
  firstSample,
  nSamples: 500,
  data: new Float64Array(500),
  deviceTime: Float64Array.from({ length: 500 }, (_, n) => at + n / 500),
});

/** @param ppm by how much the device's clock is fast */
function feed(counts: StreamCounts, seconds: number, firstSample: number, at: number, ppm: number): void {
  for (let k = 0; k < seconds; k++) {
    counts.offset({
      kind: "clock-offset",
      streamId: STREAM.id,
      collectedAt: at + k,
      offset: 900 - (at + k) * ppm * 1e-6,
    });
    counts.take(STREAM, second(firstSample + 500 * k, at + k));
  }
}

describe("what entered of a stream", () => {
  test("the rate of a device that was restarted is that of its spells, not of the jump between their clocks", () => {
    const counts = new StreamCounts();
    feed(counts, 100, 0, 1000, 20);
    counts.restarted("heart");
    feed(counts, 100, 63_633, 0, 20);
    expect(counts.get("heart")).toMatchObject({ nSamples: 100_000, nLost: 13_633, nRestarts: 1 });
    expect(counts.get("heart")!.measuredSamplingRate).toBeCloseTo(500 * (1 + 20e-6), 6);
  });

  test("a clock that goes back ends a spell although nobody said so", () => {
    const counts = new StreamCounts();
    feed(counts, 50, 0, 1000, 0);
    feed(counts, 50, 60_000, 0, 0);
    expect(counts.get("heart")!.measuredSamplingRate).toBeCloseTo(500, 6);
  });

  test("counts begin with the session; the rate knows what came before", () => {
    const counts = new StreamCounts();
    feed(counts, 40, 100, 0, 0);
    counts.begin();
    counts.take(STREAM, second(30_000, 59.8));
    counts.take(STREAM, second(30_510, 60.82));
    const { nSamples, nLost, nOffsets, measuredSamplingRate } = counts.get("heart")!;
    expect([nSamples, nLost, nOffsets]).toEqual([1000, 10, 0]);
    expect(measuredSamplingRate).toBeCloseTo(500, 6);
  });
});
