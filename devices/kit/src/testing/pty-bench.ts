import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SampleChunk } from "@attune/signal";
import { filter, firstValueFrom, scan, timeout } from "rxjs";
import type { Device } from "../device.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { BoardSimulator } from "../simulate/board-simulator.ts";
import { servePty } from "../simulate/serve-pty.ts";

const PATIENCE_MILLISECONDS = 8000;

/**
 * Whether this machine has `socat`, which makes the pseudo-terminals.
 * @throws Error where it is missing and must not be, in continuous integration (`CI=true`)
 */
export function hasSocat(): boolean {
  const found = spawnSync("socat", ["-V"], { stdio: "ignore" }).status === 0;
  if (!found && process.env.CI === "true") throw new Error("socat is missing, and CI needs it");
  return found;
}

/** A device on a real serial port, in real time. */
export interface PtyBench {
  readonly device: Device;
  /** The chunks from now on until they hold so many samples. */
  samples(n: number): Promise<SampleChunk[]>;
  /** Pull the plug, wait until the device has noticed, plug it in again, and wait until it streams. */
  replug(): Promise<void>;
  close(): Promise<void>;
}

/** @param makeDevice makes the device on a port of this path */
export async function onPty(
  simulator: BoardSimulator,
  makeDevice: (path: string) => Device,
): Promise<PtyBench> {
  const folder = mkdtempSync(join(tmpdir(), "attune-port-"));
  const served = await servePty({ simulator, link: join(folder, "port") });
  const device = makeDevice(served.path);
  const reaches = (state: Lifecycle) =>
    firstValueFrom(
      device.lifecycle.pipe(
        filter((now) => now === state),
        timeout(PATIENCE_MILLISECONDS),
      ),
    );
  return {
    device,
    samples: (n) =>
      firstValueFrom(
        device.output.pipe(
          filter((output): output is SampleChunk => output.kind === "samples"),
          scan((all, chunk) => [...all, chunk], [] as SampleChunk[]),
          filter((all) => all.reduce((sum, chunk) => sum + chunk.nSamples, 0) >= n),
          timeout(PATIENCE_MILLISECONDS),
        ),
      ),
    async replug() {
      served.unplug();
      await reaches("reconnecting");
      await served.replug();
      await reaches("streaming");
    },
    async close() {
      await device.close();
      await served.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
