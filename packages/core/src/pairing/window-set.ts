import { ShapeError } from "../errors.ts";

/** One person's rows in the windows of a set. */
export interface PersonRows {
  readonly id: string;
  readonly firstChannel: number;
  readonly nChannels: number;
}

/** Windows of equal length that were taken under one condition; the same stretch of time for every person. */
export class WindowSet {
  readonly people: readonly PersonRows[];
  readonly nChannels: number;
  readonly nSamples: number;
  /** Each `[nChannels, nSamples]`, channel-major, person after person. */
  readonly windows: readonly Float64Array[];

  constructor(
    people: readonly { readonly id: string; readonly nChannels: number }[],
    nSamples: number,
    windows: readonly Float64Array[],
  ) {
    let firstChannel = 0;
    this.people = people.map(({ id, nChannels }) => {
      const rows = { id, firstChannel, nChannels };
      firstChannel += nChannels;
      return rows;
    });
    this.nChannels = firstChannel;
    this.nSamples = nSamples;
    this.windows = windows;
    for (const window of windows) {
      if (window.length !== firstChannel * nSamples)
        throw new ShapeError(
          "WindowSet",
          `windows of ${firstChannel} x ${nSamples} samples`,
          `${window.length}`,
        );
    }
  }

  get nWindows(): number {
    return this.windows.length;
  }

  /** One person's part of one window, `[nChannels of the person, nSamples]`: a view, not a copy. */
  part(person: number, window: number): Float64Array {
    const { firstChannel, nChannels } = this.people[person];
    return this.windows[window].subarray(
      firstChannel * this.nSamples,
      (firstChannel + nChannels) * this.nSamples,
    );
  }

  /** Channel indices of a person. */
  channelsOf(person: number): number[] {
    const { firstChannel, nChannels } = this.people[person];
    return Array.from({ length: nChannels }, (_, c) => firstChannel + c);
  }
}

/** Throws unless the windows of a set fall into units of that many. */
export function requireWholeUnits(kernel: string, set: WindowSet, unit: number): void {
  if (!Number.isInteger(unit) || unit < 1 || set.nWindows % unit !== 0)
    throw new ShapeError(kernel, `a multiple of ${unit} windows`, `${set.nWindows}`);
}

/**
 * Which of a person's windows stands at each place: `pairing[person][place]`; windows or units of
 * consecutive windows. The identity is the recording itself;
 * anything else is a surrogate.
 */
export type Pairing = readonly Int32Array[];

export const identityPairing = (set: WindowSet, unit = 1): Int32Array[] =>
  set.people.map(() => Int32Array.from({ length: set.nWindows / unit }, (_, w) => w));
