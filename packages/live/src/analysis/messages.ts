import type { Coupling, HeartOutput, RejectionReason, SessionInput } from "@attune/signal";

/** To the analysis: inputs in their order. `sequence` is the number of the last one. */
export interface AnalysisTask {
  readonly inputs: readonly SessionInput[];
  readonly sequence: number;
  /** Nothing comes after these: what waits for later samples is given out as it is, as at the end of a file. */
  readonly isLast?: boolean;
}

/** One window as the screen needs it: its samples stay in the worker. */
export interface WindowVerdict {
  readonly index: number;
  readonly start: number;
  readonly seconds: number;
  readonly condition: string | undefined;
  /** Empty for an accepted window. */
  readonly reasons: readonly { readonly person: string; readonly reason: RejectionReason }[];
}

/** From the analysis: everything up to `sequence` is done with. */
export interface AnalysisReply {
  readonly sequence: number;
  readonly couplings: readonly Coupling[];
  readonly windows: readonly WindowVerdict[];
  readonly hearts: readonly HeartOutput[];
  /** The analysis itself failed: a mistake of ours, to be shown and logged. */
  readonly error?: string;
}
