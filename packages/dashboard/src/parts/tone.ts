import type { Hello } from "@attune/wire/page";

export type Tone = "adult" | "adult-2" | "infant" | "infant-2" | "grey";

/** Colour of a person: adults cool, infants and children warm; the second of a kind has a colour of their own. */
export function toneOf(people: Hello["people"], person: string): Tone {
  const found = people.find(({ id }) => id === person);
  if (found === undefined) return "grey";
  const isAdult = found.role === "adult";
  const place = people.filter(({ role }) => (role === "adult") === isAdult).indexOf(found);
  const tones: readonly Tone[] = isAdult ? ["adult", "adult-2"] : ["infant", "infant-2"];
  return tones[place % 2]!;
}
