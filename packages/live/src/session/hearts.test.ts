import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Covariation, HeartOutput } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { replaySession } from "../replay/replay-session.ts";
import type { SimulatedHeart } from "../virtual-lab/ecg.ts";
import { labHearts } from "../virtual-lab/lab-hearts.ts";
import { type Scripted, scripted } from "./scripted-session.test-support.ts";

const RATE = 250;

/** Two people with a heart each, and EEG where it is asked for. @param more lines of YAML */
const heartSession = (more = "", withEeg = false): string => `
session: dyad-001
people:
  - { id: adult, role: adult }
  - { id: infant, role: infant }
devices:
  adult-cap: { kind: scripted, streams: [${withEeg ? "eeg, " : ""}heart] }
  infant-cap: { kind: scripted, streams: [${withEeg ? "eeg, " : ""}heart] }
streams:
  - { person: adult, signal: ecg, device: adult-cap, stream: heart }
  - { person: infant, signal: ecg, device: infant-cap, stream: heart }
${
  withEeg
    ? `  - { person: adult, signal: eeg, device: adult-cap, stream: eeg, channels: [C3, C4] }
  - { person: infant, signal: eeg, device: infant-cap, stream: eeg, channels: [C3, C4] }`
    : ""
}
${more}`;

async function settle(until: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !until(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Everybody's devices deliver from second `from` to second `to`, in chunks of a tenth of a second. */
async function flow(
  { device, time, session }: Scripted,
  from: number,
  to: number,
  hearts: Readonly<Record<string, SimulatedHeart>>,
): Promise<void> {
  for (let tick = 10 * from; tick < 10 * to; tick++) {
    for (const [person, heart] of Object.entries(hearts)) {
      const each = device(`${person}-cap`);
      for (const { id, type, nominalSamplingRate } of each.layout) {
        if (tick % 10 === 0) each.offset(id, 1000);
        if (type !== "ECG") each.samples(id, nominalSamplingRate / 10);
        else
          each.samples(id, RATE / 10, {
            data: Float64Array.from({ length: RATE / 10 }, (_, n) =>
              Math.fround(heart.at((tick * RATE) / 10 / RATE + n / RATE)),
            ),
          });
      }
    }
    await time.advance(0.1);
    if (tick % 10 === 9) await settle(() => session.analysisDelay === 0);
  }
}

describe("hearts of a live session", () => {
  test("two ECGs without any EEG are analysed: beats, RSA, and covariation with who leads", async () => {
    const it = scripted(heartSession("analysis: { hearts: { layers: [adult.touch], nullSeconds: 60 } }"), {
      analyse: true,
    });
    const { session } = it;
    const outputs: HeartOutput[] = [];
    session.hearts.subscribe((output) => outputs.push(output));
    await session.connect();
    await session.begin();
    expect(it.about("session")).toContain("fewer than two people have EEG: only hearts are analysed");
    expect(it.about("hearts")).toEqual([
      `adult's heart is taken from channel ecg of adult-cap ("heart")`,
      `infant's heart is taken from channel ecg of infant-cap ("heart")`,
    ]);
    const hearts = labHearts(2);
    session.enterState({ person: "adult", layer: "touch", state: "none" });
    await flow(it, 0, 70, hearts);
    session.enterState({ person: "adult", layer: "touch", state: "stroking" });
    await flow(it, 70, 140, hearts);
    await session.end();
    for (const [person, rate] of [
      ["adult", 70],
      ["infant", 128],
    ] as const) {
      const truth = hearts[person].beatsUntil(139.5).filter((at) => at > 3);
      const { status, beat, interval, rsa, rmssd } = session.heart(person);
      expect(Math.abs(status!.rate - rate)).toBeLessThan(12);
      expect(beat!.at - interval!.at).toBeGreaterThanOrEqual(0);
      expect(rsa!.value).toBeGreaterThan(0);
      expect(rmssd!.value).toBeGreaterThan(0);
      const total = session.totals.hearts.people.find((each) => each.person === person)!;
      expect(Math.abs(total.nBeats - truth.length)).toBeLessThanOrEqual(3);
      expect(total.coverage).toBeGreaterThan(0.93);
      expect(total.correctedShare).toBe(0);
    }
    const windows = outputs.filter(
      (item): item is Covariation => item.kind === "covariation" && item.series === "interbeat-interval",
    );
    expect(windows.length).toBeGreaterThanOrEqual(10);
    expect(windows.filter(({ lead }) => lead === "adult leads infant by 2 s").length).toBeGreaterThan(
      0.7 * windows.length,
    );
    const [ibi] = session.totals.hearts.covariations.filter(({ series }) => series === "interbeat-interval");
    expect(ibi).toEqual(windows.at(-1));
    expect(ibi!.measure).toBe("wlcc-mean-z-ibi-1hz-lag-3s");
    const [touch] = ibi!.byLayer;
    expect(touch!.states.map(({ state, inside }) => [state, inside.n > 2])).toEqual([
      ["none", true],
      ["stroking", true],
    ]);
    expect(Object.keys(session.totals.conditions)).toEqual([]);
  });

  test("one ECG gives everything but covariation; one that is too slow is recorded and said to be", async () => {
    const text = heartSession().replace(
      "infant-cap: { kind: scripted, streams: [heart] }",
      "infant-cap: { kind: scripted, streams: [eeg] }",
    );
    const it = scripted(
      text.replace("device: infant-cap, stream: heart", "device: infant-cap, stream: eeg"),
      {
        analyse: true,
      },
    );
    const outputs: HeartOutput[] = [];
    it.session.hearts.subscribe((output) => outputs.push(output));
    await it.session.connect();
    await it.session.begin();
    expect(it.about("hearts")[1]).toBe(
      `infant's ecg infant-cap ("eeg") has 100 Hz: it is recorded, and its beats are not looked for (200 to 2000 Hz are needed, 500 advised)`,
    );
    await flow(it, 0, 52, { adult: labHearts(2).adult });
    await it.session.end();
    expect(new Set(outputs.map(({ kind }) => kind))).toEqual(
      new Set(["beat", "interbeat", "heart-series", "heart-status", "rmssd", "rsa"]),
    );
    expect(it.session.totals.hearts.covariations).toEqual([]);
    expect(it.session.totals.hearts.people.map(({ person }) => person)).toEqual(["adult"]);
  });

  test("everything is the same again from the recording, to the last bit, with a pause and windows that came too late", async () => {
    const folder = await mkdtemp(join(tmpdir(), "attune-hearts-"));
    try {
      const more =
        "analysis: { hearts: { interbeat: { windowSeconds: 20, stepSeconds: 5 }, nullSeconds: 60 } }";
      const leap = { seconds: 0 };
      const it = scripted(heartSession(more, true), { analyse: true, folder }, leap);
      const { session } = it;
      const outputs: HeartOutput[] = [];
      session.hearts.subscribe((output) => outputs.push(output));
      await session.connect();
      await session.begin();
      const hearts = labHearts(5);
      await flow(it, 0, 40, hearts);
      session.pause();
      await flow(it, 40, 46, hearts);
      session.resume();
      // Time leaps between chunks that arrive together: the first still waits, so the analysis is late, whatever the machine.
      let nLeaps = 20;
      const leaps = session.outputs.subscribe(({ kind }) => {
        if (kind === "samples" && nLeaps-- > 0) leap.seconds += 0.6;
      });
      await flow(it, 46, 48, hearts);
      leaps.unsubscribe();
      await flow(it, 48, 75, hearts);
      const { path } = session.recording!;
      await session.end();
      expect(session.totals.nLate).toBeGreaterThan(0);
      expect(session.totals.hearts.covariations[0]!.nWithoutValue).toBeGreaterThan(0);
      expect(session.totals.hearts.covariations[0]!.measure).toBe(
        "wlcc-mean-z-ibi-1hz-lag-3s-window-20s-step-5s",
      );
      const again = await replaySession(path);
      expect(again.hearts.filter(({ kind }) => kind === "covariation").length).toBeGreaterThan(6);
      expect(again.hearts).toEqual(outputs);
      expect(again.totals).toEqual(session.totals);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("a belt gives breaths a minute, is warned of once outside the band, and comes again from the recording", async () => {
    const folder = await mkdtemp(join(tmpdir(), "attune-belts-"));
    try {
      const text = heartSession()
        .replaceAll("streams: [heart]", "streams: [belt]")
        .replaceAll("signal: ecg", "signal: respiration")
        .replaceAll("stream: heart", "stream: belt");
      const it = scripted(text, { analyse: true, folder });
      const { session } = it;
      const outputs: HeartOutput[] = [];
      session.hearts.subscribe((output) => outputs.push(output));
      await session.connect();
      await session.begin();
      expect(it.about("hearts")).toEqual([
        `adult's breathing is taken from channel resp of adult-cap ("belt")`,
        `infant's breathing is taken from channel resp of infant-cap ("belt")`,
      ]);
      const hertz = { adult: 0.25, infant: 1.25 };
      for (let tick = 0; tick < 900; tick++) {
        for (const [person, rate] of Object.entries(hertz)) {
          const each = it.device(`${person}-cap`);
          const id = `${person}-cap/belt`;
          if (tick % 10 === 0) each.offset(id, 1000);
          each.samples(id, 5, {
            data: Float64Array.from({ length: 5 }, (_, n) =>
              Math.fround(Math.sin(2 * Math.PI * rate * (tick / 10 + n / 50))),
            ),
          });
        }
        await it.time.advance(0.1);
        if (tick % 10 === 9) await settle(() => session.analysisDelay === 0);
      }
      const { path } = session.recording!;
      await session.end();
      expect(session.heart("adult").respiration!.rate).toBeCloseTo(0.25, 2);
      expect(session.heart("infant").respiration!).toMatchObject({ outsideBand: true });
      expect(it.about("hearts").slice(2)).toEqual([
        expect.stringMatching(
          /^infant breathes at 1\.2\d Hz, outside the RSA band of 0\.24 to 1\.04 Hz: RSA does not measure/,
        ),
      ]);
      expect(session.totals.hearts.people).toEqual([]);
      const again = await replaySession(path);
      expect(outputs.length).toBeGreaterThan(20);
      expect(again.hearts).toEqual(outputs);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
