import { counterRandom } from "@attune/core";
import { runSession, type SessionSettings } from "@attune/pipeline";
import type { SampleChunk, SessionInput } from "@attune/signal";
import { Subject } from "rxjs";

const WARM_UP_SECONDS = 25;
const CHUNK_SECONDS = 0.1;

/**
 * Runs the whole pipeline over noise once, so that every kernel is compiled before the first sample arrives: the first windows of
 * a session would else take a hundred times as long as the later ones.
 *
 * @throws whatever the pipeline throws with these settings: better now than with the first window
 */
export function warmUp(settings: SessionSettings): void {
  const source = new Subject<SessionInput>();
  // Windows without a state would be rejected before the estimate; nothing is coded in this noise.
  let failure: unknown;
  runSession(source, { ...settings, states: undefined }).subscribe({
    error: (error: unknown) => {
      failure = error;
    },
  });
  const uniform = counterRandom(settings.seed, "warm-up");
  const hearts = settings.hearts?.people ?? [];
  const streams = [
    ...new Map([...settings.people, ...hearts].map((montage) => [montage.streamId, montage])).values(),
  ];
  for (let at = 0; at < WARM_UP_SECONDS; at += CHUNK_SECONDS)
    for (const { streamId, nominalSamplingRate } of streams) {
      const nChannels = 1 + highestRow(settings, streamId);
      const chunk = noiseChunk(streamId, nChannels, nominalSamplingRate, at, uniform);
      for (const heart of hearts) if (heart.streamId === streamId) addBeats(chunk, heart.row);
      source.next(chunk);
    }
  if (failure !== undefined) throw failure;
}

const highestRow = (settings: SessionSettings, streamId: string): number =>
  Math.max(
    ...(settings.hearts?.people ?? []).filter((heart) => heart.streamId === streamId).map(({ row }) => row),
    ...settings.people
      .filter((montage) => montage.streamId === streamId)
      .flatMap(({ channels, averageRows }) => [...channels.map(({ row }) => row), ...averageRows]),
  );

/** Two spikes a second: what a detector of beats takes for a heart. */
function addBeats({ data, nSamples, deviceTime }: SampleChunk, row: number): void {
  for (let n = 0; n < nSamples; n++) {
    const sinceBeat = deviceTime[n]! % 0.5;
    if (sinceBeat < 0.03) data[row * nSamples + n]! += 1000 * Math.sin((Math.PI * sinceBeat) / 0.03);
  }
}

function noiseChunk(
  streamId: string,
  nChannels: number,
  samplingRate: number,
  at: number,
  uniform: () => number,
): SampleChunk {
  const firstSample = Math.round(at * samplingRate);
  const nSamples = Math.round((at + CHUNK_SECONDS) * samplingRate) - firstSample;
  const time = Float64Array.from({ length: nSamples }, (_, n) => (firstSample + n) / samplingRate);
  const data = Float64Array.from({ length: nChannels * nSamples }, () => 20 * (uniform() - 0.5));
  return { kind: "samples", streamId, firstSample, nSamples, data, deviceTime: time, sessionTime: time };
}
