import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONVERTERS } from "./index.ts";

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, `${name}.fixture.json`), "utf8"));

describe("fixtures", () => {
  test("a Neurosity epoch gives 16 samples of 8 channels in microvolts with the sender's times", () => {
    const converted = CONVERTERS.neurosity(fixture("neurosity.epoch"));
    if (converted.kind !== "samples") throw new Error(converted.kind);
    expect(converted).toMatchObject({ samplingRate: 256, nSamples: 16, nChannels: 8 });
    expect(converted.channels![7]).toEqual({ label: "CP4", unit: "uV" });
    // channel 3 of sample 1: 10 sin(2 pi 10 / 256) + 3
    expect(converted.values[1 * 8 + 3]).toBeCloseTo(10 * Math.sin((2 * Math.PI * 10) / 256) + 3, 3);
    expect(converted.deviceTime![0]).toBe(1628194299.499);
    expect(converted.deviceTime![15]! - converted.deviceTime![0]!).toBeCloseTo(15 / 256, 6);
  });

  test("a Neurosity signal quality gives one contact per channel", () => {
    expect(CONVERTERS.neurosity(fixture("neurosity.signal-quality"))).toMatchObject({
      kind: "quality",
      channels: [
        { label: "CP3", contact: "good" },
        { label: "C3", contact: "good" },
        { label: "F5", contact: "bad" },
        { label: "PO3", contact: "off" },
        {},
        {},
        {},
        {},
      ],
    });
  });

  test("a time series of the OpenBCI GUI gives values alone", () => {
    expect(CONVERTERS["openbci-gui"](fixture("openbci-gui"))).toEqual({
      kind: "samples",
      nSamples: 5,
      nChannels: 4,
      values: Float64Array.from({ length: 20 }, (_, k) => (k % 4) * 100 + Math.floor(k / 4) + 0.25),
    });
    expect(CONVERTERS["openbci-gui"]({ type: "fft", data: [[1]] })).toEqual({ kind: "ignored" });
  });

  test("a sample of eeg-pipes gives one frame with its time, an epoch several", () => {
    const sample = fixture("eeg-pipes") as { data: unknown; info: object };
    expect(CONVERTERS["eeg-pipes"](sample)).toMatchObject({
      samplingRate: 256,
      nSamples: 1,
      nChannels: 4,
      values: Float64Array.of(12.5, -3.25, 0.5, 101),
      deviceTime: Float64Array.of(1559900743.3318),
    });
    const epoch = {
      data: [
        [1, 2],
        [3, 4],
      ],
      info: { samplingRate: 100, startTime: 5000 },
    };
    expect(CONVERTERS["eeg-pipes"](epoch)).toEqual({
      kind: "samples",
      samplingRate: 100,
      nSamples: 2,
      nChannels: 2,
      values: Float64Array.of(1, 3, 2, 4),
      deviceTime: Float64Array.of(5, 5.01),
    });
  });

  test("a publication of Timeflux gives rows in the order of time, null as missing", () => {
    expect(CONVERTERS["timeflux-ui"](fixture("timeflux-ui"))).toEqual({
      kind: "samples",
      channels: [
        { label: "Fz", unit: "" },
        { label: "Cz", unit: "" },
      ],
      samplingRate: 250,
      nSamples: 2,
      nChannels: 2,
      values: Float64Array.of(1.5, -2, 1.75, Number.NaN),
      deviceTime: Float64Array.of(1559900743.331, 1559900743.335),
    });
    expect(CONVERTERS["timeflux-ui"](fixture("timeflux-ui.events"))).toEqual({
      kind: "events",
      events: [{ label: "gaze_direct", time: 1559900743.4 }],
    });
  });
});

describe("hostile senders", () => {
  const converters = Object.entries(CONVERTERS);

  test("anything that JSON can hold is converted or refused, never thrown at, and counts never lie", () => {
    const part = fc.oneof(
      { depthSize: "small" },
      fc.jsonValue(),
      fc.array(fc.array(fc.oneof(fc.double(), fc.constant(null)))),
    );
    const message = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          data: part,
          info: fc.oneof(
            part,
            fc.record({
              samplingRate: fc.double(),
              startTime: fc.double(),
              channelNames: fc.array(fc.string()),
            }),
          ),
          timestamp: fc.oneof(fc.double(), part),
          type: fc.constant("timeSeriesRaw"),
          command: fc.constant("publish"),
          payload: fc.oneof(
            part,
            fc.record({ data: fc.dictionary(fc.oneof(fc.string(), fc.nat().map(String)), part), meta: part }),
          ),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(message, (input) => {
        for (const [, convert] of converters) {
          const converted = convert(input);
          if (converted.kind !== "samples") continue;
          expect(converted.values.length).toBe(converted.nSamples * converted.nChannels);
          expect(converted.channels?.length ?? converted.nChannels).toBe(converted.nChannels);
          expect(converted.deviceTime?.length ?? converted.nSamples).toBe(converted.nSamples);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("a fixture with one value spoilt is refused or one value short, never garbage", () => {
    const epoch = fixture("neurosity.epoch") as { data: unknown[][] };
    for (const wrong of ["12", true, {}, [], undefined, Number.POSITIVE_INFINITY]) {
      const spoilt = {
        ...epoch,
        data: epoch.data.map((row, c) => (c === 2 ? [wrong, ...row.slice(1)] : row)),
      };
      expect(CONVERTERS.neurosity(spoilt).kind).toBe("malformed");
    }
    expect(CONVERTERS.neurosity({ ...epoch, data: epoch.data.slice(1) }).kind).toBe("malformed");
    expect(
      CONVERTERS["timeflux-ui"]({ command: "publish", payload: { data: { "1": { a: 1 }, "2": { b: 1 } } } })
        .kind,
    ).toBe("malformed");
  });
});
