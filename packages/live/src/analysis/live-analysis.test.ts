import type { SessionSettings } from "@attune/pipeline";
import type { SampleChunk } from "@attune/signal";
import { beforeAll, describe, expect, test } from "vitest";
import { pairSettings } from "../outputs/coupling.test-support.ts";
import { LiveAnalysis, type TimedReply } from "./live-analysis.ts";

let settings: SessionSettings;
beforeAll(async () => {
  settings = await pairSettings();
});

const RATE = 100;

/** Seconds of noise of one cap. */
function noise(streamId: string, fromSeconds: number, seconds: number): SampleChunk {
  const nSamples = RATE * seconds;
  const time = Float64Array.from({ length: nSamples }, (_, n) => fromSeconds + n / RATE);
  const data = Float64Array.from({ length: 2 * nSamples }, (_, i) => 10 * Math.sin(i * i + fromSeconds));
  return {
    kind: "samples",
    streamId,
    firstSample: RATE * fromSeconds,
    nSamples,
    data,
    deviceTime: time,
    sessionTime: time,
  };
}

async function started(now: () => number): Promise<{ analysis: LiveAnalysis; replies: TimedReply[] }> {
  const analysis = await LiveAnalysis.start(settings, now);
  const replies: TimedReply[] = [];
  analysis.replies.subscribe((reply) => replies.push(reply));
  return { analysis, replies };
}

/** As much work as keeps the thread busy for seconds. */
function pushMuch(analysis: LiveAnalysis, seconds = 1200): void {
  for (let at = 0; at < seconds; at += 60)
    for (const { streamId } of settings.people) analysis.push(noise(streamId, at, 60));
}

async function until(satisfied: () => boolean, what: string): Promise<void> {
  const limit = Date.now() + 30_000;
  while (!satisfied()) {
    if (Date.now() > limit) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("the analysis of a live session", () => {
  test("pushing never waits, a thread that is really busy is late, and it catches up", async () => {
    const now = (): number => performance.now() / 1000;
    const { analysis, replies } = await started(now);
    expect(analysis.lag()).toBeUndefined();
    pushMuch(analysis);
    await until(() => analysis.delaySeconds > 0.5, "a delay");
    const late = analysis.lag();
    expect(late).toMatchObject({ kind: "analysis-lag", late: true });
    expect(analysis.isLate).toBe(true);
    // Said once, however long it lasts.
    expect(analysis.lag()).toBeUndefined();
    await until(() => analysis.delaySeconds === 0, "the end of the work");
    expect(analysis.lag()).toMatchObject({ kind: "analysis-lag", late: false });
    expect(analysis.lag()).toBeUndefined();
    const windows = replies.flatMap((reply) => reply.windows);
    // Nothing of what was handed over was left out, and every window came once, in order.
    expect(windows.map(({ index }) => index)).toEqual(windows.map((_, i) => i));
    expect(windows.length).toBeGreaterThan(1100);
    expect(Math.max(...replies.map(({ delaySeconds }) => delaySeconds))).toBeGreaterThan(0.5);
    await analysis.close();
  });

  test("between half a second and a tenth nothing changes: it neither falls behind nor has caught up", async () => {
    let clock = 0;
    const { analysis } = await started(() => clock);
    analysis.push(noise(settings.people[0]!.streamId, 0, 1));
    clock = 0.5;
    expect(analysis.lag()).toBeUndefined();
    clock = 0.51;
    expect(analysis.lag()).toEqual({ kind: "analysis-lag", late: true, at: 0.51 });
    await until(() => analysis.delaySeconds === 0, "the answer");
    analysis.push(noise(settings.people[0]!.streamId, 1, 1));
    clock = 0.7;
    expect(analysis.lag()).toBeUndefined();
    await until(() => analysis.delaySeconds === 0, "the answer");
    expect(analysis.lag()).toEqual({ kind: "analysis-lag", late: false, at: 0.7 });
    await analysis.close();
  });

  test("a minute behind it is given up with an error, and takes nothing more", async () => {
    let clock = 0;
    const { analysis, replies } = await started(() => clock);
    let completed = false;
    analysis.replies.subscribe({ complete: () => (completed = true) });
    pushMuch(analysis, 300);
    clock = 60.5;
    expect(analysis.lag()).toBeUndefined();
    expect(replies.at(-1)!.error).toBe("it was 60 s behind and has been given up; recording goes on");
    const nReplies = replies.length;
    pushMuch(analysis, 60);
    expect(analysis.delaySeconds).toBe(0);
    expect(analysis.lag()).toBeUndefined();
    await until(() => completed, "the end");
    expect(replies).toHaveLength(nReplies);
    await analysis.close();
  });

  test("closing waits for what is left, and no longer than it is told to", async () => {
    const now = (): number => performance.now() / 1000;
    const patient = await started(now);
    for (const { streamId } of settings.people) patient.analysis.push(noise(streamId, 0, 30));
    expect(await patient.analysis.close(20)).toBe(true);
    expect(patient.replies.flatMap(({ windows }) => windows).length).toBeGreaterThanOrEqual(29);

    const hurried = await started(now);
    pushMuch(hurried.analysis);
    expect(await hurried.analysis.close(0.05)).toBe(false);
    expect(hurried.replies.flatMap(({ windows }) => windows).length).toBeLessThan(1100);
    expect(await hurried.analysis.close()).toBe(true);
  });

  test("settings that it cannot run with are an error of the start", async () => {
    const broken = { ...settings, model: { ...settings.model, order: -1 } };
    await expect(LiveAnalysis.start(broken, () => 0)).rejects.toThrow(
      /The analysis could not be started \(.*\)\./,
    );
  });

  test("a thread that is not ready in time is an error of the start, and is ended", async () => {
    await expect(LiveAnalysis.start(settings, () => 0, 0.001)).rejects.toMatchObject({
      code: "ATTUNE_SESSION",
      message: "The analysis could not be started (it was not ready within 0.001 s).",
    });
  });

  test("a mistake inside it is told once, and it takes nothing more", async () => {
    // A chunk that says it has samples and brings none: devices are kept from this, so it is sent past them.
    const { analysis, replies } = await started(() => 0);
    const chunk = noise(settings.people[0]!.streamId, 0, 1);
    analysis.push({ ...chunk, data: undefined as unknown as Float64Array });
    await until(() => replies.some(({ error }) => error !== undefined), "the error");
    expect(replies.filter(({ error }) => error !== undefined)).toHaveLength(1);
    analysis.push(chunk);
    expect(analysis.delaySeconds).toBe(0);
    await analysis.close();
  });
});
