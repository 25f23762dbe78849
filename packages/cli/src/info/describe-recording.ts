import type { ContinuousRecording, EpochRecording, RecordedStream, Recording } from "@attune/recording";
import type { StateChange } from "@attune/signal";
import { type NextStep, suggestAnalysis } from "./suggest-analysis.ts";

/** What `attune info --json` prints. Numbers that do not exist are null. */
export type RecordingDescription = ContinuousDescription | EpochDescription;

type Named = { readonly [key: string]: string | number | null };

export type ContinuousDescription = {
  readonly kind: "continuous";
  readonly file: string;
  readonly format: string;
  readonly durationSeconds: number | null;
  readonly streams: readonly {
    readonly id: string;
    readonly name: string;
    readonly type: string;
    readonly person: string | null;
    readonly channels: readonly { readonly label: string; readonly unit: string }[];
    readonly nominalSamplingRate: number;
    readonly effectiveSamplingRate: number | null;
    readonly nSamples: number;
    readonly format: string;
    readonly firstTime: number | null;
    readonly lastTime: number | null;
    readonly clock: Named;
    readonly gaps: readonly Named[];
  }[];
  readonly damage: readonly Named[];
  readonly events: readonly { readonly source: string; readonly label: string; readonly count: number }[];
  readonly states: readonly {
    readonly person: string;
    readonly layer: string;
    readonly state: string;
    readonly count: number;
    readonly seconds: number;
  }[];
  readonly next: NextStep;
};

export type EpochDescription = {
  readonly kind: "epochs";
  readonly file: string;
  readonly format: string;
  readonly nEpochs: number;
  readonly people: readonly {
    readonly person: string;
    readonly samplingRate: number;
    readonly nSamples: number;
    readonly firstSampleSeconds: number;
    readonly channels: readonly { readonly label: string; readonly unit: string }[];
  }[];
  readonly next: NextStep;
};

export async function describeRecording(
  recording: Recording,
  file: string,
  samplingRate: number | undefined,
): Promise<RecordingDescription> {
  return recording.kind === "epochs"
    ? describeEpochs(recording, file)
    : describeContinuous(recording, file, samplingRate);
}

async function describeEpochs(recording: EpochRecording, file: string): Promise<EpochDescription> {
  const people = [...(await recording.epochs()).values()];
  const others = people.length >= 2 ? file : undefined;
  return {
    kind: "epochs",
    file,
    format: recording.format,
    nEpochs: recording.nEpochs,
    people: people.map(({ person, samplingRate, nSamples, firstSampleSeconds, channels }) => ({
      person,
      samplingRate,
      nSamples,
      firstSampleSeconds,
      channels: channels.map(({ label, unit }) => ({ label, unit })),
    })),
    next: {
      command: `attune analyze ${others ?? `--adult-epochs ${file} --infant-epochs OTHER.json`} --adult LABELS --infant LABELS --out results`,
      missing: "Choose the channels of each person.",
    },
  };
}

async function describeContinuous(
  recording: ContinuousRecording,
  file: string,
  samplingRate: number | undefined,
): Promise<ContinuousDescription> {
  const { streams, durationSeconds, damage, format } = recording;
  const states = summariseStates(await recording.stateChanges(), durationSeconds);
  return {
    kind: "continuous",
    file,
    format,
    durationSeconds: finite(durationSeconds),
    streams: streams.map(describeStream),
    damage: damage.map(({ offset, bytes, streamId, samplesLost, what }) => ({
      offset,
      bytes,
      streamId: streamId ?? null,
      samplesLost: samplesLost ?? null,
      what,
    })),
    events: countEvents(await recording.events()),
    states,
    next: suggestAnalysis(recording, file, samplingRate, states.length > 0),
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function describeStream(stream: RecordedStream): ContinuousDescription["streams"][number] {
  const { model, offset, driftPpm, nOffsets, residual, nResets } = stream.clock;
  return {
    id: stream.id,
    name: stream.name,
    type: stream.type,
    person: stream.person ?? null,
    channels: stream.channels.map(({ label, unit }) => ({ label, unit })),
    nominalSamplingRate: stream.nominalSamplingRate,
    effectiveSamplingRate: stream.effectiveSamplingRate > 0 ? stream.effectiveSamplingRate : null,
    nSamples: stream.nSamples,
    format: stream.format,
    firstTime: finite(stream.firstTime),
    lastTime: finite(stream.lastTime),
    clock: {
      model,
      offset: finite(offset),
      driftPpm: finite(driftPpm),
      nOffsets,
      residual: finite(residual),
      nResets,
    },
    gaps: stream.gaps.map(({ start, duration, kind, sample }) => ({ start, duration, kind, sample })),
  };
}

function countEvents(events: readonly { source: string; label: string }[]): ContinuousDescription["events"] {
  const counts = new Map<string, { source: string; label: string; count: number }>();
  for (const { source, label } of events) {
    const key = JSON.stringify([source, label]);
    const known = counts.get(key) ?? { source, label, count: 0 };
    known.count++;
    counts.set(key, known);
  }
  return [...counts.values()];
}

/** How often and how long each state held; the last one lasts to the end of the recording. */
function summariseStates(
  changes: readonly StateChange[],
  endSeconds: number,
): ContinuousDescription["states"] {
  const sums = new Map<
    string,
    { person: string; layer: string; state: string; count: number; seconds: number }
  >();
  const open = new Map<string, StateChange>();
  const close = ({ person, layer, state, at }: StateChange, end: number): void => {
    const key = JSON.stringify([person, layer, state]);
    const sum = sums.get(key) ?? { person, layer, state, count: 0, seconds: 0 };
    sum.count++;
    sum.seconds += Math.max(0, end - at);
    sums.set(key, sum);
  };
  for (const change of changes) {
    const layer = JSON.stringify([change.person, change.layer]);
    const before = open.get(layer);
    if (before !== undefined) close(before, change.at);
    open.set(layer, change);
  }
  for (const last of open.values()) close(last, endSeconds);
  return [...sums.values()].sort(
    (a, b) => order(a.person, b.person) || order(a.layer, b.layer) || b.seconds - a.seconds,
  );
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
