import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Chunk,
  CONTACT_QUALITIES,
  decodeMessage,
  encodeMessage,
  formatMessage,
  type IngestMessage,
  parseMessage,
  WIRE_LIMITS,
  WireError,
} from "./index.ts";

const name = fc.string({ minLength: 1, maxLength: 30, unit: "binary" });
const seconds = fc.double({ noNaN: true, noDefaultInfinity: true });
const positive = fc.double({ min: 0, max: 60, noNaN: true });

const chunk: fc.Arbitrary<Chunk> = fc
  .record({
    nSamples: fc.integer({ min: 1, max: 20 }),
    nChannels: fc.integer({ min: 1, max: 9 }),
    stream: name,
    sequence: fc.integer({ min: 0, max: 0xffffffff }),
    double: fc.boolean(),
    timed: fc.boolean(),
    seed: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  })
  .map(({ nSamples, nChannels, stream, sequence, double, timed, seed }) => {
    const data = new (double ? Float64Array : Float32Array)(nSamples * nChannels);
    for (let n = 0; n < data.length; n++) data[n] = n % 7 === 3 ? Number.NaN : seed + n / 3;
    const head = { kind: "chunk", stream, sequence, nSamples, nChannels, data } as const;
    return timed
      ? { ...head, deviceTime: Float64Array.from({ length: nSamples }, (_, n) => seed + n) }
      : head;
  });

const stream = fc.record({
  name,
  type: name,
  channels: fc.array(fc.record({ label: name, unit: fc.string({ maxLength: 5 }) }), {
    minLength: 1,
    maxLength: 5,
  }),
  nominalSamplingRate: fc.double({ min: 0, max: 1e5, noNaN: true }),
  sampleFormat: fc.constantFrom("float32" as const, "double64" as const),
  declaredLatency: positive,
  sourceId: fc.string({ maxLength: 20 }),
});

const when = { time: seconds, latency: positive };
const message: fc.Arbitrary<IngestMessage> = fc.oneof(
  chunk,
  fc.record({
    kind: fc.constant("hello" as const),
    device: name,
    clockId: fc.string(),
    streams: fc.uniqueArray(stream, { maxLength: 4, selector: (one) => one.name }),
  }),
  fc.record({ kind: fc.constant("welcome" as const), sessionId: fc.string(), serverTime: seconds }),
  fc.record(
    { kind: fc.constant("event" as const), label: name, ...when },
    { requiredKeys: ["kind", "label"] },
  ),
  fc.record(
    { kind: fc.constant("state" as const), person: name, layer: name, state: name, ...when },
    { requiredKeys: ["kind", "person", "layer", "state"] },
  ),
  fc.record(
    {
      kind: fc.constant("quality" as const),
      stream: name,
      channels: fc.array(fc.constantFrom(...CONTACT_QUALITIES), { maxLength: 5 }),
      kilohms: fc.array(fc.oneof(fc.double({ noDefaultInfinity: true }), fc.constant(Number.NaN)), {
        maxLength: 5,
      }),
      batteryPercent: fc.double({ min: 0, max: 100, noNaN: true }),
    },
    { requiredKeys: ["kind", "stream", "channels", "kilohms"] },
  ),
  fc.record({ kind: fc.constant("ping" as const), t0: seconds }),
  fc.record({ kind: fc.constant("pong" as const), t0: seconds, t1: seconds, t2: seconds }),
  fc.record({ kind: fc.constant("bye" as const), reason: fc.string() }),
);

/** -0 and 0 are one number on the wire of JSON. */
function normal(value: unknown): unknown {
  if (typeof value === "number") return value + 0;
  if (value instanceof Float64Array || value instanceof Float32Array) return value.map((entry) => entry + 0);
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, normal(entry)]));
  return value;
}

describe("messages of the ingest", () => {
  test("a message comes back from its bytes as it went in, at any offset of a larger buffer", () => {
    fc.assert(
      fc.property(message, fc.integer({ min: 0, max: 9 }), (sent, offset) => {
        const bytes = encodeMessage(sent);
        const buffer = new Uint8Array(bytes.length + offset);
        buffer.set(bytes, offset);
        const received = decodeMessage(buffer.subarray(offset));
        buffer.fill(0xff);
        expect(received).toEqual(sent);
      }),
    );
  });

  test("a message comes back from its JSON, with samples as doubles", () => {
    fc.assert(
      fc.property(message, (sent) => {
        const expected = sent.kind === "chunk" ? { ...sent, data: Float64Array.from(sent.data) } : sent;
        expect(normal(parseMessage(formatMessage(sent)))).toEqual(normal(expected));
      }),
    );
  });

  test("a chunk of one sample has these bytes", () => {
    const bytes = encodeMessage({
      kind: "chunk",
      stream: "eeg",
      sequence: 300,
      nSamples: 1,
      nChannels: 2,
      data: Float32Array.of(1, -2),
      deviceTime: Float64Array.of(0.5),
    });
    expect(Buffer.from(bytes).toString("hex")).toBe(
      "1a20" +
        "0a03656567" +
        "10ac02" +
        "1801" +
        "2002" +
        "3208" +
        "0000803f000000c0" +
        "3a08" +
        "000000000000e03f",
    );
  });

  test("what a JSON sender may leave out gets its default", () => {
    const hello =
      '{"kind":"hello","device":"m","streams":[{"name":"a","type":"EEG","channels":[{"label":"Fz"}],"nominalSamplingRate":256}]}';
    expect(parseMessage(hello)).toEqual({
      kind: "hello",
      device: "m",
      clockId: "",
      streams: [
        {
          name: "a",
          type: "EEG",
          channels: [{ label: "Fz", unit: "" }],
          nominalSamplingRate: 256,
          sampleFormat: "float32",
          declaredLatency: 0,
          sourceId: "",
        },
      ],
    });
  });
});

describe("a hostile peer", () => {
  test("a truncated message is malformed, wherever it is cut", () => {
    fc.assert(
      fc.property(message, fc.nat(), (sent, cut) => {
        const bytes = encodeMessage(sent);
        expect(decodeMessage(bytes.subarray(0, cut % bytes.length)).kind).toBe("malformed");
        const text = formatMessage(sent);
        expect(parseMessage(text.slice(0, cut % text.length)).kind).toBe("malformed");
      }),
    );
  });

  test("random bytes never throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(typeof decodeMessage(bytes).kind).toBe("string");
      }),
      { numRuns: 2000 },
    );
  });

  test("random bodies of every kind, well framed, never throw and never give a chunk whose counts lie", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 15 }), fc.uint8Array({ maxLength: 120 }), (number, body) => {
        const read = decodeMessage(Uint8Array.of((number << 3) | 2, body.length, ...body));
        if (read.kind === "chunk") expect(read.data.length).toBe(read.nSamples * read.nChannels);
      }),
      { numRuns: 3000 },
    );
  });

  test("a flipped byte never throws and never gives a chunk whose counts lie", () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.integer({ min: 1, max: 255 }), (sent, at, flip) => {
        const bytes = encodeMessage(sent).slice();
        bytes[at % bytes.length]! ^= flip;
        const read = decodeMessage(bytes);
        if (read.kind === "chunk") {
          expect(read.data.length).toBe(read.nSamples * read.nChannels);
          expect(read.deviceTime?.length ?? read.nSamples).toBe(read.nSamples);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("random JSON never throws", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom("chunk", "hello", "quality", "pong", 7), (value, kind) => {
        const text = JSON.stringify(typeof value === "object" && value ? { ...value, kind } : value);
        expect(typeof parseMessage(text).kind).toBe("string");
      }),
    );
    expect(parseMessage("[".repeat(1_000_000)).kind).toBe("malformed");
    expect(parseMessage('{"kind":"__proto__"}').kind).toBe("malformed");
  });

  test("what is too large is refused before it is decoded", () => {
    expect(decodeMessage(new Uint8Array(WIRE_LIMITS.messageBytes + 1))).toMatchObject({ kind: "malformed" });
    expect(parseMessage(" ".repeat(WIRE_LIMITS.messageBytes + 1))).toMatchObject({ kind: "malformed" });
    // a hello that would make 150,000 empty channels out of 300 kB
    const length = 300_000;
    const hello = new Uint8Array(4 + length);
    hello.set([0x0a, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14]);
    expect(decodeMessage(hello)).toMatchObject({ reason: expect.stringContaining("no chunk") });
    // two bodies in one message: which one counts would be the decoder's choice
    const two = [encodeMessage({ kind: "ping", t0: 1 }), encodeMessage({ kind: "ping", t0: 2 })];
    expect(decodeMessage(Buffer.concat(two))).toMatchObject({ kind: "malformed" });
    // groups within groups: recursion in a naive reader
    const groups = new Uint8Array(65_540).fill(0x0b);
    groups.set([0x1a, 0x80, 0x80, 0x04]);
    expect(decodeMessage(groups)).toMatchObject({ kind: "malformed" });
  });

  test("counts that do not fit the bytes are refused", () => {
    const json = (change: object) =>
      parseMessage(
        JSON.stringify({
          kind: "chunk",
          stream: "a",
          sequence: 0,
          nSamples: 2,
          nChannels: 2,
          data: [1, 2, 3, 4],
          ...change,
        }),
      ).kind;
    expect(json({})).toBe("chunk");
    expect(json({ data: [1, null, 3, 4] })).toBe("chunk");
    expect(json({ data: [1, 2, 3] })).toBe("malformed");
    expect(json({ data: [1, 2, 3, "4"] })).toBe("malformed");
    expect(json({ nSamples: 1e9 })).toBe("malformed");
    expect(json({ sequence: -1 })).toBe("malformed");
    expect(json({ sequence: 2 ** 32 })).toBe("malformed");
    expect(json({ deviceTime: [1] })).toBe("malformed");
    expect(json({ deviceTime: [1, null] })).toBe("malformed");
  });

  test("our own mistakes throw before anything is sent", () => {
    const wrong: Chunk = {
      kind: "chunk",
      stream: "a",
      sequence: 0,
      nSamples: 3,
      nChannels: 2,
      data: new Float32Array(5),
    };
    expect(() => encodeMessage(wrong)).toThrow(WireError);
    expect(() => formatMessage(wrong)).toThrow("3 x 2 values and holds 5");
    expect(() => encodeMessage({ kind: "ping", t0: Number.NaN })).toThrow(WireError);
  });
});
