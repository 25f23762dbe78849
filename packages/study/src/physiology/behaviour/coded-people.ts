import { StudyError } from "../../errors.ts";
import { PHASE_LAYER } from "../hearts/reactivity.ts";
import type { CodedStates } from "./coded-states.ts";

/** Layers that belong to one of the two people. */
const OF_A_PERSON = /^(gaze|voice|cry|touch)$/i;

/**
 * People of whom gaze, voice or touch were coded and who are neither member: what they did is in no number about behaviour.
 * Phases may belong to anybody.
 *
 * @throws StudyError when nobody in the table is a member although behaviour was coded
 */
export function strangersIn({ layers }: CodedStates, ids: readonly [string, string]): string[] {
  const coded = layers.filter(({ layer }) => !PHASE_LAYER.test(layer));
  const strangers = [
    ...new Set(
      coded
        .filter(({ person, layer }) => OF_A_PERSON.test(layer) && !ids.includes(person))
        .map(({ person }) => person),
    ),
  ];
  if (strangers.length > 0 && !coded.some(({ person }) => ids.includes(person)))
    throw new StudyError(
      `The coded states are of ${strangers.join(" and ")}, and the people are ${ids.join(" and ")}: name them as the states do, --adult ${strangers[0]} --infant ${strangers[1] ?? "ID"}.`,
    );
  return strangers;
}
