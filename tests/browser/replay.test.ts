import { setTimeout as sleep } from "node:timers/promises";
import { ManualTime } from "@attune/device-kit";
import { openSessionServer, pageAssets, replayPage } from "@attune/server";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Bench } from "../end-to-end/attune-process.ts";
import { describeWithChromium, openChromium, seriousViolations } from "./support/chromium.ts";
import { beginByHand, state, turnLight } from "./support/page-steps.ts";
import { type ServedSession, serveSession } from "./support/served-session.ts";

const SESSION = `
session: dyad-007
people:
  - { id: adult, role: adult }
  - { id: infant, role: infant }
devices:
  dyad: { kind: simulated, seed: 3, coupling: 0.25, artefactsPerMinute: 0 }
streams:
  - { person: adult, signal: eeg, device: dyad, stream: dyad/adult-eeg }
  - { person: infant, signal: eeg, device: dyad, stream: dyad/infant-eeg }
coding:
  layers:
    - { person: adult, layer: gaze, states: { direct: d, averted: a } }
analysis: { running: { nullEverySeconds: 5, nSurrogates: 19 } }
`;

/** A session on the page, and the same session on the page again from its file. */
describeWithChromium("the replay of a session on the page", () => {
  let browser: Browser;
  let served: ServedSession;
  let live: Numbers;
  const errors: string[] = [];

  beforeAll(async () => {
    browser = await openChromium();
    const time = new ManualTime();
    served = await serveSession(SESSION, { analyse: true, context: time.context });
    const { session } = served;
    // Ten times as fast as it is written, and standing still while the analysis works, so that it is never late.
    let isOver = false;
    const going = (async () => {
      while (!isOver) {
        await sleep(20);
        if (session.analysisDelay === 0 || session.stage !== "running") await time.advance(0.2);
      }
    })();
    try {
      const page = await open(served.url);
      await beginByHand(page);
      for (const [key, seconds] of [
        ["d", 36],
        ["a", 25],
        ["d", 36],
        ["a", 25],
      ] as const) {
        await page.keyboard.press(key);
        const until = session.now() + seconds;
        while (session.now() < until) await sleep(50);
      }
      await page.keyboard.press("q");
      await page.locator("dialog .is-danger").click();
      await page.waitForSelector(".summary .passport");
      await page.waitForTimeout(600);
      live = await numbersOf(page);
      await page.context().close();
    } finally {
      isOver = true;
      await going;
    }
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  async function open(url: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on("pageerror", ({ message }) => errors.push(message));
    await page.goto(url);
    return page;
  }

  test("ends with the numbers that the page of the session ended with, and with those that the program prints", async () => {
    const recording = await served.recorded(".xdf");
    expect(live.windows[0]).toMatch(/\d/);
    expect(live.table.length).toBeGreaterThanOrEqual(4);
    expect(live.table.every(([, , , , value, band]) => value !== "–" && band !== "–")).toBe(true);
    expect(live.comparisons.join()).toMatch(/from \d+ and \d+ stretches.*\d+ more direct-gaze windows/);
    const source = await replayPage(recording);
    const server = await openSessionServer({ source, assets: await pageAssets() });
    const bench = new Bench();
    try {
      const page = await open(server.url);
      await state(page, "replay");
      await source.analysed;
      const slider = page.locator(".replay-slider");
      await slider.focus();
      await page.keyboard.press("End");
      const at = async (): Promise<string> => (await page.locator(".replay-time").allTextContents()).join();
      await expect.poll(at).toMatch(/^(\d+:\d+),\1$/);
      await expect.poll(() => numbersOf(page), { timeout: 10_000 }).toEqual(live);

      const printed = await bench.attune(`replay ${recording} --session --json`);
      expect(printed.code, printed.stderr).toBe(0);
      const { totals } = JSON.parse(printed.stdout) as { totals: PrintedTotals };
      expect(live.windows.join(" ")).toContain(`${totals.nAccepted} of ${totals.nWindows}`);
      const printedRows = totals.conditions.flatMap(({ condition, nWindows, cleanSeconds, coupling }) =>
        (coupling?.values ?? [])
          .filter(({ band }) => band === totals.conditions[0]!.coupling!.values[0]!.band)
          .map(({ from, to, value, nullMean }) =>
            [condition, `${from}-${to}`, nWindows, clock(cleanSeconds), shown(value), shown(nullMean)].join(
              " ",
            ),
          ),
      );
      const shownRows = live.table.map(([condition, direction, nWindows, clean, value, band]) =>
        [
          condition,
          direction!.toLowerCase().replace(" → ", "-"),
          nWindows,
          clean,
          value,
          band!.split(" ")[0],
        ].join(" "),
      );
      expect(shownRows.sort()).toEqual(printedRows.sort());

      expect(await seriousViolations(page)).toEqual([]);
      await turnLight(page);
      expect(await seriousViolations(page)).toEqual([]);
      expect(errors).toEqual([]);
    } finally {
      bench.remove();
      await server.close();
      await source.close();
    }
  }, 60_000);
});

interface PrintedTotals {
  readonly nWindows: number;
  readonly nAccepted: number;
  readonly conditions: readonly {
    readonly condition: string;
    readonly nWindows: number;
    readonly cleanSeconds: number;
    readonly coupling?: {
      readonly values: readonly {
        readonly from: string;
        readonly to: string;
        readonly band: string;
        readonly value: number | null;
        readonly nullMean: number | null;
      }[];
    };
  }[];
}

/** As the page writes a number. */
const shown = (value: number | null): string => (value === null ? "–" : value.toFixed(3).replace("-", "−"));

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

interface Numbers {
  /** Windows, and why some were rejected. */
  readonly windows: readonly string[];
  /** Condition, direction, windows, clean time, value, null, corrected, z. */
  readonly table: readonly (readonly string[])[];
  readonly comparisons: readonly string[];
  readonly shares: readonly string[];
}

/** Every number that a page says about the coupling and the windows of its session, as text. */
async function numbersOf(page: Page): Promise<Numbers> {
  await page.click("#tab-coupling");
  await page.locator(".coupling-table tbody tr").first().waitFor();
  const table = await page.evaluate(() =>
    [...document.querySelectorAll(".coupling-table tbody tr")].map((row) =>
      [...row.children].map((cell) =>
        cell.firstChild?.textContent === undefined ? "" : (cell as HTMLElement).textContent!,
      ),
    ),
  );
  const comparisons = await page.locator(".coupling-words").allTextContents();
  await page.click("#tab-streams");
  await page.locator(".windows").waitFor();
  return {
    table: table.map((row) => row.map((text) => text.replace(/Not to be read yet.*/, ""))),
    comparisons,
    windows: await page.locator(".windows > p").allTextContents(),
    shares: await page.locator(".windows li, .windows dd, .windows td").allTextContents(),
  };
}
