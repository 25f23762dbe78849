import { existsSync } from "node:fs";
import { type Harness, serveHarness } from "@attune/dashboard/dev";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

/** The panels in a real browser, on a session that is made up on the page; see packages/dashboard/dev. */

const CHROMIUM = "/usr/bin/chromium";
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const isMissing = !existsSync(CHROMIUM);
if (isMissing && process.env.CI === "true")
  throw new Error(`There is no ${CHROMIUM}: install Chromium, or these tests say nothing.`);
if (isMissing) process.stderr.write(`Skipped: the panels in a browser need ${CHROMIUM}.\n`);

/** What the tests use of the made-up session on the page. */
interface MadeUp {
  readonly asked: { do: string; from?: number; to?: number }[];
  readonly hello: { value: unknown };
  readonly evidence: { value: unknown };
  readonly timeline: { value: { isWhole: boolean } };
  setNow(at: number): void;
  push(traces: unknown): void;
}
declare const madeUp: MadeUp;

const START = 6000;
const RATE = 500;

describe.skipIf(isMissing)("the panels in a browser", () => {
  let harness: Harness;
  let browser: Browser;
  const pages: Page[] = [];

  beforeAll(async () => {
    harness = await serveHarness();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
  });
  afterAll(async () => {
    await browser?.close();
    await harness?.close();
  });

  async function open(query: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
    pages.push(page);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`${harness.url}?${query}`);
    expect(errors).toEqual([]);
    return page;
  }
  /** Four streams whose values are known: 2 EEG channels per person, a slow sine; the adult EEG loses 1 s. */
  const pushKnown = (page: Page, missing: readonly [number, number]): Promise<boolean> =>
    page.evaluate(
      ({ start, rate, missing: [gapFrom, gapTo] }) => {
        const pushed: { data: Float32Array; copy: Float32Array }[] = [];
        for (const [streamId, nChannels] of [
          ["adult-eeg", 2],
          ["adult-ecg", 1],
          ["infant-eeg", 2],
          ["infant-ecg", 1],
        ] as const)
          for (let n = 0; n < 12 * rate; n += 10) {
            const at = n / rate;
            if (streamId === "adult-eeg" && at >= gapFrom && at < gapTo) continue;
            const data = new Float32Array(nChannels * 10);
            for (let c = 0; c < nChannels; c++)
              for (let i = 0; i < 10; i++) {
                const t = at + i / rate;
                data[c * 10 + i] = streamId.endsWith("ecg")
                  ? Math.sin(8 * t)
                  : 300 + 40 * Math.sin(2 * Math.PI * 3 * t) + 20 * Math.sin(2 * Math.PI * 50 * t);
              }
            pushed.push({ data, copy: data.slice() });
            madeUp.push({
              kind: "traces",
              streamId,
              start: start + at,
              step: 1 / rate,
              nChannels,
              nSamples: 10,
              data,
              isEnvelope: false,
              isPast: false,
            });
          }
        madeUp.setNow(start + 11.15);
        (window as unknown as { pushed: typeof pushed }).pushed = pushed;
        return pushed.every(({ data, copy }) => data.every((v, i) => v === copy[i]));
      },
      { start: START, rate: RATE, missing },
    );
  /** The picture that stands still: what was asked for has been painted, however busy the machine is. */
  const settle = (page: Page): Promise<unknown> =>
    page.evaluate(async () => {
      const frames = async (n: number): Promise<void> => {
        for (let k = 0; k < n; k++) await new Promise((done) => requestAnimationFrame(done));
      };
      const picture = (): string | undefined =>
        document.querySelector<HTMLCanvasElement>(".traces-screen canvas")?.toDataURL();
      const until = performance.now() + 5000;
      let before = picture();
      for (let nSame = 0; nSame < 2 && performance.now() < until; ) {
        await frames(3);
        await new Promise((done) => setTimeout(done, 50));
        const now = picture();
        nSame = now === before ? nSame + 1 : 0;
        before = now;
      }
    });
  const known = "panels=traces&running=0&channels=2&rate=500";

  /** For each column of the picture: how many pixels between two heights are nearer to a colour than to the ground. */
  const columnsOfColour = (page: Page, colour: string, top: number, bottom: number): Promise<number[]> =>
    page.evaluate(
      ({ colour, top, bottom }) => {
        const canvas = document.querySelector<HTMLCanvasElement>(".traces-screen canvas")!;
        const { width, height } = canvas;
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
        const wanted = [1, 3, 5].map((k) => Number.parseInt(colour.slice(k, k + 2), 16));
        const counts: number[] = [];
        for (let x = 0; x < width; x++) {
          let n = 0;
          for (let y = Math.floor(top * height); y < bottom * height; y++)
            if (wanted.every((v, k) => Math.abs(data[4 * (y * width + x) + k]! - v) < 30)) n++;
          counts.push(n);
        }
        return counts;
      },
      { colour, top, bottom },
    );

  test("a gap is empty for exactly as long as it lasted, and only for the stream that has it", async () => {
    const page = await open(known);
    await pushKnown(page, [4, 5]);
    await settle(page);
    await settle(page);
    // The right edge stands at 11 s, the window is 10 s wide: column x shows 1 + 10 x / width seconds.
    const adult = await columnsOfColour(page, "#6cb2ff", 0, 0.18);
    const infant = await columnsOfColour(page, "#ff9d57", 0.5, 0.68);
    const column = (seconds: number): number => Math.round(((seconds - 1) / 10) * adult.length);
    expect(adult.slice(column(1.5), column(4) - 2).every((n) => n > 0)).toBe(true);
    expect(adult.slice(column(4) + 2, column(5) - 2).every((n) => n === 0)).toBe(true);
    expect(adult.slice(column(5) + 2, column(10.9)).every((n) => n > 0)).toBe(true);
    expect(infant.slice(column(1.5), column(10.9)).every((n) => n > 0)).toBe(true);
    const empty = adult.slice(column(3), column(6)).filter((n) => n === 0).length;
    expect(Math.abs(empty - adult.length / 10)).toBeLessThanOrEqual(2);
  });

  test("filters change the picture and nothing else: off again, every pixel is as before, and the samples are untouched", async () => {
    const page = await open(known);
    expect(await pushKnown(page, [4, 4])).toBe(true);
    await settle(page);
    await settle(page);
    const picture = (): Promise<string> =>
      page.evaluate(() => document.querySelector<HTMLCanvasElement>(".traces-screen canvas")!.toDataURL());
    const before = await picture();
    await page.getByText("Display", { exact: true }).click();
    await page.getByLabel("Notch").selectOption("50");
    await page.getByRole("button", { name: /Low-pass/ }).click();
    await settle(page);
    expect(await picture()).not.toBe(before);
    expect(await page.locator(".traces-notice").textContent()).toContain("notch 50 Hz");
    expect(await page.locator(".traces-notice").textContent()).toContain(
      "files and coupling use the samples as they came",
    );
    await page.getByLabel("Notch").selectOption("0");
    await page.getByRole("button", { name: /Low-pass/ }).click();
    await settle(page);
    expect(await picture()).toBe(before);
    const untouched = await page.evaluate(() =>
      (window as unknown as { pushed: { data: Float32Array; copy: Float32Array }[] }).pushed.every(
        ({ data, copy }) => data.every((v, i) => v === copy[i]),
      ),
    );
    expect(untouched).toBe(true);
    const asked = await page.evaluate(() => madeUp.asked.map((request) => request.do));
    expect(asked).toEqual(["watch"]);
  });

  test("the newest columns that were moved and added equal the whole painted at once", async () => {
    const page = await open(known);
    await pushKnown(page, [4, 5]);
    for (const seconds of [9.1, 9.137, 9.4, 9.41, 10.9, 11.15]) {
      await page.evaluate((at) => madeUp.setNow(at), START + seconds);
      await settle(page);
    }
    const picture = (): Promise<string> =>
      page.evaluate(() => document.querySelector<HTMLCanvasElement>(".traces-screen canvas")!.toDataURL());
    const moved = await picture();
    // Another theme and back: everything is painted anew from the same columns.
    await page.evaluate(() => document.documentElement.setAttribute("data-theme", "light"));
    await settle(page);
    await page.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
    await settle(page);
    expect(await picture()).toBe(moved);
  });

  test("numbers shown equal numbers sent, and a caveat greys them with its reason", async () => {
    const page = await open("panels=coupling&running=0");
    const value = (from: string, to: string, number: number, caveat: string | null) => ({
      condition: "direct",
      from,
      to,
      band: "theta",
      measure: "gpdcSquared",
      value: number,
      nullMean: 0.021,
      nullSd: 0.004,
      corrected: number - 0.021,
      z: (number - 0.021) / 0.004,
      p: 0.01,
      caveat,
      nWindows: 83,
      cleanSeconds: 125.5,
    });
    const comparison = {
      from: "adult",
      to: "infant",
      band: "theta",
      measure: "gpdcSquared",
      condition: "direct",
      reference: "averted",
      difference: 0.0417,
      low: 0.0123,
      high: 0.0711,
      level: 0.95,
      n: 8,
      nReference: 7,
      windowsToGo: 37,
    };
    await page.evaluate(
      (evidence) => {
        madeUp.evidence.value = evidence;
      },
      {
        kind: "evidence",
        at: START,
        condition: "direct",
        values: [
          value("adult", "infant", 0.0837, null),
          value("infant", "adult", 0.0312, "31 of 45 clean windows"),
        ],
        comparisons: [comparison],
      },
    );
    expect(await page.locator('[data-number="adult-infant"]').textContent()).toBe("0.084");
    expect(await page.locator('[data-number="infant-adult"]').textContent()).toBe("0.031");
    const cards = page.locator(".coupling-now");
    expect(await cards.nth(0).getAttribute("data-verdict")).toBe("above");
    expect(await cards.nth(0).textContent()).toContain("0.013 to 0.029");
    expect(await cards.nth(1).getAttribute("data-verdict")).toBe("untrusted");
    expect(await cards.nth(1).textContent()).toContain("31 of 45 clean windows");
    expect(await page.locator(".coupling-comparisons").textContent()).toContain(
      "0.042, interval 0.012 to 0.071; from 8 and 7 stretches",
    );
    expect(await page.locator(".coupling-comparisons").textContent()).toContain(
      "About 37 more direct-gaze windows",
    );
    const row = await page.locator(".coupling-table tbody tr").first().locator("td").allTextContents();
    expect(row).toEqual(["Adult → Infant", "83", "2:05", "0.084", "0.021 ± 0.004", "0.063", "15.7"]);
  });

  test("arrows are as wide as the corrected value and grey and thin inside chance", async () => {
    const page = await open("panels=heads&running=0");
    await page.evaluate((at) => {
      const value = (from: string, to: string, number: number) => ({
        condition: "direct",
        from,
        to,
        band: "theta",
        measure: "gpdcSquared",
        value: number,
        nullMean: 0.02,
        nullSd: 0.005,
        corrected: number - 0.02,
        z: 1,
        p: 0.01,
        caveat: null,
        nWindows: 80,
        cleanSeconds: 80,
      });
      madeUp.evidence.value = {
        kind: "evidence",
        at,
        condition: "direct",
        values: [value("adult", "infant", 0.08), value("infant", "adult", 0.0299)],
        comparisons: [],
      };
    }, START);
    const out = page.locator('[data-link="adult-infant"]');
    const back = page.locator('[data-link="infant-adult"]');
    expect([await out.getAttribute("data-verdict"), await out.getAttribute("data-width")]).toEqual([
      "above",
      "20.00",
    ]);
    expect([await back.getAttribute("data-verdict"), await back.getAttribute("data-width")]).toEqual([
      "inside",
      "1.50",
    ]);
    expect(await page.locator(".heads-head").first().getAttribute("aria-label")).toContain("Adult");
    await page.locator(".heads-head").first().focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.locator(".heads-hint").textContent()).toContain("Adult Fp1");
  });

  test("the past is shown while the session goes on, and a key goes back to live", async () => {
    const page = await open("panels=traces&elapsed=400");
    await page.locator(".traces-screen canvas").focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("PageUp");
    await page.waitForFunction(() =>
      /frozen, 0:3\d behind/.test(document.querySelector(".traces-mark")?.textContent ?? ""),
    );
    await page.waitForFunction(() => madeUp.asked.some((request) => request.do === "traces"));
    const asked = await page.evaluate(() => madeUp.asked.find((request) => request.do === "traces")!);
    expect(asked.to! - asked.from!).toBeGreaterThan(9);
    // The answer comes, is drawn, and stands still.
    await expect
      .poll(async () => (await columnsOfColour(page, "#6cb2ff", 0, 0.4)).filter((n) => n > 0).length)
      .toBeGreaterThan(500);
    const picture = (): Promise<string> =>
      page.evaluate(() => document.querySelector<HTMLCanvasElement>(".traces-screen canvas")!.toDataURL());
    const before = await picture();
    await settle(page);
    expect(await picture()).toBe(before);
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.querySelector(".traces-mark")?.textContent?.includes("LIVE"));
  });

  test("a replay is wound with the keys of the timeline, and the signals follow", async () => {
    const page = await open("mode=replay&elapsed=200");
    const slider = page.getByRole("slider");
    await slider.focus();
    await page.keyboard.press("Home");
    await page.waitForFunction(() => madeUp.asked.some((request) => request.do === "seek"));
    await page.keyboard.press("PageDown");
    await page.waitForFunction(() => madeUp.asked.filter((request) => request.do === "seek").length >= 2);
    const seeks = await page.evaluate(() =>
      madeUp.asked.filter((request) => request.do === "seek").map((request) => request.to!),
    );
    expect(seeks[0]).toBe(5000);
    expect(seeks[1]! - seeks[0]!).toBeGreaterThan(2);
    expect(Number(await slider.getAttribute("aria-valuenow"))).toBeLessThan(30);
    await page.waitForFunction(() =>
      /REPLAY 0:/.test(document.querySelector(".traces-mark")?.textContent ?? ""),
    );
  });

  test.each(["dark", "light"])("axe finds nothing serious in the %s theme", async (theme) => {
    const page = await open(`theme=${theme}&elapsed=120`);
    await page.waitForSelector(".coupling-now");
    await page.addScriptTag({ content: axe.source });
    const violations = await page.evaluate(async () => {
      const run = (
        window as unknown as {
          axe: {
            run(
              root: Element,
            ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
          };
        }
      ).axe;
      const { violations } = await run.run(document.getElementById("page")!);
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`);
    });
    expect(violations).toEqual([]);
  });
});
