import type { Coupling } from "@attune/signal";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeSessionFrame, encodeSessionFrame, type SessionFrame, WireError } from "./index.ts";

const coupling: Coupling = {
  kind: "coupling",
  at: 61.25,
  condition: "direct",
  scope: "pooled",
  values: [
    {
      from: "adult",
      to: "infant",
      band: "theta",
      measure: "gpdcSquared",
      value: 0.031,
      nullMean: Number.NaN,
      nullSd: Number.NaN,
      corrected: -0.01,
      z: Number.POSITIVE_INFINITY,
      p: 0,
    },
  ],
  nWindows: 118,
  effectiveSamples: 23_600.5,
  health: { status: "unstable", spectralRadius: 1.02, parameterRatio: 0.04, nObservations: 23_000 },
};
const quality: SessionFrame = {
  kind: "quality",
  at: 3,
  streamId: "cyton:eeg",
  channels: [{ label: "Fz", contact: "fair", kilohms: Number.NaN }],
  nSamples: 5e9,
  nLost: 0,
  measuredSamplingRate: 250.01,
  driftPpm: 40,
  jitterRms: 0.0004,
};

test("coupling and quality come back as they went in, NaN and infinities included", () => {
  expect(decodeSessionFrame(encodeSessionFrame(coupling))).toEqual(coupling);
  expect(decodeSessionFrame(encodeSessionFrame(quality))).toEqual(quality);
});

test("damaged frames are malformed or another valid frame, and never throw", () => {
  fc.assert(
    fc.property(fc.constantFrom(coupling, quality), fc.nat(), fc.nat(), (frame, cut, flip) => {
      const bytes = encodeSessionFrame(frame);
      expect(decodeSessionFrame(bytes.subarray(0, cut % bytes.length)).kind).toBe("malformed");
      const flipped = bytes.slice();
      flipped[cut % bytes.length]! ^= 1 + (flip % 255);
      expect(["coupling", "quality", "malformed"]).toContain(decodeSessionFrame(flipped).kind);
    }),
  );
});

test("a frame that breaks its own type is not sent", () => {
  expect(() => encodeSessionFrame({ ...coupling, at: Number.NaN })).toThrow(WireError);
});
