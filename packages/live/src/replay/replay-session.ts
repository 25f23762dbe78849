import { runSession } from "@attune/pipeline";
import { openRecording } from "@attune/recording";
import type { Coupling, SessionInput } from "@attune/signal";
import { play } from "@attune/study";
import { verdictOf } from "../analysis/verdict.ts";
import { SessionError } from "../errors.ts";
import type { RunningComparison } from "../session/running-comparison.ts";
import { RunningTotals, type SessionTotals } from "../session/running-totals.ts";
import type { RecordedSettings } from "../session/session-recording.ts";

export interface ReplayOptions {
  /** N times real time; as fast as possible when absent. It changes no number. */
  readonly speed?: number;
  readonly onCoupling?: (coupling: Coupling) => void;
  readonly onInput?: (input: SessionInput) => void;
}

export interface ReplayedSession {
  readonly settings: RecordedSettings;
  readonly couplings: readonly Coupling[];
  readonly totals: SessionTotals;
  readonly comparison: RunningComparison;
}

/**
 * A recorded session through the pipeline again, with the settings that it ran with and in the order in which its inputs became
 * known: every coupling is the one that was on the screen, to the last bit.
 *
 * @throws SessionError when the recording was not made by a session of Attune, or by a version that this one cannot follow
 */
export async function replaySession(path: string, options: ReplayOptions = {}): Promise<ReplayedSession> {
  const recording = await openRecording(path);
  try {
    const settings =
      recording.kind === "continuous" ? recordedSettings(recording.session?.settings) : undefined;
    if (recording.kind !== "continuous" || settings === undefined)
      throw new SessionError(
        `${path} was not recorded by a session of Attune: use attune replay or attune analyze.`,
        {
          misuse: true,
        },
      );
    const couplings: Coupling[] = [];
    const totals = new RunningTotals();
    if (settings.pipeline === null)
      return { settings, couplings, totals: totals.totals, comparison: totals.comparison };
    const inputs = play(watched(recording.play({ alignment: "causal" }), options.onInput), options.speed);
    await new Promise<void>((resolve, reject) => {
      runSession(inputs, settings.pipeline!).subscribe({
        next: (output) => {
          if (output.kind === "coupling") {
            couplings.push(output);
            totals.coupling(output);
            options.onCoupling?.(output);
          } else if (output.kind !== "aligned") totals.window(verdictOf(output));
        },
        error: reject,
        complete: resolve,
      });
    });
    return { settings, couplings, totals: totals.totals, comparison: totals.comparison };
  } finally {
    await recording.close();
  }
}

/** What a session wrote into its recording; undefined for anything else. */
export function recordedSettings(settings: unknown): RecordedSettings | undefined {
  const found = settings as Partial<RecordedSettings> | null | undefined;
  return found?.format === "attune-session" && found.formatVersion === 1
    ? (found as RecordedSettings)
    : undefined;
}

async function* watched(
  inputs: AsyncIterable<SessionInput>,
  onInput: ((input: SessionInput) => void) | undefined,
): AsyncIterable<SessionInput> {
  for await (const input of inputs) {
    onInput?.(input);
    yield input;
  }
}
