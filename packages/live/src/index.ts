/** A session in the room: its file, its devices, checks before it, recording and analysis while it runs. */
export { ALARM_LIMITS, type AlarmLimits, type Limit } from "./alarms/limits.ts";
export type { AnalysisReply, WindowVerdict } from "./analysis/messages.ts";
export type { Check } from "./checks/check.ts";
export type { ImpedanceMeasurement } from "./checks/impedance-file.ts";
export { type MeasuredImpedances, measureImpedances } from "./checks/measure-impedances.ts";
export { preflight } from "./checks/preflight.ts";
export { deviceTypes } from "./device-registry.ts";
export { type Discovery, discoverStreams } from "./discovery/discover-streams.ts";
export { proposeSession } from "./discovery/propose-session.ts";
export { SessionError } from "./errors.ts";
export { attachOutputs } from "./outputs/attach-outputs.ts";
export { onLoopback } from "./outputs/lsl-network.ts";
export { isLoopback, isSameSecret } from "./outputs/who-may-listen.ts";
export { passportText } from "./passport/passport-text.ts";
export type * from "./passport/timing-passport.ts";
export { type ReplayedSession, recordedSettings, replaySession } from "./replay/replay-session.ts";
export {
  applyCorrections,
  type CorrectedInterval,
  type Correction,
  type CorrectionWish,
  correctedIntervals,
  correctionOf,
  isCorrection,
  whyNotCorrect,
  without,
  withoutCorrections,
} from "./session/corrections.ts";
export { declaredStates } from "./session/declared-states.ts";
export { eventWords, pageTime } from "./session/event-words.ts";
export type { HeartTotal, HeartTotals, NewestHeart } from "./session/heart-totals.ts";
export { LiveSession } from "./session/live-session.ts";
export type { LogDisk } from "./session/log-file.ts";
export type { LiveSessionOptions, SessionStage } from "./session/monitored-session.ts";
export { PAUSE_LAYER } from "./session/pause-layer.ts";
export {
  type ComparisonOptions,
  type ConditionComparison,
  RunningComparison,
} from "./session/running-comparison.ts";
export { RunningTotals, type SessionTotals } from "./session/running-totals.ts";
export type { SessionCoder } from "./session/session-coder.ts";
export { UNDECLARED } from "./session/session-intake.ts";
export type { LogEntry } from "./session/session-log.ts";
export type { RecordedSettings } from "./session/session-recording.ts";
export type { StreamPulse } from "./session/stream-watch.ts";
export { type LoadedSession, parseSession, readSession } from "./session-file/read-session.ts";
export { markersOf, type SessionFile, sessionJsonSchema, sessionSchema } from "./session-file/schema.ts";
export { openVirtualLab, type VirtualLab, type VirtualLabOptions } from "./virtual-lab/virtual-lab.ts";
