import type { DeviceEvent } from "@attune/device-kit";
import type { DeviceOutput, SampleChunk } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IngestStream } from "./ingest-stream.ts";

const RATE = 100;
const N = 4;

function make({ hasClock = false, counts = true, declaredLatency = 0 } = {}) {
  const outputs: DeviceOutput[] = [];
  const events: DeviceEvent[] = [];
  const stream = new IngestStream({
    id: "x:eeg",
    description: {
      name: "eeg",
      type: "EEG",
      channels: [{ label: "Cz", unit: "uV" }],
      nominalSamplingRate: RATE,
      sampleFormat: "float32",
      declaredLatency,
      sourceId: "",
    },
    client: "x",
    clockId: hasClock ? "c" : "",
    counts,
    hasClock,
    probed: hasClock,
    emit: (output) => outputs.push(output),
    report: (event) => events.push(event),
  });
  const chunks = () => outputs.filter((output): output is SampleChunk => output.kind === "samples");
  /**
   * Sends true samples `first ...`, whose values are their numbers, as the client counts them from
   * `sequence`.
   */
  const send = (first: number, sequence: number | undefined, jitter = 0) => {
    const times = Float64Array.from({ length: N }, (_, n) => 500 + (first + n) / RATE);
    return stream.write(
      {
        nSamples: N,
        values: Float32Array.from({ length: N }, (_, n) => first + n),
        ...(sequence === undefined ? {} : { sequence: sequence % 2 ** 32 }),
        ...(hasClock ? { deviceTime: times } : {}),
      },
      1000 + (first + N) / RATE + jitter,
    );
  };
  const lost = () => events.reduce((sum, event) => sum + (event.kind === "loss" ? event.nSamples : 0), 0);
  return { stream, outputs, events, chunks, send, lost };
}

describe("a client that begins to count anew", () => {
  test("is placed exactly by its clock, any number of times", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            missing: fc.nat({ max: 900 }),
            sequence: fc.nat({ max: 2 ** 32 - 1 }),
            n: fc.integer({ min: 1, max: 9 }),
          }),
          {
            maxLength: 5,
          },
        ),
        (breaks) => {
          const { stream, send, chunks, lost } = make({ hasClock: true });
          let first = 0;
          send(first, 7);
          first += N;
          let missing = 0;
          for (const one of breaks) {
            stream.beginConnection();
            // a sequence that could be the old one going on is believed, so it must be far from it
            const sequence = one.sequence % 2 ** 31 < 100_000 ? one.sequence + 2 ** 30 : one.sequence;
            first += one.missing;
            missing += one.missing;
            for (let k = 0; k < one.n; k++, first += N) expect(send(first, sequence + k * N)).toBeUndefined();
          }
          stream.flush();
          for (const chunk of chunks())
            for (let n = 0; n < chunk.nSamples; n++) expect(chunk.data[n]).toBe(chunk.firstSample + n);
          expect(lost()).toBe(missing);
          expect(stream.statistics().nLost).toBe(missing);
        },
      ),
    );
  });

  test("without a clock is placed by arrivals, within a sample or two", () => {
    const { stream, send, chunks } = make();
    let first = 0;
    for (let k = 0; k < 500; k++, first += N) send(first, first, 0.002 * (k % 3));
    stream.beginConnection();
    first += 212;
    for (let k = 0; k < 500; k++, first += N) send(first, k * N, 0.002 * (k % 3));
    stream.flush();
    const last = chunks().at(-1)!;
    expect(Math.abs(last.firstSample - last.data[0]!)).toBeLessThanOrEqual(2);
    expect(Math.abs(stream.statistics().nLost - 212)).toBeLessThanOrEqual(2);
  });
});

describe("a client that does not count", () => {
  test("is placed by arrivals after a break", () => {
    const { stream, send, chunks } = make({ counts: false });
    let first = 0;
    for (let k = 0; k < 500; k++, first += N) send(first, undefined);
    stream.beginConnection();
    first += 300;
    for (let k = 0; k < 500; k++, first += N) send(first, undefined);
    stream.flush();
    const last = chunks().at(-1)!;
    expect(Math.abs(last.firstSample - last.data[0]!)).toBeLessThanOrEqual(2);
  });
});

describe("what cannot be placed", () => {
  test("a counter that goes back or leaps beyond what time allows is refused, and the next right one is taken", () => {
    const { send, chunks, stream, lost } = make({ hasClock: true });
    send(0, 50);
    expect(send(4, 20)).toContain("comes after");
    expect(send(4, 2_000_000)).toContain("jumps by");
    expect(send(4, 54)).toBeUndefined();
    stream.flush();
    expect(chunks().flatMap((chunk) => [...chunk.data])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(lost()).toBe(0);
  });

  test("infinities become missing values", () => {
    const { stream, chunks } = make();
    stream.write({ nSamples: 2, values: Float64Array.of(Number.POSITIVE_INFINITY, 3), sequence: 0 }, 1);
    stream.flush();
    expect(chunks().flatMap((chunk) => [...chunk.data])).toEqual([Number.NaN, 3]);
  });
});

test("a declared latency is taken off the measured offset", () => {
  const { stream, outputs } = make({ hasClock: true, declaredLatency: 0.08 });
  stream.clockMeasured({ collectedAt: 500, offset: 10, roundTrip: 0.001 });
  expect(outputs).toEqual([{ kind: "clock-offset", streamId: "x:eeg", collectedAt: 500, offset: 9.92 }]);
  expect(stream.statistics()).toMatchObject({ lastOffset: 9.92, offsetUncertainty: 0.0005, nOffsets: 1 });
});
