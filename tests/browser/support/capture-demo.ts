import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { openChromium } from "./chromium.ts";

/**
 * Draws the moving picture of the README: twenty seconds of the page that plays the dyad which the demo writes. Needs img2webp (Debian: `webp`).
 *
 *     npx -y pnpm@10 demo && npx tsx tests/browser/support/capture-demo.ts attune-demo/dyad.xdf docs/images/demo.webp
 */
const [recording = "attune-demo/dyad.xdf", picture = "docs/images/demo.webp"] = process.argv.slice(2);
const FRAMES = 40;
const MILLISECONDS = 500;
const FROM_SECONDS = 205;
/** Presses of the key that doubles the speed: four times as fast as it was. */
const FASTER = 2;

const attune = resolve(import.meta.dirname, "../../../packages/cli/bin/attune.mjs");
const server = spawn(process.execPath, [attune, "view", recording, "--no-open", "--json"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const browser = await openChromium();
const folder = mkdtempSync(join(tmpdir(), "attune-capture-"));
try {
  const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  const { address } = JSON.parse(line) as { address: string };
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 0.75,
    colorScheme: "dark",
  });
  await page.goto(address);
  const place = page.locator("input[type=range]").first();
  await place.waitFor();
  await sleep(3000);
  await place.fill(String(FROM_SECONDS));
  await sleep(1500);
  await page.locator("body").click({ position: { x: 640, y: 2 } });
  for (let k = 0; k < FASTER; k++) {
    await page.keyboard.press("+");
    await sleep(500);
  }
  await page.keyboard.press("F2");
  // The toast that says so goes first.
  await sleep(6000);
  const begun = performance.now();
  for (let k = 0; k < FRAMES; k++) {
    await sleep(Math.max(0, begun + k * MILLISECONDS - performance.now()));
    await page.screenshot({ path: join(folder, `${String(k).padStart(3, "0")}.png`) });
  }
  const frames = Array.from({ length: FRAMES }, (_, k) => join(folder, `${String(k).padStart(3, "0")}.png`));
  execFileSync("img2webp", [
    "-loop", "0", "-kmin", "9", "-kmax", "40", "-lossy", "-q", "55", "-m", "4", "-d", String(MILLISECONDS),
    ...frames, "-o", picture,
  ]); // biome-ignore format: one line of a command
} finally {
  await browser.close();
  server.kill("SIGINT");
  rmSync(folder, { recursive: true });
}
