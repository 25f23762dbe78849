import type { StreamInfo } from "@attune/lsl";
import { describe, expect, test } from "vitest";
import { chooseOne, identityOf, notFound, predicateOf, xpathText } from "./selection.ts";

const info = (changes: Partial<StreamInfo>): StreamInfo => ({
  name: "BioSemi",
  type: "EEG",
  channelCount: 64,
  nominalSamplingRate: 512,
  channelFormat: "float32",
  sourceId: "bs-1",
  uid: "u",
  hostname: "lab-pc",
  sessionId: "default",
  createdAt: 1,
  version: 110,
  endpoints: {},
  channels: [],
  description: [],
  xml: "",
  ...changes,
});

describe("which stream is meant", () => {
  test("settings become one predicate", () => {
    expect(
      predicateOf({ name: "a", type: "EEG", sourceId: "s", hostname: "h", predicate: "1=1 or 2=2" }),
    ).toBe("name='a' and type='EEG' and source_id='s' and hostname='h' and (1=1 or 2=2)");
  });

  test.each([
    ["plain", "'plain'"],
    ["anna's cap", `"anna's cap"`],
    [`the "new" cap`, `'the "new" cap'`],
    [`anna's "new" cap`, `concat('anna', "'", 's "new" cap')`],
  ])("a name of %s is written so that XPath reads it back", (text, written) => {
    expect(xpathText(text)).toBe(written);
  });

  test("after a restart it is the same name, type and source id, and what the settings say", () => {
    expect(identityOf({ predicate: "hostname='h'" }, info({}))).toBe(
      "name='BioSemi' and type='EEG' and source_id='bs-1' and (hostname='h')",
    );
    expect(identityOf({ name: "BioSemi" }, info({ sourceId: "", type: "" }))).toBe("name='BioSemi'");
  });

  test("two streams are named, with what would tell them apart", () => {
    const two = [info({}), info({ sourceId: "bs-2", uid: "v" })];
    expect(() => chooseOne(two, { name: "BioSemi" })).toThrow(
      `2 LSL streams match name='BioSemi': "BioSemi" (EEG, 64 channels at 512 Hz, source id "bs-1") on lab-pc; "BioSemi" (EEG, 64 channels at 512 Hz, source id "bs-2") on lab-pc. Add sourceId to the settings.`,
    );
    expect(() => chooseOne([info({ sourceId: "" }), info({ sourceId: "", hostname: "b" })], {})).toThrow(
      "Add hostname to the settings",
    );
    expect(() => chooseOne([info({}), info({})], {})).toThrow("here they are the same");
    expect(chooseOne([info({})], {})).toEqual(info({}));
  });

  test("when there is none, what was seen is listed", () => {
    expect(
      notFound({ name: "x" }, 5, [info({ nominalSamplingRate: 0, channelCount: 1, type: "" })]).message,
    ).toBe(
      `No LSL stream matches name='x' within 5 s. Seen were: "BioSemi" (no type, 1 channel at no fixed rate, source id "bs-1") on lab-pc.`,
    );
    expect(notFound({ name: "x" }, 5, []).message).toContain("No LSL stream at all was seen");
  });
});
