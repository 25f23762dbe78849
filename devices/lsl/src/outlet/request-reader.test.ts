import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTcpRequest } from "./request-reader.ts";

describe("a request of the TCP service", () => {
  test("is known by its first line", () => {
    expect(readTcpRequest("LSL:fullinfo\r\n")).toEqual({ kind: "fullinfo" });
    expect(readTcpRequest("LSL:shortinfo\r\nname='x'\r\n")).toEqual({ kind: "shortinfo", query: "name='x'" });
    expect(readTcpRequest("LSL:streamfeed/110 u\r\nA: 1\r\nB: 2\r\n\r\n")).toEqual({
      kind: "streamfeed",
      requestLine: "LSL:streamfeed/110 u",
      headers: ["A: 1", "B: 2"].map((line) => `${line}\r`),
    });
  });

  test("may have no header at all", () => {
    expect(readTcpRequest("LSL:streamfeed/110 u\r\n\r\n")).toMatchObject({ headers: [] });
  });

  test("of protocol 1.00, or of no protocol, is malformed", () => {
    for (const text of ["LSL:streamfeed\r\n360 0\r\n", "GET / HTTP/1.1\r\n", "GET ", "\0\0\0\0", "\r\n\r\n"])
      expect(readTcpRequest(text)).toBe("malformed");
  });

  test("gives the same for any way of cutting its bytes", () => {
    const whole = "LSL:streamfeed/110 u\r\nMax-Buffer-Length: 5\r\n\r\n";
    for (let cut = 0; cut < whole.length; cut++)
      expect(readTcpRequest(whole.slice(0, cut))).toBe("incomplete");
    expect(readTcpRequest(whole)).toMatchObject({ kind: "streamfeed" });
  });

  test("is read from any text without throwing", () => {
    fc.assert(fc.property(fc.string(), (text) => void readTcpRequest(text)));
    fc.assert(fc.property(fc.string(), (text) => void readTcpRequest(`LSL:streamfeed/110\r\n${text}`)));
  });
});
