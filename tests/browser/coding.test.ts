import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithChromium, openChromium, seriousViolations } from "./support/chromium.ts";
import { beginByHand, lit, turnLight } from "./support/page-steps.ts";
import { openPairedCaps } from "./support/paired-caps.ts";
import { scenes } from "./support/scenes.ts";
import { serveScene } from "./support/scripted-server.ts";
import { BEGINNING, type Scene } from "./support/scripted-source.ts";

describeWithChromium("what was coded, seen again", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function open(url: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    page.setDefaultTimeout(15_000);
    await page.goto(url);
    return page;
  }

  test("a past stretch is corrected by keyboard: a row of its own, beside what it corrects, and an undo takes it back", async () => {
    const caps = await openPairedCaps();
    const page = await open(caps.url);
    try {
      await beginByHand(page);
      await page.keyboard.press("d");
      await lit(page, "adult.gaze", "direct");
      await page.waitForTimeout(700);
      await page.keyboard.press("a");
      await lit(page, "adult.gaze", "averted");
      await page.click("#tab-coding");
      await page.getByRole("button", { name: "Correct a past stretch" }).focus();
      await page.keyboard.press("Enter");
      expect(await seriousViolations(page)).toEqual([]);

      const confirm = page.getByRole("button", { name: "Add the correction" });
      expect(await confirm.getAttribute("aria-disabled")).toBe("true");
      const stretches = page.locator("#correct-stretch");
      await expect
        .poll(() => stretches.locator("option").allTextContents())
        .toEqual([
          expect.stringMatching(/^[\d:.]+ – now · averted$/),
          expect.stringMatching(/^[\d:.]+ – [\d:.]+ · direct$/),
          expect.stringMatching(/^[\d:.]+ – [\d:.]+ · unknown$/),
        ]);
      await stretches.focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowDown");
      await page.locator(".correct-states button", { hasText: "averted" }).focus();
      await page.keyboard.press("Enter");
      await confirm.focus();
      await page.keyboard.press("Enter");

      const row = page.locator("tr", { hasText: "correction" }).first();
      await row.waitFor();
      expect(await row.locator("b").allTextContents()).toContain("averted");
      expect(await row.textContent()).toMatch(/correction.*[\d:.]+ – [\d:.]+, of direct/);
      const rows = caps.session.coder.rows;
      const direct = rows.find(({ kind, state }) => kind === "state" && state === "direct")!;
      const averted = rows.find(({ kind, state }) => kind === "state" && state === "averted")!;
      expect(rows.at(-1)).toMatchObject({
        kind: "correction",
        state: "averted",
        previous: "direct",
        from: direct.at,
        until: averted.at,
      });
      await expect.poll(() => stretches.locator("option").nth(1).textContent()).toContain("corrected");
      await turnLight(page);
      expect(await seriousViolations(page)).toEqual([]);

      await page.locator(".toast button").click();
      await expect.poll(() => stretches.locator("option").nth(1).textContent()).toMatch(/direct$/);
    } finally {
      await page.close();
      await caps.close();
    }
  }, 40_000);

  test("a slider that is dragged asks for one place at a time, and for the last one in the end", async () => {
    const answers: (() => void)[] = [];
    const scene: Scene = {
      ...scenes.replay(),
      answer: (command) =>
        command.do !== "seek"
          ? { ok: true, message: "" }
          : new Promise((resolve) => answers.push(() => resolve({ ok: true, message: "" }))),
    };
    const server = await serveScene(scene);
    const page = await open(server.url);
    const seeks = () => server.source.asked.flatMap((each) => (each.do === "seek" ? [each.to] : []));
    try {
      const slider = page.locator(".replay-slider");
      const { x, y, width, height } = (await slider.boundingBox())!;
      await page.mouse.move(x + width - 8, y + height / 2);
      await page.mouse.down();
      for (let n = 1; n <= 20; n++) await page.mouse.move(x + width - 8 - (n * width) / 30, y + height / 2);
      await expect.poll(() => seeks().length).toBe(1);
      const held = Number(await slider.inputValue());
      expect(held).toBeLessThan(100);
      // Meanwhile the session says again that it stands at the end: the thumb stays under the finger.
      server.source.say(scene.documents.find(({ kind }) => kind === "standing")!);
      await page.waitForTimeout(100);
      expect(Number(await slider.inputValue())).toBe(held);
      await page.mouse.up();
      expect(seeks()).toHaveLength(1);
      answers.shift()!();
      await expect.poll(() => seeks().length).toBe(2);
      expect(seeks()[1]).toBeCloseTo(BEGINNING + held, 5);
      answers.shift()!();
      await page.waitForTimeout(100);
      expect(seeks()).toHaveLength(2);
    } finally {
      await page.close();
      await server.close();
    }
  }, 20_000);

  test("an agreement says whose codings it compares", async () => {
    const server = await serveScene(scenes.replay());
    const page = await open(server.url);
    try {
      await page.click("#tab-coding");
      await page
        .getByText("Compared: what was coded in the recording and coder-1.")
        .waitFor({ state: "visible" });
    } finally {
      await page.close();
      await server.close();
    }
  }, 20_000);
});
