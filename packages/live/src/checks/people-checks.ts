import type { AssignedStream } from "../session/assign-streams.ts";
import type { LiveSession } from "../session/live-session.ts";
import { amber, type Check, green, red } from "./check.ts";

/** Whether everybody wears what the file says, and whether coupling can be computed from it. */
export function checkPeople(session: LiveSession): Check[] {
  const { file } = session.loaded;
  let assigned: readonly AssignedStream[];
  try {
    assigned = session.assignments();
  } catch (error) {
    return [red("people", "streams", wordsOf(error))];
  }
  return [...file.people.map(({ id }) => checkPerson(session, id, assigned)), checkAnalysis(session)];
}

function checkPerson(session: LiveSession, person: string, assigned: readonly AssignedStream[]): Check {
  const { file } = session.loaded;
  const own = assigned.filter(({ assignment }) => assignment.person === person);
  const planned = file.streams.filter((each) => each.person === person);
  if (planned.length === 0)
    return red("people", person, "wears nothing: give a stream of theirs under streams");
  const list = own
    .map(
      ({ assignment, stream }) =>
        `${assignment.signal} from "${stream.name}"${assignment.channels ? ` (${assignment.channels.join(", ")})` : ""}`,
    )
    .join("; ");
  if (own.length === planned.length) return green("people", person, list);
  const missing = planned.filter((each) => !own.some(({ assignment }) => assignment === each));
  const without = `without ${missing.map(({ signal, device }) => `${signal} from ${device}`).join(", ")}, which is optional and not there`;
  return amber("people", person, list === "" ? without : `${list}; ${without}`);
}

function checkAnalysis(session: LiveSession): Check {
  try {
    const montages = session.montages();
    if (montages === undefined) {
      const hasHearts = session.assignments().some(({ assignment }) => assignment.signal === "ecg");
      return amber(
        "analysis",
        "eeg",
        hasHearts
          ? "fewer than two people have EEG: only hearts are analysed"
          : "fewer than two people have EEG: the session is recorded and not analysed",
      );
    }
    const list = montages.map(
      ({ person, channels }) => `${person.id} ${channels.map(({ label }) => label).join(" ")}`,
    );
    return green("analysis", "eeg", `coupling between ${list.join(" and ")}`);
  } catch (error) {
    return red("analysis", "eeg", wordsOf(error));
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
