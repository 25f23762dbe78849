import type { LiveSettings, SessionSettings } from "@attune/pipeline";
import type { Stream } from "@attune/signal";
import { profileNamed, resolvePeople, type StudySettings } from "@attune/study";

/** The running estimate as the method section of the design advises it. */
export const LIVE: LiveSettings = {
  forgettingSeconds: 25,
  solveEverySeconds: 0.5,
  nullEverySeconds: 10,
  nSurrogates: 100,
  bankWindows: 250,
};

export interface SessionChoice {
  /** Labels for each head; the profile's own (C3, C4) when absent. */
  readonly channels?: readonly string[];
  readonly window?: StudySettings["window"];
  readonly live?: Partial<LiveSettings>;
}

/** The recommended profile on two streams, with estimates while data flow. */
export function sessionSettings(
  streams: readonly Stream[],
  { channels, window, live }: SessionChoice,
): SessionSettings {
  const { settings } = profileNamed("recommended");
  const requests = (["adult", "infant"] as const).map((role) => ({
    id: role,
    role,
    ...(channels === undefined ? {} : { channels }),
  }));
  return {
    people: resolvePeople(streams, requests, settings),
    gridRate: settings.gridRate,
    analysisRate: settings.analysisRate,
    filter: settings.filter,
    artefacts: settings.artefacts,
    window: window ?? settings.window,
    states: settings.states,
    model: settings.model,
    bands: settings.bands,
    frequencyBins: settings.frequencyBins,
    live: { ...LIVE, ...live },
    seed: settings.seed,
  };
}

export const FOUR_CHANNELS = ["C3", "C4", "F3", "F4"] as const;
