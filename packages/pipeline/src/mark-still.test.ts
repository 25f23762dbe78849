import type { SampleChunk } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutSamples, exampleSettings, montageOf, noise, outputs } from "./example-data.test-support.ts";
import { type MarkedChunk, markStill } from "./mark-still.ts";
import { reasonsOf } from "./reasons.ts";

const RATE = 250;
const montage = { ...montageOf("infant", "infant", RATE), channels: [{ label: "Cz", row: 1 }] };
const flatSamples = 50;
const railedSamples = 13;

/** Two rows of noise; the second is what is worn. */
function recording(change: (worn: Float64Array) => void): SampleChunk {
  const nSamples = 4 * RATE;
  const data = noise(2 * nSamples, "still");
  change(data.subarray(nSamples));
  const deviceTime = Float64Array.from({ length: nSamples }, (_, n) => n / RATE);
  return { kind: "samples", streamId: "cap", firstSample: 0, nSamples, data, deviceTime };
}

function marks(chunks: SampleChunk[]): string[] {
  const marked = outputs(chunks, markStill(montage, exampleSettings.artefacts)) as MarkedChunk[];
  return marked.flatMap(({ mask }) => Array.from(mask!, (bits) => reasonsOf(bits).join(" ")));
}
const where = (all: string[], reason: string) =>
  all.flatMap((reasons, n) => (reasons.split(" ").includes(reason) ? [n] : []));

describe("markStill", () => {
  test("a channel that says the same for long enough is flat from then on, whatever its neighbours do", () => {
    const all = marks([recording((worn) => worn.fill(0.25, 400, 500))]);
    expect(where(all, "flat")).toEqual(Array.from({ length: 100 - flatSamples + 1 }, (_, k) => 449 + k));
    expect(where(all, "railed")).toEqual([]);
  });

  test("a short stay at the furthest value ever seen is a rail, and anywhere else nothing", () => {
    const atRail = marks([recording((worn) => worn.fill(99, 400, 420))]);
    expect(where(atRail, "railed")).toEqual([412, 413, 414, 415, 416, 417, 418, 419]);
    expect(railedSamples).toBe(412 - 400 + 1);
    expect(marks([recording((worn) => worn.fill(0.25, 400, 420))]).join("")).toBe("");
  });

  test("moving data, missing values and a gap are not still", () => {
    expect(marks([recording(() => {})]).join("")).toBe("");
    expect(marks([recording((worn) => worn.fill(Number.NaN, 100, 900))]).join("")).toBe("");
    const still = recording((worn) => worn.fill(0.25));
    const pieces = cutSamples(still, [flatSamples - 1]);
    const apart = pieces.map((piece, i) => ({ ...piece, firstSample: piece.firstSample + 1000 * i }));
    expect(where(marks(apart), "flat")).toEqual([]);
  });

  test("any chunking gives the same marks", () => {
    const chunk = recording((worn) => {
      worn.fill(0.25, 100, 250);
      worn.fill(-50, 600, 640);
    });
    const whole = marks([chunk]);
    expect(where(whole, "flat").length).toBeGreaterThan(0);
    expect(where(whole, "railed").length).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 12 }), (cuts) => {
        expect(marks(cutSamples(chunk, cuts))).toEqual(whole);
      }),
    );
  });
});
