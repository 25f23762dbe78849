import { cpus, loadavg, platform, release } from "node:os";
import type { Environment } from "./result.ts";

/** The machine and moment of a run; call `finish` at its end. */
export function startEnvironment(): { finish(python?: Readonly<Record<string, string>>): Environment } {
  const date = new Date().toISOString();
  const [loadBefore = Number.NaN] = loadavg();
  return {
    finish: (python) => ({
      date,
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      nCpus: cpus().length,
      node: process.version,
      v8: process.versions.v8,
      platform: `${platform()} ${release()} ${process.arch}`,
      ...(python === undefined ? {} : { python }),
      loadBefore,
      loadAfter: loadavg()[0] ?? Number.NaN,
    }),
  };
}
