import type { DeviceContext } from "@attune/device-kit";
import type { SessionSettings } from "@attune/pipeline";
import type { Seconds } from "@attune/signal";
import { sessionSettings } from "@attune/study";
import type { AlarmLimits } from "../alarms/limits.ts";
import { LiveAnalysis } from "../analysis/live-analysis.ts";
import type { LoadedSession } from "../session-file/read-session.ts";
import type { AnalysisPlan } from "../session-file/study-settings.ts";
import type { AssignedStream, couplingMontages } from "./assign-streams.ts";
import { codedLayers } from "./coded-layers.ts";
import { heartSettings } from "./heart-settings.ts";
import type { LogEntry } from "./session-log.ts";
import { type SessionRecording, startRecording } from "./session-recording.ts";

export interface RunRequest {
  readonly loaded: LoadedSession;
  readonly plan: AnalysisPlan;
  readonly analyse: boolean;
  readonly record: boolean;
  readonly assigned: readonly AssignedStream[];
  /** Undefined where fewer than two people have EEG. */
  readonly montages: ReturnType<typeof couplingMontages>;
  readonly limits: AlarmLimits;
  readonly now: () => Seconds;
  readonly setTimer: DeviceContext["setTimer"];
  readonly say: (entry: LogEntry) => void;
  /** Told what is being done, for whoever waits. */
  readonly doing: (what: string) => void;
}

/** What runs while a session runs. */
export interface Run {
  readonly settings: SessionSettings | undefined;
  readonly analysis: LiveAnalysis | undefined;
  readonly recording: SessionRecording | undefined;
}

/**
 * Opens what a session begins with: its analysis, then its recording. Where one of them fails nothing stays open.
 *
 * @throws SessionError when the analysis does not start or nothing can be recorded
 */
export async function startRun(request: RunRequest): Promise<Run> {
  const { loaded, plan, record, limits, now, setTimer, say, doing } = request;
  const settings = settingsOf(request);
  if (settings !== undefined) doing("the analysis is being started");
  const analysis = settings === undefined ? undefined : await LiveAnalysis.start(settings, now);
  if (!record) return { settings, analysis, recording: undefined };
  try {
    doing("the recording is being opened, after what an earlier one left was repaired");
    const recording = await startRecording({ loaded, plan, settings, limits, now, setTimer, say });
    return { settings, analysis, recording };
  } catch (error) {
    await analysis?.close(0);
    throw error;
  }
}

/** What is analysed; undefined where nothing is. */
function settingsOf(request: RunRequest): SessionSettings | undefined {
  const { loaded, plan, analyse, assigned, montages, now, say } = request;
  if (!analyse) return undefined;
  const tell = (level: LogEntry["level"], source: string, message: string): void =>
    say({ at: now(), level, source, message });
  const hearts = heartSettings(loaded.file, assigned, plan, (level, message) =>
    tell(level, "hearts", message),
  );
  if (montages === undefined && hearts === undefined) {
    tell("warning", "session", "fewer than two people have EEG: the session is recorded and not analysed");
    return undefined;
  }
  if (montages === undefined)
    tell("info", "session", "fewer than two people have EEG: only hearts are analysed");
  const layers = codedLayers(loaded.file, plan.settings.states);
  return {
    ...sessionSettings(plan.settings, montages ?? [], layers, plan.running),
    ...(hearts === undefined ? {} : { hearts }),
  };
}
