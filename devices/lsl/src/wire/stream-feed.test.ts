import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  readStreamFeedAnswer,
  readStreamFeedRequest,
  streamFeedAnswer,
  streamFeedRequest,
} from "./stream-feed.ts";
import { encodedTestPattern, numericTestPattern, stringTestPattern } from "./test-pattern.ts";

const stream = { uid: "0aaa-1", channelFormat: "float32" } as const;
const line = "LSL:streamfeed/110 0aaa-1";

describe("the request", () => {
  const wish = {
    uid: "0aaa-1",
    channelFormat: "float32",
    maximumBufferSamples: 360,
    maximumChunkSamples: 5,
    hostname: "host\r\nMax-Buffer-Length: 1",
    sourceId: "s",
    sessionId: "default",
  } as const;

  test("is read back as it was wished", () => {
    const [first = "", ...headers] = streamFeedRequest(wish).trimEnd().split("\r\n");
    expect(readStreamFeedRequest(first, headers, stream)).toEqual({
      kind: "accept",
      maximumBufferSamples: 360,
      maximumChunkSamples: 5,
      suppressSubnormals: false,
    });
  });

  test("names the value size of numbers and never that of strings", () => {
    expect(streamFeedRequest(wish)).toContain("Value-Size: 4\r\n");
    expect(streamFeedRequest({ ...wish, channelFormat: "string" })).not.toContain("Value-Size");
    expect(streamFeedRequest(wish).endsWith("\r\n\r\n")).toBe(true);
  });

  test("keys count in any case, values are cut at a semicolon, unknown headers are passed over", () => {
    const headers = ["MAX-BUFFER-LENGTH: 12 ; samples", "X-Other: y", "no colon", "supports-SUBNORMALS:0"];
    expect(readStreamFeedRequest(line, headers, stream)).toEqual({
      kind: "accept",
      maximumBufferSamples: 12,
      maximumChunkSamples: 0,
      suppressSubnormals: true,
    });
  });

  test("a number that is none closes without a word", () => {
    expect(readStreamFeedRequest(line, ["Max-Buffer-Length: many"], stream).kind).toBe("close");
    expect(readStreamFeedRequest(line, ["Endian-Performance: 3.37741e+06"], stream).kind).toBe("accept");
    expect(readStreamFeedRequest("LSL:streamfeed/x 0aaa-1", [], stream).kind).toBe("close");
  });

  test("another uid is not found, none at all is accepted, upper case is another", () => {
    expect(readStreamFeedRequest("LSL:streamfeed/110 other", [], stream)).toEqual({
      kind: "refuse",
      status: "404 Not found",
    });
    expect(readStreamFeedRequest("LSL:streamfeed/110", [], stream).kind).toBe("accept");
    expect(readStreamFeedRequest("LSL:streamfeed/110 0AAA-1", [], stream).kind).toBe("refuse");
  });

  test("a newer major version and everything that would need protocol 1.00 get 505", () => {
    const refused = { kind: "refuse", status: "505 Version not supported" };
    expect(readStreamFeedRequest("LSL:streamfeed/200 0aaa-1", [], stream)).toEqual(refused);
    expect(readStreamFeedRequest(line, ["Protocol-Version: 100"], stream)).toEqual(refused);
    expect(readStreamFeedRequest(line, ["Value-Size: 8"], stream)).toEqual(refused);
    expect(readStreamFeedRequest(line, ["Has-IEEE754-Floats: 0"], stream)).toEqual(refused);
    // liblsl ignores this key, though its own inlets send it.
    expect(readStreamFeedRequest(line, ["Data-Protocol-Version: 100"], stream).kind).toBe("accept");
    const strings = { ...stream, channelFormat: "string" } as const;
    expect(readStreamFeedRequest(line, ["Value-Size: 32"], strings).kind).toBe("accept");
  });
});

describe("the answer", () => {
  test("of ours is read as little-endian and current", () => {
    const head = streamFeedAnswer("0aaa-1", true).slice(0, -4);
    const ok = { kind: "ok", littleEndian: true, suppressSubnormals: true };
    expect(readStreamFeedAnswer(head, "0aaa-1")).toEqual(ok);
    expect(readStreamFeedAnswer(head.replace("1234", "4321"), "0AAA-1")).toEqual({
      ...ok,
      littleEndian: false,
    });
  });

  test("404 and redirections mean gone, other refusals stay refusals", () => {
    expect(readStreamFeedAnswer("LSL/110 404 Not found", "a").kind).toBe("gone");
    expect(readStreamFeedAnswer("LSL/110 302 Moved", "a").kind).toBe("gone");
    expect(readStreamFeedAnswer("LSL/110 505 Version not supported", "a").kind).toBe("refused");
    expect(readStreamFeedAnswer("LSL/200 200 OK", "a").kind).toBe("refused");
    expect(readStreamFeedAnswer("HTTP/1.1 200 OK", "a").kind).toBe("gone");
  });

  test("in protocol 1.00 is declined with one clear sentence", () => {
    const head = "LSL/110 200 OK\r\nUID: a\r\nByte-Order: 0\r\nData-Protocol-Version: 100";
    const answer = readStreamFeedAnswer(head, "a");
    expect(answer).toMatchObject({ kind: "refused" });
    expect(answer.kind === "refused" && answer.reason).toContain("protocol 1.00");
  });

  test("for another uid means that the stream is gone", () => {
    expect(readStreamFeedAnswer(streamFeedAnswer("b", false), "a").kind).toBe("gone");
  });

  test("any text is read without throwing", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (head, uid) => {
        readStreamFeedAnswer(head, uid);
        readStreamFeedAnswer(`LSL/110 200 OK\r\n${head}`, uid);
        readStreamFeedRequest(`LSL:streamfeed/110 ${uid}`, head.split("\n"), stream);
      }),
    );
  });
});

describe("the test samples", () => {
  test("are those that liblsl expects", () => {
    expect([...numericTestPattern("float32", 3, 4)]).toEqual([4, -5, 6]);
    expect([...numericTestPattern("double64", 2, 2)]).toEqual([16777219, -16777220]);
    expect([...numericTestPattern("int32", 2, 4)]).toEqual([65541, -65542]);
    expect([...numericTestPattern("int16", 2, 4)]).toEqual([261, -262]);
    expect([...numericTestPattern("int8", 3, 124)]).toEqual([125, -126, 0]);
    expect([...numericTestPattern("int64", 2, 2)]).toEqual([2147483651n, -2147483652n]);
    expect(stringTestPattern(3)).toEqual(["10", "-11", "12"]);
  });

  test("on the wire of one int16 channel are these bytes", () => {
    const stamp = [0xc9, 0x76, 0xbe, 0x9f, 0x0c, 0x24, 0xfe, 0x40];
    expect([...encodedTestPattern("int16", 1)]).toEqual([2, ...stamp, 5, 1, 2, ...stamp, 3, 1]);
  });
});
