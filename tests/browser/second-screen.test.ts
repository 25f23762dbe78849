import { networkInterfaces } from "node:os";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LiveBench, type LiveProcess, simulatedSession } from "../end-to-end/live-process.ts";
import { describeWithChromium, openChromium } from "./support/chromium.ts";

/** Both screens of a session as the program serves them, in one browser, which has one store of cookies. */
describeWithChromium("a page that needs a token", () => {
  const bench = new LiveBench();
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
    bench.write("session.yaml", simulatedSession("shared"));
  });
  afterAll(async () => {
    await browser?.close();
    await bench.remove();
  });

  async function start(host: string) {
    const live = bench.attune("live", "session.yaml", "--page-host", host, "--no-recording");
    await live.says(/for looking only: /);
    const address = (label: string) => new RegExp(`${label}: (http\\S+)`).exec(live.stderr)![1]!;
    return { live, page: address("page"), looking: address("for looking only") };
  }
  async function open(context: BrowserContext, address: string, errors: string[] = []): Promise<Page> {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on("console", (message) => {
      // A browser looks for an icon while the page that leaves the token behind is shown.
      const { url } = message.location();
      if (message.type() === "error" && !url.endsWith("/favicon.ico"))
        errors.push(`${url} ${message.text()}`);
    });
    await page.goto(address);
    return page;
  }
  const seat = (page: Page) => page.locator(".seat-button span");
  async function end(live: LiveProcess): Promise<void> {
    live.child.kill("SIGINT");
    expect((await live.ended).code).toBe(0);
  }

  test("leaves the token behind, and both screens of one browser stay what they are after a reload", async () => {
    const { live, page, looking } = await start("127.0.0.2");
    const context = await browser.newContext();
    const errors: string[] = [];
    const writer = await open(context, page, errors);
    const observer = await open(context, looking, errors);
    const { origin } = new URL(page);
    for (let round = 0; round < 2; round++) {
      await expect.poll(() => writer.url()).toBe(`${origin}/`);
      await expect.poll(() => observer.url()).toBe(`${origin}/observer/`);
      await expect.poll(() => seat(writer).innerText(), { timeout: 20_000 }).toBe("Writer");
      await expect.poll(() => seat(observer).innerText(), { timeout: 20_000 }).toBe("Observer");
      expect(await writer.evaluate(() => document.cookie)).toBe("");
      await Promise.all([writer.reload(), observer.reload()]);
    }
    // The way back leads out, not to an address with a token.
    expect(await writer.evaluate(() => history.length)).toBeLessThanOrEqual(2);
    expect(errors).toEqual([]);
    const stranger = await browser.newContext();
    expect((await (await stranger.newPage()).goto(`${origin}/`))!.status()).toBe(401);
    await Promise.all([context.close(), stranger.close()]);
    await end(live);
  }, 90_000);

  const hasIpv6 = Object.values(networkInterfaces()).some((each) =>
    each?.some(({ address }) => address === "::1"),
  );
  test.skipIf(!hasIpv6)(
    "is shown by IPv6, too",
    async () => {
      const { live, looking } = await start("::1");
      const context = await browser.newContext();
      const observer = await open(context, looking);
      await expect.poll(() => seat(observer).innerText(), { timeout: 20_000 }).toBe("Observer");
      await context.close();
      await end(live);
    },
    90_000,
  );
});
