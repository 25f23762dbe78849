import { expect, test } from "vitest";
import { byPerson } from "./person-order.ts";

test("adults stand before infants before the session, in whatever order they came", () => {
  const people = [
    { id: "baby", role: "infant" },
    { id: "mother", role: "adult" },
    { id: "father", role: "adult" },
  ] as const;
  const came = ["session", "baby", "father", "mother", "baby"].map((person, n) => ({ person, n }));
  expect(byPerson(came, [...people]).map(({ person, n }) => `${person}${n}`)).toEqual([
    "mother3",
    "father2",
    "baby1",
    "baby4",
    "session0",
  ]);
});
