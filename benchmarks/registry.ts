import type { KernelBenchmark } from "./harness/compare.ts";
import type { PythonPeers } from "./harness/python.ts";
import { blockShuffleKernel } from "./kernels/block-shuffle.ts";
import { circularShiftKernel } from "./kernels/circular-shift.ts";
import { filterKernel } from "./kernels/filter.ts";
import { multivariateKernel } from "./kernels/multivariate.ts";
import { pairsKernel } from "./kernels/pairs.ts";
import { circularCorrelationKernel, plvKernel, wpliKernel } from "./kernels/phase.ts";
import { phaseKernel } from "./kernels/phase-matrix.ts";
import { rPeakKernel } from "./kernels/r-peaks.ts";
import { residualShuffleKernel } from "./kernels/residual-shuffle.ts";
import { windowKernel } from "./kernels/window.ts";
import { windowFitKernel } from "./kernels/window-fit.ts";
import { windowSlidingKernel } from "./kernels/window-sliding.ts";

export type MakeKernel = (python: PythonPeers | string) => Promise<KernelBenchmark>;

/** Kernels against rivals, in the order of the design's table. */
export const kernels: Readonly<Record<string, MakeKernel>> = {
  window: (python) => windowKernel(python, "broad"),
  "window-peaked": (python) => windowKernel(python, "peaked"),
  "window-fit": windowFitKernel,
  "window-sliding": windowSlidingKernel,
  "pairs-16": (python) => pairsKernel(python, 16),
  "pairs-32": (python) => pairsKernel(python, 32),
  "multivariate-32": (python) => multivariateKernel(python, 32),
  "multivariate-64": (python) => multivariateKernel(python, 64),
  filter: filterKernel,
  plv: (python) => phaseKernel(python, plvKernel),
  "circular-correlation": (python) => phaseKernel(python, circularCorrelationKernel),
  wpli: (python) => phaseKernel(python, wpliKernel),
  "block-shuffle": blockShuffleKernel,
  "residual-shuffle": residualShuffleKernel,
  "circular-shift": circularShiftKernel,
  "r-peaks": rPeakKernel,
};

/** Benchmarks of the whole, each a module of its own process. */
export const wholes: Readonly<Record<string, string>> = {
  replay: "./pipeline/replay.ts",
  latency: "./latency/live.ts",
  "day-of-hearts": "./pipeline/day-of-hearts.ts",
  "live-session": "./latency/live-session.ts",
  lsl: "./lsl/run.ts",
  frames: "./browser/frames.ts",
  "slow-page": "./latency/slow-page.ts",
};
