import type { Timeline } from "@attune/wire/page";
import { describe, expect, test } from "vitest";
import { labelSeconds, secondsPerState, timelineRows } from "./rows.ts";

const interval = (person: string, layer: string, state: string, onset: number, offset: number | null) => ({
  person,
  layer,
  state,
  onset,
  offset,
});
const timeline: Timeline = {
  kind: "timeline",
  isWhole: true,
  from: 0,
  to: 100,
  events: [],
  gaps: [],
  rejected: [],
  intervals: [
    interval("adult", "gaze", "direct", 0, 10),
    interval("adult", "gaze", "averted", 10, 30),
    interval("adult", "gaze", "direct", 30, null),
    interval("session", "pause", "running", 0, 50),
    interval("session", "pause", "paused", 50, 60),
    interval("session", "phase", "baseline", 0, 50),
    interval("adult", "voice", "silent", 0, null),
  ],
  couplings: [
    {
      at: 1,
      condition: "direct",
      from: "adult",
      to: "infant",
      band: "theta",
      value: 1,
      nullMean: null,
      nullSd: null,
      corrected: null,
      isTrusted: true,
    },
    {
      at: 1,
      condition: "direct",
      from: "infant",
      to: "adult",
      band: "alpha",
      value: 1,
      nullMean: null,
      nullSd: null,
      corrected: null,
      isTrusted: true,
    },
  ],
};

describe("rows of the timeline", () => {
  test("every layer once, the adult's before the infant's before the phase, then what was lost, then the directions of the band", () => {
    const layers = [
      { person: "infant", layer: "gaze", mode: "toggle" as const, initial: "unknown", states: [] },
    ];
    const people = [
      { id: "infant", role: "infant" as const },
      { id: "adult", role: "adult" as const },
    ];
    expect(timelineRows(timeline, layers, "theta", people)).toEqual([
      { kind: "lane", lane: expect.objectContaining({ person: "adult", layer: "gaze" }) },
      { kind: "lane", lane: expect.objectContaining({ person: "adult", layer: "voice" }) },
      { kind: "lane", lane: expect.objectContaining({ person: "infant", layer: "gaze" }) },
      { kind: "lane", lane: { person: "session", layer: "phase" } },
      { kind: "rejected" },
      { kind: "gaps" },
      { kind: "coupling", from: "adult", to: "infant" },
    ]);
  });

  test("seconds per state count open states up to now, and pauses stand among the phases", () => {
    expect([...secondsPerState(timeline, { person: "adult", layer: "gaze" })]).toEqual([
      ["direct", 80],
      ["averted", 20],
    ]);
    expect([...secondsPerState(timeline, { person: "session", layer: "phase" })]).toEqual([
      ["paused", 10],
      ["baseline", 50],
    ]);
  });

  test("labels of the axis are round", () => {
    expect([0.2, 3, 31, 400, 9999].map(labelSeconds)).toEqual([1, 5, 60, 600, 7200]);
  });
});
