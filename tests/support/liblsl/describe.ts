import { describe } from "vitest";
import { liblslPath } from "./binary.ts";

/** A `describe` that needs the real liblsl: skipped aloud on a machine without it, a failure in CI. */
export function describeWithLiblsl(name: string, body: () => void): void {
  const present = liblslPath() !== undefined;
  if (!present && process.env.CI === "true")
    throw new Error(`${name}: no liblsl for ${process.platform} ${process.arch}, and CI needs it`);
  describe.skipIf(!present)(present ? name : `${name} (skipped: no liblsl binary for this machine)`, body);
}
