import type { AnalysisLag, Window } from "@attune/signal";
import { defer, EMPTY, type MonoTypeOperatorFunction, merge, mergeMap, type Observable } from "rxjs";

/**
 * Rejects the windows that are completed while the analysis is behind, before they cost anything: whole windows are left out
 * and counted, samples never. When it fell behind is part of the input, so a replay leaves out the same windows.
 *
 * @param lags marks of falling behind and catching up, in their place between the samples
 */
export function rejectLate(lags: Observable<AnalysisLag>): MonoTypeOperatorFunction<Window> {
  return (windows) =>
    defer(() => {
      let late = false;
      const learn = lags.pipe(
        mergeMap((lag) => {
          late = lag.late;
          return EMPTY;
        }),
      );
      const judge = windows.pipe(
        mergeMap((window) => [
          late
            ? { ...window, problems: [...window.problems, { person: SESSION, reason: "late" as const }] }
            : window,
        ]),
      );
      return merge(learn, judge);
    });
}

/** Whom a problem belongs to that is nobody's signal. */
const SESSION = "session";
