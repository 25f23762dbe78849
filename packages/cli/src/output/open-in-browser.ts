import open from "open";
import { remark } from "./write.ts";

const PATIENCE_MS = 1500;

/**
 * Shows an address in the browser, where there is one. A failure is said and changes nothing.
 *
 * Tried on Linux only; Windows and macOS go through the same package, which starts their own opener.
 */
export async function openInBrowser(address: string): Promise<void> {
  try {
    const opener = await open(address);
    let patience: NodeJS.Timeout | undefined;
    const problem = await new Promise<string | undefined>((resolve) => {
      opener.once("error", ({ message }) => resolve(message));
      opener.once("exit", (code) => resolve(code === 0 ? undefined : `the opener ended with ${code}`));
      // The opener itself keeps no program alive: until it is known, this does.
      patience = setTimeout(() => resolve(undefined), PATIENCE_MS);
    });
    clearTimeout(patience);
    opener.unref();
    if (problem !== undefined) remark(`The browser did not open (${problem}): open ${address} by hand.`);
  } catch (error) {
    remark(`The browser did not open (${(error as Error).message}): open ${address} by hand.`);
  }
}
