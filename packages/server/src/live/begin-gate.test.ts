import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SessionError } from "@attune/live";
import type { Checks, PageLog } from "@attune/wire/page";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Answer } from "../page-source.ts";
import { type LivePage, type LivePageOptions, livePage } from "./live-page.ts";
import { type Scripted, scripted, silence } from "./scripted-session.test-support.ts";

const writer = { seat: "writer", coder: "" } as const;
const untouched = ["adult", "infant"].map((about) => ({ check: "tap", about, reason: "one cap only" }));

describe("Begin ends in a session that runs, or in one sentence why not", () => {
  let folder: string;
  let lab: Scripted;
  let page: LivePage;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "attune-begin-"));
  });
  afterEach(async () => {
    await lab.session.end();
    await page.close();
    await rm(folder, { recursive: true, force: true });
  });
  /** @param record without it no check touches the disk, and everything goes by manual time */
  async function open(options: LivePageOptions = {}, record = true): Promise<void> {
    lab = scripted(record ? folder : undefined);
    page = livePage(lab.session, { record, ...options });
    await lab.session.connect();
    await lab.flow(4);
  }
  const press = (overrides = untouched): Promise<Answer> =>
    page.take({ do: "begin", id: 1, overrides }, writer);
  const logged = (): PageLog["entries"] =>
    page.newest().flatMap((document) => (document.kind === "log" ? document.entries : []));
  const newestChecks = (): Checks["checks"] =>
    page.newest().find((each): each is Checks => each.kind === "checks")?.checks ?? [];
  const shownReds = (): string[] =>
    newestChecks()
      .filter(({ verdict }) => verdict === "red")
      .map(({ check }) => check);
  /** Checks touch the disk, which takes no manual time. */
  async function until(holds: () => boolean, during: () => Promise<void> = async () => {}): Promise<void> {
    for (let n = 0; n < 2000 && !holds(); n++) {
      await during();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(holds()).toBe(true);
  }
  /** Time goes on, at a pace at which checks keep up. */
  async function answered(answer: Promise<Answer>, step: () => Promise<void>): Promise<Answer> {
    let given: Answer | undefined;
    void answer.then((each) => {
      given = each;
    });
    await until(() => given !== undefined, step);
    return given!;
  }

  test("on streams that lose samples, counted or not, and stall for a moment now and then", async () => {
    let nAtOnce = 0;
    for (let seed = 1; seed <= 8; seed++) {
      lab = scripted();
      page = livePage(lab.session, { record: false });
      await lab.session.connect();
      let random = seed;
      const draw = (n: number): boolean => {
        random = (random * 48_271) % 2_147_483_647;
        return random % n === 0;
      };
      const lossy = async (): Promise<void> => {
        const device = lab.devices.get(draw(2) ? "adult-cap" : "infant-cap")!;
        if (draw(7)) device.lose(1 + (random % 3));
        await lab.flow(0.1, draw(60) ? { [device.id]: silence } : {});
      };
      for (let n = 0; n < 60; n++) await lossy();
      const first = await answered(press(), lossy);
      if (first.ok) nAtOnce++;
      else {
        expect(first.message).toMatch(/^not yet: .+ \(.+\) needs? to be put right, or a reason$/);
        const reds = newestChecks().filter(({ verdict }) => verdict === "red");
        const reasons = reds.map(({ check, about }) => ({
          check,
          about,
          reason: "it is as good as it gets",
        }));
        expect(await answered(press([...untouched, ...reasons]), lossy)).toMatchObject({ ok: true });
      }
      expect(lab.session.stage).toBe("running");
      await lab.session.end();
      await page.close();
    }
    // Most of them without anybody giving a reason.
    expect(nAtOnce).toBeGreaterThan(4);
  });

  test("a stream that hiccups at the moment of the press does not lose it", async () => {
    await open({}, false);
    await until(
      () => page.newest().some(({ kind }) => kind === "checks"),
      () => lab.flow(0.5),
    );
    expect(shownReds()).toEqual([]);
    // Silent for 1.2 s, seen by nobody yet when Begin is pressed.
    await lab.flow(1.2, { "infant-cap": silence });
    expect(shownReds()).toEqual([]);
    const answer = press();
    await new Promise((resolve) => setImmediate(resolve));
    expect(lab.session.stage).toBe("monitoring");
    expect(await answered(answer, () => lab.flow(0.1))).toEqual({
      ok: true,
      message: "begun, NOT RECORDING",
    });
  });

  test("what stays red is said with what to do, in the log too, where a page whose answer got lost finds it", async () => {
    await open({}, false);
    await until(
      () => page.newest().some(({ kind }) => kind === "checks"),
      () => lab.flow(0.5),
    );
    await lab.flow(1.5, { "infant-cap": silence });
    const { ok, message } = await answered(press(), () => lab.flow(0.1, { "infant-cap": silence }));
    expect(ok).toBe(false);
    expect(message).toMatch(/^not yet: samples infant-cap\/eeg \(no samples for .*\) needs to be put right/);
    expect(logged()).toContainEqual(expect.objectContaining({ level: "warning", source: "begin", message }));
    // Once it flows again the next press begins.
    await lab.flow(2);
    expect(await answered(press(), () => lab.flow(0.1))).toMatchObject({ ok: true });
  });

  test("whatever goes wrong in beginning is said in its own words, and the next press begins", async () => {
    let failure: Error | undefined = new RangeError("the disk is on fire");
    await open({
      begin: () => (failure === undefined ? lab.session.begin() : Promise.reject(failure)),
    });
    expect(await press()).toEqual({ ok: false, message: "the disk is on fire" });
    failure = new SessionError("Cannot record there.");
    expect(await press()).toEqual({ ok: false, message: "Cannot record there." });
    expect(logged().filter(({ source }) => source === "begin")).toHaveLength(2);
    expect(logged().some(({ message }) => message.startsWith("override"))).toBe(false);
    failure = undefined;
    expect(await press()).toEqual({ ok: true, message: "recording" });
    await lab.flow(0.5);
    expect(logged().filter(({ message }) => message.startsWith("override"))).toHaveLength(2);
    expect(await press()).toMatchObject({ ok: false, message: /begun already/ });
  });

  test("a beginning that takes long is answered before the page stops waiting, and told when it fails", async () => {
    let fail: (error: Error) => void = () => {};
    await open({
      begin: () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    });
    const answer = press();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await press()).toMatchObject({ ok: false, message: /is beginning.*goes on by itself/ });
    expect(await answered(answer, () => lab.flow(1))).toMatchObject({
      ok: true,
      message: /is beginning.*goes on by itself/,
    });
    fail(new Error("its thread ended"));
    await lab.flow(0.5);
    expect(logged()).toContainEqual(
      expect.objectContaining({ level: "alarm", source: "begin", message: "not begun: its thread ended" }),
    );
  });

  test("while devices are still being connected it says which", async () => {
    lab = scripted(folder);
    page = livePage(lab.session);
    const device = lab.session.devices[0]!.device as unknown as { connect: () => Promise<void> };
    const { connect } = device;
    let goOn: () => void = () => {};
    const waiting = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    device.connect = () => waiting.then(() => connect.call(device));
    const connected = lab.session.connect();
    await lab.flow(1);
    expect(await press()).toEqual({
      ok: false,
      message: "devices are still being connected: adult-cap (idle)",
    });
    goOn();
    await connected;
    await lab.flow(4);
    expect(await press()).toMatchObject({ ok: true });
  });
});
