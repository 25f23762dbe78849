import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithChromium, openChromium, seriousViolations } from "./support/chromium.ts";
import { turnLight } from "./support/page-steps.ts";
import { type SceneName, scenes } from "./support/scenes.ts";
import { serveScene } from "./support/scripted-server.ts";

const LEAST_TARGET = 44;
/** To be read from three metres. */
const LEAST_STATE_WORD = 28;

describeWithChromium("the page in every state and size", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function on(
    name: SceneName,
    [width, height]: readonly [number, number],
    look: (page: Page) => Promise<void>,
  ): Promise<void> {
    const server = await serveScene(scenes[name]());
    const context = await browser.newContext({ viewport: { width, height } });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      await page.goto(server.url);
      await page.waitForSelector(".state-bar .tools .seat-button");
      await page.waitForSelector(name === "ended" ? ".summary-head" : ".traces-group");
      // Layout follows the size of what was just drawn.
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      await look(page);
    } finally {
      await context.close();
      await server.close();
    }
  }

  for (const size of [
    [1280, 720],
    [1366, 768],
  ] as const)
    test(`traces, timeline and coding of an ordinary session fit on ${size.join(" x ")}, and the signals are high enough`, async () => {
      await on("replay", size, async (page) => {
        await expect.poll(() => page.locator(".timeline-labels > span").count()).toBe(10);
        const fit = await page.evaluate(() => {
          const box = (selector: string) => {
            const element = document.querySelector(selector)!;
            const { top, bottom, height } = element.getBoundingClientRect();
            return { top, bottom, height, hidden: element.scrollHeight - element.clientHeight };
          };
          return {
            timeline: box(".main-timeline"),
            bottom: box(".bottom"),
            traces: box(".traces-screen"),
            page: innerHeight,
          };
        });
        expect(fit.timeline.hidden).toBeLessThanOrEqual(0);
        expect(fit.bottom.hidden).toBeLessThanOrEqual(0);
        expect(fit.timeline.bottom).toBeLessThanOrEqual(fit.bottom.top);
        expect(fit.bottom.bottom).toBeLessThanOrEqual(fit.page);
        expect(fit.traces.height).toBeGreaterThan(160);
      });
    });

  const sized: readonly (readonly [SceneName, readonly [number, number]])[] = [
    ["gate-red", [1280, 720]],
    ["recording", [1024, 768]],
    ["paused", [1280, 720]],
    ["running", [1280, 720]],
    ["alarm-amber", [1280, 720]],
    ["alarm-red", [1024, 768]],
    ["disk-full", [1280, 720]],
    ["ended", [1280, 720]],
    ["three", [1280, 720]],
    ["replay-three", [1920, 1080]],
  ];
  for (const [name, size] of sized)
    test(`${name} on ${size.join(" x ")}: legible from afar, nothing cut off, big enough to hit, contrast in both themes`, async () => {
      await on(name, size, async (page) => {
        expect(await stateWordPixels(page)).toBeGreaterThanOrEqual(LEAST_STATE_WORD);
        expect(await page.locator(".state-bar .state-icon svg").count()).toBe(1);
        expect(await cutOff(page)).toEqual([]);
        expect(await smallTargets(page)).toEqual([]);
        expect(await seriousViolations(page)).toEqual([]);
        await turnLight(page);
        expect(await seriousViolations(page)).toEqual([]);
      });
    }, 20_000);

  test("magnified to 200 % everything is reached by scrolling down, and nothing by scrolling sideways", async () => {
    for (const name of ["gate-red", "recording", "replay"] as const)
      await on(name, [640, 360], async (page) => {
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width).toBeLessThanOrEqual(640);
        const last = page.locator(name === "gate-red" ? "button.is-begin" : ".state-button").last();
        await last.scrollIntoViewIfNeeded();
        expect(await last.evaluate((element) => element.getBoundingClientRect().bottom)).toBeLessThanOrEqual(
          360,
        );
        await expect
          .poll(() => page.locator(".state-word").evaluate((word) => word.getBoundingClientRect().top))
          .toBeGreaterThanOrEqual(0);
        expect(await stateWordPixels(page)).toBeGreaterThanOrEqual(LEAST_STATE_WORD);
      });
  });
});

const stateWordPixels = (page: Page): Promise<number> =>
  page.locator(".state-word").evaluate((word) => Number.parseFloat(getComputedStyle(word).fontSize));

/** What of the state bar and the controls goes beyond the page, or beyond what it stands in. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".state-bar *, .bottom button, .tab, .alarm *")]
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        if (width === 0 || element.classList.contains("visually-hidden")) return false;
        const clip = element.closest(".figures, .tabs")?.getBoundingClientRect();
        return (
          left < -1 ||
          right > innerWidth + 1 ||
          (clip !== undefined && right > clip.right + 1) ||
          (element.matches("button") && element.scrollWidth > element.clientWidth + 1)
        );
      })
      .map((element) => `${element.className}: ${element.textContent}`),
  );

/** Controls that a finger would miss. */
const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(
    (least) =>
      [...document.querySelectorAll<HTMLElement>("button, select, summary, input")]
        .filter((element) => element.checkVisibility())
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.width < least - 0.5 || box.height < least - 0.5))
        .map(
          ({ element, box }) => `${element.textContent} ${Math.round(box.width)} x ${Math.round(box.height)}`,
        ),
    LEAST_TARGET,
  );
