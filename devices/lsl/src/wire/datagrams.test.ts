import fc from "fast-check";
import { expect, test } from "vitest";
import * as datagrams from "./datagrams.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");

test("a query is read back, with bare line feeds as well, and may be empty", () => {
  const expected = { kind: "shortinfo", query: "name='ü'", returnPort: 16573, queryId: "77" };
  const query = datagrams.shortInfoQuery("name='ü'", 16573, "77");
  expect(query).toBe("LSL:shortinfo\r\nname='ü'\r\n16573 77\r\n");
  expect(datagrams.readServiceRequest(bytes(query))).toEqual(expected);
  expect(datagrams.readServiceRequest(bytes(query.replaceAll("\r", "")))).toEqual(expected);
  expect(datagrams.readServiceRequest(bytes("LSL:shortinfo\r\n\r\n5 9\r\n"))).toMatchObject({ query: "" });
});

test("a query without a usable return port or id is no request", () => {
  for (const last of ["", "0 1", "65536 1", "-1 1", "x 1", "5000", "5e3 1"])
    expect(datagrams.readServiceRequest(bytes(`LSL:shortinfo\r\na\r\n${last}\r\n`))).toBeUndefined();
});

test("an answer counts only with the id of the question", () => {
  const answer = bytes(datagrams.shortInfoAnswer("12", "<info/>"));
  expect(datagrams.readShortInfoAnswer(answer, "12")).toBe("<info/>");
  expect(datagrams.readShortInfoAnswer(answer, "13")).toBeUndefined();
});

test("time requests and answers keep 16 digits", () => {
  const t0 = 123456.7890123456;
  expect(datagrams.readServiceRequest(bytes(datagrams.timeRequest(-5, t0)))).toEqual({
    kind: "timedata",
    waveId: -5,
    t0: Number(t0.toPrecision(16)),
  });
  const answer = datagrams.timeAnswer(7, 1.5, 2.5, 3.5);
  expect(answer.startsWith(" 7 ")).toBe(true);
  expect(datagrams.readTimeAnswer(bytes(answer))).toEqual({ waveId: 7, t0: 1.5, t1: 2.5, t2: 3.5 });
});

test("a wave id beyond 32 bits saturates, as liblsl reads it", () => {
  expect(datagrams.readServiceRequest(bytes("LSL:timedata\r\n99999999999 1\r\n"))).toMatchObject({
    waveId: 2147483647,
  });
});

test("any datagram is read without throwing, and garbage is nothing", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (garbage) => {
      expect(datagrams.readServiceRequest(garbage)).toBeUndefined();
      expect(datagrams.readShortInfoAnswer(garbage, "123456789")).toBeUndefined();
      datagrams.readTimeAnswer(garbage);
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom("LSL:shortinfo\r\n", "LSL:timedata\r\n"), fc.string(), (method, rest) => {
      datagrams.readServiceRequest(bytes(method + rest));
    }),
  );
});
