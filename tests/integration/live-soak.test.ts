import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replaySession } from "@attune/live";
import { expect, test } from "vitest";
import { liveSoak } from "../support/live-soak.ts";

const isLong = process.env.ATTUNE_LONG === "1";
const hours = isLong ? 4 : 0.1;
const seed = Number(process.env.ATTUNE_PROPERTY_SEED ?? 1);

test(`a session of ${hours} simulated hours: memory stays flat, queues short, people aligned, and it can be replayed`, {
  timeout: 1_800_000,
}, async () => {
  const recordingFolder = await mkdtemp(join(tmpdir(), "attune-soak-"));
  try {
    const report = await liveSoak({ hours, seed, recordingFolder });
    process.stderr.write(`${JSON.stringify(report)}\n`);
    expect(report.heapLate - report.heapEarly).toBeLessThan(20);
    if (isLong) expect(report.residentLate - report.residentEarly).toBeLessThan(60);
    for (const worst of Object.values(report.worstTimingMs)) expect(worst).toBeLessThan(1);
    expect(report.nLeftOut).toBe(0);
    expect(report.nLate).toBe(0);
    expect(report.nWindows).toBeGreaterThan(0.95 * (hours * 3600 - 10));
    const again = await replaySession(report.recordingPath);
    expect(again.totals.nWindows).toBe(report.nWindows);
  } finally {
    await rm(recordingFolder, { recursive: true, force: true });
  }
});
