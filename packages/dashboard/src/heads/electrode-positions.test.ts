import { describe, expect, test } from "vitest";
import { electrodePosition } from "./electrode-positions.ts";

const CAP =
  "Nz Fp1 Fpz Fp2 AF7 AF3 AFz AF4 AF8 F9 F7 F5 F3 F1 Fz F2 F4 F6 F8 F10 FT9 FT7 FC5 FC3 FC1 FCz FC2 FC4 FC6 FT8 FT10 T9 T7 C5 C3 C1 Cz C2 C4 C6 T8 T10 TP9 TP7 CP5 CP3 CP1 CPz CP2 CP4 CP6 TP8 TP10 P9 P7 P5 P3 P1 Pz P2 P4 P6 P8 P10 PO7 PO3 POz PO4 PO8 O1 Oz O2 Iz".split(
    " ",
  );
const at = (label: string) => electrodePosition(label)!;

describe("places of electrodes", () => {
  test("every name of the 10-10 system has a place of its own", () => {
    const places = CAP.map((label) => at(label));
    expect(places.every((p) => p !== undefined && Math.hypot(p.x, p.y) <= 1 + 1e-9)).toBe(true);
    for (let i = 0; i < places.length; i++)
      for (let j = 0; j < i; j++)
        expect(
          Math.hypot(places[i]!.x - places[j]!.x, places[i]!.y - places[j]!.y),
          `${CAP[i]} ${CAP[j]}`,
        ).toBeGreaterThan(0.08);
  });

  test("tenths of the midline and of the arc over the ears are tenths", () => {
    expect(
      ["Nz", "Fpz", "AFz", "Fz", "FCz", "Cz", "CPz", "Pz", "POz", "Oz", "Iz"].map(
        (l) => Math.round(at(l).y * 1000) / 1000,
      ),
    ).toEqual([1, 0.8, 0.6, 0.4, 0.2, 0, -0.2, -0.4, -0.6, -0.8, -1]);
    for (const [label, x] of [
      ["C1", -0.2],
      ["C3", -0.4],
      ["C5", -0.6],
      ["T7", -0.8],
      ["T9", -1],
      ["C4", 0.4],
    ] as const) {
      expect(at(label).x).toBeCloseTo(x, 9);
      expect(at(label).y).toBeCloseTo(0, 9);
    }
  });

  test("left is odd, right mirrors it, and the back mirrors the front", () => {
    for (const [left, right] of [
      ["Fp1", "Fp2"],
      ["F3", "F4"],
      ["FC5", "FC6"],
      ["PO3", "PO4"],
      ["TP9", "TP10"],
      ["O1", "O2"],
    ] as const) {
      expect(at(left).x).toBeLessThan(0);
      expect(at(right)).toEqual({ x: -at(left).x, y: at(left).y });
    }
    for (const [front, back] of [
      ["F3", "P3"],
      ["AF7", "PO7"],
      ["FC1", "CP1"],
      ["Fp1", "O1"],
    ] as const) {
      expect(at(back).x).toBeCloseTo(at(front).x, 9);
      expect(at(back).y).toBeCloseTo(-at(front).y, 9);
    }
  });

  test("F3 lies where a sphere puts it: as far from Fz as from F7", () => {
    const toSphere = ({ x, y }: { x: number; y: number }) => {
      const r = Math.hypot(x, y);
      const polar = (r * Math.PI) / 2;
      return [(Math.sin(polar) * x) / r, (Math.sin(polar) * y) / r, Math.cos(polar)] as const;
    };
    const distance = (a: string, b: string) =>
      Math.hypot(...toSphere(at(a)).map((v, i) => v - toSphere(at(b))[i]!));
    expect(distance("F3", "Fz")).toBeCloseTo(distance("F3", "F7"), 9);
    expect(distance("P4", "Pz")).toBeCloseTo(distance("P4", "P8"), 9);
  });

  test("old names and what recorders write around a name are understood, others are not guessed", () => {
    expect(at("T3")).toEqual(at("T7"));
    expect(at("T6")).toEqual(at("P8"));
    expect(at("EEG FP1-Ref")).toEqual(at("Fp1"));
    expect(at("cz")).toEqual({ x: 0, y: 0 });
    for (const label of ["ECG", "E17", "EMG1", "Tz", "F0", "X3", "", "EOG", "Ch1", "A7"])
      expect(electrodePosition(label)).toBeUndefined();
  });
});
