import { describe, expect, test } from "vitest";
import { addCoupling } from "../simulate/planted-coupling.ts";
import { bandList, nameList, numberIn, personLayer, replaySpeed } from "./values.ts";

describe("values as typed", () => {
  test("bands are read with their limits, and nonsense is refused", () => {
    expect(bandList("theta:3-6, alpha:6.5-9")).toEqual([
      { name: "theta", low: 3, high: 6 },
      { name: "alpha", low: 6.5, high: 9 },
    ]);
    for (const wrong of ["theta", "theta:6-3", "theta:0-3", "3-6", ":3-6", "a:3-6,a:6-9", "a:x-y", ""])
      expect(() => bandList(wrong), wrong).toThrow();
  });

  test("numbers keep to their range", () => {
    const order = numberIn({ least: 1, whole: true });
    expect(order("12")).toBe(12);
    for (const wrong of ["0", "1.5", "ten", "", " ", "Infinity", "1e400"])
      expect(() => order(wrong), wrong).toThrow();
    const overlap = numberIn({ least: 0, below: 1 });
    expect([overlap("0"), overlap("0.5")]).toEqual([0, 0.5]);
    expect(() => overlap("1")).toThrow(/at least 0 and below 1/);
  });

  test("names, layers and speeds", () => {
    expect(nameList("C3, C4")).toEqual(["C3", "C4"]);
    expect(() => nameList("C3,,C4")).toThrow();
    expect(personLayer("infant:gaze")).toEqual({ person: "infant", layer: "gaze" });
    for (const wrong of ["gaze", "a:b:c", ":gaze"]) expect(() => personLayer(wrong), wrong).toThrow();
    expect([replaySpeed("max"), replaySpeed("2.5")]).toEqual([Number.POSITIVE_INFINITY, 2.5]);
    for (const wrong of ["0", "-1", "fast", ""]) expect(() => replaySpeed(wrong), wrong).toThrow();
  });

  test("planted coupling adds up over repetitions, its parts in any order", () => {
    const first = addCoupling("adult->infant:0.1:direct", undefined);
    expect(addCoupling("infant-2 -> adult:0.05:20ms:6-9Hz:averted", first)).toEqual([
      { from: "adult", to: "infant", strength: 0.1, gazeState: "direct" },
      {
        from: "infant-2",
        to: "adult",
        strength: 0.05,
        delaySeconds: 0.02,
        band: [6, 9],
        gazeState: "averted",
      },
    ]);
    expect(addCoupling("none", undefined)).toEqual([]);
    for (const wrong of ["adult", "adult->infant", "adult->infant:strong", "adult->infant:0.1:sideways"])
      expect(() => addCoupling(wrong, undefined), wrong).toThrow();
  });
});
