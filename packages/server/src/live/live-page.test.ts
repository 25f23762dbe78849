import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodePageFrame, type PageDocument, type PageRequest, type Traces } from "@attune/wire/page";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Answer, SessionCommand } from "../page-source.ts";
import { type LivePage, type LivePageOptions, livePage } from "./live-page.ts";
import { brain, type Scripted, scripted, silence } from "./scripted-session.test-support.ts";

type Kind = PageDocument["kind"];
const tap = (sample: number, channel: number): number =>
  brain(sample, channel) + (sample % 97 === 3 ? 900 : 0);

describe("a live session as pages see it", () => {
  let folder: string;
  let lab: Scripted;
  let page: LivePage;
  let said: (PageDocument | Traces)[];

  async function open(options: LivePageOptions = {}, record = true): Promise<void> {
    lab = scripted(record ? folder : undefined);
    page = livePage(lab.session, options);
    said = [];
    // Everything that is said fits the contract: it can be sent.
    page.updates.subscribe((update) => {
      encodePageFrame(update);
      said.push(update);
    });
    await lab.session.connect();
  }
  const newest = <K extends Kind>(kind: K): Extract<PageDocument, { kind: K }> =>
    said.findLast((each) => each.kind === kind) as Extract<PageDocument, { kind: K }>;
  const all = <K extends Kind>(kind: K): Extract<PageDocument, { kind: K }>[] =>
    said.filter((each) => each.kind === kind) as Extract<PageDocument, { kind: K }>[];
  const ask = (
    request: PageRequest,
    seat: "writer" | "second-coder" = "writer",
    coder = "anna",
  ): Promise<Answer> => page.take({ ...request, id: 1 } as SessionCommand, { seat, coder });
  const logged = (): string[] => all("log").flatMap(({ entries }) => entries.map(({ message }) => message));
  const untouched = ["adult", "infant"].map((about) => ({ check: "tap", about, reason: "one cap only" }));
  /** File checks touch the disk, which takes no manual time. */
  const checked = async (): Promise<void> => {
    for (let n = 0; n < 2000 && all("checks").length === 0; n++)
      await new Promise((done) => setTimeout(done, 5));
  };
  async function begin(): Promise<void> {
    await lab.flow(4);
    expect(await ask({ do: "begin", overrides: untouched })).toEqual({ ok: true, message: "recording" });
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "attune-page-"));
  });
  afterEach(async () => {
    await lab.session.end();
    await page.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("says who and what there is, how it stands, how channels look and what is checked", async () => {
    await open();
    await lab.flow(6);
    await checked();
    said.length = 0;
    await lab.flow(2.5);
    await checked();
    expect(page.hello()).toMatchObject({
      mode: "live",
      session: "dyad-001",
      people: [{ id: "adult" }, { id: "infant" }],
      analysis: { measure: "gpdcSquared", person: "adult", layer: "gaze" },
      phases: [
        { name: "baseline", plannedSeconds: 60 },
        { name: "free-play", plannedSeconds: null },
      ],
    });
    const [stream] = page.hello().streams;
    expect(stream).toMatchObject({ id: "adult-cap/eeg", device: "adult-cap", samplingRate: 100 });
    expect(stream!.channels).toEqual(
      ["C3", "C4"].map((label) => ({ label, unit: "uV", person: "adult", signal: "eeg" })),
    );
    expect(newest("standing")).toMatchObject({ stage: "monitoring", recording: null, elapsedSeconds: null });
    expect(newest("standing").streams[0]!.measuredSamplingRate).toBeCloseTo(100, 1);
    expect(newest("quality").channels.map(({ light }) => light)).toEqual(["good", "good"]);
    expect(newest("quality").channels[0]!.rms).toBeCloseTo(Math.sqrt((20 ** 2 + 8 ** 2) / 2), 0);
    const verdicts = Object.fromEntries(newest("checks").checks.map((each) => [each.check, each.verdict]));
    expect(verdicts).toMatchObject({ samples: "green", rate: "green", clock: "green", folder: "green" });
    expect(newest("checks").taps.map(({ confirmed }) => confirmed)).toEqual([false, false]);
  });

  test("samples lie on the session clock, and a page that comes late has everything", async () => {
    await open();
    await begin();
    await lab.flow(3);
    const now = page.now();
    const runs = page.past(now - 2, now).filter(({ streamId }) => streamId === "adult-cap/eeg");
    expect(runs.every(({ isPast, isEnvelope }) => isPast && !isEnvelope)).toBe(true);
    const last = runs.at(-1)!;
    expect(last.start + last.step * last.nSamples).toBeGreaterThan(now - 0.3);
    expect(last.step).toBeCloseTo(0.01, 5);
    // The value at a session time is the one that was taken then: sample k ends at flow time.
    const at = last.start + 15 * last.step;
    const direct = said.filter(
      (each): each is Traces => each.kind === "traces" && each.streamId === last.streamId,
    );
    const run = direct.find(({ start, step, nSamples }) => start <= at && at < start + step * nSamples)!;
    expect(last.data[15]).toBe(run.data[Math.round((at - run.start) / run.step)]);
    expect(page.newest().map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["standing", "quality", "timeline", "log", "coding"]),
    );
    const whole = page.newest().find((each) => each.kind === "timeline")!;
    expect(whole).toMatchObject({ isWhole: true });
    expect(whole.kind === "timeline" && whole.events.map(({ label }) => label)).toContain(
      "override tap adult: one cap only",
    );
  });

  test("does not begin while something is red or nobody was tapped, unless somebody says why", async () => {
    await open();
    await lab.flow(4, { "infant-cap": silence });
    const refusal = await ask({ do: "begin", overrides: [] });
    expect(refusal).toMatchObject({ ok: false, message: /samples infant-cap.*tap adult, tap infant need/ });
    expect(lab.session.stage).toBe("monitoring");
    const red = { check: "samples", about: "infant-cap/eeg", reason: "it is switched on later" };
    expect(await ask({ do: "begin", overrides: [...untouched, red] })).toMatchObject({ ok: true });
    await lab.flow(1);
    expect(logged()).toContain("override samples infant-cap/eeg: it is switched on later");
    expect(await ask({ do: "begin", overrides: [] })).toMatchObject({ ok: false, message: /begun already/ });
  });

  test("a tap is seen on the person's own stream, missed where there is none, and told where it is another's", async () => {
    await open();
    await lab.flow(12);
    await checked();
    const own = ask({ do: "tap", person: "infant" });
    await lab.flow(2, { "infant-cap": tap });
    expect(await own).toMatchObject({ ok: true, message: /infant's EEG \(infant-cap\)/ });
    expect(newest("checks").taps).toMatchObject([
      { person: "adult", confirmed: false },
      { person: "infant", confirmed: true, how: "tapped" },
    ]);
    await lab.flow(10);
    const swapped = ask({ do: "tap", person: "adult" });
    await lab.flow(2, { "infant-cap": tap });
    expect(await swapped).toMatchObject({ ok: false, message: /infant's EEG.*mixed up/ });
    await lab.flow(10);
    const none = ask({ do: "tap", person: "adult" });
    await lab.flow(6);
    expect(await none).toMatchObject({ ok: false, message: /no tap was seen/ });
    expect(await ask({ do: "confirm-tap", person: "adult" })).toMatchObject({ ok: false });
    expect(await ask({ do: "confirm-tap", person: "adult", reason: "only one cap" })).toMatchObject({
      ok: true,
    });
    expect(newest("checks").taps).toMatchObject([
      { person: "adult", confirmed: true, how: "confirmed-without-tap" },
      { person: "infant", confirmed: true, how: "tapped" },
    ]);
    expect(await ask({ do: "begin", overrides: [] })).toMatchObject({ ok: true });
  });

  test("phases, pauses, notes and bad spans are entered at the page's time where it can be true, and taken back", async () => {
    await open();
    await begin();
    await lab.flow(1);
    const at = page.now() - 0.4;
    expect(await ask({ do: "phase", at })).toEqual({ ok: true, message: "phase baseline", undoSeconds: 5 });
    await ask({ do: "phase" });
    expect(await ask({ do: "phase" })).toMatchObject({ ok: false });
    expect(await ask({ do: "undo" })).toMatchObject({ ok: true, message: "phase baseline again" });
    for (const wrong of [page.now() + 3, page.now() - 30])
      await ask({ do: "note", text: "a note", at: wrong });
    await ask({ do: "bad", seconds: 5 });
    await ask({ do: "event", label: "fuss" });
    expect(await ask({ do: "pause" })).toMatchObject({ ok: true });
    expect(await ask({ do: "pause" })).toMatchObject({ ok: false });
    const pausedAt = page.now();
    await lab.flow(1);
    expect(newest("standing")).toMatchObject({
      isPaused: true,
      phase: { name: "baseline", plannedSeconds: 60 },
    });
    await lab.flow(6);
    expect(await ask({ do: "undo" })).toEqual({ ok: false, message: "nothing to take back" });
    const events = all("timeline").flatMap((each) => each.events);
    const when = (label: string): number => events.find((event) => event.label === label)!.at;
    expect(when("phase baseline")).toBeCloseTo(at, 9);
    for (const { at: noted } of events.filter(({ label }) => label === "note a note"))
      expect(noted).toBeCloseTo(pausedAt, 1);
    expect(when(`bad ${(pausedAt - 5).toFixed(3)} ${pausedAt.toFixed(3)}`)).toBeCloseTo(pausedAt, 9);
    const phases = all("timeline")
      .flatMap((each) => each.intervals)
      .filter(({ layer }) => layer === "phase");
    expect(phases.filter(({ offset }) => offset !== null).map(({ state }) => state)).toEqual([
      "baseline",
      "free-play",
    ]);
  });

  test("an undo counts from the press, and is entered at it", async () => {
    await open();
    await begin();
    await ask({ do: "key-down", key: "d" });
    await lab.flow(5.4);
    const at = page.now() - 0.5;
    expect(await ask({ do: "undo", at })).toMatchObject({ ok: true });
    expect(lab.session.coder.rows.at(-1)).toMatchObject({ kind: "correction", state: "unknown" });
    expect(lab.session.coder.rows.at(-1)!.at).toBeCloseTo(at, 9);
    await ask({ do: "note", text: "wrong" });
    // A page that is ahead of us is not believed, and nothing is taken back before it happened.
    await ask({ do: "undo", at: page.now() + 20 });
    const retracted = all("timeline").flatMap(({ events }) => events);
    await lab.flow(1);
    const told = all("timeline").flatMap(({ events }) => events);
    expect(retracted.some(({ label }) => label.startsWith("retracted"))).toBe(false);
    expect(told.find(({ label }) => label.startsWith("retracted"))!.at).toBeLessThan(page.now());
    await ask({ do: "key-down", key: "a" });
    await lab.flow(6.5);
    expect(await ask({ do: "undo", at: page.now() - 0.5 })).toMatchObject({ ok: false });
  });

  test("what was coded is corrected in a row of its own, by the writer and by the second coder on his own track", async () => {
    await open();
    await begin();
    await ask({ do: "key-down", key: "d" });
    const from = page.now();
    await lab.flow(4);
    const wish = { do: "correct", person: "adult", layer: "gaze", from: from + 1, until: from + 3 } as const;
    expect(await ask({ ...wish, state: "averted", at: page.now() - 0.2 })).toMatchObject({
      ok: true,
      undoSeconds: 5,
    });
    await lab.flow(1);
    const { rows } = newest("coding");
    const original = rows.find(({ kind, state }) => kind === "state" && state === "direct")!;
    expect(rows.at(-1)).toMatchObject({
      kind: "correction",
      state: "averted",
      previous: "direct",
      corrects: original.index,
      span: { from: from + 1, until: from + 3 },
    });
    // What holds now is not what was corrected.
    expect(newest("standing").states.find(({ layer }) => layer === "gaze")).toMatchObject({
      state: "direct",
    });
    expect(logged().some((message) => /^coder corrected adult gaze: averted from/.test(message))).toBe(true);
    // Up to now: it holds on.
    await ask({ ...wish, from: page.now() - 1, until: page.now() + 9, state: "averted" });
    expect(lab.session.coder.stateOf("adult", "gaze")).toBe("averted");
    expect(await ask({ do: "undo" })).toMatchObject({ ok: true, message: /taken back/ });
    expect(lab.session.coder.stateOf("adult", "gaze")).toBe("direct");
    for (const wrong of [
      { layer: "posture" },
      { state: "asleep" },
      { until: from },
      { from: -5 },
      { from: page.now() + 1, until: page.now() + 2 },
    ])
      expect(await ask({ ...wish, state: "averted", ...wrong })).toMatchObject({ ok: false });
    page.join("anna");
    await lab.flow(2);
    const joined = page.now() - 1;
    await ask({ ...wish, from: joined, until: joined + 0.5, state: "averted" }, "second-coder");
    expect(lab.session.coder.rows.at(-1)).toMatchObject({ coder: "anna", kind: "correction" });
    expect(lab.session.coder.stateOf("adult", "gaze")).toBe("direct");
  });

  test("a second coder has a track of his own: recorded, compared, and never the session's state", async () => {
    await open();
    await begin();
    expect(page.join("coder")).toMatch(/first coder's name/);
    expect(page.join("anna")).toBeUndefined();
    await ask({ do: "key-down", key: "d" });
    await ask({ do: "key-down", key: "d" }, "second-coder");
    await lab.flow(4);
    await ask({ do: "key-down", key: "a" }, "second-coder");
    expect(await ask({ do: "state", person: "adult", layer: "gaze", state: "averted" })).toMatchObject({
      ok: true,
    });
    expect(await ask({ do: "state", person: "adult", layer: "gaze", state: "asleep" })).toMatchObject({
      ok: false,
    });
    await lab.flow(2);
    await ask({ do: "key-up", key: "d" }, "second-coder");
    await ask({ do: "key-down", key: "d" }, "second-coder");
    await lab.flow(6);
    const { states, ownStates } = newest("standing");
    expect(states.find(({ layer }) => layer === "gaze")).toMatchObject({ state: "averted" });
    expect(ownStates.find(({ layer }) => layer === "gaze")).toMatchObject({ state: "direct" });
    const coding = newest("coding");
    expect(coding.rows.map(({ index }) => index)).toEqual(coding.rows.map((_, k) => k));
    const gaze = coding.agreement.find(({ layer }) => layer === "gaze")!;
    // 4 s direct and 2 s averted together, 6 s apart.
    expect(gaze.observed).toBeCloseTo(6 / 12, 1);
    expect(gaze.kappa).not.toBeNull();
    // A held key of a page that goes away is let go.
    await ask({ do: "key-down", key: "v" });
    expect(lab.session.coder.stateOf("infant", "voice")).toBe("vocalising");
    page.leave({ seat: "writer", coder: "" });
    expect(lab.session.coder.stateOf("infant", "voice")).toBe("silent");
  });

  test("a stream that falls silent or loses samples is told once, and when it is over", async () => {
    await open();
    await begin();
    await lab.flow(2);
    await lab.flow(6, { "infant-cap": silence });
    await lab.flow(2);
    const about = all("log")
      .flatMap(({ entries }) => entries)
      .filter(({ source }) => source === "infant-cap/eeg");
    expect(about.map(({ level }) => level)).toEqual(["warning", "alarm", "info"]);
    const { id } = about[0]!.spell!;
    expect(about.map(({ spell }) => spell)).toEqual([
      { id, isOver: false },
      { id, isOver: false },
      { id, isOver: true },
    ]);
    lab.devices.get("adult-cap")!.lose(100);
    await lab.flow(25);
    const lossy = all("log")
      .flatMap(({ entries }) => entries)
      .filter(({ source }) => source === "adult-cap/eeg");
    expect(lossy.map(({ level }) => level)).toEqual(["alarm", "info"]);
    const gaps = all("timeline").flatMap((each) => each.gaps);
    expect(gaps.find(({ streamId }) => streamId === "adult-cap/eeg")).toMatchObject({ nLost: 100 });
    const silent = gaps.find(({ streamId }) => streamId === "infant-cap/eeg")!;
    expect(silent.to - silent.from).toBeGreaterThan(5);
  });

  test("the page ends the session: everything is written, and the summary says what there is and what is missing", async () => {
    await open();
    await begin();
    await ask({ do: "phase" });
    await lab.flow(3);
    await ask({ do: "note", text: "baby\tasleep\nnow" });
    expect(await ask({ do: "end", reason: "the infant is tired" })).toMatchObject({ ok: true });
    await page.finished;
    const summary = newest("summary");
    expect(summary).toMatchObject({ isComplete: true, recording: join(folder, "dyad-001.xdf") });
    expect(summary.phases).toMatchObject([
      { name: "baseline", isMissing: false, plannedSeconds: 60 },
      { name: "free-play", isMissing: true, seconds: 0 },
    ]);
    expect(summary.phases[0]!.seconds).toBeCloseTo(3, 1);
    expect(summary.overrides).toHaveLength(2);
    expect(summary.timing).toContain("Timing passport of dyad-001");
    const names = summary.files.map(({ name }) => name.replace(`${folder}/`, ""));
    expect(names).toEqual([
      "dyad-001.xdf",
      "dyad-001.timing.txt",
      "dyad-001.timing.json",
      "dyad-001.coding.tsv",
      "dyad-001.states.tsv",
      "dyad-001.log.tsv",
    ]);
    const table = await readFile(join(folder, "dyad-001.log.tsv"), "utf8");
    expect(table).toMatch(/^onset\tlevel\tsource\tmessage\trecording_time\tspell\tspell_over\n/);
    expect(table).toMatch(/\tinfo\tsession\tnote baby asleep now\t3\.000\tn\/a\tn\/a\n/);
    expect(table).toMatch(/\tpage\toverride tap adult: one cap only\t0\.000\tn\/a\tn\/a\n/);
    expect(table).toMatch(/\tsession\tthe infant is tired\t3\.000\tn\/a\tn\/a\n/);
    expect(
      table
        .trimEnd()
        .split("\n")
        .every((line) => line.split("\t").length === 7),
    ).toBe(true);
    expect(newest("standing").stage).toBe("ended");
    expect(page.newest().some(({ kind }) => kind === "summary")).toBe(true);
  });

  test("a mistake of ours in what is shown is told once; it goes on being shown and recorded", async () => {
    await open();
    await begin();
    const device = lab.session.devices[0]!.device as unknown as { statistics: () => never };
    const { statistics } = device;
    device.statistics = () => {
      throw new Error("a broken device");
    };
    await lab.flow(2);
    device.statistics = statistics;
    const before = all("standing").length;
    await lab.flow(1);
    expect(all("standing").length).toBeGreaterThan(before);
    const told = logged().filter((message) => message.includes("a broken device"));
    expect(told).toHaveLength(1);
    expect(lab.session.recording!.health.state).toBe("recording");
  });

  test("what a live session cannot do is refused, and before it has begun nothing is entered", async () => {
    await open({}, false);
    await lab.flow(1);
    expect(await ask({ do: "play" })).toMatchObject({ ok: false });
    expect(await ask({ do: "note", text: "early" })).toMatchObject({ ok: false, message: /not begun/ });
    expect(await ask({ do: "tap", person: "dog" })).toMatchObject({ ok: false });
    expect(await ask({ do: "undo" })).toMatchObject({ ok: false });
    await page.close();
    await lab.flow(1);
    // The session goes on looking after its streams; the page holds nothing any more.
    expect(lab.time.nTimers).toBe(1);
    await lab.session.end();
    expect(lab.time.nTimers).toBe(0);
  });
});
