import { OptionError } from "../errors.ts";

export interface VoiceGateOptions {
  /** Hz, 8000 to 48 000. No default: nobody can guess it. */
  readonly samplingRate: number;
  /** Close microphones, one per person, on one clock. Default 1. */
  readonly nMicrophones?: number;
  /** With several: so much better over its floor another must hear a sound for it not to be this one's, dB. Default 6. */
  readonly leadDecibels?: number;
  /** Pass band, Hz. Default 300 to 4000; the upper edge at most 0.45 of the sampling rate. */
  readonly bandHz?: readonly [number, number];
  /** Default 0.02, rounded to whole samples. */
  readonly frameSeconds?: number;
  /** Level above the floor at which voice begins, dB. Default 6. */
  readonly onDecibels?: number;
  /** Level above the floor below which it ends, dB, at most `onDecibels`. Default 3. */
  readonly offDecibels?: number;
  /** So long it must stay above `onDecibels`: shorter sounds never happened. Default 0.06. */
  readonly onSeconds?: number;
  /** So long it must stay below `offDecibels`: shorter pauses are none. Default 0.25. */
  readonly hangoverSeconds?: number;
  /** What the noise floor remembers. Default 10. */
  readonly floorSeconds?: number;
  /** Which quantile of the levels is the floor. Default 0.1. */
  readonly floorQuantile?: number;
  /** Nothing is decided before so much was heard. Default 1. */
  readonly learnSeconds?: number;
}

/** The same in samples and frames. */
export interface VoiceGatePlan {
  readonly samplingRate: number;
  readonly nMicrophones: number;
  readonly leadDecibels: number;
  readonly bandHz: readonly [number, number];
  readonly frameSamples: number;
  readonly onDecibels: number;
  readonly offDecibels: number;
  readonly onFrames: number;
  readonly hangoverFrames: number;
  readonly floorFrames: number;
  readonly floorQuantile: number;
  readonly learnFrames: number;
}

/** @throws OptionError for an option outside its range */
export function planVoiceGate(options: VoiceGateOptions): VoiceGatePlan {
  const { samplingRate, frameSeconds = 0.02, onDecibels = 6, offDecibels = 3 } = options;
  const { onSeconds = 0.06, hangoverSeconds = 0.25, floorSeconds = 10 } = options;
  const { floorQuantile = 0.1, learnSeconds = 1, nMicrophones = 1, leadDecibels = 6 } = options;
  const [low, high] = options.bandHz ?? [300, 4000];
  if (!(samplingRate >= 8000 && samplingRate <= 48_000))
    throw new OptionError(`VoiceGate needs a samplingRate of 8000 to 48000 Hz, got ${samplingRate}.`);
  if (!Number.isInteger(nMicrophones) || nMicrophones < 1 || !(leadDecibels >= 0))
    throw new OptionError(
      `VoiceGate needs an integer nMicrophones >= 1 and leadDecibels >= 0, got ${nMicrophones} and ${leadDecibels}.`,
    );
  const bandHz = [low, Math.min(high, 0.45 * samplingRate)] as const;
  if (!(low > 0 && low < bandHz[1]))
    throw new OptionError(`VoiceGate needs bandHz [low, high] with 0 < low < high, got [${low}, ${high}].`);
  if (!(frameSeconds >= 0.005 && frameSeconds <= 0.1))
    throw new OptionError(`VoiceGate needs frameSeconds of 0.005 to 0.1, got ${frameSeconds}.`);
  if (!(onDecibels > 0 && offDecibels <= onDecibels && offDecibels > 0))
    throw new OptionError(
      `VoiceGate needs 0 < offDecibels <= onDecibels, got ${offDecibels} and ${onDecibels}.`,
    );
  if (!(floorQuantile >= 0 && floorQuantile <= 0.5))
    throw new OptionError(`VoiceGate needs a floorQuantile of 0 to 0.5, got ${floorQuantile}.`);
  const frameSamples = Math.round(frameSeconds * samplingRate);
  const frames = (name: string, seconds: number): number => {
    if (!(seconds > 0 && Number.isFinite(seconds)))
      throw new OptionError(`VoiceGate needs ${name} > 0, got ${seconds}.`);
    return Math.max(1, Math.ceil((seconds * samplingRate) / frameSamples - 1e-6));
  };
  const floorFrames = frames("floorSeconds", floorSeconds);
  return {
    samplingRate,
    nMicrophones,
    leadDecibels,
    bandHz,
    frameSamples,
    onDecibels,
    offDecibels,
    onFrames: frames("onSeconds", onSeconds),
    hangoverFrames: frames("hangoverSeconds", hangoverSeconds),
    floorFrames,
    floorQuantile,
    learnFrames: Math.min(floorFrames, frames("learnSeconds", learnSeconds)),
  };
}
