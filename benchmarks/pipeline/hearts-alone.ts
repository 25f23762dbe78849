import { openRecording } from "@attune/recording";
import { analyseOpenDyad, writeDyad } from "@attune/study";
import { generatedHearts } from "./write-hearts.ts";

/** What one analysis in a process of its own found out about itself. */
export interface HeartsReport {
  readonly wallSeconds: number;
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
  /** Peak memory when the recording had been opened and nothing was analysed yet. */
  readonly peakMegabytesOpen: number;
  /** Peak memory when the analysis was done and nothing was written yet. */
  readonly peakMegabytesAnalysed: number;
  readonly nBeats: number;
  readonly steps: readonly { readonly step: string; readonly seconds: number }[];
}

// A path, or `generated:SECONDS` for samples that are made while they are read; and a folder for the results, or none.
const [source = "", out] = process.argv.slice(2);
const started = performance.now();
const usedBefore = process.cpuUsage();
const steps = new Map<string, number>();
let current = "opening";
let since = started;
const enter = (step: string): void => {
  const now = performance.now();
  steps.set(current, (steps.get(current) ?? 0) + (now - since) / 1000);
  current = step.split(":")[0]!;
  since = now;
};
const generated = /^generated:(\d+)$/.exec(source)?.[1];
const recording = generated === undefined ? await openRecording(source) : generatedHearts(Number(generated));
if (recording.kind !== "continuous") throw new Error(`${source} has no time axis.`);
const megabytesOpen = process.resourceUsage().maxRSS / 1024;
const result = await analyseOpenDyad(recording, {
  members: [
    { id: "adult", role: "adult", ecg: "ECG" },
    { id: "infant", role: "infant", ecg: "ECG" },
  ],
  onProgress: enter,
});
const megabytesAnalysed = process.resourceUsage().maxRSS / 1024;
if (out !== undefined) {
  enter("writing");
  await writeDyad(result, out);
}
enter("end");
const { user, system } = process.cpuUsage(usedBefore);
const report: HeartsReport = {
  wallSeconds: (performance.now() - started) / 1000,
  processorSeconds: (user + system) / 1e6,
  // Node gives kilobytes on every platform.
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
  peakMegabytesOpen: megabytesOpen,
  peakMegabytesAnalysed: megabytesAnalysed,
  nBeats: result.people.reduce((sum, { nBeats }) => sum + nBeats, 0),
  steps: [...steps].map(([step, seconds]) => ({ step, seconds })),
};
process.send?.(report);
if (process.send === undefined) console.log(report);
