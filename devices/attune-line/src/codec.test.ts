import { FRAME_FLAGS, type FrameBatch } from "@attune/device-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineCodec } from "./codec.ts";
import { encodeDataLine } from "./data-line.ts";
import { lineScale } from "./scale.ts";

const header = {
  samplingRate: 500,
  channels: ["ecg"],
  unit: "adc",
  bits: 10,
  vrefVolts: Number.NaN,
  gain: Number.NaN,
} as const;
const makeCodec = (nChannels = 1): LineCodec =>
  new LineCodec({ nChannels, samplingRate: 500, scale: lineScale(header) });
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff);

interface Sample {
  readonly seq: number;
  readonly time: number;
  readonly value: number;
  readonly flags: number;
}
const samplesOf = (batch: FrameBatch): Sample[] =>
  Array.from({ length: batch.nFrames }, (_, i) => ({
    seq: batch.counter[i]!,
    time: batch.deviceTime[i]!,
    value: batch.values[i]!,
    flags: batch.flags[i]!,
  }));
const numberOf = (seq: number): number => (seq * 37 + 11) % 1024;
const line = (seq: number, micros = 1000 + 2000 * seq, flags = 0): string =>
  encodeDataLine(seq % 2 ** 32, micros % 2 ** 32, [numberOf(seq)], flags);
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => line(from + i)).join("");
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function decode(bytes: Uint8Array, cuts: readonly number[] = [], codec = makeCodec()): Sample[] {
  const borders = [0, ...cuts.map((c) => c % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return borders.slice(1).flatMap((end, i) => samplesOf(codec.push(bytes.subarray(borders[i], end))));
}
const seqs = (samples: readonly Sample[]): number[] => samples.map((s) => s.seq);

describe("golden lines", () => {
  test("the checksum is the exclusive or of what stands between $ and *", () => {
    expect(encodeDataLine(12345, 987654321, [512], 0)).toBe("$12345,987654321,512,0*2A\n");
    expect(encodeDataLine(1, 2, [3, 4], 0xb)).toBe("$1,2,3,4,B*46\n");
  });

  test("two lines give two samples with sequence, device time, value and flags", () => {
    const text = `${encodeDataLine(7, 4_000_000, [512], 0)}${encodeDataLine(8, 4_002_000, [1023], 1)}`;
    expect(decode(ascii(text))).toEqual([
      { seq: 7, time: 4, value: 512, flags: 0 },
      { seq: 8, time: 4.002, value: 1023, flags: FRAME_FLAGS.leadOff },
    ]);
  });

  test("carriage returns and small hexadecimal letters are accepted", () => {
    const text = lines(0, 12).replace(/\n/g, "\r\n").toLowerCase();
    expect(seqs(decode(ascii(text)))).toEqual(range(0, 12));
  });

  test("flags: either electrode is lead-off, the pin is a marker, an overrun is counted", () => {
    const codec = makeCodec();
    const text = [1, 2, 3, 4, 8, 0xf].map((flags, seq) => line(seq, 1000 + 2000 * seq, flags)).join("");
    const flags = decode(ascii(text), [], codec).map((s) => s.flags);
    const { leadOff, marker } = FRAME_FLAGS;
    expect(flags).toEqual([leadOff, leadOff, leadOff, 0, marker, leadOff | marker]);
    expect(codec.counters.overruns).toBe(2);
  });

  test("several channels stand in their order", () => {
    const codec = makeCodec(3);
    const text = [0, 1].map((s) => encodeDataLine(s, 2000 * (s + 1), [10 + s, 20 + s, 30 + s], 0)).join("");
    const batch = codec.push(ascii(text));
    expect([...batch.values.subarray(0, 6)]).toEqual([10, 20, 30, 11, 21, 31]);
  });
});

describe("scale", () => {
  const adc = { ...header, vrefVolts: 3.3, gain: 1100 };
  test("mV at the electrodes when reference and gain are known", () => {
    const { unit, zero, unitsPerCount } = lineScale(adc);
    expect(unit).toBe("mV");
    expect((1023 - zero) * unitsPerCount).toBeCloseTo(1.49707, 5);
    expect((512 - zero) * unitsPerCount).toBe(0);
  });
  test("V at the converter when the gain is not known, counts when nothing is", () => {
    const volts = lineScale({ ...adc, gain: Number.NaN });
    expect(volts).toMatchObject({ unit: "V", zero: 0 });
    expect(512 * volts.unitsPerCount).toBeCloseTo(1.65, 12);
    expect(lineScale(header)).toMatchObject({ unit: "", zero: 0, unitsPerCount: 1 });
  });
  test("numbers with a unit of their own are taken as they are, negative ones too", () => {
    const scale = lineScale({ ...header, unit: "uV" });
    const codec = new LineCodec({ nChannels: 1, samplingRate: 500, scale });
    const text = encodeDataLine(0, 2000, [-120], 0) + encodeDataLine(1, 4000, [80], 0);
    expect(decode(ascii(text), [], codec).map((s) => s.value)).toEqual([-120, 80]);
  });
});

describe("framing", () => {
  test("any cutting, with anything in between, gives the same samples and counters", () => {
    const part = fc.oneof(
      fc.string({ maxLength: 160 }),
      fc.tuple(fc.nat(500), fc.integer({ min: 1, max: 10 })).map(([from, n]) => lines(from, from + n)),
      fc.constantFrom("\n", "\r\n", "#ATTUNE 1 rate=500 ch=ecg bits=10\n", "# a remark\n", "$", "*00\n"),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 10 }),
        fc.array(fc.nat(5000), { maxLength: 40 }),
        (parts, cuts) => {
          const bytes = ascii(parts.join(""));
          const one = makeCodec();
          const many = makeCodec();
          expect(decode(bytes, cuts, many)).toEqual(decode(bytes, [], one));
          expect(many.counters).toEqual(one.counters);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("byte at a time gives every line", () => {
    const bytes = ascii(lines(0, 20));
    expect(seqs(decode(bytes, range(0, bytes.length)))).toEqual(range(0, 20));
  });

  test("the rest of a line after opening is dropped silently", () => {
    const codec = makeCodec();
    expect(seqs(decode(ascii(`345,512,0*1F\n${lines(3, 6)}`), [], codec))).toEqual([3, 4, 5]);
    expect(codec.counters).toMatchObject({ checksumErrors: 0, resyncs: 0, bytesSkipped: 13 });
  });

  test("lines with # are nobody's data: remarks pass, and the sequence goes on", () => {
    const codec = makeCodec();
    expect(seqs(decode(ascii(`${lines(0, 3)}# hello\n${lines(3, 6)}`), [], codec))).toEqual(range(0, 6));
    expect(codec.counters).toMatchObject({ bytesSkipped: 0, restarts: 0 });
  });

  test("a line of 120 bytes with its end fits, one more does not", () => {
    const codec = makeCodec();
    const pad = (n: number): string => `#${"x".repeat(n - 2)}\n`;
    decode(ascii(lines(0, 2) + pad(120)), [], codec);
    expect(codec.counters.tooLong).toBe(0);
    expect(seqs(decode(ascii(pad(121) + lines(2, 4)), [], codec))).toEqual([2, 3]);
    expect(codec.counters).toMatchObject({ tooLong: 1, bytesSkipped: 121 });
  });

  test("a gap shows in the sequence numbers and costs no sample", () => {
    const codec = makeCodec();
    const samples = decode(ascii(lines(0, 5) + lines(905, 910)), [], codec);
    expect(seqs(samples)).toEqual([...range(0, 5), ...range(905, 910)]);
    expect(codec.counters).toMatchObject({ resyncs: 0, bytesSkipped: 0 });
  });

  test("a repeated line is left out and counted, in lock and while hunting", () => {
    const codec = makeCodec();
    const text = line(0) + line(0) + line(1) + line(1) + line(2) + line(9) + line(9) + line(10);
    expect(seqs(decode(ascii(text), [], codec))).toEqual([0, 1, 2, 9, 10]);
    expect(codec.counters.duplicates).toBe(3);
  });
});

describe("the device clock", () => {
  test("micros are unwrapped every 2^32", () => {
    const from = 2 ** 32 - 3000;
    const text = range(0, 6)
      .map((k) => line(k, from + 2000 * k))
      .join("");
    const times = decode(ascii(text)).map((s) => s.time);
    expect(times.map((t) => Math.round((t - times[0]!) * 1e6))).toEqual([0, 2000, 4000, 6000, 8000, 10_000]);
    expect(times[0]).toBeCloseTo(from / 1e6, 9);
  });

  test("sequence numbers wrap at 2^32", () => {
    const from = 2 ** 32 - 2;
    const text = range(0, 5)
      .map((k) => encodeDataLine((from + k) % 2 ** 32, 2000 * (k + 1), [1], 0))
      .join("");
    const codec = makeCodec();
    expect(seqs(decode(ascii(text), [], codec))).toEqual([from, from + 1, 0, 1, 2]);
    expect(codec.counters.restarts).toBe(0);
  });

  test("after a restart it begins anew, announced by a header or seen by both counts going back", () => {
    for (const between of ["#ATTUNE 1 rate=500 ch=ecg bits=10\n", ""]) {
      const codec = makeCodec();
      const samples = decode(ascii(lines(1000, 1005) + between + lines(0, 5)), [], codec);
      expect(seqs(samples)).toEqual([...range(1000, 1005), ...range(0, 5)]);
      expect(samples.at(-1)?.time).toBeCloseTo(0.009, 9);
      expect(codec.counters.restarts).toBe(1);
    }
  });

  test("a damaged time that the checksum lets pass does not push the clock by 71 minutes", () => {
    const text = `${lines(100, 105)}${line(105, 500)}${lines(106, 112)}`;
    const samples = decode(ascii(text));
    expect(seqs(samples)).toEqual([...range(100, 105), ...range(106, 112)]);
    expect(samples.at(-1)?.time).toBeCloseTo((1000 + 2000 * 111) / 1e6, 9);
  });
});

describe("damage", () => {
  const N = 40;
  const truth = (s: Sample): boolean =>
    s.value === numberOf(s.seq) && Math.round(s.time * 1e6) === 1000 + 2000 * s.seq;
  const place = fc.record({ at: fc.nat(10_000), byte: fc.nat(255), bit: fc.nat(7) });
  const harmed = (
    kind: "drop" | "insert" | "flip",
    { at, byte, bit }: { at: number; byte: number; bit: number },
  ): Uint8Array => {
    const bytes = [...ascii(lines(0, N))];
    const from = ascii(lines(0, 5)).length;
    const index = from + (at % (bytes.length - from - ascii(lines(N - 5, N)).length));
    if (kind === "drop") bytes.splice(index, 1);
    if (kind === "insert") bytes.splice(index, 0, byte);
    if (kind === "flip") bytes[index]! ^= 1 << bit;
    return Uint8Array.from(bytes);
  };

  test.each(["drop", "insert", "flip"] as const)(
    "one byte's %s costs at most two lines, corrupts none, and lock returns",
    (kind) => {
      fc.assert(
        fc.property(place, (where) => {
          const samples = decode(harmed(kind, where));
          expect(samples.every(truth)).toBe(true);
          expect(samples.length).toBeGreaterThanOrEqual(N - 2);
          expect(seqs(samples).slice(-4)).toEqual(range(N - 4, N));
        }),
        { numRuns: 500 },
      );
    },
  );

  test("a checksum error is counted and the next line says that the boundary was found again", () => {
    const codec = makeCodec();
    const broken = line(5).replace(/,(\d)/, (_, d: string) => `,${(Number(d) + 1) % 10}`);
    const samples = decode(ascii(lines(0, 5) + broken + lines(6, 12)), [], codec);
    expect(seqs(samples)).toEqual([...range(0, 5), ...range(6, 12)]);
    expect(samples[5]?.flags).toBe(FRAME_FLAGS.resynchronised);
    expect(codec.counters).toMatchObject({ checksumErrors: 1, resyncs: 1, bytesSkipped: broken.length });
  });

  test("values out of the converter's range, missing fields and letters are no data, whatever the checksum says", () => {
    const codec = makeCodec();
    const sum = (body: string): string => {
      let xor = 0;
      for (const c of body) xor ^= c.charCodeAt(0);
      return `$${body}*${xor.toString(16).padStart(2, "0")}\n`;
    };
    const bad = [
      "5,11000,1024,0",
      "5,11000,0",
      "5,11000,12,12,0",
      "5,11000,-1,0",
      "5,4294967296,1,0",
      ",11000,1,0",
      "5,11000,1e2,0",
      "5,11000,7,fff",
      "5,11000,7,",
      "00000000005,11000,7,0",
    ];
    for (const body of bad) {
      const samples = decode(ascii(lines(0, 5) + sum(body) + lines(6, 9)), [], codec);
      expect(seqs(samples)).toEqual([...range(0, 5), 6, 7, 8]);
      codec.reset();
    }
    expect(codec.counters.checksumErrors).toBe(0);
  });

  test("a burst of noise costs what it hits", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(25), (noise, cut) => {
        const bytes = [
          ...ascii(lines(0, 10)),
          ...ascii(line(10)).subarray(0, cut),
          ...noise,
          0x0a,
          ...ascii(lines(20, 40)),
        ];
        const samples = decode(Uint8Array.from(bytes));
        expect(samples.every(truth)).toBe(true);
        expect(seqs(samples).slice(-20)).toEqual(range(20, 40));
      }),
      { numRuns: 300 },
    );
  });
});
