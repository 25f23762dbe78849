import { describe, expect, test } from "vitest";
import { HeaderError } from "./errors.ts";
import { formatHeader, parseHeader } from "./header.ts";

describe("the header line", () => {
  const golden = "#ATTUNE 1 rate=500 ch=ecg unit=adc vref=3.3 bits=10 gain=1100";

  test("is read and written back", () => {
    const header = parseHeader(golden);
    expect(header).toEqual({
      samplingRate: 500,
      channels: ["ecg"],
      unit: "adc",
      vrefVolts: 3.3,
      bits: 10,
      gain: 1100,
    });
    expect(formatHeader(header)).toBe(golden);
  });

  test("fields come in any order, unknown ones are ignored, an unknown gain is not a number", () => {
    const header = parseHeader("#ATTUNE 1 bits=12 colour=red ch=ecg,resp gain=0 rate=250\r\n");
    expect(header).toMatchObject({ samplingRate: 250, channels: ["ecg", "resp"], unit: "adc", bits: 12 });
    expect(header.gain).toBeNaN();
    expect(header.vrefVolts).toBeNaN();
    expect(parseHeader("#ATTUNE 1 bits=12 ch=a rate=250 gain=?").gain).toBeNaN();
  });

  test.each([
    ["#ATTUNE 2 rate=500 ch=ecg bits=10", /version "2"/],
    ["#ATTUNE 1 ch=ecg bits=10", /lacks a usable rate/],
    ["#ATTUNE 1 rate=-5 ch=ecg bits=10", /lacks a usable rate/],
    ["#ATTUNE 1 rate=500 ch= bits=10", /lacks a usable ch/],
    ["#ATTUNE 1 rate=500 ch=ecg", /lacks a usable bits/],
    ["#ATTUNE 1 rate=500 ch=ecg unit=furlong", /unit "furlong" is not known/],
    ["hello", /no header line/],
  ])("%s is refused with a reason", (line, reason) => {
    expect(() => parseHeader(line)).toThrow(reason);
    expect(() => parseHeader(line)).toThrow(HeaderError);
  });
});
