import open from "open";
import { remark } from "../output/write.ts";

const PATIENCE_MS = 1500;

/**
 * Shows a file in the browser where somebody sits in front of one. A failure is said and changes nothing.
 *
 * Tried on Linux only; Windows and macOS go through the same package, which starts their own opener.
 */
export async function openReport(path: string): Promise<void> {
  const noScreen = process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  if (process.stdout.isTTY !== true || process.env.CI || noScreen) return;
  try {
    const opener = await open(path);
    const problem = await new Promise<string | undefined>((resolve) => {
      opener.once("error", ({ message }) => resolve(message));
      opener.once("exit", (code) => resolve(code === 0 ? undefined : `the opener ended with ${code}`));
      setTimeout(() => resolve(undefined), PATIENCE_MS).unref();
    });
    opener.unref();
    if (problem !== undefined) remark(`The browser did not open (${problem}): open the report by hand.`);
  } catch (error) {
    remark(`The browser did not open (${(error as Error).message}): open the report by hand.`);
  }
}
