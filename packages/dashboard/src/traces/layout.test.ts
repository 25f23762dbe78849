import type { Hello } from "@attune/wire/page";
import { describe, expect, test } from "vitest";
import { layOutTraces } from "./layout.ts";
import { mix, pixelOf } from "./raster.ts";
import { clockText } from "./session-zero.ts";
import { stepGain } from "./settings.ts";

const eeg = (person: string, labels: readonly string[]): Hello["streams"][number] => ({
  id: `${person}-eeg`,
  name: "",
  device: "",
  type: "EEG",
  samplingRate: 500,
  channels: labels.map((label) => ({ label, unit: "uV", person, signal: "eeg" as const })),
});
const hello = {
  people: [
    { id: "baby", role: "infant" },
    { id: "mother", role: "adult" },
  ],
  streams: [
    eeg("baby", ["Cz", "Pz"]),
    {
      ...eeg("mother", []),
      id: "ecg",
      channels: [{ label: "ECG", unit: "mV", person: "mother", signal: "ecg" }],
    },
    {
      ...eeg("mother", ["Cz"]),
      channels: [
        ...eeg("mother", ["Cz"]).channels,
        { label: "x", unit: "px", person: "mother", signal: "gaze" },
      ],
    },
    { ...eeg("baby", ["unused"]), id: "events", samplingRate: 0 },
  ],
} as unknown as Hello;

describe("the layout of traces", () => {
  test("has the adult above the infant, the heart below the electrodes, and no gaze", () => {
    const groups = layOutTraces(hello, 400);
    expect(groups.map(({ person, role }) => [person, role])).toEqual([
      ["mother", "adult"],
      ["baby", "infant"],
    ]);
    expect(groups.map(({ rows }) => rows.map(({ label, kind }) => `${label} ${kind}`))).toEqual([
      ["Cz eeg", "ECG ecg"],
      ["Cz eeg", "Pz eeg"],
    ]);
    const rows = groups.flatMap((group) => group.rows);
    expect(rows.map(({ microvolts }) => microvolts)).toEqual([1, 1000, 1, 1]);
    for (let n = 1; n < rows.length; n++)
      expect(rows[n]!.top).toBeGreaterThanOrEqual(rows[n - 1]!.top + rows[n - 1]!.height - 1e-9);
    expect(groups.at(-1)!.bottom).toBeCloseTo(400, 9);
    expect(rows[1]!.height).toBeCloseTo(3 * rows[0]!.height, 9);
  });
});

describe("small things of the traces", () => {
  test("colours lie in memory as an image has them, and mix", () => {
    expect([...new Uint8Array(Uint32Array.of(pixelOf("#102030")).buffer)]).toEqual([0x10, 0x20, 0x30, 0xff]);
    expect(mix(pixelOf("#000000"), pixelOf("#ffffff"), 1)).toBe(pixelOf("#ffffff"));
    expect(mix(pixelOf("#123456"), pixelOf("#ffffff"), 0)).toBe(pixelOf("#123456"));
    expect(mix(pixelOf("#000000"), pixelOf("#ffffff"), 0.5)).toBe(pixelOf("#7f7f7f"));
  });

  test("gains go from preset to preset and stop at the ends", () => {
    expect([stepGain(100, 1), stepGain(100, -1), stepGain(10, 1), stepGain(2000, -1)]).toEqual([
      50, 200, 10, 2000,
    ]);
  });

  test("times are written as on a clock", () => {
    expect([clockText(0), clockText(61.9), clockText(3725), clockText(-5)]).toEqual([
      "0:00",
      "1:01",
      "1:02:05",
      "-0:05",
    ]);
  });
});
