import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LiveBench, simulatedSession } from "../end-to-end/live-process.ts";
import { describeWithChromium, openChromium, seriousViolations } from "./support/chromium.ts";
import { state, turnLight } from "./support/page-steps.ts";

/** The program itself, stopped as a machine that hangs stops it: connections stand and nothing comes. */
describeWithChromium("a program that stands still", () => {
  const bench = new LiveBench();
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
    bench.write("session.yaml", simulatedSession("frozen"));
  });
  afterAll(async () => {
    await browser?.close();
    await bench.remove();
  });

  test("is no healthy recording on the page: in words from 1.5 s, red from 3 s, and keys wait visibly for their reply", async () => {
    const live = bench.attune("live", "session.yaml");
    await live.says(/page: http\S+/);
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    page.setDefaultTimeout(20_000);
    await page.goto(/page: (http\S+)/.exec(live.stderr)![1]!);
    await state(page, "recording");
    const take = page.locator(".seat-button");
    if ((await take.innerText()) !== "Writer") {
      await take.click();
      await page.locator("dialog button", { hasText: "writer's seat" }).click();
    }
    await page.waitForSelector(".state-button");

    const stoppedAt = performance.now();
    live.child.kill("SIGSTOP");
    try {
      await state(page, "unanswered");
      expect(performance.now() - stoppedAt).toBeGreaterThan(1000);
      expect(performance.now() - stoppedAt).toBeLessThan(2600);
      expect(await page.locator(".state-word").innerText()).toBe("NO ANSWER");
      expect(await page.title()).toMatch(/^NO ANSWER · frozen$/);
      await state(page, "silent");
      expect(performance.now() - stoppedAt).toBeLessThan(4500);
      expect(await page.locator(".state-bar [role=alert]").textContent()).toContain("does not answer");
      const lastWrite = async (): Promise<number> =>
        Number.parseFloat(await page.locator(".figure.is-old .figure-value").innerText());
      await expect.poll(lastWrite).toBeGreaterThan(4);
      expect(await page.locator(".figures").innerText()).toContain("RECORDING");

      await page.keyboard.press("v");
      await page.waitForSelector(".toast.is-pending >> text=sent, not yet confirmed");
      await page.waitForSelector('.state-button.is-pending[data-state="voicing"]');
      expect(await seriousViolations(page)).toEqual([]);
      await turnLight(page);
      expect(await seriousViolations(page)).toEqual([]);
    } finally {
      live.child.kill("SIGCONT");
    }
    await state(page, "recording");
    await page.waitForSelector('.state-button.is-lit:not(.is-pending)[data-state="voicing"]');
    await page.waitForSelector(".toast.is-pending", { state: "detached" });
    live.child.kill("SIGINT");
    expect((await live.ended).code).toBe(0);
    await page.close();
  }, 60_000);
});
