import { LiveSession, parseSession } from "@attune/live";
import { encodePageFrame, type PageDocument } from "@attune/wire/page";
import { expect, test } from "vitest";
import { livePage } from "./live-page.ts";
import { HandTime } from "./scripted-session.test-support.ts";

const text = `
session: dyad-001
people:
  - { id: adult, role: adult }
  - { id: infant, role: infant }
devices:
  dyad: { kind: simulated, seed: 3, coupling: 0.2, artefactsPerMinute: 0, lossesPerMinute: 0 }
streams:
  - { person: adult, signal: eeg, device: dyad, stream: dyad/adult-eeg }
  - { person: infant, signal: eeg, device: dyad, stream: dyad/infant-eeg }
coding:
  layers:
    - { person: adult, layer: gaze, states: { direct: d, averted: a } }
analysis: { running: { nullEverySeconds: 5, nSurrogates: 19 } }
`;

test("coupling becomes evidence with its doubts, comparisons and a trend, and clean seconds are counted", async () => {
  const time = new HandTime();
  const session = new LiveSession(
    { path: "session.yaml", file: parseSession(text, "session.yaml"), recordingFolder: "/nowhere" },
    { record: false, analyse: true, context: time.context },
  );
  const page = livePage(session, { record: false });
  const said: PageDocument[] = [];
  page.updates.subscribe((update) => {
    encodePageFrame(update);
    if (update.kind !== "traces") said.push(update);
  });
  await session.connect();
  await time.advance(1);
  await session.begin();
  for (let second = 0; second < 60; second++) {
    await time.advance(1);
    for (let n = 0; n < 2000 && session.analysisDelay > 0; n++)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await time.advance(1);
  const evidence = said.findLast((each) => each.kind === "evidence")!;
  expect(new Set(evidence.values.map(({ condition }) => condition))).toEqual(new Set(["direct", "averted"]));
  const strength = (from: string): number =>
    Math.max(
      ...evidence.values
        .filter((each) => each.condition === "direct" && each.from === from)
        .map((each) => each.value!),
    );
  expect(strength("adult")).toBeGreaterThan(2 * strength("infant"));
  const tested = evidence.values.filter(({ caveat }) => caveat === null);
  expect(tested.length).toBeGreaterThan(0);
  for (const { nullMean, z, p } of tested)
    for (const number of [nullMean, z, p]) expect(number).not.toBeNull();
  expect(evidence.comparisons.length).toBeGreaterThan(0);
  for (const { condition, reference, level } of evidence.comparisons)
    expect({ condition, reference, level }).toEqual({
      condition: "direct",
      reference: "averted",
      level: 0.95,
    });
  const couplings = said.flatMap((each) => (each.kind === "timeline" ? each.couplings : []));
  expect(couplings.length).toBeGreaterThan(20);
  const moments = [
    ...new Set(couplings.filter(({ condition }) => condition === "direct").map(({ at }) => at)),
  ];
  expect(moments.slice(1).every((at, k) => at - moments[k]! >= 2)).toBe(true);
  const standing = said.findLast((each) => each.kind === "standing")!;
  const [adult] = standing.usable;
  expect(adult!.cleanSeconds).toBeGreaterThan(45);
  expect(adult!.cleanSeconds).toBeLessThanOrEqual(adult!.phaseSeconds);
  await session.end();
  await page.finished;
  expect(said.at(-1)).toMatchObject({ kind: "summary", recording: null });
  await page.close();
});
