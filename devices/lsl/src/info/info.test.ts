import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StreamDeclaration } from "../api/outlet.ts";
import { defaultLimits } from "../configuration/settings.ts";
import { LslStreamError } from "../errors.ts";
import { readInfo } from "./xml-read.ts";
import { checkDeclaration, writeInfo } from "./xml-write.ts";

const facts = {
  uid: "aaaa-bbbb",
  createdAt: 1234.5678901234567,
  sessionId: "default",
  hostname: "lab-1",
  v4: { dataPort: 16574, servicePort: 16573 },
  v6: { dataPort: 0, servicePort: 0 },
};
const declaration: StreamDeclaration = {
  name: "A & <B> 'ü'",
  type: "EEG",
  channelCount: 2,
  nominalSamplingRate: 100,
  channelFormat: "float32",
  sourceId: "dev]]>1",
  channels: [{ label: "Fp1", unit: "microvolts", type: "EEG" }, { label: "Fp2" }],
  description: [
    { name: "manufacturer", value: "x" },
    { name: "cap", children: [{ name: "size", value: 54 }] },
  ],
};
const source = { address: "10.0.0.5", family: "v4" } as const;

describe("the info document", () => {
  test("is read back as it was written", () => {
    const info = readInfo(writeInfo(declaration, facts).full, source, defaultLimits);
    expect(info).toMatchObject({
      name: declaration.name,
      type: "EEG",
      channelCount: 2,
      nominalSamplingRate: 100,
      channelFormat: "float32",
      sourceId: "dev]]>1",
      uid: "aaaa-bbbb",
      hostname: "lab-1",
      sessionId: "default",
      version: 110,
      endpoints: { v4: { address: "10.0.0.5", dataPort: 16574, servicePort: 16573 } },
      channels: [
        { label: "Fp1", unit: "microvolts", type: "EEG" },
        { label: "Fp2", unit: "", type: "" },
      ],
    });
    expect(info?.createdAt).toBeCloseTo(facts.createdAt, 9);
    expect(info?.description.map((element) => element.name)).toEqual(["channels", "manufacturer", "cap"]);
    expect(info?.description[2]?.children[0]).toEqual({ name: "size", value: "54", children: [] });
  });

  test("has the elements in liblsl's order and its 16 digits", () => {
    const { short } = writeInfo(declaration, facts);
    const names = [...short.matchAll(/<(\w+)[ >]/g)].map((match) => match[1]);
    expect(names.slice(1)).toEqual([
      ..."name type channel_count channel_format source_id nominal_srate version created_at uid".split(" "),
      ..."session_id hostname v4address v4data_port v4service_port v6address v6data_port".split(" "),
      ..."v6service_port desc".split(" "),
    ]);
    expect(short).toContain("<nominal_srate>100.0000000000000</nominal_srate>");
    expect(short).toContain("<version>1.100000000000000</version>");
    expect(short).toContain("<desc />");
  });

  test("any name and description text survives", () => {
    const legal = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => /\S/.test(text));
    fc.assert(
      fc.property(legal, legal, (name, value) => {
        const stream = { ...declaration, name, description: [{ name: "note", value }] };
        const info = readInfo(writeInfo(stream, facts).full, source, defaultLimits);
        expect(info?.name).toBe(name);
        expect(info?.description[1]?.value).toBe(value);
      }),
    );
  });

  test("is refused when a needed number is missing or wrong, or the name empty", () => {
    const { short } = writeInfo(declaration, facts);
    const broken = [
      short.replace(/<channel_count>.*<\/channel_count>/, ""),
      short.replace("<channel_count>2<", "<channel_count>two<"),
      short.replace("<channel_count>2<", "<channel_count>99999999<"),
      short.replace("float32", "float16"),
      short.replace("16574", "70000"),
      short.replace(/<name>.*<\/name>/, "<name/>"),
      short.replace("1.100000000000000", "0"),
      short.replace("</info>", ""),
      short.replace("<info>", '<!DOCTYPE info [<!ENTITY a "b">]><info>'),
      "",
      "hello",
    ];
    for (const xml of broken) expect(readInfo(xml, source, defaultLimits)).toBeUndefined();
  });

  test("a thousand nested elements, huge documents and any text are refused without throwing", () => {
    const deep = `<info>${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}</info>`;
    expect(readInfo(deep, source, defaultLimits)).toBeUndefined();
    const { full } = writeInfo(declaration, facts);
    expect(readInfo(full, source, { ...defaultLimits, maximumInfoBytes: 100 })).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), fc.nat(), (garbage, at) => {
        const place = at % full.length;
        readInfo(full.slice(0, place) + garbage + full.slice(place), source, defaultLimits);
        readInfo(garbage, source, defaultLimits);
        readInfo(full.slice(0, place), source, defaultLimits);
      }),
    );
  });
});

describe("a declaration", () => {
  test.each([
    { name: " " },
    { channelCount: 0 },
    { channelCount: 1.5 },
    { nominalSamplingRate: -1 },
    { nominalSamplingRate: Number.NaN },
    { channelFormat: "undefined" as never },
    { channels: [{}] },
  ])("with %o is refused", (wrong) => {
    expect(() => checkDeclaration({ ...declaration, ...wrong })).toThrow(LslStreamError);
  });

  test("with text that XML cannot carry, or a bad element name, is refused", () => {
    expect(() => writeInfo({ ...declaration, name: "a\0b" }, facts)).toThrow("control characters");
    expect(() => writeInfo({ ...declaration, description: [{ name: "a b" }] }, facts)).toThrow("cannot name");
  });
});
