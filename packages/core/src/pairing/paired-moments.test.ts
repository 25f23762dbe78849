import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError } from "../errors.ts";
import { LagMoments } from "../mvar/index.ts";
import { counterRandom, permutation } from "../random/index.ts";
import { adultAndInfant, noiseWindows, type People, windowSet } from "./example-windows.test-support.ts";
import { PairedMoments } from "./paired-moments.ts";
import { identityPairing, type Pairing, type WindowSet } from "./window-set.ts";

const family: People = [
  ["adult", 2],
  ["infant", 1],
  ["child", 3],
];

function gramOf(paired: PairedMoments, pairing: Pairing): Float64Array {
  const gram = new Float64Array(((paired.order + 1) * paired.set.nChannels) ** 2);
  paired.gram(gram, pairing);
  return gram;
}

/** Windows put together anew as the pairing says, and the moments of all of them. */
function textbook(set: WindowSet, order: number, pairing: Pairing, unit = 1): LagMoments {
  const moments = new LagMoments(set.nChannels, order);
  for (let w = 0; w < set.nWindows; w++) {
    const window = new Float64Array(set.nChannels * set.nSamples);
    set.people.forEach(({ firstChannel }, person) => {
      const source = pairing[person][Math.floor(w / unit)] * unit + (w % unit);
      window.set(set.part(person, source), firstChannel * set.nSamples);
    });
    moments.addWindow(window, set.nSamples);
  }
  return moments;
}

function expectClose(actual: Float64Array, expected: Float64Array): void {
  let largest = 0;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(expected[i]));
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(actual[i] - expected[i])).toBeLessThan(1e-10 * largest);
}

describe("PairedMoments", () => {
  test("the identity pairing is the recording itself: the moments of its windows", () => {
    for (const people of [adultAndInfant, family]) {
      const set = noiseWindows(people, 7, 40, "identity");
      const paired = new PairedMoments(set, 4);
      const moments = new LagMoments(set.nChannels, 4);
      for (const window of set.windows) moments.addWindow(window, 40);
      expectClose(gramOf(paired, identityPairing(set)), moments.gram);
      expect(paired.nRows).toBe(moments.nRows);
    }
  });

  test("any pairing gives the moments of windows put together by it, also in units and with three people", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(adultAndInfant, family),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(1e6),
        (people, unit, nUnits, order, seed) => {
          const set = noiseWindows(people, nUnits * unit, 24, seed);
          const uniform = counterRandom(seed);
          const pairing = people.map(() => permutation(nUnits, uniform));
          const expected = textbook(set, order, pairing, unit);
          expectClose(gramOf(new PairedMoments(set, order, unit), pairing), expected.gram);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("the matrix is symmetric to the bit", () => {
    const set = noiseWindows(family, 5, 30, "symmetric");
    const side = 4 * set.nChannels;
    const gram = gramOf(new PairedMoments(set, 3), identityPairing(set));
    for (let r = 0; r < side; r++)
      for (let c = 0; c < r; c++) expect(gram[r * side + c]).toBe(gram[c * side + r]);
  });

  test("one pairing leaves nothing behind for the next", () => {
    const set = noiseWindows(adultAndInfant, 6, 30, "again");
    const paired = new PairedMoments(set, 3);
    const first = gramOf(paired, identityPairing(set));
    const swapped = identityPairing(set);
    swapped[1].reverse();
    expect(gramOf(paired, swapped)).not.toEqual(first);
    expect(gramOf(paired, identityPairing(set))).toEqual(first);
    expect(gramOf(new PairedMoments(set, 3), swapped)).toEqual(gramOf(paired, swapped));
  });

  test("moments within a person are the same for every pairing", () => {
    const set = noiseWindows(adultAndInfant, 6, 30, "within");
    const paired = new PairedMoments(set, 2);
    const swapped = identityPairing(set);
    swapped[1].reverse();
    const [before, after] = [gramOf(paired, identityPairing(set)), gramOf(paired, swapped)];
    const side = 3 * 4;
    for (let r = 0; r < side; r++)
      for (let c = 0; c < side; c++)
        if (r % 4 < 2 === c % 4 < 2) expect(after[r * side + c]).toBe(before[r * side + c]);
  });

  test("windows that do not fall into whole units are refused", () => {
    const set = noiseWindows(adultAndInfant, 5, 30, "units");
    expect(() => new PairedMoments(set, 2, 2)).toThrow(ShapeError);
    expect(() => new PairedMoments(set, 2, 0)).toThrow(
      "PairedMoments expected a multiple of 0 windows, got 5",
    );
  });
});

describe("WindowSet", () => {
  test("a part is a person's rows of one window, as a view", () => {
    const set = noiseWindows(family, 3, 10, "part");
    expect(set.people.map(({ firstChannel }) => firstChannel)).toEqual([0, 2, 3]);
    expect(set.channelsOf(2)).toEqual([3, 4, 5]);
    expect(set.part(1, 2)).toEqual(set.windows[2].slice(20, 30));
    expect(set.part(1, 2).buffer).toBe(set.windows[2].buffer);
  });

  test("a window of another shape is refused", () => {
    expect(() => windowSet(adultAndInfant, 10, [new Float64Array(39)])).toThrow("4 x 10");
  });
});
