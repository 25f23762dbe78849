import { openPage } from "../output/open-page.ts";

/** Shows a report where there is a screen. A failure is said and changes nothing. */
export const openReport = (path: string): Promise<void> => openPage(path);
