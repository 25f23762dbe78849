import type { SampleChunk } from "@attune/signal";
import { expect, test } from "vitest";
import { SampleQueue } from "./sample-queue.ts";

const chunk = (first: number, nSamples: number): SampleChunk => ({
  kind: "samples",
  streamId: "a",
  firstSample: first,
  nSamples,
  data: Float64Array.from(
    { length: 2 * nSamples },
    (_, i) => first + (i % nSamples) + (i < nSamples ? 0 : 1000),
  ),
  deviceTime: new Float64Array(nSamples),
});

test("samples leave in their order, and the last one again when there are no more", () => {
  const queue = new SampleQueue(2);
  queue.push(chunk(0, 3));
  const out = new Float64Array(2);
  const taken = Array.from({ length: 5 }, () => {
    queue.shift(out);
    return [...out];
  });
  expect(taken).toEqual([
    [0, 1000],
    [1, 1001],
    [2, 1002],
    [2, 1002],
    [2, 1002],
  ]);
});

test("what nobody takes does not pile up", () => {
  const queue = new SampleQueue(2);
  for (let k = 0; k < 100; k++) queue.push(chunk(k * 100, 100));
  const out = new Float64Array(2);
  queue.shift(out);
  expect(out[0]).toBe(5000);
});
