import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChannelFormat } from "../api/stream-info.ts";
import { allocateValues, bytesPerValue, type NumericFormat, type NumericValues } from "./channel-format.ts";
import { SampleDecoder, type SampleDecoderOptions } from "./sample-decoder.ts";
import { endOfSample, SampleEncoder } from "./sample-encoder.ts";

const numericFormats: NumericFormat[] = ["float32", "double64", "int8", "int16", "int32", "int64"];

function decoderOptions(over: Partial<SampleDecoderOptions> = {}): SampleDecoderOptions {
  return {
    channelFormat: "float32",
    channelCount: 1,
    nominalSamplingRate: 100,
    littleEndian: true,
    suppressSubnormals: false,
    maximumStringBytes: 1 << 20,
    maximumSampleBytes: 1 << 22,
    ...over,
  };
}

interface Read {
  timestamps: number[];
  bytes: number[];
  texts: string[];
  error: string | undefined;
}

/** Feeds bytes cut at the given places and collects what comes out, as bytes. */
function decodeAll(bytes: Uint8Array, cuts: readonly number[], options: SampleDecoderOptions): Read {
  const decoder = new SampleDecoder(options);
  const read: Read = { timestamps: [], bytes: [], texts: [], error: undefined };
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let from = 0;
  for (const to of places) {
    decoder.append(bytes.subarray(from, to));
    from = to;
    const samples = decoder.decode();
    read.timestamps.push(...samples.timestamps.subarray(0, samples.nSamples));
    const nValues = samples.nSamples * options.channelCount;
    if (samples.values) {
      const { buffer } = samples.values;
      read.bytes.push(...new Uint8Array(buffer, 0, nValues * bytesPerValue(options.channelFormat)));
    } else {
      let start = 0;
      for (let k = 0; k < nValues; k++) {
        read.texts.push(Buffer.from(samples.text.subarray(start, samples.textEnds[k])).toString("latin1"));
        start = samples.textEnds[k]!;
      }
    }
  }
  read.error = decoder.error;
  return read;
}

/** The slow and readable writer: one value at a time with DataView, in either order. */
function writeSample(
  format: ChannelFormat,
  row: readonly (number | bigint | Uint8Array)[],
  stamp: number | undefined,
  littleEndian: boolean,
  width: 1 | 2 | 4 | 8 = 1,
): number[] {
  const out: number[] = [];
  const put = (size: number, write: (view: DataView) => void): void => {
    const view = new DataView(new ArrayBuffer(size));
    write(view);
    out.push(...new Uint8Array(view.buffer));
  };
  out.push(stamp === undefined ? 1 : 2);
  if (stamp !== undefined) put(8, (view) => view.setFloat64(0, stamp, littleEndian));
  for (const value of row) {
    if (value instanceof Uint8Array) {
      out.push(width);
      if (width === 1) out.push(value.length);
      else if (width === 2) put(2, (view) => view.setUint16(0, value.length, littleEndian));
      else if (width === 4) put(4, (view) => view.setUint32(0, value.length, littleEndian));
      else put(8, (view) => view.setBigUint64(0, BigInt(value.length), littleEndian));
      out.push(...value);
    } else if (typeof value === "bigint") put(8, (view) => view.setBigInt64(0, value, littleEndian));
    else if (format === "float32") put(4, (view) => view.setFloat32(0, value, littleEndian));
    else if (format === "double64") put(8, (view) => view.setFloat64(0, value, littleEndian));
    else if (format === "int8") put(1, (view) => view.setInt8(0, value));
    else if (format === "int16") put(2, (view) => view.setInt16(0, value, littleEndian));
    else put(4, (view) => view.setInt32(0, value, littleEndian));
  }
  return out;
}

const cutsArbitrary = fc.array(fc.nat(), { maxLength: 12 });
const stampArbitrary = fc.option(fc.double({ noNaN: true }), { nil: undefined });

function valueArbitrary(format: NumericFormat): fc.Arbitrary<number | bigint> {
  switch (format) {
    case "float32":
      return fc.float();
    case "double64":
      return fc.double();
    case "int8":
      return fc.integer({ min: -128, max: 127 });
    case "int16":
      return fc.integer({ min: -32768, max: 32767 });
    case "int32":
      return fc.integer({ min: -2147483648, max: 2147483647 });
    case "int64":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  }
}

function bytesOf(format: NumericFormat, rows: readonly (readonly (number | bigint)[])[]): number[] {
  const flat = rows.flat();
  const values = allocateValues(format, flat.length);
  flat.forEach((value, k) => {
    (values as unknown as (number | bigint)[])[k] = value;
  });
  return [...new Uint8Array(values.buffer)];
}

function expectedStamps(stamps: readonly (number | undefined)[], rate: number): number[] {
  let last = 0;
  return stamps.map((stamp) => {
    last = stamp ?? last + (rate > 0 ? 1 / rate : 0);
    return last;
  });
}

describe("numeric samples", () => {
  for (const format of numericFormats)
    for (const littleEndian of [true, false])
      test(`${format} in ${littleEndian ? "little" : "big"}-endian order is the same however the bytes are cut`, () => {
        const sample = (width: number) =>
          fc.record({
            stamp: stampArbitrary,
            row: fc.array(valueArbitrary(format), { minLength: width, maxLength: width }),
          });
        // Narrow rows are moved value by value, wide ones whole.
        const arbitrary = fc
          .oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 14 }))
          .chain((width) =>
            fc.tuple(fc.constant(width), fc.array(sample(width), { maxLength: 20 }), cutsArbitrary),
          );
        fc.assert(
          fc.property(arbitrary, ([channelCount, samples, cuts]) => {
            const bytes = samples.flatMap(({ row, stamp }) => writeSample(format, row, stamp, littleEndian));
            const options = decoderOptions({ channelFormat: format, channelCount, littleEndian });
            const read = decodeAll(Uint8Array.from(bytes), cuts, options);
            expect(read.error).toBeUndefined();
            expect(read.timestamps).toEqual(
              expectedStamps(
                samples.map(({ stamp }) => stamp),
                100,
              ),
            );
            const rows = samples.map(({ row }) => row);
            expect(read.bytes).toEqual(bytesOf(format, rows));
          }),
          { numRuns: 60 },
        );
      });

  for (const channelCount of [3, 13])
    test(`${channelCount} channels cut in two at every byte are the same`, () => {
      for (const format of numericFormats)
        for (const littleEndian of [true, false]) {
          const rows = Array.from({ length: 3 }, (_, n) =>
            Array.from({ length: channelCount }, (_, c) => {
              const value = (n + 1) * 29 - 7 * c;
              return format === "int64" ? BigInt(value) * 2n ** 40n + 5n : value;
            }),
          );
          const stamps = [1.5, undefined, 3];
          const bytes = Uint8Array.from(
            rows.flatMap((row, n) => writeSample(format, row, stamps[n], littleEndian)),
          );
          const options = decoderOptions({ channelFormat: format, channelCount, littleEndian });
          const expected = {
            timestamps: expectedStamps(stamps, 100),
            bytes: bytesOf(format, rows),
            texts: [],
            error: undefined,
          };
          for (let cut = 0; cut <= bytes.length; cut++)
            expect(decodeAll(bytes, [cut], options)).toEqual(expected);
        }
    });

  test("samples taken one by one are those taken at once, and more bytes than fit make room for themselves", () => {
    const channelCount = 200;
    const nSamples = 150;
    const rows = Array.from({ length: nSamples }, (_, n) =>
      Array.from({ length: channelCount }, (_, c) => n * channelCount + c),
    );
    const bytes = Uint8Array.from(rows.flatMap((row, n) => writeSample("float32", row, n, true)));
    const options = decoderOptions({ channelCount });
    expect(bytes.length).toBeGreaterThan(1 << 16);
    const half = nSamples * 400;
    const decoder = new SampleDecoder(options);
    const values: number[] = [];
    for (const part of [bytes.subarray(0, half), bytes.subarray(half)]) {
      decoder.append(part);
      for (;;) {
        const samples = decoder.decode(1);
        if (samples.nSamples === 0) break;
        values.push(...(samples.values as Float32Array).subarray(0, channelCount));
      }
    }
    expect(values).toEqual(rows.flat());
    expect(decodeAll(bytes, [half], options).bytes).toEqual(bytesOf("float32", rows));
  });

  test("every bit pattern of a float survives, signalling NaN included", () => {
    const words = Uint32Array.of(0x7f800001, 0xffc12345, 0x00000001, 0x80000000, 0x7fffffff);
    const encoder = new SampleEncoder("float32", 5);
    const stamps = { array: undefined, first: 7, period: 0, deduceRest: false };
    encoder.appendNumbers(new Float32Array(words.buffer), 0, 1, stamps);
    const read = decodeAll(encoder.take().bytes, [], decoderOptions({ channelCount: 5 }));
    expect(read.bytes).toEqual([...new Uint8Array(words.buffer)]);
  });

  test("our encoder writes what the readable writer writes", () => {
    for (const format of numericFormats) {
      const row = format === "int64" ? [-5n, 2n ** 62n, 0n] : [-5, 100, 0];
      const values = allocateValues(format, 3);
      row.forEach((value, k) => {
        (values as unknown as (number | bigint)[])[k] = value;
      });
      const encoder = new SampleEncoder(format, 3, 1);
      encoder.appendNumbers(values, 0, 1, { array: undefined, first: 3.5, period: 0, deduceRest: false });
      expect([...encoder.take().bytes]).toEqual(writeSample(format, row, 3.5, true));
    }
  });

  test("from one stamp the others follow at the rate, sent in full or deduced", () => {
    const options = decoderOptions({ channelFormat: "int8", nominalSamplingRate: 3 });
    const [full, deduced] = [false, true].map((deduceRest) => {
      const encoder = new SampleEncoder("int8", 1);
      const stamps = { array: undefined, first: 9, period: 1 / 3, deduceRest };
      encoder.appendNumbers(Int8Array.of(1, 2, 3), 0, 2, stamps);
      encoder.appendNumbers(Int8Array.of(1, 2, 3), 2, 3, stamps);
      return encoder.take().bytes;
    });
    expect(full!.length - deduced!.length).toBe(16);
    const expected = [9, 9 + 1 / 3, 9 + 1 / 3 + 1 / 3];
    expect(decodeAll(full!, [], options).timestamps).toEqual(expected);
    expect(decodeAll(deduced!, [], options).timestamps).toEqual(expected);
  });

  test("a stamp of -1 is sent as deduced", () => {
    const encoder = new SampleEncoder("int8", 1);
    const array = Float64Array.of(4, -1, 8);
    encoder.appendNumbers(Int8Array.of(1, 2, 3), 0, 3, { array, first: 0, period: 0.5, deduceRest: false });
    const batch = encoder.take();
    expect(batch.sampleBytes).toBe(0);
    expect([...batch.bytes.subarray(10, 12)]).toEqual([1, 2]);
    const options = decoderOptions({ channelFormat: "int8", nominalSamplingRate: 2 });
    expect(decodeAll(batch.bytes, [], options).timestamps).toEqual([4, 4.5, 8]);
  });

  test("subnormal floats become zero with their sign when the sender asks for it", () => {
    const singles = Float32Array.of(1e-40, -1e-40, 1.5, 0, -0);
    const bytes = writeSample("float32", [...singles], 1, true);
    const options = decoderOptions({ channelCount: 5, suppressSubnormals: true });
    const read = decodeAll(Uint8Array.from(bytes), [], options);
    expect([...new Float32Array(Uint8Array.from(read.bytes).buffer)]).toEqual([0, -0, 1.5, 0, -0]);
    const doubles = writeSample("double64", [5e-324, -5e-324, 2.5], 1, false);
    const wide = { ...options, channelCount: 3, channelFormat: "double64", littleEndian: false } as const;
    const readWide = decodeAll(Uint8Array.from(doubles), [], wide);
    expect([...new Float64Array(Uint8Array.from(readWide.bytes).buffer)]).toEqual([0, -0, 2.5]);
  });

  test("a tag that is neither 1 nor 2 ends the stream after the samples before it", () => {
    const good = writeSample("int16", [7], 1, true);
    const options = decoderOptions({ channelFormat: "int16" });
    const read = decodeAll(Uint8Array.from([...good, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), [], options);
    expect(read.timestamps).toEqual([1]);
    expect(read.error).toContain("tag 9");
  });
});

describe("string samples", () => {
  const text = fc.uint8Array({ maxLength: 300 });
  const width = fc.constantFrom(1, 2, 4, 8);

  test("any bytes with any width of length, in both orders, are the same however the stream is cut", () => {
    const sample = (channels: number) =>
      fc.record({
        stamp: stampArbitrary,
        row: fc.array(text, { minLength: channels, maxLength: channels }),
        width,
      });
    const arbitrary = fc.integer({ min: 1, max: 4 }).chain((channels) =>
      fc.record({
        channels: fc.constant(channels),
        samples: fc.array(sample(channels), { maxLength: 8 }),
        cuts: cutsArbitrary,
        littleEndian: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(arbitrary, ({ channels, samples, cuts, littleEndian }) => {
        const bytes = samples.flatMap(({ row, stamp, width: chosen }) => {
          const fits = chosen === 1 && row.some((value) => value.length > 255) ? 2 : chosen;
          return writeSample("string", row, stamp, littleEndian, fits as 1);
        });
        const options = decoderOptions({ channelFormat: "string", channelCount: channels, littleEndian });
        const read = decodeAll(Uint8Array.from(bytes), cuts, options);
        expect(read.error).toBeUndefined();
        expect(read.texts).toEqual(
          samples.flatMap(({ row }) => row.map((value) => Buffer.from(value).toString("latin1"))),
        );
        expect(read.timestamps).toEqual(
          expectedStamps(
            samples.map(({ stamp }) => stamp),
            100,
          ),
        );
      }),
      { numRuns: 100 },
    );
  });

  test("our encoder takes text and bytes, short and long, and its samples can be cut apart", () => {
    const long = "x".repeat(300);
    const encoder = new SampleEncoder("string", 2);
    const stamps = { array: undefined, first: 1, period: 0, deduceRest: false };
    encoder.appendStrings(["é\0a", long], 0, stamps);
    encoder.appendStrings([Uint8Array.of(255, 0, 254), ""], 0, stamps);
    const { bytes } = encoder.take();
    const read = decodeAll(bytes, [], decoderOptions({ channelFormat: "string", channelCount: 2 }));
    expect(read.texts).toEqual([Buffer.from("é\0a").toString("latin1"), long, "\xff\0\xfe", ""]);
    const first = endOfSample(bytes, 0, 0, 2);
    expect(endOfSample(bytes, first, 0, 2)).toBe(bytes.length);
  });

  test("a length of 3 bytes or beyond the limit is corrupt, before anything is kept for it", () => {
    const options = decoderOptions({ channelFormat: "string", maximumStringBytes: 1000 });
    expect(decodeAll(Uint8Array.of(1, 3, 0, 0), [], options).error).toContain("length of 3 bytes");
    const huge = Uint8Array.of(1, 8, 255, 255, 255, 255, 255, 255, 255, 0);
    expect(decodeAll(huge, [], options).error).toContain("exceeds the limits");
    const many = decoderOptions({ channelFormat: "string", channelCount: 5, maximumSampleBytes: 2000 });
    const row = Array.from({ length: 5 }, () => new Uint8Array(900));
    expect(decodeAll(Uint8Array.from(writeSample("string", row, 1, true, 4)), [], many).error).toContain(
      "2000 a sample",
    );
  });
});

test("random bytes never throw and never yield more than they could hold", () => {
  const format = fc.constantFrom<ChannelFormat>(...numericFormats, "string");
  fc.assert(
    fc.property(
      format,
      fc.uint8Array({ maxLength: 2000 }),
      cutsArbitrary,
      fc.boolean(),
      (channelFormat, bytes, cuts, littleEndian) => {
        const options = decoderOptions({ channelFormat, channelCount: 3, littleEndian });
        const read = decodeAll(bytes, cuts, options);
        expect(read.timestamps.length * (1 + 3)).toBeLessThanOrEqual(bytes.length);
      },
    ),
    { numRuns: 400 },
  );
});

test("a chunk is encoded as its samples would be one by one", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (nSamples, width) => {
      const values: NumericValues = Float32Array.from({ length: nSamples * width }, (_, k) => Math.sin(k));
      const array = Float64Array.from({ length: nSamples }, (_, n) => n + 1);
      const stamps = { array, first: 0, period: 0, deduceRest: false };
      const whole = new SampleEncoder("float32", width, 16);
      whole.appendNumbers(values, 0, nSamples, stamps);
      const single = new SampleEncoder("float32", width, 16);
      for (let n = 0; n < nSamples; n++) single.appendNumbers(values, n, n + 1, stamps);
      const batch = whole.take();
      expect(batch.bytes).toEqual(single.take().bytes);
      expect(batch.sampleBytes).toBe(9 + 4 * width);
    }),
  );
});
