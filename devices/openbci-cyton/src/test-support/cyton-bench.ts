import { type DeviceBench, misplaced, onBench } from "@attune/device-kit/testing";
import { CytonProtocol } from "../protocol.ts";
import { openbciCytonSettings } from "../settings.ts";
import { CytonSimulator, type CytonSimulatorOptions } from "../simulator.ts";

export interface CytonBench {
  readonly simulator: CytonSimulator;
  readonly bench: DeviceBench;
}

/** Sample k is k uV on every input, so that a sample names its place. */
function ramp(sampleIndex: number, out: Float64Array): void {
  out.fill(sampleIndex % 100_000, 0, 16);
  out[16] = 0;
  out[17] = 0.5;
  out[18] = -1;
}

export function cytonOnBench(options: CytonSimulatorOptions = {}, settings: object = {}): CytonBench {
  const simulator = new CytonSimulator({ signal: ramp, ...options });
  const protocol = new CytonProtocol(openbciCytonSettings.parse({ port: "memory", ...settings }));
  return { simulator, bench: onBench({ board: simulator, protocol }) };
}

/** The commands that the board was sent. */
export const written = ({ transport }: DeviceBench): string[] =>
  transport.written.map((bytes) => Buffer.from(bytes).toString("latin1"));

/** Differences between neighbours that are both there. */
export function steps(values: Float64Array): Set<number> {
  const found = new Set<number>();
  for (let n = 1; n < values.length; n++) {
    const step = Math.round(values[n]! - values[n - 1]!);
    if (!Number.isNaN(step)) found.add(step);
  }
  return found;
}

/** Samples that are misplaced; all of them where there are too few to tell. */
export const outOfPlace = (values: Float64Array, perSample = 1): number =>
  values.length > 100 ? misplaced(values, perSample) : values.length;
