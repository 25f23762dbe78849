import type { SourceDocument } from "@attune/server";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithChromium, openChromium, seriousViolations } from "./support/chromium.ts";
import { turnLight } from "./support/page-steps.ts";
import { type SceneName, scenes } from "./support/scenes.ts";
import { type ScriptedServer, serveScene } from "./support/scripted-server.ts";
import { BEGINNING, type Scene } from "./support/scripted-source.ts";

/** Of people, of what was written about them, and of where files lie: nothing for a screen that a parent may pass. */
const PRIVATE = {
  coder: "anna-coder",
  note: "mother in tears",
  event: "grandmother-rings",
  reason: "father holds the cap",
  folder: "/home/berta/study",
} as const;

describeWithChromium("the screen for looking only", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** @param path "" is the page of those who run the session */
  async function on(
    scene: Scene,
    look: (page: Page, server: ScriptedServer, told: () => string) => Promise<void>,
    path = "observer/",
  ): Promise<void> {
    const server = await serveScene(scene);
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      const frames: Buffer[] = [];
      page.on("websocket", (socket) =>
        socket.on("framereceived", ({ payload }) => frames.push(Buffer.from(payload))),
      );
      await page.goto(new URL(path, server.url).href);
      await page.waitForSelector(".tabs .tab");
      await look(page, server, () => Buffer.concat(frames).toString("latin1"));
    } finally {
      await context.close();
      await server.close();
    }
  }
  const tabsOf = (page: Page) => page.locator("[role=tab]").allInnerTexts();
  const openTabs = async (page: Page, look: () => Promise<void>): Promise<void> => {
    for (const tab of await page.locator("[role=tab]").all()) {
      await tab.click();
      await look();
    }
  };

  test.each(["gate-red", "recording", "ended", "replay"] as const satisfies readonly SceneName[])(
    "has the tabs of what is measured and no other: %s",
    async (name) => {
      await on(scenes[name](), async (page) => {
        expect(await tabsOf(page)).toEqual(["Coupling", "Hearts", "Heads", "Streams"]);
        expect(await page.locator("[role=tab][aria-selected=true]").innerText()).toBe("Coupling");
      });
    },
    30_000,
  );

  test("the page of those who run the session has the others too, so that they are missed by nobody", async () => {
    await on(
      scenes.recording(),
      async (page) => {
        expect(await tabsOf(page)).toEqual([
          "Coupling",
          "Hearts",
          "Heads",
          "Streams",
          "Log",
          "Notes",
          "Coding",
        ]);
      },
      "",
    );
  }, 30_000);

  test.each(["gate-red", "recording", "ended", "replay"] as const satisfies readonly SceneName[])(
    "nothing on it writes, neither a control nor a key: %s",
    async (name) => {
      await on(scenes[name](), async (page, { source }) => {
        await openTabs(page, async () => {
          expect(
            await page
              .locator(".state-button, .is-control, .is-phase, .is-begin, textarea, input[type=text], form")
              .count(),
          ).toBe(0);
          for (const slider of await page.locator("input[type=range].replay-slider").all())
            expect(await slider.isDisabled()).toBe(true);
        });
        const keys = [
          ..."djkaslfui123bq/+-",
          "F2",
          "F4",
          "F9",
          "Backspace",
          "PageUp",
          "PageDown",
          "ArrowRight",
        ];
        for (const key of keys) await page.keyboard.press(key);
        for (const segment of await page.locator(".segment").all()) await segment.click({ force: true });
        expect(await page.locator("dialog[open], .toast").count()).toBe(0);
        expect(source.asked).toEqual([]);
      });
    },
    30_000,
  );

  test("it offers no seat, and its help names no key that does nothing here", async () => {
    await on(scenes.recording(), async (page, { source }) => {
      await page.click(".seat-button");
      const dialog = page.locator("dialog[open]");
      expect(await dialog.innerText()).toContain("for looking only");
      expect(await dialog.locator("button:not(.icon-button), input").count()).toBe(0);
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await dialog.waitFor();
      expect(await dialog.locator("h3").allInnerTexts()).toEqual(["Page"]);
      expect(await dialog.innerText()).toContain("Hide this screen");
      expect(source.asked).toEqual([]);
    });
  }, 30_000);

  test("no coder, note, marker, reason or folder reaches it, neither its words nor its connection", async () => {
    const gate = withPrivateWords(scenes["gate-red"]());
    const secrets = Object.values(PRIVATE);
    for (const scene of [
      withPrivateWords(scenes.recording()),
      withPrivateWords(scenes.ended()),
      withPrivateWords(scenes.replay()),
      gate,
    ]) {
      await on(scene, async (page, { source }, told) => {
        // What is said while it looks, and not only what stood when it came.
        for (const document of scene.documents) source.say(document);
        await openTabs(page, async () => {
          const words = await page.evaluate(() => `${document.title}\n${document.documentElement.outerHTML}`);
          for (const secret of secrets) expect(words).not.toContain(secret);
        });
        for (const secret of secrets) expect(told()).not.toContain(secret);
      });
      // The same words do come to those who run the session: the test can see them.
      await on(
        scene,
        async (_page, { source }, told) => {
          for (const document of scene.documents) source.say(document);
          await expect.poll(told).toContain(PRIVATE.note);
          expect(told()).toContain(PRIVATE.coder);
          expect(told()).toContain(PRIVATE.event);
        },
        "",
      );
    }
  }, 60_000);

  test("it is blanked by its own key, and by nothing that is pressed elsewhere", async () => {
    await on(scenes.recording(), async (page, server) => {
      const other = await page.context().newPage();
      await other.goto(server.url);
      await other.waitForSelector(".state-bar .tools");
      expect(await other.locator("[aria-label*=Privacy]").getAttribute("aria-label")).toContain(
        "hide this screen; other screens stay",
      );
      await other.keyboard.press("F8");
      await other.waitForSelector(".privacy");
      expect(await page.locator(".privacy").count()).toBe(0);
      await page.bringToFront();
      await page.keyboard.press("F8");
      await page.waitForSelector(".privacy");
      expect(await page.locator(".state-bar").isVisible()).toBe(false);
    });
  }, 30_000);

  test("nothing on it is hard to read in either theme", async () => {
    await on(scenes.recording(), async (page) => {
      expect(await seriousViolations(page)).toEqual([]);
      await turnLight(page);
      expect(await seriousViolations(page)).toEqual([]);
    });
  }, 30_000);
});

/** The scene with all that people write about each other. */
function withPrivateWords(scene: Scene): Scene {
  const entry = { at: BEGINNING + 140, level: "info", source: "note" } as const;
  const change = (document: SourceDocument): SourceDocument => {
    switch (document.kind) {
      case "timeline":
        return {
          ...document,
          events: [
            { at: entry.at, label: `note ${PRIVATE.note}`, source: PRIVATE.coder },
            { at: entry.at + 1, label: PRIVATE.event, source: PRIVATE.coder },
          ],
        };
      case "log":
        return { ...document, entries: [...document.entries, { ...entry, id: 90, message: PRIVATE.note }] };
      case "coding":
        return { ...document, rows: document.rows.map((row) => ({ ...row, coder: PRIVATE.coder })) };
      case "checks":
        return {
          ...document,
          checks: document.checks.map((check) => ({
            ...check,
            message: `${PRIVATE.reason} ${PRIVATE.folder}`,
          })),
        };
      case "summary":
        return {
          ...document,
          overrides: document.overrides.map((each) => ({ ...each, reason: PRIVATE.reason })),
          files: document.files.map((each) => ({ ...each, name: `${PRIVATE.folder}/${each.name}` })),
        };
      default:
        return document;
    }
  };
  const { recording } = scene.hello;
  return {
    ...scene,
    hello: {
      ...scene.hello,
      recording: recording === null ? null : `${PRIVATE.folder}/${recording}`,
    },
    documents: scene.documents.map(change),
  };
}
