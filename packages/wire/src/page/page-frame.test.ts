import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import { WireError } from "../errors.ts";
import {
  decodeCommand,
  decodePageFrame,
  encodeCommand,
  encodePageFrame,
  PAGE_PROTO,
  type PageCommand,
  type PageDocument,
  type Traces,
} from "./index.ts";

const traces = (change: Partial<Traces> = {}): Traces => ({
  kind: "traces",
  streamId: "cap/eeg",
  start: 12.25,
  step: 0.004,
  nChannels: 2,
  nSamples: 3,
  data: Float32Array.of(1.5, -2, Number.NaN, 3e-9, 0, -0.25),
  isEnvelope: false,
  isPast: false,
  ...change,
});
const reply: PageDocument = {
  kind: "reply",
  to: 3,
  ok: true,
  message: "notiert: Tür",
  at: 1.5,
  undoSeconds: null,
};
const command: PageCommand = { do: "note", id: 7, text: "the door opened", at: 3.25 };
const frameType = protobuf.parse(PAGE_PROTO).root.lookupType("attune.page.v1.Frame");

describe("a frame of the page", () => {
  test("comes back as it went in: traces bit for bit, NaN too, documents and commands", () => {
    for (const each of [
      traces(),
      traces({ isPast: true, isEnvelope: true, data: new Float32Array(12).fill(7) }),
    ])
      expect(decodePageFrame(encodePageFrame(each))).toEqual(each);
    expect(decodePageFrame(encodePageFrame(reply))).toEqual(reply);
    expect(decodeCommand(encodeCommand(command))).toEqual(command);
  });

  test("an undo may say when it was pressed, and a correction says over which time", () => {
    const stretch = { person: "adult", layer: "gaze", from: 12.5, until: 14, state: "averted" };
    const asked: PageCommand[] = [
      { do: "undo", id: 1 },
      { do: "undo", id: 2, at: 31.25 },
      { do: "correct", id: 3, ...stretch, at: 31.5 },
    ];
    for (const each of asked) expect(decodeCommand(encodeCommand(each))).toEqual(each);
    const { until: _, ...open } = stretch;
    expect(() => encodeCommand({ do: "correct", id: 4, ...open } as PageCommand)).toThrow(/until/);
  });

  test("a reflected .proto writes and reads the same bytes", () => {
    const past = traces({ isPast: true });
    const { streamId, start, step, nChannels, nSamples, data } = past;
    const body = { streamId, start, step, nChannels, nSamples, data: [...data], isPast: true };
    const reflected = frameType.encode(frameType.fromObject({ traces: body })).finish();
    expect(Buffer.from(encodePageFrame(past)).equals(Buffer.from(reflected))).toBe(true);
    const plain = frameType.toObject(frameType.decode(encodePageFrame(past)));
    expect(plain).toEqual({ traces: { ...body, data: [...data] } });

    const said = { kind: "note", json: JSON.stringify(command) };
    const asked = frameType.encode(frameType.fromObject({ command: said })).finish();
    expect(Buffer.from(encodeCommand(command)).equals(Buffer.from(asked))).toBe(true);
    const document = { kind: "reply", json: JSON.stringify(reply) };
    const answered = frameType.encode(frameType.fromObject({ document })).finish();
    expect(decodePageFrame(answered)).toEqual(reply);
    expect(Buffer.from(encodePageFrame(reply)).equals(Buffer.from(answered))).toBe(true);
  });

  test("any samples survive, at any place of a larger buffer", () => {
    fc.assert(
      fc.property(
        fc.array(fc.float(), { maxLength: 60 }),
        fc.integer({ min: 0, max: 5 }),
        (values, shift) => {
          const room = new Float32Array(values.length + shift);
          room.set(values, shift);
          const sent = traces({ nChannels: 1, nSamples: values.length, data: room.subarray(shift) });
          const bytes = encodePageFrame(sent);
          const moved = new Uint8Array(bytes.length + shift);
          moved.set(bytes, shift);
          const back = decodePageFrame(moved.subarray(shift)) as Traces;
          expect([...back.data]).toEqual(values.map(Math.fround));
        },
      ),
    );
  });

  test("damaged bytes are malformed or another sound frame, and never throw", () => {
    const sound = ["traces", "reply", "malformed"];
    const frames = [encodePageFrame(traces()), encodePageFrame(reply), encodeCommand(command)];
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.nat(), fc.nat(), (bytes, cut, flip) => {
        expect(decodePageFrame(bytes.subarray(0, cut % bytes.length)).kind).toBe("malformed");
        expect(decodeCommand(bytes.subarray(0, cut % bytes.length))).toHaveProperty("kind", "malformed");
        const flipped = bytes.slice();
        flipped[cut % bytes.length]! ^= 1 + (flip % 255);
        expect(sound).toContain(decodePageFrame(flipped).kind);
        expect(() => decodeCommand(flipped)).not.toThrow();
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodePageFrame(bytes).kind).toBe("malformed");
        expect(decodeCommand(bytes)).toHaveProperty("kind", "malformed");
      }),
    );
  });

  test("one direction's frames are nothing in the other, and a wrong name is noticed", () => {
    expect(decodeCommand(encodePageFrame(reply))).toHaveProperty("kind", "malformed");
    expect(decodePageFrame(encodeCommand(command)).kind).toBe("malformed");
    const wrong = frameType.encode({ document: { kind: "pong", json: JSON.stringify(reply) } }).finish();
    expect(decodePageFrame(wrong)).toMatchObject({ kind: "malformed", reason: /is called "pong"/ });
  });

  test("what breaks its own type is not sent", () => {
    expect(() => encodePageFrame({ ...reply, at: Number.NaN } as PageDocument)).toThrow(WireError);
    expect(() => encodePageFrame(traces({ nSamples: 4 }))).toThrow(/make 8 values, not 6/);
    expect(() => encodePageFrame(traces({ step: 0 }))).toThrow(WireError);
    expect(() => encodeCommand({ do: "speed", id: 1, speed: 100 })).toThrow(WireError);
  });
});
