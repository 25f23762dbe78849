import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = join(import.meta.dirname, "../../cli/bin/attune.mjs");

export interface Running {
  readonly ended: Promise<number | null>;
  readonly child: ChildProcess;
  stdout: string;
  stderr: string;
  /** Resolves with the match as soon as it was said. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

/** A folder with the session file of a simulated dyad, and `attune` as a person in that folder runs it. */
export class AttuneBench {
  readonly folder = mkdtempSync(join(tmpdir(), "attune-page-"));
  readonly #running: ChildProcess[] = [];

  /** @param session name of the session, and of its file */
  writeSession(session: string): void {
    writeFileSync(
      join(this.folder, `${session}.yaml`),
      `
session: ${session}
people:
  - { id: adult, role: adult }
  - { id: infant, role: infant }
devices:
  dyad: { kind: simulated, seed: 3, coupling: 0.2, artefactsPerMinute: 0, lossesPerMinute: 0 }
streams:
  - { person: adult, signal: eeg, device: dyad, stream: dyad/adult-eeg }
  - { person: infant, signal: eeg, device: dyad, stream: dyad/infant-eeg }
coding:
  layers:
    - { person: infant, layer: voice, states: { voicing: v, silent: s } }
phases:
  - { name: free-play, plannedSeconds: 150 }
`,
    );
  }

  attune(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: this.folder,
      env: { ...process.env, ...environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#running.push(child);
    const result: Running = {
      child,
      stdout: "",
      stderr: "",
      ended: new Promise((resolve) => child.once("close", resolve)),
      says: async (pattern) => {
        for (let n = 0; n < 1200 && child.exitCode === null; n++) {
          const found = pattern.exec(result.stderr);
          if (found !== null) return found;
          await new Promise((resolve) => setTimeout(resolve, 25));
        }
        throw new Error(`${pattern} was not said:\n${result.stderr}`);
      },
    };
    child.stdout!.setEncoding("utf8").on("data", (part: string) => {
      result.stdout += part;
    });
    child.stderr!.setEncoding("utf8").on("data", (part: string) => {
      result.stderr += part;
    });
    return result;
  }

  remove(): void {
    for (const child of this.#running) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
