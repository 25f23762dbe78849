import type { WindowVerdict } from "@attune/live";
import type { SessionSettings } from "@attune/pipeline";
import type { OpenOptions } from "@attune/recording";
import type { Coupling, HeartOutput, Seconds, StateChange } from "@attune/signal";
import type { Traces } from "@attune/wire/page";

/** What the thread is to do with a recording, once. */
export interface AnalysisTask {
  readonly path: string;
  readonly open: OpenOptions;
  /** Undefined where there is nothing to couple: the recording is only surveyed. */
  readonly pipeline:
    | {
        readonly settings: SessionSettings;
        /** `recorded`: the inputs of a live session as they came. `rule`: streams merged by time. */
        readonly order: "recorded" | "rule";
        /** Streams to read; all when undefined. */
        readonly streams: readonly string[] | undefined;
        /** States of a table: known from the start, in place of those that the recording holds. */
        readonly states: readonly StateChange[] | undefined;
      }
    | undefined;
}

/** Something that the analysis found, with the position in the recording at which it became known. */
export type Finding =
  | { readonly knownAt: Seconds; readonly window: WindowVerdict }
  | { readonly knownAt: Seconds; readonly coupling: Coupling }
  | { readonly knownAt: Seconds; readonly heart: HeartOutput };

/** A state, with the position at which a session knew it. */
export interface KnownState {
  readonly knownAt: Seconds;
  readonly change: StateChange;
}

export type AnalysisMessage =
  | { readonly kind: "found"; readonly findings: readonly Finding[]; readonly states: readonly KnownState[] }
  /** Everything is analysed, or cannot be: then `error` says why. */
  | { readonly kind: "analysed"; readonly error: string | undefined }
  /** Least and greatest values of one stream over the whole recording. */
  | { readonly kind: "envelope"; readonly runs: readonly Traces[] };
