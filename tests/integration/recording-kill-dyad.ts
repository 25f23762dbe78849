import { type SimulatedDyad, simulateDyad } from "@attune/device-simulated";

/** The session that is recorded and killed: lossy, drifting, with states that switch. The same for the same seed. */
export const killedDyad = (seed: number): SimulatedDyad =>
  simulateDyad({
    seed,
    durationSeconds: 60,
    gazeEpisodeSeconds: [0.3, 0.8],
    persons: [
      { id: "adult", role: "adult", channels: 8, device: { lossesPerMinute: 20 } },
      { id: "infant", role: "infant", channels: 8, device: { lossesPerMinute: 20 } },
    ],
  });
