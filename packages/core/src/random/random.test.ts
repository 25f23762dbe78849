import { describe, expect, test } from "vitest";
import {
  boxMuller,
  counterRandom,
  hashSeed,
  irwinHall,
  mulberry32,
  normal,
  permutation,
  philox4x32,
  shuffle,
} from "./index.ts";

const draw = (n: number, generator: () => number) => Array.from({ length: n }, generator);
const moments = (x: number[]) => {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  const central = (k: number) => x.reduce((sum, v) => sum + (v - mean) ** k, 0) / x.length;
  return { mean, variance: central(2), kurtosis: central(4) / central(2) ** 2 };
};

describe("counter-based generator", () => {
  test("Philox-4x32-10 gives the known answers of its authors", () => {
    const out = new Uint32Array(4);
    philox4x32(out, Uint32Array.of(0, 0, 0, 0), Uint32Array.of(0, 0));
    expect([...out]).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    philox4x32(out, new Uint32Array(4).fill(0xffffffff), new Uint32Array(2).fill(0xffffffff));
    expect([...out]).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
    philox4x32(
      out,
      Uint32Array.of(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344),
      Uint32Array.of(0xa4093822, 0x299f31d0),
    );
    expect([...out]).toEqual([0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]);
  });

  test("a stream depends on its key alone, not on what else was drawn", () => {
    const first = draw(50, counterRandom(7, "adult", "infant", 3));
    counterRandom(7, "adult", "infant", 2)();
    expect(draw(50, counterRandom(7, "adult", "infant", 3))).toEqual(first);
    expect(draw(50, counterRandom(7, "infant", "adult", 3))).not.toEqual(first);
  });

  test("numbers are uniform and streams of neighbouring keys are uncorrelated", () => {
    const n = 20_000;
    const a = draw(n, counterRandom(1, 0));
    const b = draw(n, counterRandom(1, 1));
    const bins = new Array<number>(20).fill(0);
    for (const u of a) bins[Math.floor(u * 20)] += 1;
    const chiSquare = bins.reduce((sum, count) => sum + (count - n / 20) ** 2 / (n / 20), 0);
    expect(chiSquare).toBeLessThan(43.8);
    let correlation = 0;
    for (let i = 0; i < n; i++) correlation += (12 * (a[i] - 0.5) * (b[i] - 0.5)) / n;
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(n));
  });
});

describe("hashSeed", () => {
  test("tells apart order, grouping and type of its parts", () => {
    const seeds = [
      hashSeed(1, "ab"),
      hashSeed("ab", 1),
      hashSeed(1, "a", "b"),
      hashSeed("1", "ab"),
      hashSeed(1, "ab", 0),
      hashSeed(1.5, "ab"),
      hashSeed(),
      hashSeed(""),
      hashSeed("", ""),
    ];
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(hashSeed(-0)).toBe(hashSeed(0));
  });

  test("spreads successive indices over all 32 bits", () => {
    const ones = new Array<number>(32).fill(0);
    for (let k = 0; k < 4000; k++) {
      const seed = hashSeed(11, "adult", "infant", k);
      for (let bit = 0; bit < 32; bit++) ones[bit] += (seed >>> bit) & 1;
    }
    for (const count of ones) expect(Math.abs(count - 2000)).toBeLessThan(160);
  });
});

describe("normal numbers", () => {
  test("Box-Muller has the moments of a normal distribution", () => {
    const { mean, variance, kurtosis } = moments(draw(100_000, boxMuller(mulberry32(3))));
    expect(Math.abs(mean)).toBeLessThan(0.013);
    expect(Math.abs(variance - 1)).toBeLessThan(0.018);
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.07);
  });

  test("Irwin-Hall has unit variance and kurtosis 2.9", () => {
    const { mean, variance, kurtosis } = moments(draw(100_000, irwinHall(mulberry32(4))));
    expect(Math.abs(mean)).toBeLessThan(0.013);
    expect(Math.abs(variance - 1)).toBeLessThan(0.018);
    expect(Math.abs(kurtosis - 2.9)).toBeLessThan(0.06);
  });

  test("the default is Box-Muller", () => {
    expect(draw(5, normal(mulberry32(9)))).toEqual(draw(5, boxMuller(mulberry32(9))));
  });
});

describe("permutations", () => {
  test("every order of four is equally likely", () => {
    const uniform = mulberry32(5);
    const counts = new Map<string, number>();
    const n = 24_000;
    for (let k = 0; k < n; k++) {
      const key = permutation(4, uniform).join("");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    let chiSquare = 0;
    for (const count of counts.values()) chiSquare += (count - n / 24) ** 2 / (n / 24);
    expect(chiSquare).toBeLessThan(49.7);
  });

  test("shuffle keeps the elements of arrays and typed arrays", () => {
    const words = ["a", "b", "c", "d"];
    shuffle(words, mulberry32(1));
    expect([...words].sort()).toEqual(["a", "b", "c", "d"]);
    const numbers = Float64Array.of(1, 2, 3, 4, 5);
    shuffle(numbers, mulberry32(1));
    expect([...numbers].sort()).toEqual([1, 2, 3, 4, 5]);
  });

  test("a bad n is refused with a sentence", () => {
    expect(() => permutation(2.5, mulberry32(1))).toThrow("integer n >= 0, got 2.5");
  });
});
