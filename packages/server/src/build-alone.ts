import { mkdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtPage } from "@attune/dashboard";

/** Nobody builds for longer: the lock was left by a process that was killed. */
const STALE_MILLISECONDS = 60_000;
const LOOK_AGAIN_MILLISECONDS = 100;
const lock = join(tmpdir(), "attune-page-build");

/** The folder of the built page. Several sessions that start together do not build over one another. */
export async function buildAlone(): Promise<string> {
  while (!(await tryLock())) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MILLISECONDS));
  try {
    return await builtPage();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function tryLock(): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const since = await stat(lock).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - since > STALE_MILLISECONDS) await rm(lock, { recursive: true, force: true });
    return false;
  }
}
