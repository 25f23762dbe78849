import type { SampleChunk, StateChange, Stream } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { parseSession } from "../session-file/read-session.ts";
import { DerivedStates } from "./derived-states.ts";

const file = parseSession(
  `
session: dyad-001
people: [{ id: adult, role: adult }, { id: infant, role: infant }]
devices: { eyes: { kind: lsl, name: Eyes }, caps: { kind: lsl, name: Caps } }
streams: []
trackers:
  - device: eyes
    person: infant
    coordinates: normalised
    outside: away
    areas: [{ name: face, state: partner, rectangle: { x: 0.4, y: 0.4, width: 0.2, height: 0.2 } }]
mutualGaze: true
`,
  "session.yaml",
);
const eyes: Stream = {
  id: "eyes",
  name: "pupil_capture",
  type: "Gaze",
  nominalSamplingRate: 0,
  channels: ["confidence", "norm_pos_x", "norm_pos_y"].map((label) => ({ label, unit: "" })),
};
const RATE = 100;

/** One second of the eyes at a place, on a clock that is 50 s behind. */
function look(second: number, place: number): SampleChunk {
  const data = new Float64Array(3 * RATE);
  data
    .fill(0.95, 0, RATE)
    .fill(place, RATE, 2 * RATE)
    .fill(place, 2 * RATE);
  const deviceTime = Float64Array.from({ length: RATE }, (_, n) => second + n / RATE - 50);
  return { kind: "samples", streamId: "eyes", firstSample: second * RATE, nSamples: RATE, data, deviceTime };
}

function run(direct: readonly (readonly [at: number, state: string])[]) {
  const said: string[] = [];
  const derived = new DerivedStates(file, (sentence) => said.push(sentence));
  derived.addStream("eyes", eyes);
  derived.offset({ kind: "clock-offset", streamId: "eyes", collectedAt: -50, offset: 50 });
  const changes: StateChange[] = [];
  const enter = (all: StateChange[]): void => {
    for (const change of all) {
      changes.push(change);
      derived.state(change);
    }
  };
  for (const [at, state] of direct)
    derived.state({ kind: "state", person: "adult", layer: "gaze", state, at });
  // Away, then at the face, then away.
  [0.9, 0.9, 0.5, 0.5, 0.5, 0.9, 0.9].forEach((place, second) => {
    enter(derived.samples(look(second, place)));
    enter(derived.advance(second + 1));
  });
  return { said, changes };
}

describe("derived states", () => {
  test("points of gaze become states of the person, on the session clock", () => {
    const { said, changes } = run([]);
    expect(said).toEqual([expect.stringContaining("infant's gaze is taken from")]);
    const gaze = changes.filter(({ layer }) => layer === "gaze");
    expect(gaze.map(({ person, state }) => `${person} ${state}`)).toEqual([
      "infant unknown",
      "infant away",
      "infant partner",
      "infant away",
    ]);
    // In the area for 100 ms before it is said; 200 ms outside before it is over.
    expect(gaze[2]!.at).toBeCloseTo(2.1, 1);
    expect(gaze[3]!.at).toBeCloseTo(5.2, 1);
  });

  test("mutual gaze holds while the adult's is direct and the infant's on the partner", () => {
    const { changes } = run([
      [0, "averted"],
      [3, "direct"],
    ]);
    const mutual = changes.filter(({ layer }) => layer === "mutual-gaze");
    expect(mutual.every(({ person }) => person === "session")).toBe(true);
    const states = mutual.map(({ state, at }) => `${state} ${at.toFixed(1)}`);
    expect(states).toContain("mutual 3.0");
    expect(mutual.at(-1)!.state).toBe("none");
    expect(mutual.at(-1)!.at).toBeCloseTo(5.2, 1);
  });

  test("a tracker that falls silent becomes unknown, not away", () => {
    const derived = new DerivedStates(file, () => {});
    derived.addStream("eyes", eyes);
    derived.offset({ kind: "clock-offset", streamId: "eyes", collectedAt: -50, offset: 50 });
    derived.samples(look(0, 0.5));
    const later = derived.advance(3);
    expect(later.at(-1)).toMatchObject({ person: "infant", layer: "gaze", state: "unknown" });
  });

  test("a stream without a point of gaze is refused by name", () => {
    const derived = new DerivedStates(file, () => {});
    const wrong = { ...eyes, channels: [{ label: "pupil", unit: "mm" }] };
    expect(() => derived.addStream("eyes", wrong)).toThrow(/has no point of gaze/);
  });
});
