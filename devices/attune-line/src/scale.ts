import { LINE_MODULUS } from "./data-line.ts";
import type { LineHeader } from "./header.ts";

/** How a line's whole numbers become values: `(number - zero) * unitsPerCount`. */
export interface LineScale {
  readonly unit: string;
  readonly zero: number;
  readonly unitsPerCount: number;
  /** Numbers outside are a damaged line. */
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Raw counts become mV at the electrodes when the gain is known, `(adc - 2^(bits - 1)) * vref / 2^bits / gain * 1000`; volts
 * at the converter when only the reference is; else they stay counts with an empty unit. The AD8232 rests its output on
 * half its supply, hence mid-scale; where the converter's reference is another voltage, a constant offset remains. Its
 * gain depends on the filter parts around it (100 in the chip's instrumentation amplifier, times what the board adds),
 * so that it is never assumed.
 */
export function lineScale({ unit, bits, vrefVolts, gain }: LineHeader): LineScale {
  if (unit !== "adc")
    return { unit, zero: 0, unitsPerCount: 1, lowest: 1 - LINE_MODULUS, highest: LINE_MODULUS - 1 };
  const steps = 2 ** bits;
  const range = { lowest: 0, highest: steps - 1 };
  if (Number.isNaN(vrefVolts)) return { unit: "", zero: 0, unitsPerCount: 1, ...range };
  const volts = vrefVolts / steps;
  if (Number.isNaN(gain)) return { unit: "V", zero: 0, unitsPerCount: volts, ...range };
  return { unit: "mV", zero: steps / 2, unitsPerCount: (volts / gain) * 1000, ...range };
}
