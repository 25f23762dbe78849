import { type Signal, signal } from "@preact/signals";
import type { SessionView } from "../session/session-view.ts";
import { couplingText, roleWords } from "../texts/drawing.ts";
import { nameOf } from "./read-evidence.ts";

export type Pair = readonly [string, string];
const chosen = new WeakMap<SessionView, Signal<Pair | null>>();

function chosenPair(view: SessionView): Signal<Pair | null> {
  const known = chosen.get(view);
  if (known !== undefined) return known;
  const made = signal<Pair | null>(null);
  chosen.set(view, made);
  return made;
}

/** All pairs of people, those of an adult and an infant first. */
export function pairsOf(people: readonly { readonly id: string; readonly role: string }[]): Pair[] {
  const pairs = people.flatMap((a, n) => people.slice(n + 1).map((b) => [a, b] as const));
  const isMixed = ([a, b]: (typeof pairs)[number]): boolean => a.role !== b.role;
  return [...pairs.filter(isMixed), ...pairs.filter((pair) => !isMixed(pair))].map(([a, b]) => [a.id, b.id]);
}

/** The two people whose coupling is shown, in every panel; undefined where there is only one person. */
export function pairOf(view: SessionView): Pair | undefined {
  return chosenPair(view).value ?? pairsOf(view.hello.value?.people ?? [])[0];
}

export const isOfPair = (
  pair: Pair | undefined,
  { from, to }: { readonly from: string; readonly to: string },
): boolean => pair === undefined || (pair.includes(from) && pair.includes(to));

/** Where more than two people take part, one pair is looked at. */
export function PairChooser({ view }: { view: SessionView }) {
  const people = view.hello.value?.people ?? [];
  if (people.length <= 2) return null;
  const current = pairOf(view)?.join(" ");
  const pairs = pairsOf(people);
  return (
    <label class="coupling-pair">
      <span>{couplingText.pair}</span>
      <select
        value={current ?? ""}
        onChange={(event) => {
          chosenPair(view).value = pairs.find((pair) => pair.join(" ") === event.currentTarget.value) ?? null;
        }}
      >
        {pairs.map((pair) => (
          <option key={pair.join(" ")} value={pair.join(" ")} selected={pair.join(" ") === current}>
            {couplingText.pairOf(nameOf(pair[0], people, roleWords), nameOf(pair[1], people, roleWords))}
          </option>
        ))}
      </select>
    </label>
  );
}
