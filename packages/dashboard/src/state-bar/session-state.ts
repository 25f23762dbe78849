import type { Hello, Standing } from "@attune/wire/page";
import { SILENT_SECONDS } from "../session/page-session.ts";
import type { ConnectionState } from "../session/session-view.ts";
import { clockTime } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";

/** Colour, icon and favicon go by the kind; the word is said beside them. */
export type StateKind =
  | "connecting"
  | "disconnected"
  | "unanswered"
  | "silent"
  | "idle"
  | "monitoring"
  | "running"
  | "recording"
  | "paused"
  | "stopped"
  | "ended"
  | "replay";

export interface SessionState {
  readonly kind: StateKind;
  readonly word: string;
  /** Second word of the same weight, empty where the first says all. */
  readonly stress: string;
  readonly detail: string;
}

const state = (
  kind: StateKind,
  detail = "",
  stress = "",
  word: string = texts.state[kind],
): SessionState => ({
  kind,
  word,
  stress,
  detail,
});

/** The one thing that has to be right from three metres away. */
export function sessionState(
  connection: ConnectionState,
  hello: Hello | undefined,
  standing: Standing | undefined,
  silentSeconds = 0,
): SessionState {
  if (connection === "lost") return state("disconnected");
  const known = knownState(hello, standing);
  // What has ended, or has not begun to speak, says nothing new.
  if (silentSeconds < SILENT_SECONDS.caution || known.kind === "ended" || known.kind === "connecting")
    return known;
  const since = silentSeconds < 10 ? silentSeconds.toFixed(1) : `${Math.floor(silentSeconds)}`;
  return state(
    silentSeconds < SILENT_SECONDS.alarm ? "unanswered" : "silent",
    texts.state.silentDetail(since),
  );
}

/** What the session said last, whatever became of the connection. */
export function knownState(hello: Hello | undefined, standing: Standing | undefined): SessionState {
  if (hello === undefined || standing === undefined) return state("connecting");
  if (hello.mode === "replay") return state("replay");
  const { stage, recording, isPaused } = standing;
  if (stage === "idle") return state("idle", texts.state.idleDetail);
  if (stage === "monitoring")
    return state("monitoring", texts.state.monitoringDetail, texts.state.notRecording);
  if (stage === "ended") return state("ended", endedDetail(recording));
  if (recording?.state === "full")
    return state("stopped", texts.state.stoppedDetail, texts.state.stoppedFull);
  if (recording?.state === "failed")
    return state("stopped", texts.state.stoppedDetail, texts.state.stoppedFailed);
  if (isPaused)
    return state("paused", recording === null ? texts.state.pausedUnrecorded : texts.state.pausedDetail);
  return recording === null
    ? state("running", texts.state.runningDetail, texts.state.notRecording)
    : state("recording");
}

function endedDetail(recording: Standing["recording"]): string {
  if (recording === null) return texts.state.endedWithout;
  return recording.state === "full" || recording.state === "failed"
    ? texts.state.endedIncomplete
    : texts.state.endedComplete;
}

/** Of the tab: what a person sees who works in another window. */
export function tabTitle(
  { kind, word, stress }: SessionState,
  session: string,
  elapsed: number | null,
): string {
  const time =
    (kind === "recording" || kind === "paused") && elapsed !== null ? ` ${clockTime(elapsed)}` : "";
  return `${word}${stress === "" ? "" : ` ${stress}`}${time} · ${session === "" ? texts.product : session}`;
}

/** Seconds of the phase that are left by plan; negative when it is over time, null without a plan. */
export function phaseRemaining({ phase }: Standing, now: number): number | null {
  if (phase === null || phase.plannedSeconds === null) return null;
  return phase.since + phase.plannedSeconds - now;
}
