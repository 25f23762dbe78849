import { hashSeed, mulberry32, OptionError, type Uniform } from "@attune/core";
import type { StateInterval } from "@attune/signal";
import { ADULT_GAZE, INTERNAL_RATE, type SimulationOptions } from "./options.ts";
import type { ResolvedPerson } from "./people.ts";

const onGrid = (seconds: number): number => Math.round(seconds * INTERNAL_RATE) / INTERNAL_RATE;

/** Episodes of drawn lengths that cover [0, duration) without a hole; every onset lies on the internal grid. */
function drawEpisodes(
  person: string,
  duration: number,
  uniform: Uniform,
  next: (previous: string | undefined) => { state: string; shortest: number; longest: number },
): StateInterval[] {
  const episodes: StateInterval[] = [];
  let onset = 0;
  let previous: string | undefined;
  while (onset < duration) {
    const { state, shortest, longest } = next(previous);
    const end = Math.min(duration, onGrid(onset + shortest + (longest - shortest) * uniform()));
    episodes.push({ person, layer: "gaze", state, onset, duration: end - onset });
    onset = end;
    previous = state;
  }
  return episodes;
}

/**
 * Where everybody looks, from the seed. The first adult alternates between `direct` and `averted`; an infant looks
 * at the partner most of the time, else at an object or away; further adults look at nobody in particular (no layer).
 */
export function drawGaze(persons: readonly ResolvedPerson[], options: SimulationOptions): StateInterval[] {
  const { seed, durationSeconds, gazeEpisodeSeconds = [4, 12] } = options;
  const [shortest, longest] = gazeEpisodeSeconds;
  if (!(shortest >= 1 / INTERNAL_RATE && longest >= shortest))
    throw new OptionError(
      `gazeEpisodeSeconds must be [shortest, longest] with 0.005 <= shortest, got ${shortest}, ${longest}.`,
    );
  const adult = leadingAdult(persons);
  const states: StateInterval[] = [];
  for (const { id, role } of persons) {
    const uniform = mulberry32(hashSeed(seed, "gaze", id));
    if (id === adult)
      states.push(
        ...drawEpisodes(id, durationSeconds, uniform, (previous) => ({
          state:
            previous === undefined
              ? (ADULT_GAZE[Math.floor(2 * uniform())] as string)
              : previous === "direct"
                ? "averted"
                : "direct",
          shortest,
          longest,
        })),
      );
    else if (role !== "adult")
      states.push(
        ...drawEpisodes(id, durationSeconds, uniform, (previous) => {
          if (previous !== "partner") return { state: "partner", shortest: 8, longest: 25 };
          return { state: uniform() < 0.6 ? "object" : "away", shortest: 1, longest: 4 };
        }),
      );
  }
  return states;
}

/** The adult whose gaze switches coupling. */
export function leadingAdult(persons: readonly ResolvedPerson[]): string {
  return (persons.find((person) => person.role === "adult") as ResolvedPerson).id;
}

/**
 * Which regime holds from which internal sample on, read from the adult's gaze layer.
 *
 * @returns starts, rising, and for each the index of its state in `ADULT_GAZE`
 * @throws OptionError when the layer leaves a hole or names another state
 */
export function regimeSwitches(
  states: readonly StateInterval[],
  adult: string,
  durationSeconds: number,
): { firstSample: number; regime: number }[] {
  const episodes = states
    .filter((interval) => interval.person === adult && interval.layer === "gaze")
    .sort((a, b) => a.onset - b.onset);
  const switches: { firstSample: number; regime: number }[] = [];
  let covered = 0;
  for (const { state, onset, duration } of episodes) {
    const regime = (ADULT_GAZE as readonly string[]).indexOf(state);
    if (regime < 0 || Math.abs(onset - covered) > 1e-6)
      throw new OptionError(
        `The gaze layer of ${adult} must run through direct and averted without a hole; got ${state} at ${onset} s after ${covered} s.`,
      );
    switches.push({ firstSample: Math.round(onset * INTERNAL_RATE), regime });
    covered = onset + duration;
  }
  if (covered < durationSeconds - 1e-6)
    throw new OptionError(
      `The gaze layer of ${adult} ends at ${covered} s, before the simulation at ${durationSeconds} s.`,
    );
  return switches;
}
