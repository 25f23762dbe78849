import type { Covariation } from "@attune/signal";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BeatingHearts, openBeatingHearts } from "./support/beating-hearts.ts";
import { describeWithChromium, openChromium, seriousViolations } from "./support/chromium.ts";

/** Hearts on the page, from scripted electrocardiograms through the real session, server and browser. */
describeWithChromium("hearts on the page of a session", () => {
  let browser: Browser;
  let hearts: BeatingHearts;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    browser = await openChromium();
    hearts = await openBeatingHearts();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(15_000);
    page.on("pageerror", ({ message }) => errors.push(message));
    await page.goto(hearts.url);
    await page.locator("#tab-hearts").click();
  });
  afterAll(async () => {
    await hearts?.close();
    await browser?.close();
  });

  const card = (person: string) => page.locator(`.heart-card[data-person="${person}"]`);
  const shown = (person: string, number: string) => card(person).locator(`[data-number="${number}"]`);
  const trusted = (person: string, trust: string) =>
    page.waitForSelector(`.heart-card[data-person="${person}"][data-trust="${trust}"]`);
  const decimals = (value: number) => value.toFixed(2).replace("-", "−");
  const percent = (share: number) => `${Math.round(100 * share)} %`;

  test("before anything is known it says so, and shows no 0 in its place", async () => {
    await card("infant").waitFor();
    for (const person of ["adult", "infant"]) {
      const early = await shown(person, "rsa").innerText();
      expect(early).toMatch(/^too early/);
    }
    expect(await page.locator(".hearts-panel").innerText()).toContain("Too early: the first window");
    expect(await page.locator(".covariation-now").count()).toBe(0);
  });

  test("the numbers on the page are those of the session, with their reasons, and nothing is wrong for axe", async () => {
    const { coder } = hearts.session;
    const say = (person: string, layer: string, state: string) => coder.set({ person, layer, state });
    await hearts.until(30);
    await trusted("adult", "trusted");
    await trusted("infant", "trusted");
    const height = (await card("infant").boundingBox())!.height;
    say("adult", "touch", "touching");
    for (let n = 0; n < 6; n++) {
      say("infant", "voice", "vocalising");
      await hearts.until(32 + 6 * n);
      say("infant", "voice", "silent");
      await hearts.until(33 + 6 * n);
      say("adult", "voice", "speaking");
      await hearts.until(36 + 6 * n);
      say("adult", "voice", "silent");
    }
    hearts.setLost("infant", true);
    await hearts.until(80);
    hearts.setLost("infant", false);
    // Nothing is known of a flat line, and the card stays as large as it was.
    await page.waitForSelector('.heart-card[data-person="infant"]:not([data-trust="trusted"])');
    expect((await card("infant").boundingBox())!.height).toBeCloseTo(height, 0);
    await hearts.until(125);
    await trusted("infant", "trusted");
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole("button", { name: /light theme/ }).click();
    await page.waitForFunction(() => document.getAnimations().length === 0);
    expect(await seriousViolations(page)).toEqual([]);
    await hearts.fallSilent();
    // Whoever says nothing any more is grey, with the reason, and not shown as if it were now.
    await trusted("adult", "silent");
    await trusted("infant", "silent");
    expect(await card("adult").innerText()).toMatch(/Last known \d+ s ago: no samples come/);

    for (const person of ["adult", "infant"]) {
      const { status, rmssd } = hearts.session.heart(person);
      expect(await shown(person, "rate").innerText()).toBe(status!.rate.toFixed(0));
      expect(await shown(person, "status").innerText()).toBe(
        `Trace ${(100 * status!.signalQuality).toFixed(0)} of 100 · ${percent(status!.coverage)} of the last 30 s known · ${percent(status!.correctedShare)} corrected`,
      );
      expect(await shown(person, "rmssd").locator("b").innerText()).toBe(decimals(rmssd!.value));
    }
    const { covariations } = hearts.session.totals.hearts;
    const ofSeries = (series: Covariation["series"]) => covariations.find((each) => each.series === series)!;
    const check = async (newest: Covariation): Promise<void> => {
      const now = page.locator(".covariation-now");
      expect(await now.locator('[data-number="z"]').innerText()).toBe(
        Number.isNaN(newest.z) ? "no value" : decimals(newest.z),
      );
      expect(await now.locator('[data-number="lead"]').innerText()).toBe(
        `Highest correlation: ${newest.lead}`,
      );
      const [{ states, mixed }] = newest.byLayer as [Covariation["byLayer"][number]];
      const rows = page.locator(".hearts-table tbody tr[data-state]");
      expect(await rows.count()).toBe(states.length);
      for (const { state, inside, outside, difference, hedgesG } of states) {
        const cells = await page.locator(`.hearts-table tr[data-state="${state}"] td`).allInnerTexts();
        const known = (value: number) => (Number.isNaN(value) ? "–" : decimals(value));
        expect(cells).toEqual([
          `${inside.n}`,
          known(inside.mean),
          `${outside.n}`,
          known(outside.mean),
          known(difference),
          known(hedgesG),
        ]);
      }
      expect(await page.locator(".hearts-table tbody").innerText()).toContain(
        `mixed or unknown: ${mixed.n} windows`,
      );
      expect(await page.locator(".hearts-panel").innerText()).toContain(
        `${newest.nWindows} windows, ${newest.nWithoutValue} without a value`,
      );
    };
    expect(ofSeries("interbeat-interval").nWithoutValue).toBeGreaterThan(0);
    await check(ofSeries("interbeat-interval"));
    await page.getByRole("button", { name: "RSA", exact: true }).click();
    await check(ofSeries("rsa"));

    const turns = (way: string) => page.locator(`[data-number="${way}"]`).innerText();
    expect([await turns("infant-adult"), await turns("adult-infant")]).toEqual(["6", "5"]);
    const [, offset] = /^(−?[\d.]+) s$/.exec(await page.locator('[data-number="transfer"]').innerText())!;
    expect(Number(offset)).toBeGreaterThanOrEqual(0);
    expect(Number(offset)).toBeLessThan(1.5);
    const strip = page.locator('.hearts-strip[data-voice="true"] .hearts-strip-track');
    expect(await strip.count()).toBe(3);
    expect(await strip.first().getAttribute("aria-label")).toMatch(/^voice of adult: speaking \d+ s$/i);
    expect(errors).toEqual([]);
  }, 60_000);

  test("a page that comes late sees the same windows, and every control is large enough for a finger", async () => {
    const late = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await late.goto(hearts.url);
    await late.locator("#tab-hearts").click();
    await late.waitForSelector(".covariation-now");
    const text = (of: Page, number: string) => of.locator(`[data-number="${number}"]`).first().innerText();
    await page.getByRole("button", { name: "Interbeat intervals" }).click();
    for (const number of ["z", "lead", "percentile", "rate", "infant-adult"])
      expect(await text(late, number)).toBe(await text(page, number));
    const sizes = await late
      .locator(".hearts-panel button, .hearts-panel select, .tab")
      .evaluateAll((controls) =>
        controls.map((control) => {
          const { width, height } = control.getBoundingClientRect();
          return Math.min(width, height);
        }),
      );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(44);
    const tabs = late.locator(".tabs");
    expect(await tabs.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    await late.close();
  }, 30_000);
});
