import type { Hello } from "@attune/wire/page";

const ORDER = { adult: 0, child: 1, infant: 2 } as const;

/** Adults before children before infants before the session, each in the order of the session file; whatever arrived first. */
export function byPerson<Row extends { readonly person: string }>(
  rows: readonly Row[],
  people: Hello["people"],
): Row[] {
  const rank = ({ person }: Row): number => {
    const place = people.findIndex(({ id }) => id === person);
    return place < 0 ? Number.POSITIVE_INFINITY : ORDER[people[place]!.role] * people.length + place;
  };
  return [...rows].sort((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    return first === second ? 0 : first - second;
  });
}
