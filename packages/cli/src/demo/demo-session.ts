import type { PlantedCoupling, SimulatedDyad, SimulationOptions } from "@attune/device-simulated";
import type { RecordingSummary } from "@attune/study";

/** A little coupling always, and much more while the adult looks at the infant. */
const coupling: readonly PlantedCoupling[] = [
  { from: "adult", to: "infant", strength: 0.02 },
  { from: "adult", to: "infant", strength: 0.1, gazeState: "direct" },
];

/** Two amplifiers with rates and clocks of their own, and gaze that switches between direct and averted. */
export const demoSession = (seed: number, durationSeconds: number): SimulationOptions => ({
  seed,
  durationSeconds,
  persons: [
    {
      id: "adult",
      role: "adult",
      device: { nominalSamplingRate: 500, driftPpm: 18, clockOffsetSeconds: 12.5 },
    },
    {
      id: "infant",
      role: "infant",
      device: { nominalSamplingRate: 250, driftPpm: -23, clockOffsetSeconds: -310.2 },
    },
  ],
  coupling,
});

/** What a recording would say about itself, from what the simulation knows. */
export function summaryOfSession({ streams, truth }: SimulatedDyad): RecordingSummary {
  return {
    name: `simulated dyad, seed ${truth.seed}`,
    format: "simulated",
    durationSeconds: truth.durationSeconds,
    streams: streams.map((stream) => {
      const { driftPpm, clockOffsetSeconds, startSeconds } = truth.clocks.find(
        ({ streamId }) => streamId === stream.id,
      )!;
      const rate = stream.nominalSamplingRate * (1 + driftPpm * 1e-6);
      return {
        id: stream.id,
        name: stream.name,
        type: stream.type,
        person: stream.person,
        nominalSamplingRate: stream.nominalSamplingRate,
        effectiveSamplingRate: rate,
        clockOffsetSeconds,
        // A clock that runs fast needs an offset that shrinks.
        driftPpm: -driftPpm,
        gaps: truth.losses
          .filter(({ streamId }) => streamId === stream.id)
          .map(({ firstSample, nSamples }) => ({
            start: startSeconds + firstSample / rate,
            duration: nSamples / rate,
          })),
      };
    }),
    damage: [],
  };
}
