import { type DeviceEvent, type Lifecycle, ManualTime } from "@attune/device-kit";
import type { DeviceOutput, Stream } from "@attune/signal";
import { describe, expect, test } from "vitest";
import type { CoderDevice } from "./coder-device.ts";
import { decodeRow } from "./coding-log.ts";
import { coderDevice } from "./device-type.ts";
import { parseMarker } from "./parse-marker.ts";
import { coderSettings } from "./settings.ts";

function make(given: Record<string, unknown> = {}): {
  device: CoderDevice;
  time: ManualTime;
  output: DeviceOutput[];
  events: DeviceEvent[];
  states: Lifecycle[];
  streams: () => readonly Stream[];
} {
  const time = new ManualTime({ start: 500 });
  const device = coderDevice.create("coding", coderSettings.parse(given), time.context);
  const output: DeviceOutput[] = [];
  const events: DeviceEvent[] = [];
  const states: Lifecycle[] = [];
  let streams: readonly Stream[] = [];
  device.output.subscribe((item) => output.push(item));
  device.events.subscribe((event) => events.push(event));
  device.lifecycle.subscribe((state) => states.push(state));
  device.streams.subscribe((now) => {
    streams = now;
  });
  return { device, time, output, events, states, streams: () => streams };
}
const statesOf = (output: readonly DeviceOutput[]): string[] =>
  output.flatMap((item) =>
    item.kind === "state" ? [`${item.at} ${item.person}.${item.layer}=${item.state}`] : [],
  );
const textsOf = (output: readonly DeviceOutput[]): string[] =>
  output.flatMap((item) => (item.kind === "text" ? [...item.text] : []));

describe("the coder as a device", () => {
  test("goes through the lifecycle; connect, start, stop and close may be called again", async () => {
    const { device, states } = make();
    await device.connect();
    await device.connect();
    await device.start();
    await device.start();
    await device.stop();
    await device.stop();
    await device.start();
    await device.close();
    await device.close();
    expect(states).toEqual([
      "idle",
      "connecting",
      "configuring",
      "ready",
      "streaming",
      "stopping",
      "ready",
      "streaming",
      "stopping",
      "ready",
      "closed",
    ]);
    await expect(device.connect()).rejects.toThrow(/is closed/);
  });

  test("describes itself: coders, layers, and the human latency that nobody applied", async () => {
    const { device, streams } = make({ humanLatencySeconds: 0.4, coders: ["a", "b"] });
    await device.connect();
    expect(streams()).toMatchObject([
      {
        id: "coding",
        type: "Markers",
        sampleFormat: "string",
        nominalSamplingRate: 0,
        description: { humanLatencySeconds: 0.4, coders: "a, b", primaryCoder: "a" },
      },
    ]);
  });

  test("keys become states on the session clock, now or when the host says", async () => {
    const { device, time, output } = make();
    await device.start();
    const begun = output.length;
    await time.advance(2);
    device.press("f");
    device.press("j", 501.5);
    device.release("j", 502.25);
    expect(statesOf(output.slice(begun))).toEqual([
      "502 adult.gaze=direct",
      "502 infant.gaze=partner",
      "502.25 infant.gaze=unknown",
    ]);
    expect(output.find((item) => item.kind === "clock-offset")).toMatchObject({
      offset: 0,
      streamId: "coding",
    });
  });

  test("keys outside of a session do nothing", async () => {
    const { device, output } = make();
    device.press("f");
    device.note("early");
    device.phase("early");
    await device.connect();
    device.press("f");
    expect(output).toEqual([]);
    await device.start();
    await device.stop();
    const n = output.length;
    device.press("f");
    device.pause();
    expect(output.length).toBe(n);
  });

  test("every coder's rows are text of its stream, numbered without a hole, and no marker states", async () => {
    const { device, output } = make({ coders: ["first", "second"] });
    await device.start();
    device.press("j", 501, "first");
    device.press("k", 501.2, "second");
    device.undo(502, "second");
    await device.stop();
    const texts = textsOf(output);
    const rows = texts.map((text) => decodeRow(text)!);
    expect(rows).toEqual(device.rows());
    expect(rows.filter(({ coder }) => coder === "second").map(({ kind }) => kind)).toContain("correction");
    expect(rows.at(-1)).toMatchObject({ kind: "auto-close", coder: "first" });
    expect(texts.every((text) => parseMarker(text) === undefined)).toBe(true);
    let next = 0;
    for (const item of output) {
      if (item.kind !== "text") continue;
      expect(item.firstSample).toBe(next);
      expect(item.deviceTime.length).toBe(item.nSamples);
      next += item.nSamples;
    }
    expect(statesOf(output).some((state) => state.includes("object"))).toBe(false);
    expect(device.statistics().streams[0]).toMatchObject({ nSamples: next, nLost: 0 });
  });

  test("phase is a point and a state; pause, resume, quit and note are points", async () => {
    for (const layers of [
      undefined,
      [{ person: "adult", layer: "gaze", mode: "toggle", states: [{ state: "direct", keys: ["f"] }] }],
    ]) {
      const { device, output } = make(layers ? { layers } : {});
      await device.start();
      const begun = output.length;
      device.phase("still-face", 501);
      device.pause(502);
      device.resume(503);
      device.note("infant sneezed: loud", 504);
      device.quit(505);
      const points = output.slice(begun).flatMap((item) => (item.kind === "event" ? [item] : []));
      expect(points.map(({ label, at }) => `${at} ${label}`)).toEqual([
        "501 phase:still-face",
        "502 pause",
        "503 resume",
        '504 note "infant sneezed: loud"',
        "505 quit",
      ]);
      expect(points.every(({ source }) => source === "coding")).toBe(true);
      expect(statesOf(output.slice(begun))).toEqual(["501 session.phase=still-face"]);
      expect(parseMarker(points[0]!.label)).toEqual({
        person: "session",
        layer: "phase",
        state: "still-face",
      });
      expect(points.slice(1).every(({ label }) => parseMarker(label) === undefined)).toBe(true);
    }
  });

  test("in a terminal held layers toggle, and a warning says so once", async () => {
    const { device, events, output } = make({ keyReleases: false });
    await device.start();
    const warnings = events.flatMap((event) => (event.kind === "warning" ? [event.message] : []));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/infant\.gaze/);
    device.press("j", 501);
    device.press("k", 502);
    expect(statesOf(output).slice(-2)).toEqual(["501 infant.gaze=partner", "502 infant.gaze=object"]);
  });

  test("a subscriber that throws is reported and disturbs nobody", async () => {
    const { device, output, events } = make();
    device.output.subscribe(() => {
      throw new Error("a broken page");
    });
    await device.start();
    device.press("f", 501);
    expect(statesOf(output).at(-1)).toBe("501 adult.gaze=direct");
    expect(events.some((event) => event.kind === "error" && event.error.message === "a broken page")).toBe(
      true,
    );
  });

  test("settings are described throughout", () => {
    for (const field of Object.values(coderSettings.shape)) expect(field.description).toMatch(/\w/);
    expect(coderSettings.safeParse({ colour: "red" }).success).toBe(false);
  });
});
