import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { motionUnit, SampleColumns } from "./columns.ts";
import { ContactQuality } from "./contact-quality.ts";
import { parseCortexMessage } from "./cortex-message.ts";
import { readHeadsets } from "./headset.ts";

const COLS = ["COUNTER", "INTERPOLATED", "AF3", "Pz", "RAW_CQ", "MARKER_HARDWARE", "MARKERS"];

describe("columns of samples", () => {
  test("a sample is read by the names of its columns, in whatever order they come", () => {
    const sample: Record<string, unknown> = {
      COUNTER: 17,
      INTERPOLATED: 1,
      AF3: 4201.5,
      Pz: 4199.25,
      RAW_CQ: 0,
      MARKER_HARDWARE: 3,
      MARKERS: [],
    };
    fc.assert(
      fc.property(fc.shuffledSubarray(COLS, { minLength: COLS.length }), (cols) => {
        const columns = SampleColumns.from(cols, () => "uV");
        if (typeof columns === "string") throw new Error(columns);
        const out = new Float64Array(2);
        const read = columns.read(
          cols.map((name) => sample[name]),
          out,
        );
        expect(read).toEqual({ counter: 17, invented: true, marker: true });
        for (const [c, { label, unit }] of columns.channels.entries()) {
          expect(out[c]).toBe(sample[label]);
          expect(unit).toBe("uV");
        }
        expect(columns.channels.map((channel) => channel.label).sort()).toEqual(["AF3", "Pz"]);
      }),
    );
  });

  test("null is missing; any other value that is no number is refused", () => {
    const columns = SampleColumns.from(COLS, () => "uV") as SampleColumns;
    const out = new Float64Array(2);
    expect(columns.read([1, 0, null, 2, 0, 0, []], out)).toMatchObject({ counter: 1, invented: false });
    expect([...out]).toEqual([Number.NaN, 2]);
    for (const wrong of ["1", true, undefined, [], {}, Number.NaN])
      expect(typeof columns.read([1, 0, wrong, 2, 0, 0, []], out)).toBe("string");
    expect(columns.read(["1", 0, 1, 2, 0, 0, []], out)).toBe("COUNTER is no index");
    expect(columns.read([], out)).toContain("AF3");
  });

  test("columns that cannot be those of samples are refused", () => {
    for (const cols of [[], ["COUNTER"], ["AF3", "AF3"], ["AF3", 7], [["AF3"]], ["", "AF3"]])
      expect(typeof SampleColumns.from(cols, motionUnit)).toBe("string");
  });
});

describe("contact quality", () => {
  test("it is the worse of dev and eq per channel, and the battery comes along", () => {
    const quality = new ContactQuality([
      { label: "AF3", unit: "uV" },
      { label: "Pz", unit: "uV" },
      { label: "T8", unit: "uV" },
    ]);
    expect(quality.channels).toEqual(["unknown", "unknown", "unknown"]);
    const dev = ["Battery", "Signal", ["AF3", "T7", "Pz", "OVERALL"], "BatteryPercent"];
    expect(quality.take("dev", dev, [4, 1, [4, 0, 3, 90], 61])).toBeUndefined();
    expect(quality.channels).toEqual(["good", "fair", "unknown"]);
    expect(quality.batteryPercent).toBe(61);
    const eq = ["batteryPercent", "OVERALL", "SampleRateQuality", "AF3", "Pz", "T8"];
    expect(quality.take("eq", eq, [60, 40, 1, 0, 4, 1])).toBeUndefined();
    expect(quality.channels).toEqual(["off", "fair", "bad"]);
    expect(quality.take("dev", dev, [4, 1, [4, 0, 3], 61])).toContain("does not fit");
    expect(quality.take("dev", dev, [])).toContain("does not fit");
  });
});

describe("hostile services", () => {
  test("any text is parsed or refused, never thrown at", () => {
    const key = fc.constantFrom(
      "id",
      "result",
      "error",
      "warning",
      "sid",
      "time",
      "eeg",
      "dev",
      "code",
      "message",
      "x",
    );
    const message = fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.jsonValue())));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          message.map((one) => JSON.stringify(one)),
        ),
        (text) => {
          const parsed = parseCortexMessage(text);
          if (parsed.kind !== "data") return;
          expect(Number.isFinite(parsed.time)).toBe(true);
          expect(Array.isArray(parsed.values)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
    expect(parseCortexMessage("[".repeat(500_000))).toMatchObject({ kind: "malformed" });
  });

  test("any result, columns and values are read or refused, never thrown at", () => {
    const anything = fc.jsonValue();
    fc.assert(
      fc.property(fc.array(anything), fc.array(anything), anything, (cols, values, result) => {
        for (const headset of readHeadsets(result)) expect(typeof headset.id).toBe("string");
        const quality = new ContactQuality([{ label: "AF3", unit: "uV" }]);
        quality.take("dev", cols, values);
        expect(quality.channels.length).toBe(1);
        const columns = SampleColumns.from(cols, motionUnit);
        if (typeof columns === "string") return;
        const out = new Float64Array(columns.channels.length);
        if (typeof columns.read(values, out) !== "string")
          for (const one of out) expect(one).not.toBe(Infinity);
      }),
      { numRuns: 1000 },
    );
  });
});
