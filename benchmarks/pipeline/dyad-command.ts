import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../packages/cli/bin/attune.mjs", import.meta.url));
const REPORT_MEMORY = fileURLToPath(new URL("./report-memory.mjs", import.meta.url));

/** What the whole command took, as a person runs it. */
export interface CommandReport {
  readonly wallSeconds: number;
  readonly peakMegabytes: number;
}

/** `attune dyad PATH --out FOLDER` in a process of its own, from the start of Node to its end. */
export function dyadCommand(path: string, out: string): Promise<CommandReport> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      "--import",
      REPORT_MEMORY,
      PROGRAM,
      "dyad",
      path,
      "--adult-ecg",
      "ECG",
      "--infant-ecg",
      "ECG",
      "--out",
      out,
    ],
    { stdio: ["ignore", "ignore", "inherit", "ipc"] },
  );
  return new Promise((resolve, reject) => {
    let peakMegabytes: number | undefined;
    child.on("message", (message) => {
      peakMegabytes = message as number;
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code !== 0 || peakMegabytes === undefined)
        reject(new Error(`attune dyad ended with ${code} and no report of its memory.`));
      else resolve({ wallSeconds: (performance.now() - started) / 1000, peakMegabytes });
    });
  });
}
