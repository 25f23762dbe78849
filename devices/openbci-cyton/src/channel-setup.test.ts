import { describe, expect, test } from "vitest";
import {
  CYTON_GAINS,
  channelCommand,
  GainTracker,
  leadOffCommand,
  microvoltsPerCount,
  railMicrovolts,
} from "./channel-setup.ts";
import { montage, openbciCytonSettings } from "./settings.ts";

describe("commands", () => {
  test("are those of the SDK page", () => {
    const setup = { input: 2, on: true, gain: 2, bias: false, srb2: false } as const;
    expect(channelCommand(setup)).toBe("x3010000X");
    expect(channelCommand({ ...setup, input: 8, on: false, gain: 24, bias: true, srb2: true })).toBe(
      "xQ160110X",
    );
    expect(leadOffCommand(3, true)).toBe("z410Z");
    expect(leadOffCommand(15, false)).toBe("zI00Z");
  });

  test("tell the gain of each channel", () => {
    const tracker = new GainTracker();
    for (const gain of CYTON_GAINS) {
      tracker.sent(channelCommand({ input: 9, on: true, gain, bias: true, srb2: true }));
      expect(tracker.gain(9)).toBe(gain);
      expect(tracker.gain(1)).toBe(24);
    }
    tracker.sent("x1020000X");
    expect(tracker.gain(0)).toBe(4);
    tracker.sent("x1090000X");
    tracker.sent("z110Z");
    expect(tracker.gain(0)).toBe(4);
    tracker.sent("d");
    expect(tracker.gain(0)).toBe(24);
  });

  test("gain 24 is 0.02235 uV a count and 187.5 mV to the rail", () => {
    expect(microvoltsPerCount(24)).toBeCloseTo(0.0223517444553, 12);
    expect(railMicrovolts(24)).toBe(187_500);
    expect(microvoltsPerCount(1) * (2 ** 23 - 1)).toBeCloseTo(4.5e6, 6);
  });
});

describe("settings", () => {
  test("need a port and nothing else", () => {
    const settings = openbciCytonSettings.parse({ port: "/dev/ttyUSB0" });
    expect(montage(settings).map((input) => input.label)).toEqual([
      "CH1",
      "CH2",
      "CH3",
      "CH4",
      "CH5",
      "CH6",
      "CH7",
      "CH8",
    ]);
    expect(montage({ ...settings, daisy: true })).toHaveLength(16);
  });

  test("an input that is not listed is off, and ecg has its own negative input", () => {
    const settings = openbciCytonSettings.parse({
      port: "COM3",
      channels: [{ label: "Fz" }, { kind: "ecg", gain: 12 }],
    });
    const inputs = montage(settings);
    expect(inputs[0]).toMatchObject({ label: "Fz", kind: "eeg", gain: 24, srb2: true, bias: true });
    expect(inputs[1]).toMatchObject({ label: "CH2", kind: "ecg", gain: 12, srb2: false });
    expect(inputs.slice(2).every((input) => input.kind === "off" && !input.bias)).toBe(true);
  });

  test.each([
    [{ port: "" }],
    [{ port: "x", channels: [{ gain: 5 }] }],
    [{ port: "x", channels: [{ kind: "off" }] }],
    [{ port: "x", channels: Array.from({ length: 9 }, () => ({})) }],
    [{ port: "x", channels: [{ label: "Cz" }, { label: "Cz" }] }],
    [{ port: "x", speed: 1 }],
  ])("%j is refused", (settings) => {
    expect(openbciCytonSettings.safeParse(settings).success).toBe(false);
  });
});
