import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StreamStatistics } from "@attune/device-kit";
import { describe, expect, test } from "vitest";
import { pairSession, scripted } from "../session/scripted-session.test-support.ts";
import { passportText } from "./passport-text.ts";
import { saveSheets } from "./save-sheets.ts";
import { type TimedStream, timingPassport } from "./timing-passport.ts";

const statistics = (streamId: string, change: Partial<StreamStatistics> = {}): StreamStatistics => ({
  streamId,
  nSamples: 60_000,
  nLost: 0,
  measuredSamplingRate: 500.01,
  driftPpm: 20,
  jitterRms: 0.002,
  nOffsets: 30,
  lastOffset: 12.5,
  offsetUncertainty: 0.0004,
  lastReceivedAt: 120,
  ...change,
});

const timed = (
  streamId: string,
  change: Partial<TimedStream> = {},
  of: Partial<StreamStatistics> = {},
): TimedStream => ({
  device: streamId.split("/")[0]!,
  person: undefined,
  nominalSamplingRate: 500,
  nReconnects: 0,
  nRepairs: 0,
  nClockRestarts: 0,
  statistics: statistics(streamId, of),
  ...change,
});

const only = (stream: TimedStream) => timingPassport("dyad", 60, [stream], undefined).streams[0]!;

async function pairSettings() {
  const { session } = scripted(pairSession(), { analyse: true });
  await session.connect();
  await session.begin();
  const { settings } = session;
  await session.end();
  return settings!;
}

describe("the timing passport", () => {
  test("a clock that was compared by a round trip is known to half of it", () => {
    expect(only(timed("a"))).toMatchObject({ alignmentErrorMs: 0.4, verdict: "good", remarks: [] });
  });

  test("one that is known by arrivals only is known to three standard deviations over the root of the reads", () => {
    // 120 s of 50 reads a second: 3 * 2 ms / sqrt(6000).
    const short = only(timed("a", {}, { offsetUncertainty: Number.NaN }));
    expect(short.alignmentErrorMs).toBeCloseTo((3 * 2) / Math.sqrt(6000), 12);
    // The fit forgets: an hour is worth 2 half-times of 90 s over ln 2.
    const hour = only(timed("a", {}, { offsetUncertainty: Number.NaN, nSamples: 1_800_000 }));
    expect(hour.alignmentErrorMs).toBeCloseTo((3 * 2) / Math.sqrt((50 * 180) / Math.LN2), 12);
  });

  test("losses, drift, wrong rates, reconnects and unknown clocks are remarks, and weigh on the verdict", () => {
    const remarks = (of: Partial<StreamStatistics>, change: Partial<TimedStream> = {}) =>
      only(timed("a", change, of)).remarks.join("; ");
    expect(remarks({ driftPpm: -250 })).toMatch(/drifts by -250 ppm/);
    expect(remarks({ driftPpm: 5000 })).toMatch(/runs 5000 ppm off: its announced rate is probably wrong/);
    expect(remarks({ nLost: 1000 })).toMatch(/1\.6 % of its samples were lost/);
    expect(remarks({ nLost: 100 })).toBe("");
    expect(remarks({}, { nReconnects: 2 })).toMatch(/reconnected 2 times/);
    const unknown = only(timed("a", {}, { nOffsets: 0 }));
    expect(unknown.alignmentErrorMs).toBeNaN();
    expect(unknown.verdict).toBe("poor");
    expect(only(timed("a", {}, { nLost: 1000 })).verdict).toBe("fair");
    expect(only(timed("a", {}, { offsetUncertainty: 0.003 }))).toMatchObject({
      verdict: "fair",
      remarks: [],
    });
  });

  test("lags of the model that are no longer than the clocks' error are named", async () => {
    const settings = await pairSettings();
    const sampleMs = 1000 / settings.analysisRate;
    const with_ = (uncertainty: number) =>
      timingPassport(
        "dyad",
        60,
        ["adult-cap/eeg", "infant-cap/eeg"].map((id) => timed(id, {}, { offsetUncertainty: uncertainty })),
        settings,
      ).pairs;
    const [exact] = with_(1e-5);
    expect(exact).toMatchObject({ people: ["adult", "infant"], unresolvedLags: [], sampleMs });
    // Each off by 0.8 samples: together 1.6, so lag 1 says nothing and lag 2 does.
    expect(with_((0.8 * sampleMs) / 1000)[0]!.unresolvedLags).toEqual([1]);
    expect(with_(Number.NaN)[0]!.alignmentErrorMs).toBeGreaterThan(0);
    const [unknown] = timingPassport("dyad", 60, [], settings).pairs;
    expect(unknown!.alignmentErrorMs).toBeNaN();
    expect(unknown!.unresolvedLags).toHaveLength(settings.model.order);
  });

  test("as text it has a paragraph a stream and a pair, and no number that is none", async () => {
    const settings = await pairSettings();
    const text = passportText(
      timingPassport(
        "dyad-001",
        119.7,
        [
          timed("adult-cap/eeg", { person: "adult" }),
          timed("infant-cap/eeg", { nRepairs: 3 }, { driftPpm: Number.NaN, nOffsets: 0 }),
          timed("adult-cap/markers", { nominalSamplingRate: 0 }),
        ],
        settings,
      ),
    );
    expect(text).toContain("Timing passport of dyad-001 (2 min 0 s)\n");
    expect(text).toContain("adult-cap/eeg (adult): good\n");
    expect(text).toContain("500.010 Hz measured, 500 Hz announced");
    expect(text).toContain("drift not known, compared 0 times");
    expect(text).toContain("3 damaged or resynchronised frames");
    expect(text).toContain("its clock was never compared with the computer's");
    expect(text).toContain("which lags can be told apart is not known");
    expect(text.match(/announced/g)).toHaveLength(2);
    expect(text).not.toMatch(/NaN|undefined/);
  });

  test("lies beside the recording, with the coding where there is some", async () => {
    const folder = await mkdtemp(join(tmpdir(), "attune-sheets-"));
    try {
      const { session } = scripted(pairSession());
      const passport = timingPassport("dyad", 60, [timed("a")], undefined);
      await saveSheets(join(folder, "dyad.xdf"), passport, session.coder);
      expect((await readdir(folder)).sort()).toEqual(["dyad.timing.json", "dyad.timing.txt"]);
      expect(JSON.parse(await readFile(join(folder, "dyad.timing.json"), "utf8"))).toMatchObject({
        session: "dyad",
        streams: [{ streamId: "a", verdict: "good" }],
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
