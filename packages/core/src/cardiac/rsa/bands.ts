import { OptionError } from "../../errors.ts";
import type { Population } from "../interbeat/population.ts";

/** Respiratory band, Hz, both ends included. */
export interface RsaBand {
  readonly low: number;
  readonly high: number;
}

const bands: Record<Population, RsaBand> = {
  adult: { low: 0.12, high: 0.4 },
  infant: { low: 0.24, high: 1.04 },
  child: { low: 0.24, high: 0.5 },
};

/**
 * Band of respiratory sinus arrhythmia: adult 0.12-0.40 Hz, infant 0.24-1.04 Hz, child of 2 to 5 years 0.24-0.50 Hz.
 * Preterm infants breathe at about 1.0 Hz and up to 2: see `respirationEpochs` for the flag.
 */
export function rsaBand(population: Population): RsaBand {
  return bands[population];
}

/** The band asked for, or the population's; throws when it does not fit below half the sampling rate. */
export function resolveBand(
  kernel: string,
  population: Population,
  samplingRate: number,
  band: RsaBand = bands[population],
): RsaBand {
  if (!(samplingRate > 0))
    throw new OptionError(`${kernel} samplingRate must be a positive number of Hz, got ${samplingRate}`);
  if (!(band.low > 0 && band.high > band.low && band.high < samplingRate / 2))
    throw new OptionError(
      `${kernel} needs a band inside 0..${samplingRate / 2} Hz, got ${band.low}-${band.high}: resample at 4 or 5 Hz.`,
    );
  return band;
}
