import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe } from "vitest";

/**
 * Reference vectors and real recordings lie beside the project, never inside it. `ATTUNE_SHARED` names another
 * place for them.
 */
const sharedFolder = resolve(process.env.ATTUNE_SHARED ?? join(import.meta.dirname, "../../../shared"));

export const sharedPath = (...parts: string[]): string => join(sharedFolder, ...parts);

export const readSharedJson = (...parts: string[]) => JSON.parse(readFileSync(sharedPath(...parts), "utf8"));

/**
 * A `describe` that needs the shared folder: skipped aloud on a machine without it, a failure in CI.
 */
export function describeWithShared(name: string, body: () => void): void {
  const present = existsSync(sharedPath("golden"));
  if (!present && process.env.CI === "true")
    throw new Error(`${name}: ${sharedFolder} is missing, and CI needs it`);
  describe.skipIf(!present)(present ? name : `${name} (skipped: no reference data at ${sharedFolder})`, body);
}
