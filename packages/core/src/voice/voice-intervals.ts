import type { Intervals } from "../events/index.ts";
import { VoiceGate, voiceChanges } from "./voice-gate.ts";
import type { VoiceGateOptions } from "./voice-gate-options.ts";

export interface VoiceIntervals {
  /** Seconds from the first sample. */
  readonly intervals: Intervals;
  /** The last one was still on. */
  readonly openAtEnd: boolean;
}

/**
 * A whole recording through `VoiceGate`, with the same causal rule and thus the same times as live.
 *
 * @param data `[nMicrophones, nSamples]`
 * @returns one result per microphone
 * @throws OptionError for an option outside its range; ShapeError when the microphones do not divide the data
 */
export function voiceIntervals(data: Float64Array, options: VoiceGateOptions): VoiceIntervals[] {
  const gate = new VoiceGate(options);
  const { nMicrophones, samplingRate } = gate.plan;
  const nSamples = Math.floor(data.length / nMicrophones);
  const changes = voiceChanges(gate.mostChanges(nSamples));
  const n = gate.execute(changes, data, nSamples);
  const last = voiceChanges(gate.mostChanges(0));
  const isOpen = Array.from({ length: nMicrophones }, (_, m) => gate.isVoice(m));
  const nLast = gate.finish(last);
  return isOpen.map((openAtEnd, m) => {
    const times = (isOnset: number) =>
      (
        [
          [changes, n],
          [last, nLast],
        ] as const
      ).flatMap(([{ samples, isOnset: kinds, microphone }, count]) =>
        [...samples.subarray(0, count)].filter((_, i) => kinds[i] === isOnset && microphone[i] === m),
      );
    const seconds = (isOnset: number) => Float64Array.from(times(isOnset), (sample) => sample / samplingRate);
    return { intervals: { onsets: seconds(1), offsets: seconds(0) }, openAtEnd };
  });
}
