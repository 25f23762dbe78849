import type { DeviceType, Discovered } from "@attune/device-kit";
import { lslStream } from "@attune/device-lsl-stream";
import { describe, expect, test } from "vitest";
import { deviceTypes } from "../device-registry.ts";
import { scriptedDevices } from "../session/scripted-device.test-support.ts";
import { parseSession } from "../session-file/read-session.ts";
import { discoverStreams } from "./discover-streams.ts";
import { proposeSession } from "./propose-session.ts";

const lsl = (name: string, type = "EEG", rate = 500, more: Partial<Discovered> = {}): Discovered => ({
  device: "lsl",
  title: `LSL stream "${name}"`,
  settings: { name, sourceId: `${name}-1` },
  streams: [{ name, type, channels: ["1", "2"], nominalSamplingRate: rate }],
  ...more,
});

const proposed = (found: readonly Discovered[]) => parseSession(proposeSession(found), "proposal.yaml");

describe("looking for streams", () => {
  const type = (name: string, discover: DeviceType["discover"]): DeviceType =>
    ({ ...scriptedDevices().type, name, ...(discover && { discover }) }) as DeviceType;

  test("what one kind cannot look for is a problem in a sentence, and the others are shown", async () => {
    const { found, problems } = await discoverStreams(0.1, [
      type("good", async () => [lsl("a")]),
      type("bad", async () => {
        throw new Error("no permission");
      }),
      type("worse", () => {
        throw new Error("no driver");
      }),
      type("mute", undefined),
    ]);
    expect(found).toEqual([lsl("a")]);
    expect(problems).toEqual([
      "bad could not be looked for: no permission",
      "worse could not be looked for: no driver",
    ]);
  });

  test("a kind that never answers does not keep the others waiting for ever", async () => {
    const { found, problems } = await discoverStreams(
      0.05,
      [type("good", async () => [lsl("a")]), type("hung", () => new Promise(() => {}))],
      0.05,
    );
    expect(found).toHaveLength(1);
    expect(problems).toEqual(["hung could not be looked for: it did not answer in time"]);
  });
});

describe("a proposed session", () => {
  test("parses, names devices by their streams, and guesses people and signals", () => {
    const file = proposed([
      lsl("Mother EEG"),
      lsl("Baby EEG"),
      lsl("Polar heart", "ECG", 130),
      lsl("Stimulus", "Markers", 0),
    ]);
    expect(Object.keys(file.devices)).toEqual(["mother-eeg", "baby-eeg", "polar-heart", "stimulus"]);
    expect(file.streams.map(({ person, signal, device }) => [person, signal, device])).toEqual([
      ["adult", "eeg", "mother-eeg"],
      ["infant", "eeg", "baby-eeg"],
      ["infant", "ecg", "polar-heart"],
    ]);
    expect(file.markers).toEqual(["stimulus"]);
  });

  test("what a device says about its wearer goes before its name", () => {
    const [assigned] = proposed([lsl("cap 1", "EEG", 500, { role: "infant" })]).streams;
    expect(assigned!.person).toBe("infant");
  });

  test("of nothing still parses, and can be completed", () => {
    expect(proposed([]).streams).toEqual([]);
  });

  test("names of any kind become keys, each its own", () => {
    const names = ["EEG", "eeg", "EEG-2", "eeg", "32 ch", "脑电", "!!!", "constructor"];
    const file = proposed(names.map((name) => lsl(name)));
    const keys = Object.keys(file.devices);
    expect(keys).toHaveLength(names.length);
    expect(new Set(keys).size).toBe(names.length);
    for (const key of keys) expect(key).toMatch(/^[a-z][a-z0-9-]*$/);
    // Each key still leads to the stream that it was made from.
    expect(keys.map((key) => file.devices[key]!.name)).toEqual(names);
  });

  test("a device with several streams names each; markers among them are listened to", () => {
    const board: Discovered = {
      device: "attune-ws",
      title: "Headset",
      settings: { port: 9001 },
      streams: [
        { name: "Headset EEG", type: "EEG", channels: ["1"], nominalSamplingRate: 256 },
        { name: "Headset motion", type: "Motion", channels: ["x"], nominalSamplingRate: 64 },
        { name: "Headset markers", type: "Markers", channels: ["m"], nominalSamplingRate: 0 },
      ],
    };
    const file = proposed([board]);
    expect(file.streams.map(({ stream, signal }) => [stream, signal])).toEqual([
      ["Headset EEG", "eeg"],
      ["Headset motion", "other"],
    ]);
    expect(file.markers).toEqual(["attune-ws"]);
  });

  test("its settings are taken by the kinds of device that exist", () => {
    const file = proposed([lsl("Mother EEG")]);
    const { kind, optional: _, ...settings } = file.devices["mother-eeg"]!;
    const type = deviceTypes.find(({ name }) => name === kind)!;
    expect(type.name).toBe(lslStream.name);
    expect(type.settings.safeParse(settings)).toMatchObject({ success: true });
  });
});
