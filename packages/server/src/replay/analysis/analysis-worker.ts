import { parentPort, workerData } from "node:worker_threads";
// Not the package itself: it would load every device into this thread.
import { verdictOf } from "@attune/live/verdict";
import { runSession, type SessionOutput } from "@attune/pipeline";
import { type ContinuousRecording, openRecording } from "@attune/recording";
import type { SampleChunk, Seconds, SessionInput } from "@attune/signal";
import { Subject } from "rxjs";
import { EnvelopeLevel } from "../../live/envelope-level.ts";
import { runsOf, samplesPerBlock } from "../sample-blocks.ts";
import { StreamTimes } from "../stream-times.ts";
import type { AnalysisMessage, AnalysisTask, Finding, KnownState } from "./messages.ts";

/** A whole recording through the pipeline, as fast as it goes, in a thread of its own; then its envelopes. */
const port = parentPort!;
const task = workerData as AnalysisTask;

const BETWEEN_MESSAGES = 50;
const ENVELOPE_BYTES = 16 * 1024 * 1024;
const FINEST_STEP: Seconds = 1 / 16;
/** So much coarser is the second level. */
const COARSER = 32;
/** So many values are surveyed in a moment: what takes longer comes after the analysis. */
const SURVEYED_FIRST = 2e7;

async function analyse(opened: ContinuousRecording): Promise<void> {
  let error: string | undefined;
  try {
    if (task.pipeline !== undefined) await runPipeline(opened, task.pipeline);
  } catch (caught) {
    error = caught instanceof Error ? caught.message : String(caught);
  }
  say({ kind: "analysed", error });
}

async function runPipeline(
  opened: ContinuousRecording,
  { settings, order, streams, states }: NonNullable<AnalysisTask["pipeline"]>,
): Promise<void> {
  const clock = new KnownClock(opened);
  let findings: Finding[] = [];
  let known: KnownState[] = [];
  let failure: unknown;
  const inputs = new Subject<SessionInput>();
  runSession(inputs, settings).subscribe({
    next: (output) => {
      const finding = findingOf(output, clock.now);
      if (finding !== undefined) findings.push(finding);
    },
    error: (caught: unknown) => {
      failure = caught;
    },
  });
  const enter = (input: SessionInput): void => {
    clock.take(input);
    if (input.kind === "state") known.push({ knownAt: Math.max(clock.now, input.at), change: input });
    inputs.next(input);
  };
  let saidAt = performance.now();
  const tell = (): void => {
    if (findings.length + known.length > 0) say({ kind: "found", findings, states: known });
    findings = [];
    known = [];
    saidAt = performance.now();
  };
  for (const change of states ?? []) enter(change);
  const played = opened.play({ alignment: "causal", order, ...(streams === undefined ? {} : { streams }) });
  for await (const input of played) {
    if (states !== undefined && input.kind === "state") continue;
    enter(input);
    if (failure !== undefined) throw failure;
    if (performance.now() - saidAt > BETWEEN_MESSAGES) tell();
  }
  inputs.complete();
  if (failure !== undefined) throw failure;
  tell();
}

function findingOf(output: SessionOutput, knownAt: Seconds): Finding | undefined {
  if (output.kind === "coupling") return { knownAt, coupling: output };
  if (output.kind === "accepted" || output.kind === "rejected") return { knownAt, window: verdictOf(output) };
  return output.kind === "aligned" ? undefined : { knownAt, heart: output };
}

/**
 * Session time that the inputs have reached: when a chunk arrived, where the recording holds it, else when its last sample was taken.
 * It never goes back.
 */
class KnownClock {
  now: Seconds = Number.NEGATIVE_INFINITY;
  readonly #times: ReadonlyMap<string, StreamTimes>;

  constructor({ streams }: ContinuousRecording) {
    this.#times = new Map(
      streams
        .filter(({ nominalSamplingRate }) => nominalSamplingRate > 0)
        .map((stream) => [stream.id, new StreamTimes(stream)]),
    );
  }

  take(input: SessionInput): void {
    const reached =
      input.kind === "samples" ? this.#endOf(input) : input.kind === "analysis-lag" ? input.at : Number.NaN;
    if (reached > this.now) this.now = reached;
  }

  #endOf({ receivedAt, streamId, firstSample, nSamples }: SampleChunk): Seconds {
    return receivedAt ?? this.#times.get(streamId)?.timeOf(firstSample + nSamples - 1) ?? Number.NaN;
  }
}

const nValuesOf = ({ streams }: ContinuousRecording): number =>
  streams.reduce((sum, { nSamples, channels }) => sum + nSamples * channels.length, 0);

/** Least and greatest values of every stream over the whole recording, in two levels of bounded size. */
async function survey(opened: ContinuousRecording): Promise<void> {
  for (const stream of opened.streams) {
    if (stream.nominalSamplingRate <= 0 || stream.nSamples === 0 || stream.format === "string") continue;
    const nChannels = stream.channels.length;
    const seconds = stream.lastTime - stream.firstTime;
    const step = Math.max(FINEST_STEP, (2 * seconds * nChannels * 8) / ENVELOPE_BYTES);
    const levels = [step, COARSER * step].map(
      (each) => new EnvelopeLevel(stream.id, nChannels, each, ENVELOPE_BYTES),
    );
    const times = new StreamTimes(stream);
    const size = samplesPerBlock(times);
    for (let first = 0; first < stream.nSamples; first += size) {
      const { data, deviceTime } = await opened.read(stream.id, { fromSample: first, nSamples: size });
      for (const run of runsOf(times, first, deviceTime.length, nChannels, data))
        for (const level of levels) level.push(run);
    }
    for (const level of levels) {
      const runs = level.between(stream.firstTime, stream.lastTime + step);
      port.postMessage({ kind: "envelope", runs } satisfies AnalysisMessage, transferred(runs));
    }
  }
}

const transferred = (runs: readonly { readonly data: Float32Array }[]): ArrayBuffer[] =>
  runs.map(({ data }) => data.buffer as ArrayBuffer);

function say(message: AnalysisMessage): void {
  port.postMessage(message);
}

const recording = await openRecording(task.path, task.open);
if (recording.kind === "continuous") {
  const isSmall = nValuesOf(recording) <= SURVEYED_FIRST;
  // Where it cannot be read there is no overview; whoever looks there is told.
  const overview = (): Promise<void> => survey(recording).catch(() => {});
  if (isSmall) await overview();
  await analyse(recording);
  if (!isSmall) await overview();
}
await recording.close();
