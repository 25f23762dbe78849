import { describe, expect, test } from "vitest";
import { inPolygon } from "./areas.ts";
import type { GazeChannels } from "./choose-channels.ts";
import { channels, face, make, type Place, pushAll, run, said, samplesOf, toy } from "./gaze.test-support.ts";

describe("entering and leaving", () => {
  test("an area is entered after 100 ms in it, and unknown is said until then", () => {
    expect(run([["face", 30]])).toEqual(["0.000 unknown", "0.100 partner"]);
    expect(run([["face", 10]])).toEqual(["0.000 unknown"]);
  });

  test("it is left after 200 ms outside, and a glance out or in between changes nothing", () => {
    expect(
      run([
        ["face", 30],
        ["out", 30],
      ]),
    ).toEqual(["0.000 unknown", "0.100 partner", "0.500 away"]);
    expect(
      run([
        ["face", 30],
        ["out", 19],
        ["face", 30],
      ]),
    ).toEqual(["0.000 unknown", "0.100 partner"]);
    const flicker: [Place, number][] = Array.from({ length: 20 }, (_, i) => [
      i % 2 === 0 ? "out" : "face",
      i % 2 === 0 ? 15 : 1,
    ]);
    expect(run([["face", 30], ...flicker])).toEqual(["0.000 unknown", "0.100 partner"]);
  });

  test("from one area to another it goes straight, once the first is left", () => {
    expect(
      run([
        ["face", 30],
        ["toy", 40],
      ]),
    ).toEqual(["0.000 unknown", "0.100 partner", "0.500 object"]);
  });

  test("out of the old and not yet in a new one is outside", () => {
    expect(
      run([
        ["face", 30],
        ["out", 15],
        ["toy", 20],
      ]),
    ).toEqual(["0.000 unknown", "0.100 partner", "0.500 away", "0.550 object"]);
  });

  test("durations are settings", () => {
    const options = { enterSeconds: 0.05, leaveSeconds: 0.05 };
    expect(
      run(
        [
          ["face", 30],
          ["out", 30],
        ],
        options,
      ),
    ).toEqual(["0.000 unknown", "0.050 partner", "0.350 away"]);
  });
});

describe("invalid samples", () => {
  test("gaps up to 75 ms change nothing, longer ones are unknown from the moment that time was over", () => {
    expect(
      run([
        ["face", 30],
        ["lost", 6],
        ["face", 30],
      ]),
    ).toEqual(["0.000 unknown", "0.100 partner"]);
    expect(
      run([
        ["face", 30],
        ["lost", 8],
        ["face", 30],
      ]),
    ).toEqual(["0.000 unknown", "0.100 partner", "0.365 unknown", "0.480 partner"]);
  });

  test("low confidence is invalid", () => {
    expect(
      run([
        ["face", 30],
        ["unsure", 30],
      ]),
    ).toEqual(["0.000 unknown", "0.100 partner", "0.365 unknown"]);
    expect(run([["unsure", 30]], { minimumConfidence: 0.2 })).toEqual(["0.000 unknown", "0.100 partner"]);
  });

  test("a tracker that falls silent is unknown, whenever one asks, at the same moment", () => {
    for (const askedAt of [0.4, 7]) {
      const tracker = make();
      pushAll(tracker, samplesOf([["face", 30]]));
      expect(said(tracker.advance(0.36))).toEqual([]);
      expect(said(tracker.advance(askedAt))).toEqual(["0.365 unknown"]);
      expect(tracker.advance(9)).toEqual([]);
    }
  });

  test("unknown is not away: without a valid sample nothing else is ever said", () => {
    expect(run([["lost", 300]])).toEqual(["0.000 unknown"]);
    const tracker = make();
    expect(tracker.advance(5)).toEqual([]);
  });

  test("of two eyes the valid ones count, in the mean", () => {
    const both: GazeChannels = {
      eyes: [
        { x: 0, y: 0, valid: 1 },
        { x: 2, y: 2, valid: 3 },
      ],
      coordinates: "normalised",
      chosen: "",
    };
    const at = (left: number, leftValid: number, right: number, rightValid: number): string[] => {
      const n = 20;
      const data = Float64Array.from(
        { length: 4 * n },
        (_, i) => [left, leftValid, right, rightValid][Math.floor(i / n)]!,
      );
      return said(
        make({ channels: both }).push(
          data,
          n,
          Float64Array.from({ length: n }, (_, i) => i / 100),
        ),
      ).slice(1);
    };
    expect(at(0.3, 1, 0.7, 1)).toEqual(["0.100 partner"]);
    expect(at(0.5, 1, 0.9, 0)).toEqual(["0.100 partner"]);
    expect(at(0.9, 1, 0.5, 0)).toEqual(["0.100 away"]);
    expect(at(0.5, 0, 0.5, 0)).toEqual([]);
  });
});

describe("head yaw", () => {
  const adult = { person: "adult", areas: [{ ...face, state: "direct" }], outside: "averted" };
  const withYaw: GazeChannels = { ...channels, eyes: [{ x: 0, y: 1 }], yaw: 2 };
  const turned = (yaw: number, place: Place): string[] => {
    const samples = samplesOf([[place, 20]]);
    samples.data.fill(yaw, 2 * samples.n);
    return said(pushAll(make({ ...adult, channels: withYaw, headYaw: {} }), samples)).slice(1);
  };

  test("divides direct from direct-oblique at 10 degrees to either side; averted is averted", () => {
    expect(turned(10, "face")).toEqual(["0.100 direct"]);
    expect(turned(-10.1, "face")).toEqual(["0.100 direct-oblique"]);
    expect(turned(40, "out")).toEqual(["0.100 averted"]);
    expect(turned(Number.NaN, "face")).toEqual([]);
  });

  test("told from outside it waits for its moment, and is nothing when it is old", () => {
    const tracker = make({ ...adult, headYaw: { external: true, directDegrees: 20 } });
    expect(tracker.pushYaw(15, 0)).toEqual([]);
    const early = pushAll(tracker, samplesOf([["face", 15]]));
    expect(said(early)).toEqual(["0.000 unknown"]);
    expect(said(tracker.pushYaw(15, 0.14))).toEqual(["0.100 direct"]);
    expect(() => make().pushYaw(3, 1)).toThrow(/not told from outside/);
    const stale = make({ ...adult, headYaw: { external: true } });
    stale.pushYaw(0, 0);
    expect(said(pushAll(stale, samplesOf([["face", 60]])))).toEqual([
      "0.000 unknown",
      "0.100 direct",
      "0.325 unknown",
    ]);
  });
});

describe("areas", () => {
  test("polygons: inside, outside, on an edge, on a corner, concave", () => {
    const arrow = [
      [0, 0],
      [4, 0],
      [4, 4],
      [2, 1],
      [0, 4],
    ] as const;
    expect(inPolygon(arrow, 1, 1)).toBe(true);
    expect(inPolygon(arrow, 2, 3)).toBe(false);
    expect(inPolygon(arrow, 2, 0)).toBe(true);
    expect(inPolygon(arrow, 4, 4)).toBe(true);
    expect(inPolygon(arrow, 5, 1)).toBe(false);
  });

  test("what does not fit together is refused", () => {
    expect(() => make({ coordinates: "pixels" })).toThrow(
      /in pixels coordinates, the tracker's in normalised/,
    );
    expect(() => make({ areas: [] })).toThrow(/at least one area/);
    expect(() => make({ areas: [face, face] })).toThrow(/same name/);
    expect(() =>
      make({
        areas: [
          {
            ...toy,
            shape: {
              kind: "polygon",
              points: [
                [0, 0],
                [1, 1],
              ],
            },
          },
        ],
      }),
    ).toThrow(/three corners/);
    expect(() => make({ headYaw: {} })).toThrow(/the stream has none/);
    expect(() => make({ leaveSeconds: -1 })).toThrow(/at least 0 s/);
    expect(make().chosen).toMatch(/norm_pos_x/);
  });
});
