import { appendFile, copyFile, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRecording } from "@attune/recording";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HandTime } from "../live/scripted-session.test-support.ts";
import type { Asker, SessionCommand } from "../page-source.ts";
import type { TableDisk } from "./append-table.ts";
import { intervalsOf, parseRows } from "./coding-rows.ts";
import {
  type RecordedExample,
  recordExample,
  second,
  toldOf,
  writer,
} from "./recorded-session.test-support.ts";
import { type ReplayPage, type ReplayPageOptions, replayPage } from "./replay-page.ts";

let folder: string;
let example: RecordedExample;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "attune-coding-"));
  example = await recordExample(join(folder, "original"), 40);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Wish = SessionCommand extends infer Each ? (Each extends unknown ? Omit<Each, "id"> : never) : never;

class Sitting {
  readonly page: ReplayPage;
  readonly time: HandTime;

  constructor(page: ReplayPage, time: HandTime) {
    this.page = page;
    this.time = time;
  }

  static async over(path: string, options: ReplayPageOptions = {}): Promise<Sitting> {
    const time = new HandTime();
    return new Sitting(await replayPage(path, { context: time.context, ...options }), time);
  }

  ask(wish: Wish, by: Asker = writer) {
    return this.page.take({ ...wish, id: 1 } as SessionCommand, by);
  }

  async playTo(position: number): Promise<void> {
    await this.ask({ do: "play" });
    await this.time.advance(position - this.page.now());
  }
}

async function copied(name: string): Promise<string> {
  const path = join(folder, `${name}.xdf`);
  await copyFile(example.path, path);
  return path;
}

const tableOf = (path: string, name: string): Promise<string> =>
  readFile(path.replace(/\.xdf$/, `.${name}.tsv`), "utf8");

test("rows have the recording's time at the press, are on the disk when they are answered, and jumps begin passes", async () => {
  const path = await copied("rows");
  const { size, mtimeMs } = await stat(path);
  const sitting = await Sitting.over(path);
  const { page } = sitting;
  await sitting.playTo(10);
  expect(await sitting.ask({ do: "key-down", key: "d", at: 9.8 })).toEqual({
    ok: true,
    message: "adult gaze: direct",
    undoSeconds: 5,
  });
  // On the disk already, and lit on the page.
  expect(parseRows(await tableOf(path, "coding-replay"))).toHaveLength(3);
  expect(toldOf(page, "standing").states).toContainEqual(
    expect.objectContaining({ person: "adult", layer: "gaze", state: "direct", since: 9.8 }),
  );
  await sitting.ask({ do: "key-up", key: "d" });
  await sitting.playTo(12);
  await sitting.ask({ do: "key-down", key: "v" });
  await sitting.playTo(13.5);
  await sitting.ask({ do: "key-up", key: "v" });
  await sitting.playTo(14);
  // A page whose clock runs ahead is not believed.
  await sitting.ask({ do: "key-down", key: "a", at: 14.4 });
  await sitting.ask({ do: "seek", to: 5 });
  const back = page.now();
  // Pressed before the jump: it counts where one is now.
  await sitting.ask({ do: "key-down", key: "d", at: 4.5 });
  expect((await sitting.ask({ do: "undo" })).message).toBe("adult gaze: unknown");
  expect((await sitting.ask({ do: "key-down", key: "q" })).message).toBe('the key "q" changes nothing');
  await sitting.ask({ do: "state", person: "adult", layer: "gaze", state: "averted" });
  expect((await sitting.ask({ do: "state", person: "adult", layer: "gaze", state: "sideways" })).ok).toBe(
    false,
  );
  await page.close();

  const rows = parseRows(await tableOf(path, "coding-replay"));
  expect(
    rows
      .filter(({ kind }) => kind !== "start")
      .map(({ pass, kind, layer, state, at, corrects }) => [
        pass,
        kind,
        layer,
        state,
        Number(at.toFixed(6)),
        corrects,
      ]),
  ).toEqual([
    [0, "state", "gaze", "direct", 9.8, undefined],
    [0, "state", "voice", "voicing", 12, undefined],
    [0, "state", "voice", "unknown", 13.5, undefined],
    [0, "state", "gaze", "averted", 14, undefined],
    [0, "auto-close", "gaze", "unknown", 14, undefined],
    [1, "state", "gaze", "direct", back, undefined],
    [1, "correction", "gaze", "unknown", back, 9],
    [1, "state", "gaze", "averted", back, undefined],
    [1, "auto-close", "gaze", "unknown", back, undefined],
  ]);
  expect(rows.map(({ index }) => index)).toEqual(rows.map((_, k) => k));
  expect(
    rows.every(({ coder, humanLatencySeconds }) => coder === "replay" && humanLatencySeconds === 0.3),
  ).toBe(true);
  const after = await stat(path);
  expect([after.size, after.mtimeMs]).toEqual([size, mtimeMs]);
});

test("a coding is compared with the recorded one, then with a second coder's, and goes on in the next sitting", async () => {
  const path = await copied("kappa");
  const first = await Sitting.over(path);
  const recording = await openRecording(path);
  if (recording.kind !== "continuous") throw new Error("no session");
  const changes = (await recording.stateChanges()).filter(
    ({ person, layer, at }) => person === "adult" && layer === "gaze" && at > 3 && at < 30,
  );
  await recording.close();
  expect(changes.length).toBeGreaterThan(2);
  // Coded as it was recorded, a tenth of a second late.
  for (const { state, at } of changes) {
    await first.playTo(at + 0.1);
    await first.ask({ do: "state", person: "adult", layer: "gaze", state });
  }
  await first.playTo(30);
  // The lab's coder never touched this layer: what is compared are the states that the recording holds.
  const gaze = toldOf(first.page, "coding").agreement.find(({ layer }) => layer === "gaze");
  expect(gaze).toMatchObject({ person: "adult" });
  expect(gaze!.kappa).toBeGreaterThan(0.9);
  expect(gaze!.kappa).toBeLessThan(1);
  expect(toldOf(first.page, "coding").rows.length).toBe(changes.length + 2);
  expect(first.page.join("replay")).toMatch(/choose another/);
  await first.page.close();

  const next = await Sitting.over(path);
  expect(toldOf(next.page, "coding").rows.length).toBe(changes.length + 3);
  expect(next.page.join("kim")).toBeUndefined();
  for (const { state, at } of changes) {
    await next.playTo(at + 0.3);
    await next.ask({ do: "state", person: "adult", layer: "gaze", state }, second);
  }
  await next.playTo(30);
  const [agreed] = toldOf(next.page, "coding").agreement;
  expect(agreed).toMatchObject({ person: "adult", layer: "gaze" });
  expect(agreed!.kappa).toBeGreaterThan(0.85);
  expect(agreed!.kappa).toBeLessThan(1);
  const late = 0.2 * (changes.length - 1);
  expect(agreed!.observed).toBeCloseTo(1 - late / agreed!.seconds, 1);
  expect(toldOf(next.page, "standing").ownStates).toEqual([
    expect.objectContaining({ layer: "gaze", state: changes.at(-1)!.state }),
  ]);
  await next.page.close();
  expect((await readdir(folder)).filter((name) => name.startsWith("kappa."))).toEqual([
    "kappa.coding-kim.tsv",
    "kappa.coding-replay.tsv",
    "kappa.xdf",
  ]);
});

test("a stretch of the own coding is corrected in a row of its own, kept for the next sitting, and can be taken back", async () => {
  const path = await copied("corrected");
  const first = await Sitting.over(path);
  await first.playTo(5);
  await first.ask({ do: "key-down", key: "d" });
  await first.playTo(20);
  const wish = {
    do: "correct",
    person: "adult",
    layer: "gaze",
    from: 8,
    until: 11,
    state: "averted",
  } as const;
  expect(await first.ask({ ...wish, at: 19.6 })).toEqual({
    ok: true,
    message: "adult gaze: averted from 0:07.0 to 0:10.0",
    undoSeconds: 5,
  });
  const { rows } = toldOf(first.page, "coding");
  expect(rows.at(-1)).toMatchObject({
    kind: "correction",
    state: "averted",
    previous: "direct",
    at: 19.6,
    span: { from: 8, until: 11 },
  });
  // What holds at the position is what was coded there.
  expect(toldOf(first.page, "standing").states).toContainEqual(
    expect.objectContaining({ layer: "gaze", state: "direct" }),
  );
  // A correction of somewhere else, without a pass of its own, and an undo at the time of the press.
  await first.ask({ do: "seek", to: 30 });
  await first.ask({ ...wish, from: 12, until: 13 });
  await first.playTo(30.9);
  expect(await first.ask({ do: "undo", at: 30.4 })).toMatchObject({ ok: true, message: /^taken back/ });
  for (const wrong of [
    { from: 11 },
    { layer: "posture" },
    { state: "asleep" },
    { until: 1e6 },
    { from: -50 },
  ])
    expect(await first.ask({ ...wish, ...wrong })).toMatchObject({ ok: false });
  expect((await first.ask({ ...wish, state: "direct" }, second)).ok).toBe(false);
  expect(first.page.join("kim")).toBeUndefined();
  expect(await first.ask({ ...wish, state: "direct" }, second)).toMatchObject({ ok: true });
  await first.page.close();

  const kept = parseRows(await tableOf(path, "coding-replay"));
  expect(kept.at(-1)).toMatchObject({ kind: "correction", at: 30.4 });
  const shown = intervalsOf(kept, "replay", 0)
    .filter(({ layer }) => layer === "gaze")
    .map(({ state, onset, duration, isCorrected }) => [
      state,
      Number(onset.toFixed(6)),
      Number((onset + duration).toFixed(6)),
      isCorrected,
    ]);
  expect(shown).toEqual([
    ["direct", 5, 8, false],
    ["averted", 8, 11, true],
    ["direct", 11, 20, false],
  ]);
  const next = await Sitting.over(path);
  const again = toldOf(next.page, "coding").rows;
  expect(again.filter(({ span }) => span !== undefined)).toHaveLength(2);
  // A later pass over the same stretch is the last word.
  await next.ask({ do: "seek", to: 9 });
  await next.ask({ do: "key-down", key: "d" });
  await next.playTo(10);
  await next.page.close();
  const later = intervalsOf(parseRows(await tableOf(path, "coding-replay")), "replay", 0);
  const at = (time: number) =>
    later.find((each) => each.layer === "gaze" && each.onset <= time && time < each.onset + each.duration);
  expect([8.5, 9.5, 10.5].map((time) => at(time)?.state)).toEqual(["averted", "direct", "averted"]);
});

test("notes, events and bad spans go beside the recording, can be taken back for five seconds, and a torn line costs nothing", async () => {
  const path = await copied("notes");
  await appendFile(
    path.replace(/\.xdf$/, ".log-replay.tsv"),
    "onset\tlevel\tsource\tmessage\n1.000\tinfo\tno",
  );
  const sitting = await Sitting.over(path);
  await sitting.playTo(20);
  await sitting.ask({ do: "note", text: "the cap\tslipped\nagain" });
  await sitting.ask({ do: "bad", seconds: 5, at: 19.9 });
  await sitting.ask({ do: "event", label: "fuss" });
  expect(await sitting.ask({ do: "undo" })).toMatchObject({ ok: true, message: "taken back: fuss" });
  await sitting.playTo(25.5);
  expect(await sitting.ask({ do: "undo" })).toMatchObject({ ok: false, message: "nothing to take back" });
  const messages = toldOf(sitting.page, "log").entries.map(({ message }) => message);
  expect(messages).toContain("marked as bad from 0:13.9 to 0:18.9");
  await sitting.page.close();
  expect((await tableOf(path, "log-replay")).split("\n")).toEqual([
    "onset\tlevel\tsource\tmessage",
    "1.000\tinfo\tno",
    "20.000\tinfo\tnote\tthe cap slipped again",
    "19.900\tinfo\tpage\tbad 14.900 19.900",
    "20.000\tinfo\tpage\tfuss",
    "20.000\tinfo\tpage\tretracted 20.000 fuss",
    "",
  ]);
});

test("where nothing can be written it is said once, coding stays in memory, and is written when it can be again", async () => {
  const path = await copied("read-only");
  let isReadOnly = true;
  const { open } = await import("node:fs/promises");
  const disk: TableDisk = {
    open: (name) =>
      isReadOnly ? Promise.reject(Object.assign(new Error("no"), { code: "EROFS" })) : open(name, "a+"),
  };
  const sitting = await Sitting.over(path, { disk });
  await sitting.playTo(10);
  expect((await sitting.ask({ do: "key-down", key: "d" })).message).toMatch(/in memory only/);
  await sitting.ask({ do: "key-up", key: "d" });
  expect((await sitting.ask({ do: "key-down", key: "a" })).message).toMatch(/in memory only/);
  await sitting.ask({ do: "note", text: "still here" });
  await sitting.time.advance(1);
  const told = toldOf(sitting.page, "log").entries.filter(({ level }) => level === "warning");
  expect(told.filter(({ message }) => /cannot be written \(EROFS\)/.test(message))).toHaveLength(1);
  expect(toldOf(sitting.page, "coding").rows).toHaveLength(4);
  isReadOnly = false;
  expect((await sitting.ask({ do: "key-down", key: "d" })).message).toBe("adult gaze: direct");
  await sitting.page.close();
  expect(parseRows(await tableOf(path, "coding-replay"))).toHaveLength(6);
});
