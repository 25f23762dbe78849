/**
 * Recordings: one door for every format that can be read, and the writer of the one that is written.
 */
export { type ByteSource, bytesSource } from "./bytes/byte-source.ts";
export type { DamageEntry } from "./damage.ts";
export { RecordingError } from "./errors.ts";
export { openRecording } from "./open-recording.ts";
export { openRecorder } from "./recorder/open-recorder.ts";
export type { Recorder } from "./recorder/recorder.ts";
export type {
  RecorderEvent,
  RecorderHealth,
  RecorderOptions,
  RecorderState,
} from "./recorder/recorder-options.ts";
export type { AppendFile, RecordingFiles } from "./recorder/recording-files.ts";
export type * from "./recording.ts";
export { findInterrupted, type InterruptedRecording } from "./repair/find-interrupted.ts";
export { type RepairReport, repairRecording } from "./repair/repair-recording.ts";
export type { SessionFacts } from "./session/session-header.ts";
export { encodeState, STATES_STREAM } from "./states/marker-input.ts";
export { parseStates, readStates, stateIntervalsToChanges } from "./states/state-table.ts";
export { type StateRule, statesFromEvents } from "./states/states-from-events.ts";
export type { SampleValues } from "./xdf/encode-chunk.ts";
export type { ChannelFormat } from "./xdf/format.ts";
export { openXdf, type XdfRecording } from "./xdf/open-xdf.ts";
export type { XmlValue } from "./xdf/write-xml.ts";
export type { XdfStreamInfo } from "./xdf/xdf-encoder.ts";
export { XdfWriter } from "./xdf/xdf-writer.ts";
export type { XmlTree } from "./xdf/xml.ts";
