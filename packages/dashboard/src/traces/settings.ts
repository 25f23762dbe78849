import type { FilterChoice } from "./display-filter.ts";

/** Presets, smallest first. */
export const EEG_GAINS = [10, 20, 50, 100, 200, 500, 1000, 2000] as const;
export const ECG_GAINS = [0.5, 1, 2, 5, 10] as const;
export const WINDOWS = [5, 10, 20, 30] as const;

/** What the technician chose for this screen. */
export interface TraceSettings {
  readonly windowSeconds: number;
  /** Microvolts per row by person; those who are not named have their role's preset. */
  readonly eegMicrovolts: Readonly<Record<string, number>>;
  readonly ecgMillivolts: number;
  readonly filter: FilterChoice;
  readonly isReferenced: boolean;
  /** Channels that are neither EEG nor ECG, such as an accelerometer's, too. */
  readonly isEverything: boolean;
}

/** Infant EEG is about twice the adult's. */
export const roleGain = { infant: 200, child: 200, adult: 100, nobody: 100 } as const;

export const firstSettings: TraceSettings = {
  windowSeconds: 10,
  eegMicrovolts: {},
  ecgMillivolts: 2,
  filter: { highPass: true, lowPass: true, notch: 0 },
  isReferenced: false,
  isEverything: false,
};

/** The preset that lies `by` further (positive: larger traces, fewer microvolts per row). */
export function stepGain(gain: number, by: 1 | -1): number {
  const nearest = EEG_GAINS.reduce((best, g) => (Math.abs(g - gain) < Math.abs(best - gain) ? g : best));
  const index = EEG_GAINS.indexOf(nearest) - by;
  return EEG_GAINS[Math.min(EEG_GAINS.length - 1, Math.max(0, index))]!;
}
