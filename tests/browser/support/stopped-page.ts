import type { Browser } from "playwright-core";

/** Pages that do not read, as a laptop that is closed or a debugger that is open. */
export interface StoppedPages {
  /** Lets them go on. */
  resume(): void;
}

/** Stops every renderer of a browser. They must be resumed before the browser is closed. */
export async function stopPages(browser: Browser): Promise<StoppedPages> {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  await devtools.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  if (renderers.length === 0) throw new Error("the browser has no renderer to be stopped");
  const signal = (name: NodeJS.Signals): void => {
    for (const id of renderers) process.kill(id, name);
  };
  signal("SIGSTOP");
  return { resume: () => signal("SIGCONT") };
}
