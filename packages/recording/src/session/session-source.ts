import type { RecordedStream, SampleWindow } from "../recording.ts";

/** A stream of a recording with its number in the file and the id that it had in the session. */
export interface SessionStream {
  readonly number: number;
  readonly liveId: string;
  readonly stream: RecordedStream;
}

/** What playing a recorded session needs to know of the recording. */
export interface SessionSource {
  readonly path: string;
  readonly streams: readonly SessionStream[];
  /** Records in the session stream. */
  readonly nRecords: number;
  /** Something was lost or displaced in the file: rows must be looked for. */
  readonly isDamaged: boolean;
  /** Texts of records `[from, from + n)`. */
  readRecords(from: number, n: number): Promise<readonly string[]>;
  /** Samples by the recording's own stream id. */
  read(streamId: string, window: { fromSample: number; nSamples: number }): Promise<SampleWindow>;
}
