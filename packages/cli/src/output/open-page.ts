import { openInBrowser } from "./open-in-browser.ts";

/** Shows a page or a file in the browser where somebody sits in front of one: not in a pipe, not in CI, not without a screen. */
export async function openPage(target: string): Promise<void> {
  const noScreen = process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  if (process.stdout.isTTY !== true || process.env.CI || noScreen) return;
  await openInBrowser(target);
}
