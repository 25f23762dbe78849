import { FRAME_FLAGS } from "@attune/device-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PlainCodec } from "./codec.ts";
import { plainScale } from "./settings.ts";
import { PlainSimulator } from "./simulator.ts";

const COUNTS = { zeroCount: 0, unitsPerCount: 1, highestCount: 1023 };
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff);

function decode(
  text: string,
  cuts: readonly number[] = [],
  codec = new PlainCodec(COUNTS),
): [number, number][] {
  const bytes = ascii(text);
  const borders = [0, ...cuts.map((c) => c % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return borders.slice(1).flatMap((end, i) => {
    const { nFrames, values, flags } = codec.push(bytes.subarray(borders[i], end));
    return Array.from({ length: nFrames }, (_, k): [number, number] => [values[k]!, flags[k]!]);
  });
}

describe("plain lines", () => {
  test("numbers are values, an exclamation mark is a missing value with an electrode off", () => {
    expect(decode("\r\n512\r\n0\r\n1023\r\n!\r\n7\n")).toEqual([
      [512, 0],
      [0, 0],
      [1023, 0],
      [Number.NaN, FRAME_FLAGS.leadOff],
      [7, 0],
    ]);
  });

  test("what precedes the first line end is dropped, even when it looks like a number", () => {
    const codec = new PlainCodec(COUNTS);
    expect(decode("23\r\n500\r\n", [], codec)).toEqual([[500, 0]]);
    expect(codec.counters).toMatchObject({ framesOk: 1, bytesSkipped: 4, resyncs: 0 });
  });

  test("two lines run together, letters, signs and numbers out of range are skipped, and the next line says so", () => {
    for (const bad of ["512513", "5a2", "-12", "1024", "!!", "51 2", "00512"]) {
      const codec = new PlainCodec(COUNTS);
      expect(decode(`\n100\r\n${bad}\r\n101\r\n102\r\n`, [], codec)).toEqual([
        [100, 0],
        [101, FRAME_FLAGS.resynchronised],
        [102, 0],
      ]);
      expect(codec.counters).toMatchObject({ resyncs: 1, bytesSkipped: 1 + bad.length + 2 });
    }
  });

  test("any cutting of any bytes gives the same samples and counters", () => {
    const piece = fc.oneof(
      fc.integer({ min: 0, max: 1100 }).map((v) => `${v}\r\n`),
      fc.constantFrom("!\r\n", "\r\n", "\n", "12", "99999999999\r\n"),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }),
        fc.array(fc.nat(500), { maxLength: 30 }),
        (pieces, cuts) => {
          const one = new PlainCodec(COUNTS);
          const many = new PlainCodec(COUNTS);
          expect(decode(pieces.join(""), cuts, many)).toEqual(decode(pieces.join(""), [], one));
          expect(many.counters).toEqual(one.counters);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("reset drops the partial line and waits for the next line end", () => {
    const codec = new PlainCodec(COUNTS);
    decode("\n100\r\n10", [], codec);
    codec.reset();
    expect(decode("1\r\n102\r\n", [], codec)).toEqual([[102, 0]]);
  });

  test("with a gain values are mV at the electrodes, without one volts at the converter", () => {
    const mV = plainScale({ bits: 10, vrefVolts: 5, gain: 1000 });
    expect(decode("\n612\n", [], new PlainCodec(mV))[0]?.[0]).toBeCloseTo((100 / 1024) * 5, 12);
    const volts = plainScale({ bits: 10, vrefVolts: 5, gain: undefined });
    expect(volts.unit).toBe("V");
    expect(decode("\n512\n", [], new PlainCodec(volts))[0]?.[0]).toBe(2.5);
  });
});

describe("the simulated board", () => {
  test("its pace follows the number of digits, as 9600 baud makes it", () => {
    const pace = (value: number): number => {
      const board = new PlainSimulator({ sample: () => value });
      board.produce(0);
      board.produce(60);
      return board.sampleIndex / 60;
    };
    expect(pace(512)).toBeCloseTo(192, 0);
    expect(pace(1023)).toBeCloseTo(160, 0);
    expect(pace(7)).toBeCloseTo(320, 0);
  });
});
