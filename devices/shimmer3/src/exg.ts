/** Gains of the ADS1292R by the code in bits 6 to 4 of CH1SET and CH2SET (its data sheet). */
const GAIN_CODES = [6, 1, 2, 3, 4, 8, 12] as const;

export const EXG_GAINS = [1, 2, 3, 4, 6, 8, 12] as const;

export type ExgGain = (typeof EXG_GAINS)[number];

export const REGISTERS_PER_CHIP = 10;
const CH1SET = 3;
const CH2SET = 4;
/** Internal reference, millivolt. */
const REFERENCE_MILLIVOLTS = 2420;
const FULL_SCALE = 2 ** 23 - 1;
const INPUT_NORMAL = 0;
const INPUT_RLD_DRIVE = 7;

/** Gain of channel 1 or 2 of a chip as its registers say; NaN for a code that the chip does not know. */
export function gainOf(registers: Uint8Array, channel: 1 | 2): number {
  const code = (registers[channel === 1 ? CH1SET : CH2SET]! >> 4) & 7;
  return GAIN_CODES[code] ?? Number.NaN;
}

/** Whether a channel's input is switched off. */
export function isPoweredDown(registers: Uint8Array, channel: 1 | 2): boolean {
  return (registers[channel === 1 ? CH1SET : CH2SET]! & 0x80) !== 0;
}

/** Millivolt per count of the 24-bit converter: 2420 / gain / (2^23 - 1). */
export function millivoltsPerCount(gain: number): number {
  return REFERENCE_MILLIVOLTS / gain / FULL_SCALE;
}

/**
 * Registers CONFIG1 to RESP2 for four-lead ECG, as Shimmer's own driver writes them: reference buffer on, right leg drive
 * from both channels of chip 1, lead-off comparators off; chip 2's channel 2 measures Vx against the right leg drive.
 */
export function ecgRegisters(chip: 1 | 2, gain: ExgGain, samplingRate: number): Uint8Array {
  const rate = [125, 250, 500, 1000, 2000, 4000].findIndex((hz) => hz >= samplingRate);
  const code = GAIN_CODES.indexOf(gain) << 4;
  return chip === 1
    ? Uint8Array.of(rate, 0xa0, 0x10, code | INPUT_NORMAL, code | INPUT_NORMAL, 0x2d, 0, 0, 0x02, 0x03)
    : Uint8Array.of(rate, 0xa0, 0x10, code | INPUT_NORMAL, code | INPUT_RLD_DRIVE, 0, 0, 0, 0x02, 0x01);
}
