import { type Intervals, intersectIntervals, lagTables, totalSeconds } from "@attune/core";
import type { LagSequentialRow } from "../result.ts";
import { isEmpty } from "./coded-states.ts";
import type { DyadBehaviour } from "./vocabulary.ts";

/** Something that one person begins to do. */
interface Act {
  readonly person: string;
  readonly name: string;
  readonly stream: Intervals;
  readonly observed: Intervals;
}

/** Lag tables of every act of one person with every act of the other: onsets in 1 s bins, lags of 0 to 4 s. */
export function lagRows(behaviour: DyadBehaviour): LagSequentialRow[] {
  const acts = actsOf(behaviour).filter(({ stream }) => !isEmpty(stream));
  return acts.flatMap((act) =>
    acts
      .filter(({ person }) => person !== act.person)
      .flatMap((answer) => {
        const observed = intersectIntervals(act.observed, answer.observed);
        if (!(totalSeconds(observed) > 0)) return [];
        return lagTables(act.stream, answer.stream, { observed }).map(
          ({ lagSeconds, counts, yuleQ, logOddsRatio, standardError, phi, allisonLikerZ }) => ({
            from: act.person,
            act: act.name,
            to: answer.person,
            answer: answer.name,
            lagSeconds,
            counts,
            yuleQ,
            logOddsRatio,
            standardError,
            phi,
            allisonLikerZ,
          }),
        );
      }),
  );
}

function actsOf({ gaze, voice, touch, first, second }: DyadBehaviour): Act[] {
  return [
    ...(voice === undefined
      ? []
      : [
          { person: second, name: "protophone", stream: voice.protophones, observed: voice.observed },
          { person: second, name: "cry", stream: voice.cries, observed: voice.observed },
          { person: first, name: "voice", stream: voice.first, observed: voice.observed },
        ]),
    ...(gaze === undefined
      ? []
      : [
          { person: second, name: "look at partner", stream: gaze.second, observed: gaze.observed },
          { person: first, name: "look at partner", stream: gaze.first, observed: gaze.observed },
        ]),
    ...touch.map(({ person, any, observed }) => ({ person, name: "touch", stream: any, observed })),
  ];
}
