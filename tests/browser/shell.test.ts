import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { describeWithChromium, openChromium, seriousViolations } from "./support/chromium.ts";
import { openCuttable } from "./support/cuttable.ts";
import { openPairedCaps, type PairedCaps } from "./support/paired-caps.ts";

/** The whole page on a real session, served by the real server, in a real browser. */
describeWithChromium("the page of a session", () => {
  let browser: Browser;
  let caps: PairedCaps;
  let context: BrowserContext;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    caps = await openPairedCaps();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await open();
  });
  afterEach(async () => {
    await context?.close();
    await caps?.close();
  });

  async function open(): Promise<Page> {
    const opened = await context.newPage();
    opened.setDefaultTimeout(15_000);
    errors = [];
    opened.on("pageerror", ({ message }) => errors.push(message));
    await opened.goto(caps.url);
    return opened;
  }
  const state = (kind: string, of = page) => of.waitForSelector(`.state-bar[data-state="${kind}"]`);
  const beginButton = () => page.locator("button.is-begin");
  /** Both confirmed with a reason, by the keyboard. */
  async function confirmByHand(): Promise<void> {
    for (const person of ["adult", "infant"]) {
      const card = page.locator(".person", { hasText: person }).first();
      await card.locator("button[aria-expanded]").focus();
      await page.keyboard.press("Enter");
      await card.locator("input.reason").focus();
      await page.keyboard.type("felt with a finger");
      await page.keyboard.press("Enter");
      await card.locator(".tap .verdict.is-caution").waitFor();
    }
  }
  const isOpen = () => page.waitForSelector(".gate-status.is-open");
  async function begin(): Promise<void> {
    await state("monitoring");
    await confirmByHand();
    await isOpen();
    await beginButton().focus();
    await page.keyboard.press("Enter");
    await state("recording");
  }
  const recordingFile = async (end: string): Promise<string> => {
    const folder = join(caps.folder, "recordings");
    const name = (await readdir(folder)).find((each) => each.endsWith(end))!;
    return readFile(join(folder, name), "utf8");
  };

  test("a session goes from start to finish by keyboard alone, without a serious violation on the way", async () => {
    await state("monitoring");
    expect(await page.title()).toBe("MONITORING NOT RECORDING · dyad-001");
    await page.waitForSelector(".passed");
    expect(await seriousViolations(page)).toEqual([]);
    await begin();
    expect(await page.title()).toMatch(/^RECORDING \d+:\d\d · dyad-001$/);

    await page.keyboard.press("d");
    await page.waitForSelector('.state-button.is-lit[data-layer="adult.gaze"][data-state="direct"]');
    await page.keyboard.down("p");
    await page.waitForSelector('.state-button.is-lit[data-layer="infant.gaze"][data-state="partner"]');
    await page.keyboard.up("p");
    await page.waitForSelector('.state-button:not(.is-lit)[data-layer="infant.gaze"][data-state="partner"]');
    await page.waitForSelector(".toast button");
    await page.keyboard.press("F4");
    await page.waitForSelector(".is-phase.is-lit");
    expect(await seriousViolations(page)).toEqual([]);

    await page.keyboard.press("F2");
    await state("paused");
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press("F2");
    await state("recording");

    for (const key of ["1", "F9"]) await page.keyboard.press(key);
    await page.keyboard.press("/");
    await page.keyboard.type("door q d");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".log-line.is-note");
    expect(await page.locator(".state-button.is-lit[data-state=direct]").count()).toBe(1);
    await page.keyboard.press("Escape");

    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" });

    for (const tab of ["coupling", "heads", "streams", "log", "coding"]) {
      await page.locator("[role=tab][aria-selected=true]").focus();
      while ((await page.locator("[role=tab][aria-selected=true]").getAttribute("id")) !== `tab-${tab}`)
        await page.keyboard.press("ArrowRight");
      expect(await seriousViolations(page)).toEqual([]);
    }

    await page.keyboard.press("q");
    await page.waitForSelector("dialog[open]");
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press("d");
    await page.locator("dialog .is-danger").focus();
    await page.keyboard.press("Enter");
    await state("ended");
    await page.waitForSelector(".summary .passport");
    expect(await page.locator(".phase-list li").allInnerTexts()).toEqual([
      expect.stringMatching(/shorter/),
      expect.stringMatching(/missing/),
    ]);
    expect(await seriousViolations(page)).toEqual([]);

    const log = await recordingFile(".log.tsv");
    for (const words of ["fuss", "door q d", "felt with a finger", "bad "]) expect(log).toContain(words);
    const coded = caps.session.coder.rows.filter(({ kind }) => kind !== "start");
    expect(coded.map(({ layer, person, state: coded }) => `${person} ${layer} ${coded}`).slice(0, 3)).toEqual(
      ["adult gaze direct", "infant gaze partner", "infant gaze away"],
    );
    expect(errors).toEqual([]);
  }, 90_000);

  test("the gate stays closed for a red check until it has a reason, and the reason is written down", async () => {
    await state("monitoring");
    await confirmByHand();
    await isOpen();
    caps.setPlugged("infant-cap", false);
    await page.waitForSelector('.check[data-verdict="red"]');
    await page.waitForSelector(".gate-status:not(.is-open)");
    await beginButton().focus();
    await page.keyboard.press("Enter");
    expect(await beginButton().getAttribute("aria-disabled")).toBe("true");
    expect(await seriousViolations(page)).toEqual([]);
    expect(caps.session.stage).toBe("monitoring");

    for (const field of await page.locator(".check .reason").all()) {
      await field.focus();
      await page.keyboard.type("cap comes later");
    }
    await isOpen();
    await beginButton().focus();
    await page.keyboard.press("Enter");
    await state("recording");
    await page.waitForSelector(".alarm.is-alarm");
    await page.click("#tab-log");
    await caps.session.end("enough");
    await page.waitForSelector(".summary .passport");
    expect(await page.locator(".summary").textContent()).toContain("cap comes later");
  }, 60_000);

  test("a tap on the infant's electrode confirms the infant, and one on the wrong head does not", async () => {
    await state("monitoring");
    await page.waitForSelector(".person .tap");
    await page.waitForTimeout(4000);
    const infant = page.locator(".person", { hasText: "infant" }).first();
    const look = infant.locator("button", { hasText: "tap" }).first();
    await look.focus();
    await page.keyboard.press("Enter");
    await infant.locator("button[aria-disabled=true]").waitFor();
    caps.tap("adult-cap");
    await infant.locator("text=mixed up").waitFor();
    await page.waitForTimeout(11_000);
    await look.focus();
    await page.keyboard.press("Enter");
    await infant.locator("button[aria-disabled=true]").waitFor();
    caps.tap("infant-cap");
    await infant.locator(".verdict.is-good").waitFor();
  }, 60_000);

  test("a held key that repeats codes once, and a window that loses the keyboard lets it go", async () => {
    await begin();
    await page.keyboard.down("p");
    for (let i = 0; i < 5; i++) await page.keyboard.down("p");
    await page.waitForSelector(".state-button.is-lit[data-state=partner]");
    await page.evaluate(() => window.dispatchEvent(new Event("blur")));
    await page.waitForSelector(".state-button:not(.is-lit)[data-state=partner]");
    await page.keyboard.up("p");
    const coded = caps.session.coder.rows.filter(({ layer, kind }) => layer === "gaze" && kind !== "start");
    expect(coded.map(({ state: coded }) => coded)).toEqual(["partner", "away"]);
  }, 60_000);

  test("the last press can be taken back from its toast", async () => {
    await begin();
    await page.keyboard.press("d");
    await page.locator(".toast button").click();
    await page.waitForSelector(".state-button:not(.is-lit)[data-state=direct]");
    const rows = caps.session.coder.rows;
    expect(rows.some(({ corrects }) => corrects !== undefined && corrects !== null)).toBe(true);
  }, 60_000);

  test("an unplugged cap shows within 1.5 s, and plugging it in again ends the alarm", async () => {
    await begin();
    await page.waitForTimeout(1500);
    expect(await page.locator(".alarm").allTextContents()).toEqual([]);
    const unpluggedAt = performance.now();
    caps.setPlugged("infant-cap", false);
    await page.waitForSelector(".alarm");
    expect((performance.now() - unpluggedAt) / 1000).toBeLessThan(1.75);
    await page.waitForSelector(".alarm.is-alarm");
    expect(await page.locator(".alarms > [role=alert]").textContent()).toContain("no samples for");
    expect(await seriousViolations(page)).toEqual([]);
    caps.setPlugged("infant-cap", true);
    await page.waitForSelector('[data-alarm^="silent"]', { state: "detached" });
  }, 60_000);

  test("two browsers have one writer; the other looks without controls, and taking over asks", async () => {
    await begin();
    const writer = page;
    const second = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
    await second.goto(caps.url);
    await state("recording", second);
    expect(await second.locator(".state-button, .is-control").count()).toBe(0);
    expect(await seriousViolations(second)).toEqual([]);
    await second.keyboard.press("d");
    await second.locator(".seat-button").click();
    await second.locator("dialog button", { hasText: "seat over" }).click();
    expect(await seriousViolations(second)).toEqual([]);
    await second.locator("dialog .is-danger").click();
    await second.waitForSelector(".state-button");
    await writer.waitForSelector(".state-button", { state: "detached" });
    const coded = caps.session.coder.rows.filter(({ kind }) => kind !== "start");
    expect(coded).toEqual([]);
    await second.context().close();
  }, 60_000);

  test("a second coder codes a track of their own, by name", async () => {
    await begin();
    const context2 = await browser.newContext();
    const second = await context2.newPage();
    await second.goto(caps.url);
    await state("recording", second);
    await second.locator(".seat-button").click();
    await second.locator("#coder").fill("k2");
    await second.keyboard.press("Enter");
    await second.waitForSelector(".state-button");
    expect(await second.locator(".is-quit").count()).toBe(0);
    await second.keyboard.press("a");
    await second.waitForSelector(".state-button.is-lit[data-state=averted]");
    expect(await page.locator(".state-button.is-lit[data-state=averted]").count()).toBe(0);
    await page.click("#tab-coding");
    await page.locator(".rows td", { hasText: "k2" }).first().waitFor();
    await context2.close();
  }, 60_000);

  test("the privacy key leaves a clock and nothing else, also in the tab, while coding goes on", async () => {
    await begin();
    await page.keyboard.press("F8");
    await page.waitForSelector(".privacy");
    expect(await page.title()).toBe("Clock");
    expect(await page.locator(".state-bar").isVisible()).toBe(false);
    expect((await page.locator("body").innerText()).replace(/\s+/g, " ").trim()).toMatch(
      /^\d\d:\d\d Back \(F8\)$/,
    );
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press("d");
    await page.keyboard.press("F8");
    await state("recording");
    expect(await page.locator(".state-bar").isVisible()).toBe(true);
    await page.waitForSelector(".state-button.is-lit[data-state=direct]");
  }, 60_000);

  test("a page that is closed and opened again shows the same state and has its seat", async () => {
    await begin();
    await page.keyboard.press("d");
    await page.waitForSelector(".state-button.is-lit[data-state=direct]");
    await page.reload();
    await state("recording");
    await page.waitForSelector(".state-button.is-lit[data-state=direct]");
    expect(caps.session.stage).toBe("running");
  }, 60_000);

  test("a lost connection is said in the largest words, nothing is coded meanwhile, and it comes back by itself", async () => {
    await begin();
    const way = await openCuttable(caps.server.port);
    try {
      const far = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
      await far.goto(way.url);
      await state("recording", far);
      await page.close();
      await far.locator(".seat-button").click();
      await far.locator("dialog button", { hasText: "writer's seat" }).click();
      await far.waitForSelector(".state-button");
      way.cut();
      await far.waitForSelector(".lost");
      await state("disconnected", far);
      expect(await far.title()).toContain("DISCONNECTED");
      expect(await far.locator(".figures").textContent()).toContain("RECORDING");
      expect(await seriousViolations(far)).toEqual([]);
      await far.keyboard.press("d");
      expect(caps.session.stage).toBe("running");
      way.mend();
      await state("recording", far);
      await far.waitForSelector(".state-button");
      expect(caps.session.coder.rows.filter(({ kind }) => kind !== "start")).toEqual([]);
      await far.keyboard.press("a");
      await far.waitForSelector(".state-button.is-lit[data-state=averted]");
      await far.context().close();
    } finally {
      await way.close();
    }
  }, 60_000);

  test.each([
    [1280, 720],
    [1024, 768],
    [1920, 1080],
  ])(
    "at %i x %i state, signals and coding are in sight without scrolling",
    async (width, height) => {
      await page.setViewportSize({ width, height });
      await begin();
      for (const part of [
        ".state-bar",
        ".traces-screen canvas",
        ".coding",
        ".is-quit",
        ".state-button >> nth=0",
      ]) {
        const box = (await page.locator(part).first().boundingBox())!;
        expect(box.y + box.height, part).toBeLessThanOrEqual(height + 1);
        expect(box.x + box.width, part).toBeLessThanOrEqual(width + 1);
        expect(box.y, part).toBeGreaterThanOrEqual(0);
      }
      const small = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>("button, select, input:not([type=hidden]), summary")]
          .filter((each) => each.checkVisibility())
          .map((each) => ({ box: each.getBoundingClientRect(), name: each.outerHTML.slice(0, 90) }))
          .filter(({ box }) => box.height < 43.5 || box.width < 43.5)
          .map(({ name, box }) => `${Math.round(box.width)}x${Math.round(box.height)} ${name}`),
      );
      expect(small).toEqual([]);
    },
    60_000,
  );
});
