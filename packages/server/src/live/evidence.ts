import type { LiveSession } from "@attune/live";
import type { Coupling } from "@attune/signal";
import type { Evidence } from "@attune/wire/page";
import { known } from "./known.ts";
import type { StateTrack } from "./state-track.ts";

/** SIFT advises fewer than one coefficient for ten observations. */
const MOST_PARAMETERS = 0.1;

/** What evidence is made of: of a session in the room, or of one that is replayed. */
export type EvidenceSession = Pick<LiveSession, "plan" | "totals" | "now" | "knownConditions" | "comparison">;

/** Coupling as it stands, by condition, and how the conditions differ. */
export function evidenceOf(session: EvidenceSession, states: Pick<StateTrack, "get">): Evidence {
  const { person, layer } = session.plan.settings.states;
  const held = states.get(person, layer)?.state;
  const { conditions } = session.totals;
  return {
    kind: "evidence",
    at: session.now(),
    condition: held === undefined || held === "unknown" ? null : held,
    values: conditions.flatMap(({ condition, nWindows, cleanSeconds, coupling }) =>
      (coupling?.values ?? []).map((value) => ({
        condition,
        from: value.from,
        to: value.to,
        band: value.band,
        measure: value.measure,
        value: known(value.value),
        nullMean: known(value.nullMean),
        nullSd: known(value.nullSd),
        corrected: known(value.corrected),
        z: known(value.z),
        p: known(value.p),
        caveat: caveatOf(coupling!, value.nullMean),
        nWindows,
        cleanSeconds,
      })),
    ),
    comparisons: comparisonsOf(session),
  };
}

function caveatOf({ health: { status, parameterRatio } }: Coupling, nullMean: number): string | null {
  switch (status) {
    case "insufficient-data":
      return "too few windows for this model";
    case "not-positive-definite":
      return "the model could not be fitted: channels may be copies of one another";
    case "unstable":
      return "the model is unstable: the signals may hold an artefact";
    default:
      if (parameterRatio > MOST_PARAMETERS) return "few windows so far for so large a model";
      return Number.isNaN(nullMean) ? "not compared with chance yet" : null;
  }
}

/** States of looking at each other, which a comparison is about where the session file does not say it by its order. */
const FACING = ["mutual", "direct", "partner"];

/** The first condition that the session file names against every other; where it names none, looking at the other, else the first seen. */
function comparisonsOf(session: EvidenceSession): Evidence["comparisons"] {
  const seen = session.totals.conditions.map(({ condition }) => condition);
  const order = session.knownConditions.filter((condition) => seen.includes(condition));
  const unnamed = seen.filter((condition) => !order.includes(condition));
  const facing = unnamed.filter((condition) => FACING.includes(condition));
  const [first, ...others] = [...new Set([...order, ...facing, ...unnamed])];
  if (first === undefined) return [];
  return others.flatMap((reference) =>
    session.comparison.compare(first, reference).map((row) => ({
      ...row,
      difference: known(row.difference),
      low: known(row.low),
      high: known(row.high),
      windowsToGo: known(row.windowsToGo),
    })),
  );
}
