import type { StreamInfo } from "@attune/lsl";
import { describe, expect, test } from "vitest";
import { describeStream } from "./describe-stream.ts";

const leaf = (name: string, value: string) => ({ name, value, children: [] });

const info: StreamInfo = {
  name: "Cap",
  type: "EEG",
  channelCount: 2,
  nominalSamplingRate: 500,
  channelFormat: "float32",
  sourceId: "",
  uid: "1234",
  hostname: "lab-pc",
  sessionId: "default",
  createdAt: 1,
  version: 110,
  endpoints: {},
  channels: [
    { label: "C3", unit: "microvolts", type: "EEG" },
    { label: "", unit: "mV", type: "ECG" },
  ],
  description: [
    { name: "channels", value: "", children: [leaf("channel", "")] },
    { name: "acquisition", value: "", children: [leaf("manufacturer", "Acme"), leaf("model", " X1 ")] },
    leaf("note", "one"),
    leaf("note", "two"),
  ],
  xml: "",
};

describe("a stream as the session knows it", () => {
  test("keeps labels and units as sent, numbers what has no label, and keeps the rest under its path", () => {
    expect(describeStream("adult", info, 0.02)).toEqual({
      id: "adult",
      name: "Cap",
      type: "EEG",
      channels: [
        { label: "C3", unit: "microvolts" },
        { label: "2", unit: "mV" },
      ],
      nominalSamplingRate: 500,
      sampleFormat: "float32",
      description: {
        "acquisition.manufacturer": "Acme",
        "acquisition.model": "X1",
        note: "one",
        "note[2]": "two",
        channelTypes: "EEG,ECG",
        hostname: "lab-pc",
        uid: "1234",
        declaredLatencySeconds: 0.02,
      },
    });
  });

  test("without any description channels are numbered from 1", () => {
    const { channels, sourceId } = describeStream("x", { ...info, channels: [], sourceId: "s" }, 0);
    expect(channels).toEqual([
      { label: "1", unit: "" },
      { label: "2", unit: "" },
    ]);
    expect(sourceId).toBe("s");
  });
});
