import { openInBrowser } from "./open-in-browser.ts";

/** Whether somebody sits in front of a screen: not in a pipe, not in CI, not on a server. */
export function hasScreen(): boolean {
  const noScreen = process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  return process.stdout.isTTY === true && !process.env.CI && !noScreen;
}

/** Shows a page or a file in the browser where somebody can see it. */
export async function openPage(target: string): Promise<void> {
  if (hasScreen()) await openInBrowser(target);
}
