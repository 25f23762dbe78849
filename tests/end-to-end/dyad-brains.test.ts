import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simulateDyad, simulateHearts } from "@attune/device-simulated";
import { encodeState, STATES_STREAM, stateIntervalsToChanges, XdfWriter } from "@attune/recording";
import { analyseDyad, type DyadResult } from "@attune/study";
import { afterAll, beforeAll, expect, test } from "vitest";

// One session with two EEGs, two ECGs and coded behaviour, on one recorder: gaze belongs to the brains, the rest to the hearts.
const SECONDS = 300;
const START = 10_000;
const folder = mkdtempSync(join(tmpdir(), "attune-brains-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function writeSession(path: string): Promise<void> {
  const brains = simulateDyad({
    seed: 3,
    durationSeconds: SECONDS,
    persons: [
      { id: "adult", role: "adult", channels: 2 },
      { id: "infant", role: "infant", channels: 2 },
    ],
    coupling: [{ from: "adult", to: "infant", strength: 0.3, gazeState: "direct" }],
  });
  const hearts = simulateHearts({ seed: 3, durationSeconds: SECONDS });
  const writer = await XdfWriter.create(path);
  const numbers = new Map(brains.streams.map(({ id }, k) => [id, k + 1]));
  for (const { id, name, type, channels, nominalSamplingRate, person } of brains.streams)
    await writer.addStream(numbers.get(id)!, {
      name,
      type,
      channels,
      nominalSamplingRate,
      format: "float32",
      sourceId: id,
      desc: person === undefined ? {} : { participant: { id: person } },
    });
  const roles = ["adult", "infant"] as const;
  for (const [k, role] of roles.entries())
    await writer.addStream(11 + k, {
      name: `${role} heart`,
      type: "ECG",
      channels: [{ label: "ECG", unit: "mV" }],
      nominalSamplingRate: 250,
      format: "float32",
      sourceId: `heart-${role}`,
      desc: { participant: { id: role } },
    });
  await writer.addStream(20, {
    name: STATES_STREAM,
    type: "Markers",
    channels: [{ label: "state", unit: "" }],
    nominalSamplingRate: 0,
    format: "string",
    sourceId: "states",
    desc: {},
  });
  for (const input of brains.inputs({ chunkSeconds: 1 }))
    if (input.kind === "samples")
      await writer.writeSamples(
        numbers.get(input.streamId)!,
        input.deviceTime.map((time) => time + START),
        { data: input.data },
      );
    else if (input.kind === "clock-offset")
      await writer.writeClockOffset(numbers.get(input.streamId)!, input.collectedAt + START, input.offset);
  for (let block = 0; block < hearts.nBlocks; block++)
    for (const [k, role] of roles.entries()) {
      const data = hearts.ecg(role, block);
      await writer.writeSamples(
        11 + k,
        Float64Array.from(data, (_, n) => START + block + n / 250),
        { data },
      );
    }
  const changes = [
    ...stateIntervalsToChanges(brains.states),
    ...stateIntervalsToChanges(
      hearts.states.filter(({ layer }) => layer === "voice" || layer === "touch"),
      "none",
    ),
  ].sort((a, b) => a.at - b.at);
  await writer.writeClockOffset(20, START, 0);
  for (const change of changes)
    await writer.writeSamples(20, Float64Array.of(START + change.at), { text: [encodeState(change)] });
  await writer.close();
}

let result: DyadResult;

beforeAll(async () => {
  const path = join(folder, "session.xdf");
  await writeSession(path);
  result = await analyseDyad({
    path,
    members: [
      { id: "adult", role: "adult", ecg: "ECG" },
      { id: "infant", role: "infant", ecg: "ECG" },
    ],
    settings: { nSurrogates: 199, exploratorySurrogates: 19 },
  });
}, 90_000);

test("the brains become a series on the timeline of the hearts, both directions", () => {
  expect(result.brain).toMatchObject({ isAvailable: true, why: "" });
  expect(result.brain.nWindows).toBeGreaterThan(50);
  expect(result.data.brain.map(({ from, to }) => `${from}->${to}`)).toEqual([
    "adult->infant",
    "infant->adult",
  ]);
  for (const { values, startTime, samplingRate } of result.data.brain) {
    const valid = values.filter((value) => !Number.isNaN(value));
    expect(valid.length).toBe(result.brain.nWindows);
    for (const value of valid) expect(value >= 0 && value <= 1).toBe(true);
    expect(startTime + values.length / samplingRate).toBeLessThan(SECONDS + 2);
  }
});

test("questions across brains, hearts and behaviour are asked with nulls and answered in words", () => {
  const asked = result.together.map(({ question }) => question);
  expect(asked).toContain("Does brain coupling adult->infant change after mutual gaze begins?");
  expect(asked).toContain("Does brain coupling adult->infant change before a vocal turn?");
  expect(
    asked.some((question) =>
      question.startsWith("Do brain coupling adult->infant and cardiac covariation move together"),
    ),
  ).toBe(true);
  for (const { value, nullMean, nullUpper, low, high, words, stands, canReach } of result.together) {
    // One side has what chance stays below, two sides have an interval, and none has both.
    expect(Number.isNaN(nullUpper)).not.toBe(Number.isNaN(low));
    expect(value - nullMean).not.toBeLessThanOrEqual(low);
    expect(value - nullMean).not.toBeGreaterThanOrEqual(high);
    expect(words).toContain(stands ? "Yes:" : canReach ? "No evidence:" : "Cannot be said:");
  }
});

test("courses of coupling around gaze, touch and cries have bands", () => {
  const courses = result.eventLocked.filter(({ series }) => series === "brain coupling adult->infant");
  expect(courses.map(({ event }) => event)).toContain("mutual gaze begins");
  for (const { lags, mean, nullLow, nullHigh, status } of courses) {
    expect(status).toBe("ok");
    expect(mean).toHaveLength(lags.length);
    expect(nullLow).toHaveLength(lags.length);
    expect(nullHigh).toHaveLength(lags.length);
  }
});
