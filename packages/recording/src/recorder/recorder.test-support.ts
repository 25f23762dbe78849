import type { Seconds, SessionInput, Stream } from "@attune/signal";
import { openRecording } from "../open-recording.ts";
import type { ContinuousRecording } from "../recording.ts";
import type { SessionFacts } from "../session/session-header.ts";
import { openRecorder } from "./open-recorder.ts";
import type { Recorder } from "./recorder.ts";
import type { RecorderEvent, RecorderOptions } from "./recorder-options.ts";

/** Time that passes when the test says so. Timers fire in order while it passes. */
export class FakeTime {
  #now = 1000;
  #timers: { readonly callback: () => void; readonly at: number }[] = [];

  readonly now = (): Seconds => this.#now;
  readonly setTimer = (callback: () => void, seconds: Seconds): { cancel(): void } => {
    const timer = { callback, at: this.#now + seconds };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((each) => each !== timer);
      },
    };
  };

  get nTimers(): number {
    return this.#timers.length;
  }

  /** Move the clock only; nothing fires. */
  skip(seconds: Seconds): void {
    this.#now += seconds;
  }

  advance(seconds: Seconds): void {
    const end = this.#now + seconds;
    for (;;) {
      const due = this.#timers.filter((each) => each.at <= end);
      const next = due.sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = end;
  }
}

export const FACTS: SessionFacts = {
  id: "dyad-012",
  settings: { window: { seconds: 1 }, note: "größer & <kleiner> \uffff \ud800 😀 \u0000" },
  settingsHash: "abc123",
  seed: 42,
  versions: { attune: "0.1.0" },
};

export interface Rig {
  readonly recorder: Recorder;
  readonly time: FakeTime;
  readonly events: RecorderEvent[];
}

export async function startRecorder(path: string, options: Partial<RecorderOptions> = {}): Promise<Rig> {
  const time = new FakeTime();
  const events: RecorderEvent[] = [];
  const recorder = await openRecorder({
    path,
    session: FACTS,
    now: time.now,
    setTimer: time.setTimer,
    onEvent: (event) => events.push(event),
    wallClock: () => new Date(1_790_000_000_000 + time.now() * 1000),
    ...options,
  });
  return { recorder, time, events };
}

export const eeg = (id: string, more: Partial<Stream> = {}): Stream => ({
  id,
  name: id,
  type: "EEG",
  channels: [
    { label: "C3", unit: "uV" },
    { label: "C4", unit: "uV" },
  ],
  nominalSamplingRate: 100,
  ...more,
});

/** `nSamples` samples of two channels from sample `first` on, every value its own. */
export function chunkOf(
  streamId: string,
  first: number,
  nSamples: number,
): SessionInput & { kind: "samples" } {
  const data = new Float64Array(2 * nSamples);
  const deviceTime = new Float64Array(nSamples);
  for (let k = 0; k < nSamples; k++) {
    deviceTime[k] = 50 + (first + k) / 100 + Math.sin(first + k) * 1e-4;
    data[k] = Math.sin(first + k);
    data[nSamples + k] = 1e-3 * (first + k);
  }
  const receivedAt = 1000 + (first + nSamples) / 100 + 0.0123;
  return { kind: "samples", streamId, firstSample: first, nSamples, data, deviceTime, receivedAt };
}

export async function openContinuous(path: string): Promise<ContinuousRecording> {
  const recording = await openRecording(path);
  if (recording.kind !== "continuous") throw new Error("not continuous");
  return recording;
}

export async function replay(
  recording: ContinuousRecording,
  more: Partial<Parameters<ContinuousRecording["play"]>[0]> = {},
): Promise<SessionInput[]> {
  const inputs: SessionInput[] = [];
  for await (const input of recording.play({ alignment: "causal", ...more })) inputs.push(input);
  return inputs;
}

/** Let what was started on real files come to an end. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const start = performance.now();
  while (!(await condition())) {
    if (performance.now() - start > 10_000) throw new Error("waited 10 s in vain");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Pass time until everything that was handed over is in the file. */
export async function drain({ recorder, time }: Pick<Rig, "recorder" | "time">): Promise<void> {
  time.advance(0.25);
  await until(() => recorder.health.queueBytes === 0);
}
