import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";

/** Two pseudo-terminals joined back to back: what is written to one is read from the other. */
export interface PtyPair {
  /** For the host's serial transport. */
  readonly host: string;
  /** For the simulated board. */
  readonly device: string;
  /** Both ends vanish, as a USB adapter does when it is pulled. */
  unplug(): void;
  close(): Promise<void>;
}

const haveSocat = spawnSync("socat", ["-V"], { stdio: "ignore" }).status === 0;
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A `describe` that needs pseudo-terminals: skipped aloud on a machine without socat, a failure in CI. */
export function describeWithPty(name: string, body: () => void): void {
  if (!haveSocat && process.env.CI === "true") throw new Error(`${name}: socat is missing, and CI needs it`);
  describe.skipIf(!haveSocat)(haveSocat ? name : `${name} (skipped: socat is not installed)`, body);
}

/** @throws Error when socat is missing or does not make the pair within 5 s */
export async function openPty(): Promise<PtyPair> {
  const folder = mkdtempSync(join(tmpdir(), "attune-pty-"));
  const host = join(folder, "host");
  const device = join(folder, "device");
  const socat = spawn("socat", [`pty,rawer,link=${host}`, `pty,rawer,link=${device}`], { stdio: "ignore" });
  running.add(socat);
  let failure: Error | undefined;
  socat.on("error", (error) => {
    failure = error;
  });
  const ended = new Promise<void>((resolve) => {
    socat.once("close", () => resolve());
    socat.once("error", () => resolve());
  });
  for (let waited = 0; !(existsSync(host) && existsSync(device)); waited += 5) {
    if (failure || waited > 5000) {
      socat.kill("SIGKILL");
      throw failure ?? new Error("socat made no pseudo-terminals within 5 s");
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  // socat ends when the last user of an end closes it; while these stay open the host may close and open again.
  const keepers = [host, device].map((path) =>
    openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK),
  );
  const unplug = (): void => {
    for (const keeper of keepers.splice(0)) closeSync(keeper);
    socat.kill("SIGKILL");
    for (const path of [host, device]) rmSync(path, { force: true });
  };
  return {
    host,
    device,
    unplug,
    async close() {
      unplug();
      await ended;
      running.delete(socat);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
