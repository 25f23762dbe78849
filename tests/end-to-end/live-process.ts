import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const command = join(import.meta.dirname, "../../packages/cli/bin/attune.mjs");

export interface LiveEnded {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MOST_SECONDS = 40;

/** One running `attune …` whose keyboard, signals and output a test has in its hands. */
export class LiveProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<LiveEnded>;
  stdout = "";
  stderr = "";
  readonly #waiting = new Set<() => void>();

  constructor(program: string, args: readonly string[], folder: string) {
    this.child = spawn(program, [...args], { cwd: folder, env: { ...process.env, CI: "true" } });
    this.child.stdin.on("error", () => {});
    this.child.stdout.setEncoding("utf8").on("data", (part: string) => {
      this.stdout += part;
      for (const wake of this.#waiting) wake();
    });
    this.child.stderr.setEncoding("utf8").on("data", (part: string) => {
      this.stderr += part;
      for (const wake of this.#waiting) wake();
    });
    this.ended = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (code, signal) => {
        for (const wake of this.#waiting) wake();
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** Resolves when what it has printed satisfies; fails when it ends or takes too long without. */
  async until(satisfied: (printed: LiveProcess) => boolean, what: string): Promise<void> {
    const limit = Date.now() + MOST_SECONDS * 1000;
    while (!satisfied(this)) {
      const hasEnded = this.child.exitCode !== null || this.child.signalCode !== null;
      if (hasEnded || Date.now() > limit)
        throw new Error(`${what} did not come.\nstdout: ${this.stdout.slice(-2000)}\nstderr: ${this.stderr}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 200);
        this.#waiting.add(wake);
      });
    }
  }

  says(pattern: RegExp): Promise<void> {
    return this.until(({ stderr }) => pattern.test(stderr), String(pattern));
  }

  prints(pattern: RegExp): Promise<void> {
    return this.until(({ stdout }) => pattern.test(stdout), String(pattern));
  }

  /** A line on its standard input. */
  type(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }
}

/** A folder with session files, and the processes that were started in it. */
export class LiveBench {
  readonly folder = mkdtempSync(join(tmpdir(), "attune-live-"));
  readonly #running: LiveProcess[] = [];

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  write(name: string, text: string): string {
    writeFileSync(this.path(name), text);
    return name;
  }

  attune(...args: string[]): LiveProcess {
    return this.run(process.execPath, [command, ...args]);
  }

  run(program: string, args: readonly string[]): LiveProcess {
    const started = new LiveProcess(program, args, this.folder);
    this.#running.push(started);
    return started;
  }

  async remove(): Promise<void> {
    for (const { child } of this.#running) child.kill("SIGKILL");
    await Promise.allSettled(this.#running.map(({ ended }) => ended));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const attuneCommand = command;

/** A session with the simulated dyad. @param more lines of YAML */
export const simulatedSession = (session: string, more = ""): string => `
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
recording: { folder: rec-${session} }
${more}
`;
