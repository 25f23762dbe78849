import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithChromium, openChromium } from "./support/chromium.ts";
import { turnLight } from "./support/page-steps.ts";
import { type SceneName, scenes } from "./support/scenes.ts";
import { serveScene } from "./support/scripted-server.ts";

const LEAST_CONTRAST = 3;
const LEAST_WIDTH = 2;
const MOST_STOPS = 90;

/** Who works with the keyboard has to see at a glance where it is, in a dark room and at a bright desk. */
describeWithChromium("where the keyboard is", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function on(name: SceneName, look: (page: Page) => Promise<void>): Promise<void> {
    const server = await serveScene(scenes[name]());
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      await page.goto(server.url);
      await page.waitForSelector(name === "ended" ? ".summary-head" : ".traces-group");
      await look(page);
    } finally {
      await context.close();
      await server.close();
    }
  }

  const opened: readonly (readonly [string, SceneName, (page: Page) => Promise<unknown>])[] = [
    ["the gate", "gate-red", (page) => page.locator(".person button[aria-expanded]").click()],
    ["a recording", "recording", (page) => page.click("#tab-hearts")],
    ["heads", "recording", (page) => page.click("#tab-heads")],
    ["notes", "paused", (page) => page.click("#tab-notes")],
    ["log, with alarms", "alarm-red", (page) => page.click("#tab-log")],
    [
      "the form of corrections",
      "recording",
      async (page) => {
        await page.click("#tab-coding");
        await page.getByRole("button", { name: "Correct a past stretch" }).click();
      },
    ],
    ["a replay", "replay", (page) => page.click("#tab-coupling")],
    ["the summary", "ended", () => Promise.resolve()],
    ["a full disk", "disk-full", (page) => page.click("#tab-streams")],
    ["the help", "recording", (page) => page.keyboard.press("?")],
    ["the sound", "recording", (page) => page.locator(".tools .icon-button").first().click()],
    ["the seats", "recording", (page) => page.click(".seat-button")],
    ["the end", "recording", (page) => page.keyboard.press("q")],
    ["an answer", "recording", (page) => page.keyboard.press("1")],
    ["a hidden page", "recording", (page) => page.keyboard.press("F8")],
  ];
  test.each(opened)(
    "is seen in both themes: %s",
    async (_name, scene, open) => {
      await on(scene, async (page) => {
        await open(page);
        const dark = await weakRings(page);
        expect(dark.nStops).toBeGreaterThan(0);
        expect(dark.weak).toEqual([]);
        await turnLight(page);
        expect((await weakRings(page)).weak).toEqual([]);
      });
    },
    60_000,
  );

  test("the chosen stretch of a correction is read in both themes while the list has the focus", async () => {
    await on("recording", async (page) => {
      await page.click("#tab-coding");
      await page.getByRole("button", { name: "Correct a past stretch" }).click();
      await page.locator("#correct-stretch").focus();
      await page.keyboard.press("ArrowDown");
      for (const isLight of [false, true]) {
        if (isLight) await turnLight(page);
        expect(await contrastOfChosen(page)).toBeGreaterThanOrEqual(4.5);
      }
    });
  }, 30_000);
});

/** Goes through the page with Tab, and names every stop whose ring is thin or pale against what it is drawn on. */
async function weakRings(page: Page): Promise<{ nStops: number; weak: string[] }> {
  const weak = new Map<string, string>();
  const stops = new Set<string>();
  for (let n = 0; n < MOST_STOPS; n++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(ringOfFocus);
    if (stop === undefined) continue;
    if (stops.has(stop.key)) break;
    stops.add(stop.key);
    if (stop.width < LEAST_WIDTH || stop.contrast < LEAST_CONTRAST)
      weak.set(stop.key, `${stop.name}: ${stop.width} px, ${stop.contrast.toFixed(2)}:1`);
  }
  return { nStops: stops.size, weak: [...weak.values()] };
}

/** In the page: the ring of what has the focus, and its contrast with the ground next to it. */
function ringOfFocus(): { key: string; name: string; width: number; contrast: number } | undefined {
  const element = document.activeElement;
  if (element === null || element === document.body) return undefined;
  const key = `${[...document.querySelectorAll("*")].indexOf(element)}`;
  const name = `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} ${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)}`;
  const channels = (colour: string): number[] => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const context = canvas.getContext("2d")!;
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour: readonly number[]): number =>
    colour
      .slice(0, 3)
      .map((each) => each / 255)
      .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
      .reduce((sum, each, n) => sum + each * [0.2126, 0.7152, 0.0722][n]!, 0);
  const contrast = (a: readonly number[], b: readonly number[]): number => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
    return (high + 0.05) / (low + 0.05);
  };
  const groundOf = (start: Element | null): number[] => {
    for (let at = start; at !== null; at = at.parentElement) {
      const found = channels(getComputedStyle(at).backgroundColor);
      if (found[3] === 255) return found;
    }
    return [255, 255, 255, 255];
  };
  const head = element.querySelector(":scope > circle.heads-outline");
  if (head !== null) {
    // The outline of the head itself becomes the ring.
    const { stroke, strokeWidth } = getComputedStyle(head);
    const scale = head.getBoundingClientRect().width / (2 * Number(head.getAttribute("r")));
    return {
      key,
      name,
      width: Number.parseFloat(strokeWidth) * scale,
      contrast: contrast(channels(stroke), groundOf(element)),
    };
  }
  const { outlineStyle, outlineWidth, outlineColor, outlineOffset } = getComputedStyle(element);
  // Drawn inwards it lies on the element itself, otherwise on what it stands in.
  const ground = groundOf(Number.parseFloat(outlineOffset) < 0 ? element : element.parentElement);
  return {
    key,
    name,
    width: outlineStyle === "none" ? 0 : Number.parseFloat(outlineWidth),
    contrast: contrast(channels(outlineColor), ground),
  };
}

/** Of the letters as they are painted, whatever the style sheet of the browser has to say: from a picture. */
async function contrastOfChosen(page: Page): Promise<number> {
  const box = (await page.locator("#correct-stretch option:checked").boundingBox())!;
  const picture = await page.screenshot({ clip: box });
  return page.evaluate(
    async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: "image/png" }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext("2d")!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const light = (at: number): number =>
        [0.2126, 0.7152, 0.0722].reduce((sum, weight, c) => {
          const value = data[at + c]! / 255;
          return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        }, 0);
      // The ground is what most pixels have; letters are what is furthest from it.
      const values = Array.from({ length: data.length / 4 }, (_, n) => light(4 * n)).sort((a, b) => a - b);
      const ground = values[Math.floor(values.length / 2)]!;
      const ratio = (a: number): number => (Math.max(a, ground) + 0.05) / (Math.min(a, ground) + 0.05);
      return Math.max(ratio(values[0]!), ratio(values.at(-1)!));
    },
    [...picture],
  );
}
