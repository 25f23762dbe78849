import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CodingRow, decodeRow } from "@attune/device-coder";
import { openRecording, readStates } from "@attune/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CorrectionWish, correctedIntervals, isCorrection, whyNotCorrect } from "./corrections.ts";
import { flow, pairSession, scripted } from "./scripted-session.test-support.ts";

const layers = `
coding:
  layers:
    - { person: adult, layer: gaze, states: { direct: d, averted: a } }
    - { person: infant, layer: voice, mode: hold, initial: silent, states: { vocalising: v } }
`;
const gaze = { person: "adult", layer: "gaze" } as const;

function bench() {
  const it = scripted(pairSession(layers));
  const { coder } = it.session;
  coder.start();
  const shown = (who = "coder"): string[] =>
    correctedIntervals(coder.rows, { coder: who, until: 20 })
      .filter(({ layer }) => layer === "gaze")
      .map(
        (each) => `${each.state} ${each.onset}-${each.onset + each.duration}${each.isCorrected ? " *" : ""}`,
      );
  return { ...it, coder, shown };
}

describe("corrections of what was coded", () => {
  test("lie over what was coded, which stays as it was; later ones over earlier ones; and can be taken back", () => {
    const { coder, shown } = bench();
    coder.press("d", 4);
    coder.press("a", 10);
    const before = structuredClone(coder.rows);
    const first = coder.correct({ ...gaze, from: 6, until: 12, state: "unknown" }, 15);
    expect(coder.rows.slice(0, before.length)).toEqual(before);
    expect(first).toMatchObject({ kind: "correction", at: 15, previous: "direct", correctedRows: [2, 3] });
    expect(shown()).toEqual(["unknown 0-4", "direct 4-6", "unknown 6-12 *", "averted 12-20"]);
    const second = coder.correct({ ...gaze, from: 8, until: 9, state: "averted" }, 16);
    expect(second).toMatchObject({ previous: "unknown", correctedRows: [2, first.index] });
    expect(shown()).toEqual([
      "unknown 0-4",
      "direct 4-6",
      "unknown 6-8 *",
      "averted 8-9 *",
      "unknown 9-12 *",
      "averted 12-20",
    ]);
    coder.takeBack(first, 17);
    expect(shown()).toEqual(["unknown 0-4", "direct 4-8", "averted 8-9 *", "direct 9-10", "averted 10-20"]);
    expect(coder.rows.at(-1)).toMatchObject({ kind: "correction", corrects: first.index });
    // An undo of a key goes on as before.
    expect(coder.undo(17)).toBe("adult gaze: direct");
    expect(shown()).toEqual(["unknown 0-4", "direct 4-8", "averted 8-9 *", "direct 9-20"]);
  });

  test("enter the session's states only where they reach up to now", () => {
    const { coder, session } = bench();
    const states: string[] = [];
    session.outputs.subscribe((output) => {
      if (output.kind === "state" && output.layer === "gaze") states.push(`${output.state} ${output.at}`);
    });
    coder.press("d", 4);
    coder.correct({ ...gaze, from: 4, until: 6, state: "averted" }, 8);
    expect(states).toEqual(["direct 4"]);
    coder.correct({ ...gaze, from: 7, until: 99, state: "averted" }, 9);
    expect(states).toEqual(["direct 4", "averted 9"]);
    expect(coder.rows.findLast(isCorrection)).toMatchObject({ from: 7, until: 9 });
    coder.join("anna");
    coder.correct({ ...gaze, from: 9.5, until: 99, state: "direct" }, 10, "anna");
    expect(states).toHaveLength(2);
    expect(coder.stateOf("adult", "gaze", "anna")).toBe("direct");
  });

  test("are refused in a sentence where they make no sense", () => {
    const { coder } = bench();
    const why = (change: Partial<CorrectionWish>): string | undefined =>
      whyNotCorrect({ ...gaze, from: 2, until: 3, state: "direct", ...change }, coder.layers, {
        from: 0,
        to: 10,
      });
    expect(why({})).toBeUndefined();
    expect(why({ state: "unknown" })).toBeUndefined();
    expect(why({ layer: "posture" })).toMatch(/not coded/);
    expect(why({ state: "asleep" })).toMatch(/no state/);
    expect(why({ until: 2 })).toMatch(/later/);
    expect(why({ until: Number.NaN })).toMatch(/later/);
    expect(why({ from: -1 })).toMatch(/between/);
    expect(why({ from: 10, until: 11 })).toMatch(/between/);
  });

  test("whatever is corrected, states of a layer stay exclusive and the last word holds", () => {
    const stretch = fc.tuple(fc.integer({ min: 1, max: 18 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(stretch, fc.constantFrom("direct", "averted", "unknown")), { maxLength: 8 }),
        (wishes) => {
          const { coder } = bench();
          coder.press("d", 3);
          coder.press("a", 11);
          for (const [[from, length], state] of wishes)
            coder.correct({ ...gaze, from, until: Math.min(19, from + length), state }, 19.5);
          const own = correctedIntervals(coder.rows, { coder: "coder", until: 20 }).filter(
            ({ layer }) => layer === "gaze",
          );
          for (let at = 0.5; at < 20; at++) {
            const holding = own.filter(({ onset, duration }) => onset <= at && at < onset + duration);
            const last = wishes.findLast(
              ([[from, length]]) => from <= at && at < Math.min(19, from + length),
            );
            expect(holding.map(({ state }) => state)).toEqual([
              last?.[1] ?? (at < 3 ? "unknown" : at < 11 ? "direct" : "averted"),
            ]);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("stand in the recording with what they correct, and its tables say where they were", async () => {
    const folder = await mkdtemp(join(tmpdir(), "attune-corrected-"));
    const it = scripted(pairSession(layers), { folder });
    const { session } = it;
    try {
      await session.connect();
      await flow(it, 2);
      await session.begin();
      await flow(it, 1);
      session.coder.press("d");
      await flow(it, 4);
      session.coder.press("a");
      const correction = session.coder.correct({ ...gaze, from: 4, until: 5.5, state: "averted" });
      await flow(it, 2);
      const { path } = session.recording!;
      await session.end();
      const rows: readonly CodingRow[] = session.coder.rows;

      const recording = await openRecording(path);
      if (recording.kind !== "continuous") throw new Error("no session");
      const recorded = (await recording.events()).flatMap(({ label }) => decodeRow(label) ?? []);
      await recording.close();
      expect(recorded).toEqual(rows);
      expect(recorded.find(isCorrection)).toEqual(correction);
      const after = correctedIntervals(recorded, { coder: "coder" });
      expect(after).toEqual(correctedIntervals(rows, { coder: "coder" }));

      const states = await readFile(path.replace(/\.xdf$/, ".states.tsv"), "utf8");
      expect(states).toMatch(/^4\t1\.5\tadult\tgaze\taverted\tcorrected\t2\.000$/m);
      expect((await readStates(path.replace(/\.xdf$/, ".states.tsv"))).length).toBe(after.length);
      const boris = await readFile(path.replace(/\.xdf$/, ".coding.tsv"), "utf8");
      expect(boris).toMatch(/^4\.000\tadult\tgaze: averted\tSTART\tcoder\tcorrected\t2\.000$/m);
      expect(boris).toMatch(/^5\.500\tadult\tgaze: averted\tSTOP\tcoder\tcorrected\t3\.500$/m);
      expect(boris).toMatch(/\tn\/a\t0\.000$/m);
    } finally {
      await session.end();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
