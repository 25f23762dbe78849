/** Queue length in samples: seconds times the nominal rate, or times 100 for irregular streams; at least 1 (liblsl). */
export function bufferSamples(seconds: number, nominalSamplingRate: number): number {
  const perSecond = nominalSamplingRate > 0 ? nominalSamplingRate : 100;
  return Math.max(1, Math.min(2147483647, Math.trunc(seconds * perSecond)));
}
