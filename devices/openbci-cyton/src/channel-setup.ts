/** Gains of the ADS1299 in the order of the codes `0` to `6` of the `x` command (OpenBCI Cyton SDK). */
export const CYTON_GAINS = [1, 2, 4, 6, 8, 12, 24] as const;

export type CytonGain = (typeof CYTON_GAINS)[number];

/** As after a soft reset: every channel at gain 24. */
const DEFAULT_GAIN: CytonGain = 24;
const REFERENCE_MICROVOLTS = 4.5e6;
const FULL_SCALE = 2 ** 23 - 1;
const SELECTORS = "12345678QWERTYUI";

/** How one of the 16 inputs is set up; the words are those of the OpenBCI Cyton SDK. */
export interface ChannelSetup {
  /** 0 to 15; from 8 on the Daisy's. */
  readonly input: number;
  readonly on: boolean;
  readonly gain: CytonGain;
  readonly bias: boolean;
  readonly srb2: boolean;
}

/** Microvolts per count of the 24-bit converter: 4.5 V / gain / (2^23 - 1). */
export function microvoltsPerCount(gain: number): number {
  return REFERENCE_MICROVOLTS / gain / FULL_SCALE;
}

/** The largest magnitude that the converter can deliver, microvolts: 187500 at gain 24. */
export function railMicrovolts(gain: number): number {
  return REFERENCE_MICROVOLTS / gain;
}

/** `x CHANNEL POWER GAIN INPUT BIAS SRB2 SRB1 X`: normal input, SRB1 open. */
export function channelCommand(setup: ChannelSetup): string {
  const gain = CYTON_GAINS.indexOf(setup.gain);
  return `x${SELECTORS[setup.input]}${setup.on ? 0 : 1}${gain}0${setup.bias ? 1 : 0}${setup.srb2 ? 1 : 0}0X`;
}

/** `z CHANNEL P N Z`: the 6 nA measuring current of the positive input on or off. */
export function leadOffCommand(input: number, on: boolean): string {
  return `z${SELECTORS[input]}${on ? 1 : 0}0Z`;
}

/** The input that a channel selector of `x` and `z` names, 0 to 15; -1 for any other character. */
export function inputOfSelector(selector: string): number {
  return selector.length === 1 ? SELECTORS.indexOf(selector) : -1;
}

/**
 * The gain of each input as the board must have it after the commands it was sent. The frames do not carry gains, and
 * the board does not tell them unasked.
 */
export class GainTracker {
  readonly #gains = new Array<number>(16).fill(DEFAULT_GAIN);

  /** A command that the board accepted. */
  sent(command: string): void {
    if (command === "v" || command === "d") this.#gains.fill(DEFAULT_GAIN);
    const setup = /^x(.)[01]([0-6])[0-7][01][01][01]X$/.exec(command);
    if (setup === null) return;
    const input = inputOfSelector(setup[1]!);
    if (input >= 0) this.#gains[input] = CYTON_GAINS[Number(setup[2])]!;
  }

  gain(input: number): number {
    return this.#gains[input]!;
  }
}
