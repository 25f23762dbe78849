import type { Page } from "playwright-core";

/** What tests do on the page again and again. */

export const state = (page: Page, kind: string): Promise<unknown> =>
  page.waitForSelector(`.state-bar[data-state="${kind}"]`);

export const lit = (page: Page, layer: string, coded: string): Promise<unknown> =>
  page.waitForSelector(`.state-button.is-lit[data-layer="${layer}"][data-state="${coded}"]`);

/** Everybody confirmed with a reason, by the keyboard, and red checks with one, too; then the session begins. */
export async function beginByHand(page: Page, redReason?: string): Promise<void> {
  await state(page, "monitoring");
  for (const person of ["adult", "infant"]) {
    const card = page.locator(".person", { hasText: person }).first();
    await card.locator("button[aria-expanded]").focus();
    await page.keyboard.press("Enter");
    await card.locator("input.reason").focus();
    await page.keyboard.type("felt with a finger");
    await page.keyboard.press("Enter");
    await card.locator(".tap .verdict.is-caution").waitFor();
  }
  if (redReason !== undefined) {
    await page.waitForSelector(".check .reason");
    await giveReasons(page, redReason);
  }
  await page.waitForSelector(".gate-status.is-open");
  await page.locator("button.is-begin").focus();
  await page.keyboard.press("Enter");
  await state(page, "recording");
}

/** Checks go on while one types: one that turns green takes its field away, one that turns red brings another. */
async function giveReasons(page: Page, reason: string): Promise<void> {
  const until = Date.now() + 30_000;
  while (Date.now() < until && (await page.locator(".gate-status.is-open").count()) === 0)
    for (const field of await page.locator(".check .reason").all())
      await field.fill(reason, { timeout: 1000 }).catch(() => undefined);
}

/** The light theme, when every colour has become what it is going to be. */
export async function turnLight(page: Page): Promise<void> {
  await page.locator(".app").evaluate(async () => {
    document.documentElement.dataset.theme = "light";
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  });
}

/** A key as the browser heard it, on the wall clock, seconds. */
export interface HeardKey {
  readonly type: "keydown" | "keyup";
  readonly key: string;
  readonly isRepeat: boolean;
  readonly at: number;
}

/** Has the page write down every key that it hears, beside what the page itself makes of it. */
export async function hearKeys(page: Page): Promise<() => Promise<readonly HeardKey[]>> {
  await page.evaluate(() => {
    const heard: HeardKey[] = [];
    (window as unknown as { heardKeys: HeardKey[] }).heardKeys = heard;
    for (const type of ["keydown", "keyup"] as const)
      window.addEventListener(
        type,
        ({ key, repeat, timeStamp }) =>
          heard.push({ type, key, isRepeat: repeat, at: (performance.timeOrigin + timeStamp) / 1000 }),
        { capture: true },
      );
  });
  return () => page.evaluate(() => (window as unknown as { heardKeys: HeardKey[] }).heardKeys);
}

/** Wall clock of this process, seconds, as browsers on the same machine count it. */
export const wallClock = (): number => (performance.timeOrigin + performance.now()) / 1000;
