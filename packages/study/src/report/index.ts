/** The report of one study: `renderReport(result)` gives one HTML document that needs nothing else. */

export { renderReport } from "./render-report.ts";
