import {
  collectP,
  commonDrive,
  coupledDyad,
  falseAlarmScenarios,
  type PValue,
  pValuesOf,
} from "./scenarios.ts";
import { studySimulatedDyad, validationSettings } from "./simulated-study.ts";

/** One simulated dyad to analyse; plain data, so that it can be handed to another process. */
export type Task =
  | {
      readonly kind: "false-alarm";
      readonly scenario: string;
      readonly seed: number;
      readonly nSurrogates: number;
    }
  | { readonly kind: "power"; readonly strength: number; readonly seed: number; readonly nSurrogates: number }
  | {
      readonly kind: "common-drive";
      readonly strength: number;
      readonly seed: number;
      readonly nSurrogates: number;
    };

export interface TaskResult {
  readonly task: Task;
  readonly values: readonly PValue[];
  /** Severities of the verdicts that speak of a shared stimulus. */
  readonly stimulusVerdicts: readonly string[];
}

export async function runTask(task: Task): Promise<TaskResult> {
  if (task.kind === "false-alarm") {
    const scenario = falseAlarmScenarios.find(({ name }) => name === task.scenario)!;
    return { task, values: await pValuesOf(scenario, task.seed, task.nSurrogates), stimulusVerdicts: [] };
  }
  if (task.kind === "power") {
    const result = await studySimulatedDyad(
      coupledDyad(task.seed, task.strength),
      validationSettings(task.nSurrogates),
    );
    return { task, values: collectP(result), stimulusVerdicts: [] };
  }
  const settings = validationSettings(task.nSurrogates, {
    nulls: ["residualShuffle", "blockShuffle", "repetitionSwap"],
  });
  const result = await studySimulatedDyad(commonDrive(task.seed, task.strength), settings);
  const swapped = result.conditions.flatMap(({ condition, nulls }) =>
    nulls
      .filter(({ id }) => id === "repetitionSwap")
      .flatMap(({ directions }) =>
        directions.map(({ from, to, band, p }) => ({
          test: `${condition} ${from}->${to} ${band} (repetitionSwap)`,
          p,
        })),
      ),
  );
  const stimulusVerdicts = result.verdicts
    .filter(({ text }) => /stimulus/.test(text))
    .map(({ severity }) => severity);
  return { task, values: [...collectP(result), ...swapped], stimulusVerdicts };
}
