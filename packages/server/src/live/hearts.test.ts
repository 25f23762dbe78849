import { LiveSession, parseSession } from "@attune/live";
import { type ScriptedDevice, scriptedDevices } from "@attune/live/testing";
import type { HeartOutput } from "@attune/signal";
import { encodePageFrame, type Hearts } from "@attune/wire/page";
import { expect, test } from "vitest";
import { livePage } from "./live-page.ts";
import { HandTime } from "./scripted-session.test-support.ts";

const text = `
session: dyad-001
people:
  - { id: adult, role: adult }
  - { id: infant, role: infant }
devices:
  adult-heart: { kind: scripted, streams: [ecg] }
  infant-heart: { kind: scripted, streams: [ecg] }
streams:
  - { person: adult, signal: ecg, device: adult-heart }
  - { person: infant, signal: ecg, device: infant-heart }
coding:
  layers:
    - { person: adult, layer: touch, initial: none, states: { touching: t } }
analysis:
  hearts:
    layers: [adult.touch]
    interbeat: { windowSeconds: 20, stepSeconds: 5, maxLagSeconds: 3 }
    rsa: { windowSeconds: 20, stepSeconds: 10, maxLagSeconds: 5 }
`;
const RATE = 250;
const OFFSET = 300;

/** An electrocardiogram in millivolts: an R and a T wave a beat, the intervals moved by a slow wave. */
function ecg(meanInterval: number, rWidth: number): (at: number) => number {
  const beats = [0.4];
  while (beats.at(-1)! < 400)
    beats.push(beats.at(-1)! + meanInterval * (1 + 0.05 * Math.sin(0.5 * beats.at(-1)!)));
  return (at) => {
    let sum = 0;
    for (const beat of beats) {
      if (beat > at + 1) break;
      if (beat < at - 1) continue;
      sum += Math.exp(-0.5 * ((at - beat) / rWidth) ** 2);
      sum += 0.25 * Math.exp(-0.5 * ((at - beat - 0.3 * meanInterval) / (4 * rWidth)) ** 2);
    }
    return sum;
  };
}

test("what pages are told of hearts is what the session knows of them, and a page that comes late is told the same", async () => {
  const time = new HandTime();
  const { type, made } = scriptedDevices();
  const session = new LiveSession(
    { path: "session.yaml", file: parseSession(text, "session.yaml"), recordingFolder: "/nowhere" },
    { record: false, analyse: true, devices: [type], context: time.context },
  );
  const hearts = new Map([
    [made.get("adult-heart")!, ecg(0.85, 0.011)],
    [made.get("infant-heart")!, ecg(0.46, 0.0065)],
  ]);
  for (const device of hearts.keys()) beEcg(device);
  const page = livePage(session, { record: false });
  const outputs: HeartOutput[] = [];
  const said: Hearts[] = [];
  page.updates.subscribe((update) => {
    encodePageFrame(update);
    if (update.kind === "hearts") said.push(update);
  });
  session.hearts.subscribe((output) => outputs.push(output));
  await session.connect();
  await session.begin();
  expect(page.newest().find(({ kind }) => kind === "hearts")).toMatchObject({
    isWhole: true,
    people: [
      { person: "adult", statusAt: null, rate: null, rsa: null, intervals: [] },
      { person: "infant", statusAt: null, rate: null, rsa: null, intervals: [] },
    ],
    covariations: [],
    totals: [],
  });

  const zero = time.context.now() - OFFSET;
  const chunk = RATE / 10;
  let first = 0;
  const flow = async (seconds: number): Promise<void> => {
    for (let n = 0; n < 10 * seconds; n++) {
      await time.advance(0.1);
      for (const [device, heart] of hearts) {
        const { id } = device.layout[0]!;
        if (first % RATE === 0) device.offset(id, OFFSET);
        device.samples(id, chunk, {
          data: Float64Array.from({ length: chunk }, (_, k) => heart((first + k) / RATE)),
          deviceTime: Float64Array.from({ length: chunk }, (_, k) => zero + (first + k) / RATE),
        });
      }
      first += chunk;
      if (n % 10 !== 9) continue;
      for (let wait = 0; wait < 4000 && session.analysisDelay > 0; wait++)
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await flow(35);
  session.coder.set({ person: "adult", layer: "touch", state: "touching" });
  await flow(75);
  await time.advance(1.1);

  const last = said.at(-1)!;
  expect(said.every(({ isWhole }) => !isWhole)).toBe(true);
  for (const heart of last.people) {
    const { status, rsa, rmssd } = session.heart(heart.person);
    expect(heart).toMatchObject({
      statusAt: status!.at,
      rate: status!.rate,
      signalQuality: status!.signalQuality,
      coverage: status!.coverage,
      correctedShare: status!.correctedShare,
      rsa,
      rmssd: { at: rmssd!.at, value: rmssd!.value },
    });
    const intervals = outputs.filter(
      (output) => output.kind === "interbeat" && output.person === heart.person,
    );
    const told = said.flatMap(({ people }) =>
      people.filter(({ person }) => person === heart.person).flatMap((each) => each.intervals),
    );
    expect(told.map(({ at, interval, verdict }) => [at, interval, verdict])).toEqual(
      intervals.map((output) =>
        output.kind === "interbeat" ? [output.at, output.interval, output.verdict] : [],
      ),
    );
    expect(told.length).toBeGreaterThan(100);
    const trend = said.flatMap(({ people }) =>
      people.filter(({ person }) => person === heart.person).flatMap((each) => each.rsaTrend),
    );
    expect(trend.length).toBeGreaterThan(60);
    for (const [k, { at }] of trend.entries()) expect(at).toBe(trend[0]!.at + k);
  }
  expect(last.people[0]!.rate).toBeGreaterThan(65);
  expect(last.people[0]!.rate).toBeLessThan(76);
  expect(last.people[1]!.rate).toBeGreaterThan(120);

  const windows = outputs.filter((output) => output.kind === "covariation");
  const toldWindows = said.flatMap(({ covariations }) => covariations);
  expect(toldWindows.map(({ measure, start, z, lead }) => [measure, start, z, lead])).toEqual(
    windows.map(({ measure, start, z, lead }) => [measure, start, Number.isNaN(z) ? null : z, lead]),
  );
  expect(toldWindows.filter(({ z }) => z !== null).length).toBeGreaterThan(10);
  for (const total of last.totals) {
    const newest = windows.findLast(({ measure }) => measure === total.measure)!;
    expect(total.nWindows).toBe(newest.nWindows);
    expect(total.byLayer.map(({ person, layer }) => `${person}.${layer}`)).toEqual(["adult.touch"]);
    for (const [k, { state, inside, hedgesG }] of total.byLayer[0]!.states.entries()) {
      const known = newest.byLayer[0]!.states[k]!;
      expect([state, inside.n, inside.mean]).toEqual([
        known.state,
        known.inside.n,
        Number.isNaN(known.inside.mean) ? null : known.inside.mean,
      ]);
      expect(hedgesG).toBe(Number.isNaN(known.hedgesG) ? null : known.hedgesG);
    }
  }
  expect(last.totals).toHaveLength(2);

  const whole = page.newest().find(({ kind }) => kind === "hearts") as Hearts;
  expect(whole.isWhole).toBe(true);
  expect(whole.covariations).toEqual(toldWindows);
  expect(whole.totals).toEqual(last.totals);
  const recent = said
    .flatMap(({ people }) => people.find(({ person }) => person === "infant")!.intervals)
    .filter(({ at }) => at >= session.now() - 120);
  expect(whole.people.find(({ person }) => person === "infant")!.intervals).toEqual(recent);
  await session.end();
  await page.finished;
  await page.close();
}, 60_000);

/** A device of one channel of ecg. */
function beEcg(device: ScriptedDevice): void {
  device.layout[0] = {
    ...device.layout[0]!,
    type: "ECG",
    channels: [{ label: "ecg", unit: "mV" }],
    nominalSamplingRate: RATE,
  };
}
