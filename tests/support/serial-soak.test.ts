import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWithPty } from "./pty.ts";
import { soakSerial } from "./serial-soak.ts";

describeWithPty("serial ports", () => {
  const durationSeconds = process.env.ATTUNE_LONG === "1" ? 60 : 6;
  const name = `two boards at 250 Hz and two at 1 kHz, side by side for ${durationSeconds} s, lose no frame and find their rates`;
  test(name, { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "attune-soak-"));
    try {
      const results = await soakSerial({ folder, durationSeconds });
      expect(results).toHaveLength(4);
      for (const { nominalSamplingRate, nSent, nSamples, nLost, nWrong, statistics } of results) {
        expect(nSent).toBeGreaterThan(0.9 * durationSeconds * nominalSamplingRate);
        expect({ nSamples, nLost, nWrong }).toEqual({ nSamples: nSent, nLost: 0, nWrong: 0 });
        expect(statistics.nOffsets).toBeGreaterThanOrEqual(durationSeconds - 1);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
