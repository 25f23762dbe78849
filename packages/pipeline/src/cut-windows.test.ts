import type { AlignedChunk } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutWindows } from "./cut-windows.ts";
import { alignedChunk, cutAligned, noise, outputs, windowBits } from "./example-data.test-support.ts";
import { reasonBit } from "./reasons.ts";

const people = [
  { id: "adult", nChannels: 2 },
  { id: "infant", nChannels: 1 },
];
const cutting = (windowSamples = 10, hopSamples = 10) =>
  cutWindows({ people, windowSamples, hopSamples, samplingRate: 200 });

/** Every row counts grid indices, so that a value says when it was taken: adult k and k + 0.5, infant -k. */
function counting(
  person: "adult" | "infant",
  firstIndex: number,
  nSamples: number,
  mask?: Uint16Array,
): AlignedChunk {
  const row = Float64Array.from({ length: nSamples }, (_, n) => firstIndex + n);
  const rows = person === "adult" ? [row, row.map((k) => k + 0.5)] : [row.map((k) => -k)];
  return alignedChunk(person, rows, mask === undefined ? { firstIndex } : { firstIndex, mask });
}

describe("cutWindows", () => {
  test("a window holds the same stretch of session time of everybody, person after person", () => {
    const windows = outputs([counting("infant", 0, 20), counting("adult", 0, 20)], cutting());
    expect(windows.map(({ index, firstIndex, start }) => ({ index, firstIndex, start }))).toEqual([
      { index: 0, firstIndex: 0, start: 0 },
      { index: 1, firstIndex: 10, start: 0.05 },
    ]);
    const second = windows[1]!;
    expect(Array.from(second.data.subarray(0, 3))).toEqual([10, 11, 12]);
    expect(Array.from(second.data.subarray(10, 13))).toEqual([10.5, 11.5, 12.5]);
    expect(Array.from(second.data.subarray(20, 23))).toEqual([-10, -11, -12]);
    expect(second.unfiltered).toEqual(second.data);
  });

  test("windows begin at multiples of the hop once everybody has begun, whoever was first", () => {
    const windows = outputs([counting("adult", 3, 60), counting("infant", 17, 50)], cutting(10, 5));
    expect(windows[0]!.firstIndex).toBe(20);
    expect(windows.map(({ firstIndex }) => firstIndex % 5)).toEqual(new Array(windows.length).fill(0));
    expect(windows.at(-1)!.firstIndex).toBe(50);
  });

  test("a last window that is not full is dropped", () => {
    expect(outputs([counting("adult", 0, 29), counting("infant", 0, 40)], cutting())).toHaveLength(2);
    expect(outputs([counting("adult", 0, 9), counting("infant", 0, 40)], cutting())).toHaveLength(0);
  });

  test("nothing comes out while one person has sent nothing", () => {
    expect(outputs([counting("adult", 0, 500)], cutting())).toEqual([]);
  });

  test("a window with unusable samples is emitted with its problems and the person they came from", () => {
    const mask = new Uint16Array(30);
    mask[12] = reasonBit("gap");
    mask[17] = reasonBit("filter-settling") | reasonBit("clock");
    const windows = outputs([counting("adult", 0, 30), counting("infant", 0, 30, mask)], cutting());
    expect(windows.map(({ problems }) => problems)).toEqual([
      [],
      [
        { person: "infant", reason: "gap" },
        { person: "infant", reason: "clock" },
        { person: "infant", reason: "filter-settling" },
      ],
      [],
    ]);
  });

  test("nothing is moved together across a gap", () => {
    const mask = new Uint16Array(40).fill(reasonBit("gap"), 11, 28);
    const windows = outputs([counting("adult", 0, 40, mask), counting("infant", 0, 40)], cutting());
    expect(windows.map(({ data }) => [data[0], data[20]])).toEqual([
      [0, -0],
      [10, -10],
      [20, -20],
      [30, -30],
    ]);
  });

  test("people who are not in the model are passed over", () => {
    const stranger = { ...counting("infant", 5, 99), person: "stranger" };
    const windows = outputs([stranger, counting("adult", 0, 10), counting("infant", 0, 10)], cutting());
    expect(windows).toHaveLength(1);
  });

  test("samples that do not follow each other are a mistake of the stage before", () => {
    expect(() => outputs([counting("adult", 0, 10), counting("adult", 11, 10)], cutting())).toThrow(
      "adult: aligned samples must follow each other on the grid; expected index 10, got 11",
    );
  });

  test("any chunking and any interleaving of the people gives the same bits", () => {
    const masked = Uint16Array.from({ length: 400 }, (_, n) =>
      n % 97 === 50 ? reasonBit("not-a-number") : 0,
    );
    const adult = alignedChunk("adult", [noise(400, "a"), noise(400, "b")], { firstIndex: 7, mask: masked });
    const infant = alignedChunk("infant", [noise(333, "c")], { firstIndex: 30 });
    const cuts = fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        cuts,
        cuts,
        fc.infiniteStream(fc.boolean()),
        (length, step, cutsA, cutsB, order) => {
          const operator = cutting(length, Math.min(step, length));
          const whole = outputs([adult, infant], operator);
          const queues = [cutAligned(adult, cutsA), cutAligned(infant, cutsB)];
          const mixed: AlignedChunk[] = [];
          for (const adultFirst of order) {
            const next = queues[adultFirst ? 0 : 1]!.shift() ?? queues[adultFirst ? 1 : 0]!.shift();
            if (next === undefined) break;
            mixed.push(next);
          }
          expect(outputs(mixed, operator).map(windowBits)).toEqual(whole.map(windowBits));
        },
      ),
    );
  });
});
