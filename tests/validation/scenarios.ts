import type { SimulatedPerson, SimulationOptions } from "@attune/device-simulated";
import type { StudyResult } from "@attune/study";
import { studySimulatedDyad, validationSettings } from "./simulated-study.ts";

/** One row of p-values per dyad: each condition, direction and band, and the contrasts between conditions. */
export interface FalseAlarmScenario {
  readonly name: string;
  readonly what: string;
  readonly persons: readonly SimulatedPerson[];
}

const adult: SimulatedPerson = { id: "adult", role: "adult" };
const infant: SimulatedPerson = { id: "infant", role: "infant" };

export const falseAlarmScenarios: readonly FalseAlarmScenario[] = [
  { name: "plain", what: "no coupling", persons: [adult, infant] },
  {
    name: "peakedness",
    what: "no coupling; the adult's rhythm sharply peaked (pole radius .98), the infant's flat (.90)",
    persons: [
      { ...adult, poleRadius: 0.98 },
      { ...infant, poleRadius: 0.9 },
    ],
  },
  {
    name: "power",
    what: "no coupling; under direct gaze the adult's power doubles and the infant's rhythm sharpens",
    persons: [
      { ...adult, underAdultGaze: { direct: { gain: Math.SQRT2 } } },
      { ...infant, underAdultGaze: { direct: { poleRadius: 0.98 } } },
    ],
  },
];

const clean = { lossesPerMinute: 0.2, artefactsPerMinute: 0.5 };

export const uncoupledDyad = ({ persons }: FalseAlarmScenario, seed: number): SimulationOptions => ({
  seed,
  durationSeconds: 180,
  persons: persons.map((person) => ({ ...person, device: clean })),
  coupling: [],
});

export interface PValue {
  readonly test: string;
  readonly p: number;
}

/** p-values of every test on one uncoupled dyad. */
export async function pValuesOf(
  scenario: FalseAlarmScenario,
  seed: number,
  nSurrogates: number,
): Promise<PValue[]> {
  const result = await studySimulatedDyad(uncoupledDyad(scenario, seed), validationSettings(nSurrogates));
  return collectP(result);
}

export function collectP(result: StudyResult): PValue[] {
  const values: PValue[] = [];
  for (const { condition, directions, nulls } of result.conditions) {
    for (const { from, to, band, p } of directions)
      values.push({ test: `${condition} ${from}->${to} ${band}`, p });
    const shuffle = nulls.find(({ id }) => id === "blockShuffle");
    for (const { from, to, band, p } of shuffle?.directions ?? []) {
      values.push({ test: `${condition} ${from}->${to} ${band} (blockShuffle)`, p });
    }
  }
  for (const { conditionA, conditionB, from, to, band, p } of result.contrasts) {
    values.push({ test: `${conditionA} - ${conditionB} ${from}->${to} ${band}`, p });
  }
  return values;
}

/** The dyad of the power analysis: weak coupling one way, under direct gaze only. */
export const coupledDyad = (seed: number, strength: number): SimulationOptions => ({
  seed,
  durationSeconds: 240,
  persons: [
    { ...adult, device: clean },
    { ...infant, device: clean },
  ],
  coupling: [{ from: "adult", to: "infant", strength, gazeState: "direct" }],
});

/** Both heads follow songs that are repeated; nobody follows the other. */
export const commonDrive = (seed: number, coupling: number): SimulationOptions => ({
  seed,
  durationSeconds: 360,
  // Quiet heads: what the song adds must stay below the amplitude limit.
  persons: [
    { ...adult, rmsMicrovolts: 5, device: clean },
    { ...infant, rmsMicrovolts: 7, device: clean },
  ],
  coupling: coupling > 0 ? [{ from: "adult", to: "infant", strength: coupling }] : [],
  stimulus: {
    strength: 1,
    latencySeconds: { adult: 0.05, infant: 0.06 },
    songs: [{ name: "song-1", durationSeconds: 28 }],
    pauseSeconds: 2,
  },
});
