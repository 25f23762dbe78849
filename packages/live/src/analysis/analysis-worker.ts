import { parentPort, workerData } from "node:worker_threads";
import { runSession, type SessionSettings } from "@attune/pipeline";
import type { Coupling, HeartOutput, SessionInput } from "@attune/signal";
import { Subject } from "rxjs";
import type { AnalysisReply, AnalysisTask, WindowVerdict } from "./messages.ts";
import { verdictOf } from "./verdict.ts";
import { warmUp } from "./warm-up.ts";

/** The pipeline of a live session in a thread of its own, so that no estimate ever delays a sample on its way to the disk. */
const port = parentPort!;
const settings = workerData as SessionSettings;
warmUp(settings);

let couplings: Coupling[] = [];
let windows: WindowVerdict[] = [];
let hearts: HeartOutput[] = [];
let failed = false;
const inputs = new Subject<SessionInput>();
runSession(inputs, settings).subscribe({
  next: (output) => {
    if (output.kind === "coupling") couplings.push(output);
    else if (output.kind === "accepted" || output.kind === "rejected") windows.push(verdictOf(output));
    else if (output.kind !== "aligned") hearts.push(output);
  },
  error: (error: unknown) => {
    failed = true;
    reply({
      sequence: -1,
      couplings,
      windows,
      hearts,
      error: error instanceof Error ? error.message : String(error),
    });
  },
});

port.on("message", ({ inputs: batch, sequence, isLast = false }: AnalysisTask) => {
  if (failed) return;
  for (const input of batch) inputs.next(input);
  if (isLast) inputs.complete();
  reply({ sequence, couplings, windows, hearts });
  couplings = [];
  windows = [];
  hearts = [];
});
reply({ sequence: 0, couplings: [], windows: [], hearts: [] });

function reply(message: AnalysisReply): void {
  port.postMessage(message);
}
