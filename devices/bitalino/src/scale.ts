/** Operating voltage of the board, volt. */
const SUPPLY_VOLTS = 3.3;

export const SENSOR_KINDS = ["ecg", "emg", "eeg", "eda", "voltage", "acceleration", "raw"] as const;

export type SensorKind = (typeof SENSOR_KINDS)[number];

/** Gains of the (r)evolution sensors, as their data sheets give them. */
const GAINS: Partial<Record<SensorKind, number>> = { ecg: 1100, emg: 1009, eeg: 41_782 };

/** value = (count - zeroCount) * unitsPerCount */
export interface Scale {
  readonly unit: string;
  readonly unitsPerCount: number;
  readonly zeroCount: number;
}

export interface ScaleOptions {
  readonly kind: SensorKind;
  readonly bits: 6 | 10;
  /** Instead of the data sheet's. */
  readonly gain?: number | undefined;
  /** Counts of the 10-bit converter at -1 g and +1 g, for acceleration. */
  readonly calibration?: readonly [number, number] | undefined;
}

/**
 * Counts to physical units, with full scale `2^bits` at 3.3 V (sensor data sheets of the BITalino (r)evolution):
 *
 *     ecg, emg  (count / 2^bits - 1/2) 3.3 V / gain       in mV, gains 1100 and 1009
 *     eeg       the same                                  in uV, gain 41782
 *     eda       count / 2^bits 3.3 V / 0.132 V/uS         in uS
 *     voltage   count / 2^bits 3.3 V                      in V, at the input
 *     acceleration  2 (count - min) / (max - min) - 1     in g, min and max measured on the board
 *     raw       the count itself
 */
export function scaleOf(options: ScaleOptions): Scale {
  const full = 2 ** options.bits;
  const volts = SUPPLY_VOLTS / full;
  const gain = options.gain ?? GAINS[options.kind] ?? 1;
  switch (options.kind) {
    case "ecg":
    case "emg":
      return { unit: "mV", unitsPerCount: (volts / gain) * 1e3, zeroCount: full / 2 };
    case "eeg":
      return { unit: "uV", unitsPerCount: (volts / gain) * 1e6, zeroCount: full / 2 };
    case "eda":
      return { unit: "uS", unitsPerCount: volts / 0.132, zeroCount: 0 };
    case "voltage":
      return { unit: "V", unitsPerCount: volts, zeroCount: 0 };
    case "acceleration": {
      const [low, high] = (options.calibration ?? [0, 1024]).map((count) => (count * full) / 1024);
      return { unit: "g", unitsPerCount: 2 / (high! - low!), zeroCount: (low! + high!) / 2 };
    }
    case "raw":
      return { unit: "", unitsPerCount: 1, zeroCount: 0 };
  }
}
