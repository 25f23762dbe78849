import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Contender, representativeSeconds } from "./contender.ts";

const SCRIPT = fileURLToPath(new URL("../peers/numpy_peers.py", import.meta.url));
/** One thread for everybody; and no setting that would choose kernels for another processor. */
const THREADS = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"];
const FORBIDDEN = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];

export interface PythonCase {
  readonly name: string;
  readonly note: string;
  /** Key of `CASES` in numpy_peers.py. */
  readonly case: string;
  readonly inputs: readonly { readonly data: Float64Array; readonly shape: readonly number[] }[];
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Part of the piece of work that one piece of the Python case is. Default 1. */
  readonly part?: number;
}

/** A Python process that holds the rivals; it sleeps while others are timed. */
export class PythonPeers {
  readonly versions: Readonly<Record<string, string>>;
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #folder: string;
  #nFiles = 0;

  private constructor(
    child: ChildProcess,
    answers: AsyncIterator<string>,
    folder: string,
    versions: Readonly<Record<string, string>>,
  ) {
    this.#child = child;
    this.#answers = answers;
    this.#folder = folder;
    this.versions = versions;
  }

  /** Starts python3, or says why there is none with NumPy. */
  static async start(): Promise<PythonPeers | string> {
    const env: NodeJS.ProcessEnv = { ...process.env };
    for (const name of THREADS) env[name] = "1";
    for (const name of FORBIDDEN) delete env[name];
    const child = spawn("python3", [SCRIPT], { env, stdio: ["pipe", "pipe", "pipe"] });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint += text;
    });
    const failed = new Promise<undefined>((resolve) => child.on("error", () => resolve(undefined)));
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await Promise.race([answers.next(), failed]);
    if (first === undefined) return "there is no python3 on this machine";
    if (first.done) return `python3 could not load the rivals (${complaint.trim().split("\n").at(-1)})`;
    const { versions } = JSON.parse(first.value) as { versions: Record<string, string> };
    return new PythonPeers(child, answers, await mkdtemp(join(tmpdir(), "attune-bench-")), versions);
  }

  async contender({
    name,
    note,
    case: key,
    inputs,
    parameters = {},
    part = 1,
  }: PythonCase): Promise<Contender> {
    const files = await Promise.all(
      inputs.map(async ({ data, shape }) => {
        const path = this.#nextPath();
        await writeFile(path, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
        return { path, shape };
      }),
    );
    const loaded = await this.#ask<{ case: number }>({ do: "load", case: key, inputs: files, parameters });
    return {
      name,
      note,
      result: async () => {
        const path = this.#nextPath();
        await this.#ask({ do: "result", case: loaded.case, path });
        const bytes = await readFile(path);
        return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
      },
      measure: async ({ milliseconds, isFirst }) => {
        const { runs, processor, pieces } = await this.#ask<{
          runs: number[];
          processor: number;
          pieces: number;
        }>({
          do: "measure",
          case: loaded.case,
          milliseconds,
          isFirst,
        });
        const wall = Float64Array.from(runs);
        return {
          samples: wall.map((seconds) => seconds / pieces / part),
          seconds: representativeSeconds(wall, processor) / pieces / part,
        };
      },
    };
  }

  async stop(): Promise<void> {
    this.#child.stdin?.end();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #nextPath(): string {
    return join(this.#folder, `${this.#nFiles++}.f64`);
  }

  async #ask<T>(request: Readonly<Record<string, unknown>>): Promise<T> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    const answer = await this.#answers.next();
    if (answer.done) throw new Error("The Python rivals stopped without an answer.");
    const parsed = JSON.parse(answer.value) as T & { error?: string };
    if (parsed.error !== undefined) throw new Error(`The Python rivals failed: ${parsed.error}`);
    return parsed;
  }
}

/** The rivals that Python can give, and for those that it cannot the reason. */
export interface PythonRivals {
  readonly contenders: readonly Contender[];
  readonly skipped: readonly { readonly peer: string; readonly reason: string }[];
}

/** Asks for several rivals at once; `needs` is the package besides NumPy. */
export async function pythonRivals(
  python: PythonPeers | string,
  cases: readonly (PythonCase & { readonly needs?: "scipy" | "scot" })[],
): Promise<PythonRivals> {
  const contenders: Contender[] = [];
  const skipped: { peer: string; reason: string }[] = [];
  for (const each of cases) {
    if (typeof python === "string") skipped.push({ peer: each.name, reason: python });
    else if (each.needs !== undefined && python.versions[each.needs] === undefined)
      skipped.push({ peer: each.name, reason: `python3 here has no ${each.needs}` });
    else contenders.push(await python.contender(each));
  }
  return { contenders, skipped };
}
