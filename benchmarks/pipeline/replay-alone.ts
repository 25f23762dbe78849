import { runSession } from "@attune/pipeline";
import { openRecording } from "@attune/recording";
import { analyseRecording, play, profileNamed } from "@attune/study";
import { FOUR_CHANNELS, LIVE, sessionSettings } from "./settings.ts";

/** What one replay in a process of its own found out about itself. */
export interface ReplayReport {
  readonly openSeconds: number;
  readonly playSeconds: number;
  readonly dataSeconds: number;
  /** Processor time of the whole process, its garbage collector and compiler included, from opening to the end. */
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
  readonly nAligned: number;
  readonly nWindows: number;
  readonly nAccepted: number;
  readonly nCouplings: number;
}

/** What the whole study of a file cost: pipeline and statistics. */
export interface StudyReport {
  /** Processor time of all threads of the process. */
  readonly processorSeconds: number;
  readonly testingProcessorSeconds: number;
  readonly peakMegabytes: number;
  readonly nConditions: number;
}

const [task, path = "", nPerHead] = process.argv.slice(2);
const channels = nPerHead === "4" ? FOUR_CHANNELS : undefined;
process.send?.(task === "study" ? await study() : await replay());

async function replay(): Promise<ReplayReport> {
  const started = performance.now();
  const usedBefore = process.cpuUsage();
  const recording = await openRecording(path);
  if (recording.kind !== "continuous") throw new Error(`${path} has no time axis.`);
  const settings = sessionSettings(recording.streams, channels === undefined ? {} : { channels });
  const opened = performance.now();
  const counts = { nAligned: 0, nWindows: 0, nAccepted: 0, nCouplings: 0 };
  const inputs = play(recording.play({ alignment: "causal" }));
  await new Promise<void>((resolve, reject) => {
    runSession(inputs, settings).subscribe({
      next: (output) => {
        if (output.kind === "aligned") counts.nAligned++;
        else if (output.kind === "coupling") counts.nCouplings++;
        else {
          counts.nWindows++;
          if (output.kind === "accepted") counts.nAccepted++;
        }
      },
      error: reject,
      complete: resolve,
    });
  });
  const done = performance.now();
  await recording.close();
  return {
    openSeconds: (opened - started) / 1000,
    playSeconds: (done - opened) / 1000,
    dataSeconds: recording.durationSeconds,
    processorSeconds: secondsOf(process.cpuUsage(usedBefore)),
    peakMegabytes: peakMegabytes(),
    ...counts,
  };
}

async function study(): Promise<StudyReport> {
  const { settings } = profileNamed("recommended");
  let usedReading = process.cpuUsage();
  const result = await analyseRecording({
    path,
    people: (["adult", "infant"] as const).map((role) => ({ id: role, role })),
    profile: "recommended",
    settings,
    live: LIVE,
    onProgress: ({ step }) => {
      if (step === "reading") usedReading = process.cpuUsage();
    },
  });
  return {
    processorSeconds: secondsOf(process.cpuUsage()),
    testingProcessorSeconds: secondsOf(process.cpuUsage(usedReading)),
    peakMegabytes: peakMegabytes(),
    nConditions: result.conditions.length,
  };
}

function secondsOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e6;
}

/** Largest resident memory of this process so far; Node gives kilobytes on every platform. */
function peakMegabytes(): number {
  return process.resourceUsage().maxRSS / 1024;
}
