import { copyFile, mkdtemp, open as openFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replaySession } from "@attune/live";
import { openRecording } from "@attune/recording";
import { encodePageFrame, type Traces } from "@attune/wire/page";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { known } from "../live/known.ts";
import { HandTime } from "../live/scripted-session.test-support.ts";
import type { SessionCommand } from "../page-source.ts";
import { type RecordedExample, recordExample, toldOf, writer } from "./recorded-session.test-support.ts";
import { type ReplayPage, replayPage } from "./replay-page.ts";

let folder: string;
let example: RecordedExample;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "attune-replay-"));
  example = await recordExample(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Opened {
  readonly page: ReplayPage;
  readonly time: HandTime;
}
let one: Opened;
let other: Opened;
beforeAll(async () => {
  [one, other] = await Promise.all([opened(), opened()]);
});
afterAll(async () => {
  await one.page.close();
  await other.page.close();
});

async function opened(): Promise<Opened> {
  const time = new HandTime();
  const page = await replayPage(example.path, { context: time.context });
  // Everything that is said must be something that can be sent.
  page.updates.subscribe((update) => encodePageFrame(update));
  await page.analysed;
  return { page, time };
}

/** Stopped at the beginning, at a speed. */
async function fromTheBeginning({ page }: Opened, speed = 1): Promise<void> {
  await page.take({ do: "stop", id: 1 }, writer);
  await page.take({ do: "speed", id: 1, speed }, writer);
  await seek(page, 0);
}

const seek = (page: ReplayPage, to: number) => page.take({ do: "seek", id: 1, to }, writer);
const end = (page: ReplayPage): number => toldOf(page, "standing").replay!.to;

/** What stands at the position, without whether it plays. */
function knownAt(page: ReplayPage) {
  const { replay, ...standing } = toldOf(page, "standing");
  const quality = page.newest().filter(({ kind }) => kind === "quality");
  return { standing, position: replay!.position, evidence: toldOf(page, "evidence"), quality };
}

describe("the page of a recorded session", () => {
  test("shows at its end the numbers of the session, to the last bit", async () => {
    const { page } = one;
    const again = await replaySession(example.path);
    expect(again.couplings).toEqual(example.couplings);
    await seek(page, Number.MAX_VALUE);
    const { windows, conditions } = toldOf(page, "standing");
    const { nWindows, nAccepted, nLate, rejected } = example.totals;
    expect(windows).toEqual({ nWindows, nAccepted, nLate, rejected });
    expect(nAccepted).toBeGreaterThan(20);
    expect(conditions.map(({ condition, nWindows: n }) => [condition, n])).toEqual(
      example.totals.conditions.map(({ condition, nWindows: n }) => [condition, n]),
    );
    const { values, comparisons } = toldOf(page, "evidence");
    const expected = example.totals.conditions.flatMap(({ coupling }) => coupling?.values ?? []);
    expect(expected.length).toBe(8);
    expect(values.map(({ value, nullMean, p }) => [value, nullMean, p])).toEqual(
      expected.map(({ value, nullMean, p }) => [known(value), known(nullMean), known(p)]),
    );
    expect(comparisons.map(({ difference, n, nReference }) => [difference, n, nReference])).toEqual(
      again.comparison
        .compare("direct", "averted")
        .map(({ difference, n, nReference }) => [known(difference), n, nReference]),
    );
    const trend = toldOf(page, "timeline").couplings;
    expect(trend.length).toBeGreaterThan(40);
    for (const { at, condition, from, to, band, value } of trend) {
      const source = example.couplings.find(
        (each) => each.scope === "pooled" && each.at === at && each.condition === condition,
      );
      const same = source!.values.find((each) => each.from === from && each.to === to && each.band === band);
      expect(value).toBe(known(same!.value));
    }
  });

  test("shows at a position what was known there, whether one played to it or jumped", async () => {
    const [played, jumped] = [one, other];
    await fromTheBeginning(played, 8);
    await played.page.take({ do: "play", id: 1 }, writer);
    for (const to of [9.5, 31.2, 47.75]) {
      await seek(jumped.page, 55);
      await seek(jumped.page, to);
      await played.time.advance((to - played.page.now()) / 8);
      expect(played.page.now()).toBeCloseTo(to, 9);
      // The samples that the lights need are read meanwhile.
      const wanted = jumped.page.newest().filter(({ kind }) => kind === "quality");
      expect(wanted.map((each) => each.kind === "quality" && each.at)).toEqual([
        Math.floor(to),
        Math.floor(to),
      ]);
      for (let n = 0; n < 500 && knownAt(played.page).quality[0]?.kind !== undefined; n++) {
        if (JSON.stringify(knownAt(played.page).quality) === JSON.stringify(wanted)) break;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      await seek(jumped.page, played.page.now());
      expect(knownAt(jumped.page)).toEqual(knownAt(played.page));
    }
    const { standing, evidence } = knownAt(played.page);
    expect(standing.windows.nAccepted).toBeGreaterThan(10);
    expect(evidence.values.length).toBeGreaterThan(0);
    expect(standing.phase).toMatchObject({ name: "free-play", plannedSeconds: 60 });
    expect(Math.max(...evidence.values.map(({ nWindows }) => nWindows))).toBeLessThan(
      Math.max(...example.totals.conditions.map(({ nWindows }) => nWindows)),
    );
  });

  test("knows at no position what came later", async () => {
    const { page } = other;
    let before = 0;
    for (let to = 2; to < 60; to += 3.7) {
      await seek(page, to);
      const { windows, states } = toldOf(page, "standing");
      expect(windows.nWindows).toBeGreaterThanOrEqual(before);
      expect(windows.nWindows).toBeLessThanOrEqual(Math.max(0, to));
      before = windows.nWindows;
      for (const { since } of states) expect(since).toBeLessThanOrEqual(to);
    }
    await seek(page, 31.5);
    expect(toldOf(page, "standing").isPaused).toBe(true);
    expect(toldOf(page, "standing").states).toContainEqual(
      expect.objectContaining({ person: "infant", layer: "voice", state: "unknown" }),
    );
    await seek(page, 20);
    expect(toldOf(page, "standing").isPaused).toBe(false);
    expect(toldOf(page, "standing").states).toContainEqual(
      expect.objectContaining({ person: "infant", layer: "voice", state: "voicing" }),
    );
  });

  test("plays at the speed that is asked for, and stops at the end", async () => {
    const { page, time } = one;
    await fromTheBeginning(one);
    const from = page.now();
    await time.advance(3);
    expect(page.now()).toBe(from);
    await page.take({ do: "play", id: 1 }, writer);
    await time.advance(4);
    expect(page.now()).toBeCloseTo(from + 4, 9);
    for (const speed of [0.25, 2, 32]) {
      const before = page.now();
      await page.take({ do: "speed", id: 1, speed }, writer);
      await time.advance(1);
      expect(page.now()).toBeCloseTo(before + speed, 9);
    }
    await page.take({ do: "stop", id: 1 }, writer);
    const stopped = page.now();
    await time.advance(2);
    expect(page.now()).toBe(stopped);
    await page.take({ do: "play", id: 1 }, writer);
    await time.advance(10);
    expect(page.now()).toBe(end(page));
    expect(toldOf(page, "standing").replay).toMatchObject({ isPlaying: false, speed: 32, isAnalysed: true });
    await page.take({ do: "play", id: 1 }, writer);
    await time.advance(0.25);
    expect(page.now()).toBeCloseTo(from + 8, 9);
  });

  test("hands out every sample once, in order, where the whole-file fit puts it, with its gaps", async () => {
    const { page, time } = one;
    await fromTheBeginning(one, 4);
    const told: Traces[] = [];
    page.updates.subscribe((update) => {
      if (update.kind === "traces") told.push(update);
    });
    await page.take({ do: "play", id: 1 }, writer);
    const recording = await openRecording(example.path);
    if (recording.kind !== "continuous") throw new Error("no session");
    const { nSamples } = recording.streams[0]!;
    const of = (id: string): Traces[] => told.filter(({ streamId }) => streamId === id);
    for (let n = 0; n < 300 && page.now() < 40; n++) {
      await time.advance(0.05);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const id = recording.streams[0]!.id;
    const { data, sessionTime } = await recording.read(id, { fromSample: 0, nSamples });
    let k = 0;
    let nGaps = 0;
    let end = Number.NaN;
    for (const { start, step, nSamples: count, data: shown, isPast, nChannels } of of(id)) {
      expect(isPast).toBe(false);
      expect(start).toBeCloseTo(sessionTime[k]!, 6);
      if (start - end > 0.5 * step) nGaps++;
      end = start + count * step;
      for (let c = 0; c < nChannels; c++)
        expect(shown.subarray(c * count, (c + 1) * count)).toEqual(
          Float32Array.from(data.subarray(c * nSamples + k, c * nSamples + k + count)),
        );
      k += count;
    }
    expect(k).toBeGreaterThan(35 * 500 * 0.95);
    const passed = recording.streams[0]!.gaps.filter(({ start }) => start < end - 1);
    expect(passed.length).toBeGreaterThan(0);
    expect(nGaps).toBeGreaterThanOrEqual(passed.length);
    expect(told.length / 10).toBeLessThan(32);
    await recording.close();
  });

  test("answers for any stretch of the past, as the file has it", async () => {
    const { page } = other;
    const near = await page.past(10, 14);
    expect(near.every(({ isPast, isEnvelope }) => isPast && !isEnvelope)).toBe(true);
    const infant = near.filter(({ streamId }) => streamId === "dyad/infant-eeg");
    expect(infant.reduce((sum, { nSamples }) => sum + nSamples, 0)).toBe(1000);
    expect(infant[0]!.start).toBeGreaterThanOrEqual(10);
    // Loaded already: it comes at once.
    expect(page.past(11, 13)).toBeInstanceOf(Array);
  });

  test("tells who there is, what there was, and the sheet of the session", async () => {
    const { page } = other;
    const { mode, session, streams, coding, phases, analysis, recording } = page.hello();
    expect({ mode, session, recording }).toEqual({
      mode: "replay",
      session: "dyad-001",
      recording: example.path,
    });
    expect(
      streams.slice(0, 2).map(({ channels }) => channels.map(({ person, signal }) => `${person} ${signal}`)),
    ).toEqual([
      ["adult eeg", "adult eeg"],
      ["infant eeg", "infant eeg"],
    ]);
    expect(coding.layers.map(({ layer, mode: how }) => [layer, how])).toEqual([
      ["gaze", "toggle"],
      ["voice", "hold"],
    ]);
    expect(phases).toHaveLength(3);
    expect(analysis).toMatchObject({
      person: "adult",
      layer: "gaze",
      windowSeconds: 1,
      profile: "recommended",
    });
    const timeline = toldOf(page, "timeline");
    expect(timeline.isWhole).toBe(true);
    const voice = timeline.intervals.filter(({ layer, state }) => layer === "voice" && state === "voicing");
    expect(voice).toHaveLength(1);
    expect(voice[0]!.offset! - voice[0]!.onset).toBeCloseTo(3, 6);
    expect(timeline.events.map(({ label }) => label)).toContain("note the door opened");
    expect(timeline.events.some(({ label }) => label.includes("coding"))).toBe(false);
    expect(timeline.gaps.length).toBeGreaterThan(0);
    expect(timeline.rejected.length).toBeGreaterThan(3);
    const summary = toldOf(page, "summary");
    expect(summary.isComplete).toBe(true);
    expect(summary.timing).toContain("Timing passport of dyad-001");
    expect(
      summary.phases.map(({ name, seconds, isMissing }) => [name, Math.round(seconds), isMissing]),
    ).toEqual([
      ["baseline", 15, false],
      ["free-play", 45, false],
      ["still-face", 0, true],
    ]);
    expect(summary.overrides).toEqual([{ check: "disk", about: ".", reason: "a short session" }]);
    expect(summary.conditions.map(({ nWindows }) => nWindows).reduce((a, b) => a + b)).toBe(
      example.totals.nAccepted,
    );
    expect(summary.files.map(({ name }) => name)).toContain(example.path);
    await expect(page.take({ do: "timing", id: 1 }, writer)).resolves.toMatchObject({
      ok: true,
      message: expect.stringMatching(/^dyad\/adult-eeg: (good|fair|poor)/),
    });
  });

  test("refuses what only a session in the room can do, and changes nothing in the recording", async () => {
    const { page } = other;
    const commands: SessionCommand[] = [
      { do: "begin", id: 1, overrides: [] },
      { do: "end", id: 2, reason: "quit" },
      { do: "pause", id: 3 },
      { do: "phase", id: 4 },
      { do: "tap", id: 5, person: "adult" },
    ];
    for (const command of commands) {
      const answer = await page.take(command, writer);
      expect(answer.ok).toBe(false);
      expect(answer.message).toMatch(/this is a recording/);
    }
  });

  test("grows while it is analysed, and can be closed in the middle of it", async () => {
    const page = await replayPage(example.path);
    expect(toldOf(page, "standing").replay!.isAnalysed).toBe(false);
    expect(toldOf(page, "timeline").intervals.length).toBeGreaterThan(3);
    await page.close();
    await page.analysed;
  });

  test("a damaged recording is shown as far as it goes, and says so", async () => {
    const path = join(folder, "damaged.xdf");
    await copyFile(example.path, path);
    const file = await openFile(path, "r+");
    const { size } = await file.stat();
    await file.write(new Uint8Array(4096), 0, 4096, Math.floor(size / 2));
    await file.truncate(Math.floor(0.9 * size));
    await file.close();
    const page = await replayPage(path, { context: new HandTime().context });
    await page.analysed;
    const log = toldOf(page, "log").entries;
    expect(
      log.filter(({ level, source }) => level === "warning" && source === "recording").length,
    ).toBeGreaterThan(0);
    await seek(page, Number.MAX_VALUE);
    const { windows, replay } = toldOf(page, "standing");
    expect(replay!.to).toBeGreaterThan(45);
    expect(windows.nWindows).toBeGreaterThan(30);
    expect(toldOf(page, "summary").isComplete).toBe(false);
    await page.close();
  });
});
