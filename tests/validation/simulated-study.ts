import { type SimulationOptions, simulateDyad } from "@attune/device-simulated";
import {
  analyse,
  hashOf,
  play,
  profileNamed,
  resolvePeople,
  type StudyResult,
  type StudySettings,
} from "@attune/study";

const adultAndInfant = [
  { id: "adult", role: "adult" },
  { id: "infant", role: "infant" },
] as const;

/** The recommended profile with the nulls that validation is about, and without what it does not look at. */
export function validationSettings(
  nSurrogates: number,
  overrides: Partial<StudySettings> = {},
): StudySettings {
  return {
    ...profileNamed("recommended").settings,
    nulls: ["residualShuffle", "blockShuffle"],
    nSurrogates,
    equaliseRepeats: 0,
    interval: "none",
    eventLocked: false,
    otherMeasures: false,
    ...overrides,
  };
}

/** A simulated dyad through devices, clocks, pipeline and statistics: the path that a recording takes. */
export async function studySimulatedDyad(
  simulation: SimulationOptions,
  settings: StudySettings,
): Promise<StudyResult> {
  const dyad = simulateDyad(simulation);
  return analyse({
    profile: "recommended",
    settings: { ...settings, seed: simulation.seed },
    people: resolvePeople(dyad.streams, adultAndInfant, settings),
    inputs: play(dyad.inputs()),
    states: dyad.states,
    recording: {
      name: `simulated dyad, seed ${simulation.seed}`,
      format: "simulated",
      durationSeconds: simulation.durationSeconds,
      streams: [],
      damage: [],
    },
    provenance: {
      attuneVersion: "validation",
      settingsHash: hashOf(settings),
      inputs: [],
      seed: simulation.seed,
      alignment: "causal",
      filterPhase: "causal",
    },
  });
}
