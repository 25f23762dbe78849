import { dirname } from "node:path";
import type { SessionSettings } from "@attune/pipeline";
import { openRecorder, type Recorder, type RecorderEvent, type RecorderHealth } from "@attune/recording";
import type { DeviceOutput, Seconds, SessionInput, Stream } from "@attune/signal";
import { attuneVersion, hashOf } from "@attune/study";
import type { AlarmLimits } from "../alarms/limits.ts";
import { SessionError } from "../errors.ts";
import type { LoadedSession } from "../session-file/read-session.ts";
import type { AnalysisPlan } from "../session-file/study-settings.ts";
import type { InputRecorder } from "./input-order.ts";
import { makeFolder } from "./make-folder.ts";
import { mendInterrupted } from "./mend-interrupted.ts";
import { nextRecordingPath } from "./recording-path.ts";
import type { LogEntry } from "./session-log.ts";

/** What a recording says about how its session was analysed: with it `attune replay` gives the same numbers again. */
export interface RecordedSettings {
  readonly format: "attune-session";
  readonly formatVersion: 1;
  /** What the pipeline ran with; null where nothing was analysed. */
  readonly pipeline: SessionSettings | null;
  readonly profile: string;
  readonly study: AnalysisPlan["settings"];
  readonly running: AnalysisPlan["running"];
  /** The session file, with every default filled in. */
  readonly file: LoadedSession["file"];
}

export interface RecordingRequest {
  readonly loaded: LoadedSession;
  readonly plan: AnalysisPlan;
  readonly settings: SessionSettings | undefined;
  readonly limits: AlarmLimits;
  readonly now: () => Seconds;
  readonly setTimer: (callback: () => void, seconds: Seconds) => { cancel(): void };
  readonly say: (entry: LogEntry) => void;
}

/** The recording of a running session. */
export interface SessionRecording extends InputRecorder {
  readonly path: string;
  addStream(stream: Stream): void;
  readonly health: RecorderHealth;
  close(): Promise<void>;
}

/** @throws SessionError when nothing can be written there */
export async function startRecording(request: RecordingRequest): Promise<SessionRecording> {
  const { loaded, plan, settings, limits, now, setTimer, say } = request;
  const { amber, red } = limits.diskMinutes;
  const recorded: RecordedSettings = {
    format: "attune-session",
    formatVersion: 1,
    pipeline: settings ?? null,
    profile: plan.profile,
    study: plan.settings,
    running: plan.running,
    file: loaded.file,
  };
  await mendInterrupted(loaded.recordingFolder, now, say);
  let path = loaded.recordingFolder;
  let recorder: Recorder | undefined;
  const levelOf = ({ kind }: RecorderEvent, health: RecorderHealth | undefined): LogEntry["level"] =>
    kind === "disk-low" && (health?.freeDiskMinutes ?? 0) > red ? "warning" : levels[kind];
  try {
    path = await nextRecordingPath(loaded);
    await makeFolder(dirname(path));
    recorder = await openRecorder({
      path,
      session: {
        id: loaded.file.session,
        settings: recorded,
        settingsHash: hashOf(recorded),
        seed: plan.settings.seed,
        versions: { attune: attuneVersion },
      },
      now,
      setTimer,
      diskAlarmMinutes: [amber, red, ...LAST_MINUTES.filter((minutes) => minutes < red)],
      onEvent: (event) =>
        say({
          at: now(),
          level: levelOf(event, recorder?.health),
          source: "recording",
          message: event.message,
        }),
    });
  } catch (cause) {
    throw new SessionError(
      `Cannot record into ${path} (${cause instanceof Error ? cause.message : String(cause)}): choose another folder under recording.`,
      { cause },
    );
  }
  const opened = recorder;
  const owners = ownersOf(loaded);
  return {
    path,
    get health() {
      return opened.health;
    },
    addStream: (stream) => opened.addStream(withOwner(stream, owners)),
    write: (output: DeviceOutput) => opened.write(output),
    writeInput: (input: SessionInput) => opened.writeInput(input),
    close: () => opened.close(),
  };
}

/** Below red the disk is told of once more and once more. */
const LAST_MINUTES = [5, 1];

const levels: Readonly<Record<RecorderEvent["kind"], LogEntry["level"]>> = {
  "disk-low": "alarm",
  full: "alarm",
  failed: "alarm",
  overflow: "alarm",
  refused: "alarm",
  recovered: "info",
};

/** Devices that one person alone wears. */
function ownersOf({ file }: LoadedSession): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const device of Object.keys(file.devices)) {
    const people = new Set(file.streams.filter((each) => each.device === device).map(({ person }) => person));
    if (people.size === 1) owners.set(device, [...people][0]!);
  }
  return owners;
}

/** Stream ids begin with the id of their device. */
function withOwner(stream: Stream, owners: ReadonlyMap<string, string>): Stream {
  const id = stream.id.replace(/#\d+$/, "");
  const owner = [...owners].find(([device]) => id === device || id.startsWith(`${device}/`));
  return owner === undefined || stream.person !== undefined ? stream : { ...stream, person: owner[1] };
}
