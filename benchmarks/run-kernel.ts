import { compare } from "./harness/compare.ts";
import { startEnvironment } from "./harness/environment.ts";
import { PythonPeers } from "./harness/python.ts";
import type { BenchmarkResult, TargetResult } from "./harness/result.ts";
import { writeResult } from "./harness/store.ts";
import { kernels } from "./registry.ts";

const N_ROUNDS = 7;

/** One kernel in a process of its own, so that no other benchmark has shaped its compiled code. */
const [name = ""] = process.argv.slice(2);
const make = kernels[name];
if (make === undefined) throw new Error(`There is no kernel "${name}".`);
const environment = startEnvironment();
const python = await PythonPeers.start();
try {
  const benchmark = await make(python);
  const { work, unit, title, skipped, anchors, targets } = benchmark;
  const { contenders, ratios, agreement, checksum } = await compare(benchmark, N_ROUNDS);
  const result: BenchmarkResult = {
    name,
    title,
    environment: environment.finish(typeof python === "string" ? undefined : python.versions),
    kernel: { work, unit, nRounds: N_ROUNDS, contenders, ratios, agreement, checksum },
    targets: targets.map(({ text, peer, atLeast }): TargetResult => {
      const measured = ratios.find((ratio) => ratio.peer === peer)?.median;
      return measured === undefined || atLeast === undefined
        ? { text }
        : { text, measured, isMet: measured >= atLeast };
    }),
    designTextAnchors: anchors,
    skipped,
  };
  await writeResult(result);
} finally {
  if (typeof python !== "string") await python.stop();
}
