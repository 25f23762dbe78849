import { existsSync } from "node:fs";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { describe } from "vitest";

const CHROMIUM = process.env.ATTUNE_CHROMIUM ?? "/usr/bin/chromium";
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A `describe` that needs a browser: skipped aloud on a machine without it, a failure in CI. */
export function describeWithChromium(name: string, body: () => void): void {
  const present = existsSync(CHROMIUM);
  if (!present && process.env.CI === "true")
    throw new Error(`${name}: there is no ${CHROMIUM}, and CI needs it: install Chromium.`);
  if (!present) process.stderr.write(`Skipped: "${name}" needs ${CHROMIUM}.\n`);
  describe.skipIf(!present)(present ? name : `${name} (skipped: no ${CHROMIUM})`, body);
}

export const openChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });

/** What axe-core finds to be serious or critical on the page as it stands, one line each. */
export const seriousViolations = (page: Page): Promise<string[]> => violations(page, ["serious", "critical"]);

/** The same of other impacts. */
export async function violations(page: Page, impacts: readonly string[]): Promise<string[]> {
  // By the debugger, not by a script element: the page's security policy stays as strict as it is.
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(() =>
    (
      globalThis as unknown as {
        axe: {
          run(): Promise<{
            violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
          }>;
        };
      }
    ).axe.run(),
  );
  return found
    .filter(({ impact }) => impacts.includes(impact))
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    );
}
