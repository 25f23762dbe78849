import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SimulationOptions, simulateDyad, simulateDyadMatrix } from "@attune/device-simulated";

const command = join(import.meta.dirname, "../../packages/cli/bin/attune.mjs");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  readonly environment?: Record<string, string>;
  /** False: the reader of stdout has gone, as behind `| head`. */
  readonly reads?: boolean;
}

/** A new folder, and attune as a person in that folder runs it: a process of its own, nothing on a terminal. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), "attune-end-to-end-"));

  /** @param args a line as typed (words without spaces), or the arguments themselves */
  attune(
    args: string | readonly string[],
    { environment = {}, reads = true }: Surroundings = {},
  ): Promise<Ended> {
    const list = typeof args === "string" ? args.split(" ").filter((word) => word !== "") : args;
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [command, ...list], {
        cwd: this.folder,
        env: { ...process.env, CI: "true", ...environment },
        stdio: ["ignore", "pipe", "pipe"],
      });
      if (!reads) child.stdout.destroy();
      const text = { stdout: "", stderr: "" };
      child.stdout.setEncoding("utf8").on("data", (part: string) => {
        text.stdout += part;
      });
      child.stderr.setEncoding("utf8").on("data", (part: string) => {
        text.stderr += part;
      });
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, ...text }));
    });
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  write(name: string, text: string | Uint8Array): void {
    writeFileSync(this.path(name), text);
  }

  /** A simulated dyad as `NAME.csv` (columns A3 A4 I3 I4 at 200 Hz) and its coded gaze as `NAME.tsv`. */
  writeTable(name: string, options: SimulationOptions): void {
    const { data, nChannels, nSamples } = simulateDyadMatrix(options);
    const rows = ["A3,A4,I3,I4"];
    for (let n = 0; n < nSamples; n++) {
      const cells = Array.from({ length: nChannels }, (_, c) => data[c * nSamples + n]!.toFixed(4));
      rows.push(cells.join(","));
    }
    this.write(`${name}.csv`, `${rows.join("\n")}\n`);
    const states = simulateDyad(options).states.map(({ onset, duration, person, layer, state }) =>
      [onset, duration, person, layer, state].join("\t"),
    );
    this.write(`${name}.tsv`, `onset\tduration\tperson\tlayer\tstate\n${states.join("\n")}\n`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
