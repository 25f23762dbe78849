import type { Checks } from "@attune/wire/page";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithChromium, openChromium, violations } from "./support/chromium.ts";
import { AT, standingOf } from "./support/ordinary-session.ts";
import { scenes } from "./support/scenes.ts";
import { type ScriptedServer, serveScene } from "./support/scripted-server.ts";
import type { Scene } from "./support/scripted-source.ts";

/** What the page says and does in states that are hard to come by. */
describeWithChromium("the page in difficult moments", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function on(
    scene: Scene,
    look: (page: Page, server: ScriptedServer) => Promise<void>,
    path = "",
  ): Promise<void> {
    const server = await serveScene(scene);
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      await page.goto(new URL(path, server.url).href);
      await page.waitForSelector(".traces-group");
      await look(page, server);
    } finally {
      await context.close();
      await server.close();
    }
  }
  const checksOf = (scene: Scene): Checks =>
    scene.documents.find((each): each is Checks => each.kind === "checks")!;

  test("Begin on a closed gate says what is missing and goes there", async () => {
    await on(scenes["gate-red"](), async (page, { source }) => {
      const begin = page.locator("button.is-begin");
      await begin.click({ force: true });
      expect(await page.locator(".gate-refusal").innerText()).toContain("First confirm infant");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("data-missing"))).toBe(
        "tap\ninfant",
      );
      const confirmed = checksOf(scenes["gate-red"]());
      source.say({
        ...confirmed,
        taps: confirmed.taps.map((tap) => ({ ...tap, confirmed: true, how: "tapped" as const })),
      });
      await page.waitForSelector(".gate-refusal:empty", { state: "attached" });
      await begin.click({ force: true });
      expect(await page.locator(".gate-refusal").innerText()).toMatch(
        /type a reason to begin in spite of “rate: infant-eeg”/,
      );
      expect(await page.evaluate(() => document.activeElement?.classList.contains("reason"))).toBe(true);
      expect(source.asked.filter((each) => each.do === "begin")).toEqual([]);
    });
  });

  test("twenty quick clicks begin once, and the refusal of the server stays until the next press", async () => {
    let answer = (_ok: boolean): void => {};
    const scene: Scene = {
      ...scenes.monitoring(),
      answer: (command) =>
        command.do !== "begin"
          ? { ok: true, message: "" }
          : new Promise((resolve) => {
              answer = (ok) => resolve({ ok, message: ok ? "" : "the folder cannot be written" });
            }),
    };
    await on(scene, async (page, { source }) => {
      const nBegun = () => source.asked.filter((each) => each.do === "begin").length;
      await page.waitForSelector(".gate-status.is-open");
      await page.locator("button.is-begin").evaluate((button: HTMLButtonElement) => {
        for (let n = 0; n < 20; n++) button.click();
      });
      await page.waitForSelector("button.is-begin[aria-busy=true]");
      await expect.poll(nBegun).toBe(1);
      answer(false);
      await page.waitForSelector(".gate-refusal >> text=the folder cannot be written");
      expect(await page.locator(".toast").count()).toBe(0);
      await page.locator("button.is-begin").click();
      await page.waitForSelector(".gate-refusal:empty", { state: "attached" });
      await expect.poll(nBegun).toBe(2);
      answer(true);
    });
  });

  test("who was confirmed without a tap is said so, with the reason, in amber", async () => {
    const red = scenes["gate-red"]();
    await on(red, async (page, { source }) => {
      const card = page.locator(".person", { hasText: "infant" }).first();
      await card.locator("button[aria-expanded]").click();
      await card.locator("input.reason").fill("held by the mother");
      await page.keyboard.press("Enter");
      const { checks, taps } = checksOf(red);
      source.say({
        kind: "checks",
        at: AT,
        checks: checks.filter(({ verdict }) => verdict !== "red"),
        taps: taps.map((tap) => ({
          ...tap,
          confirmed: true,
          how: tap.person === "infant" ? ("confirmed-without-tap" as const) : ("tapped" as const),
        })),
      });
      await page.waitForSelector(".gate-status.is-open.is-reserved");
      expect(await card.locator(".tap .verdict.is-caution").innerText()).toBe(
        "Confirmed without a tap: held by the mother",
      );
      expect(await page.locator(".gate-status").innerText()).toContain("without a tap: infant");
    });
  });

  test("answers lie on a shelf of their own: neither on the signals nor on what is pressed", async () => {
    const refusing: Scene = {
      ...scenes.recording(),
      answer: () => ({ ok: false, message: "it is refused for a reason of some length" }),
    };
    await on(refusing, async (page) => {
      for (const isSideOpen of [true, false]) {
        if (!isSideOpen) await page.locator(".tools .icon-button").last().click();
        for (const key of ["1", "2", "3"]) await page.keyboard.press(key);
        await page.locator(".toast").nth(2).waitFor();
        const covered = await page.evaluate(() => {
          const boxes = (selector: string) =>
            [...document.querySelectorAll(selector)].map((each) => each.getBoundingClientRect());
          return boxes(".toast").some((toast) =>
            boxes(".traces-screen, .bottom, .tabs").some(
              (box) =>
                toast.left < box.right - 1 &&
                box.left < toast.right - 1 &&
                toast.top < box.bottom - 1 &&
                box.top < toast.bottom - 1,
            ),
          );
        });
        expect(covered).toBe(false);
      }
    });
  });

  test("an alarm that is over is calm, several are seen at once, and more than three open the list", async () => {
    const red = scenes["alarm-red"]();
    await on(red, async (page, { source }) => {
      await page.waitForSelector(".alarm.is-alarm");
      const streams = standingOf().streams;
      source.say(
        standingOf({ streams: streams.map((each) => ({ ...each, silentSeconds: 5, recentLostPercent: 9 })) }),
      );
      await page.waitForSelector(".alarm-tools >> text=5 more");
      expect(await page.locator(".alarms .alarm").count()).toBe(3);
      expect(await page.locator(".alarms > [role=alert]").textContent()).toContain(
        "no samples for more than 3 s",
      );
      await page.click(".alarm-tools button >> text=5 more");
      await expect.poll(() => page.locator(".log .alarm").count()).toBe(8);
      source.say(standingOf({ at: AT + 1 }));
      await page.waitForSelector(".alarm.is-past");
      expect(await page.locator(".alarm.is-alarm").count()).toBe(0);
      await page.click(".alarm-tools button >> text=Seen all");
      await page.waitForSelector(".alarm", { state: "detached" });
    });
  });

  test("a trace area that stays empty says since when and why", async () => {
    await on(scenes["alarm-red"](), async (page) => {
      await expect
        .poll(() => page.locator(".traces-silent").allInnerTexts())
        .toEqual([expect.stringMatching(/infant EEG: no samples since 3:08, .*check cable/)]);
    });
  });

  test("breathing stands in the card of its heart, and outside the band it is said in words", async () => {
    await on(scenes.breathing(), async (page) => {
      await page.click("#tab-hearts");
      const cards = page.locator(".heart-card [data-number=respiration]");
      await expect.poll(() => cards.allInnerTexts()).toHaveLength(2);
      const [inside, outside] = await cards.allInnerTexts();
      expect(inside).toMatch(/^17 breaths\/min$/);
      expect(outside).toMatch(/71 breaths\/min\s+outside the band of RSA \(14 to 62\)/);
    });
  });

  test("two quick presses change the speed of a replay by two steps", async () => {
    await on(scenes.replay(), async (page, { source }) => {
      await page.keyboard.press("-");
      await page.keyboard.press("-");
      await expect
        .poll(() => source.asked.flatMap((each) => (each.do === "speed" ? [each.speed] : [])))
        .toEqual([0.5, 0.25]);
    });
  });

  test("no side panel has anything that axe objects to, not even moderately", async () => {
    for (const [name, tabs] of [
      ["recording", ["coupling", "hearts", "heads", "streams", "log", "notes", "coding"]],
      ["replay", ["coupling", "hearts", "coding"]],
      ["gate-red", ["start"]],
      ["ended", ["coupling"]],
    ] as const)
      await (name === "ended" ? onEnded : on)(scenes[name](), async (page) => {
        for (const tab of tabs) {
          await page.click(`#tab-${tab}`);
          expect(await violations(page, ["moderate", "serious", "critical"]), `${name} ${tab}`).toEqual([]);
        }
      });
  }, 60_000);

  async function onEnded(scene: Scene, look: (page: Page) => Promise<void>): Promise<void> {
    const server = await serveScene(scene);
    const page = await browser.newPage();
    try {
      await page.goto(server.url);
      await page.waitForSelector(".summary-head");
      await look(page);
    } finally {
      await page.close();
      await server.close();
    }
  }
});
