import { expect, test } from "vitest";
import { FrameArrays } from "./frame-arrays.ts";

test("frames are kept while the arrays grow, and a new batch begins with none", () => {
  const frames = new FrameArrays(2);
  for (const n of [1, 64, 65, 500]) {
    frames.clear();
    for (let k = 0; k < n; k++) {
      const at = frames.append(k % 16, k / 10, k % 3);
      frames.values[at] = k;
      frames.values[at + 1] = -k;
      if (k === 2) frames.markHeldBack();
    }
    const { nFrames, nHeldBack, values, counter, deviceTime, flags } = frames.batch();
    expect({ nFrames, nHeldBack }).toEqual({ nFrames: n, nHeldBack: n > 2 ? 3 : 0 });
    for (let k = 0; k < n; k++) {
      expect([values[2 * k], values[2 * k + 1]]).toEqual([k, -k]);
      expect([counter[k], deviceTime[k], flags[k]]).toEqual([k % 16, k / 10, k % 3]);
    }
  }
});
