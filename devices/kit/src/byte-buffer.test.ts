import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteBuffer } from "./byte-buffer.ts";

test("bytes come out as they went in, whatever is appended and dropped, with room behind them", () => {
  const step = fc.record({ nNew: fc.nat(9000), share: fc.double({ min: 0, max: 1, noNaN: true }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const buffer = new ByteBuffer({ spare: 40 });
      let expected = new Uint8Array(0);
      let next = 0;
      for (const { nNew, share } of steps) {
        const bytes = Uint8Array.from({ length: nNew }, () => next++);
        expected = Uint8Array.of(...expected, ...bytes);
        const held = buffer.append(bytes);
        expect(buffer.length).toBe(expected.length);
        expect(Buffer.compare(held.subarray(0, buffer.length), expected)).toBe(0);
        expect(held.length).toBeGreaterThanOrEqual(buffer.length + 40);
        const nDone = Math.floor(share * expected.length);
        buffer.drop(nDone);
        expected = expected.slice(nDone);
      }
      buffer.clear();
      expect(buffer.length).toBe(0);
    }),
    { numRuns: 40 },
  );
});
