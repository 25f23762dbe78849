import { runSession } from "@attune/pipeline";
import { openRecording } from "@attune/recording";
import type { Coupling, HeartOutput, SessionInput } from "@attune/signal";
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
  readonly onHeart?: (output: HeartOutput) => void;
  readonly onInput?: (input: SessionInput) => void;
}

export interface ReplayedSession {
  readonly settings: RecordedSettings;
  readonly couplings: readonly Coupling[];
  readonly hearts: readonly HeartOutput[];
  readonly totals: SessionTotals;
  readonly comparison: RunningComparison;
}

/**
 * A recorded session through the pipeline again, with the settings that it ran with and in the order in which its inputs became
 * known: every coupling and everything about hearts is what was on the screen, to the last bit.
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
    const hearts: HeartOutput[] = [];
    const totals = new RunningTotals();
    const found = () => ({
      settings,
      couplings,
      hearts,
      totals: totals.totals,
      comparison: totals.comparison,
    });
    if (settings.pipeline === null) return found();
    const inputs = play(watched(recording.play({ alignment: "causal" }), options.onInput), options.speed);
    await new Promise<void>((resolve, reject) => {
      runSession(inputs, settings.pipeline!).subscribe({
        next: (output) => {
          if (output.kind === "coupling") {
            couplings.push(output);
            totals.coupling(output);
            options.onCoupling?.(output);
          } else if (output.kind === "accepted" || output.kind === "rejected")
            totals.window(verdictOf(output));
          else if (output.kind !== "aligned") {
            hearts.push(output);
            totals.heart(output);
            options.onHeart?.(output);
          }
        },
        error: reject,
        complete: resolve,
      });
    });
    return found();
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
