import type { Hello } from "@attune/wire/page";
import { expect, test } from "vitest";
import { clustersOf } from "./layer-clusters.ts";

const people: Hello["people"] = [
  { id: "adult", role: "adult" },
  { id: "infant", role: "infant" },
];
const layer = (person: string, keys: string): Hello["coding"]["layers"][number] => ({
  person,
  layer: "gaze",
  mode: "toggle",
  initial: "unknown",
  states: [...keys].map((key) => ({ state: `s${key}`, key })),
});
const sidesOf = (layers: readonly (readonly [string, string])[], who = people) => {
  const { left, right, others, isByHand } = clustersOf({
    people: who,
    coding: { latencySeconds: 0.3, layers: layers.map(([person, keys]) => layer(person, keys)) },
  });
  const names = (of: typeof left) => [...new Set(of.map(({ person }) => person))];
  return { left: names(left), right: names(right), others: names(others), isByHand };
};

test("whose keys lie under the left hand stands left, whoever it is", () => {
  expect(sidesOf([["adult", "jkl"], ["infant", "DSA"]])).toEqual({
    left: ["infant"], right: ["adult"], others: [], isByHand: true,
  }); // biome-ignore format: one line a case
  expect(sidesOf([["adult", "da"], ["infant", "po"]])).toEqual({
    left: ["adult"], right: ["infant"], others: [], isByHand: true,
  }); // biome-ignore format: one line a case
});

test("keys of which some lie under the other hand decide the side by most of them, and no hand is named", () => {
  expect(sidesOf([["adult", "jkd"], ["infant", "as"]])).toEqual({
    left: ["infant"], right: ["adult"], others: [], isByHand: false,
  }); // biome-ignore format: one line a case
});

test("keys that do not tell people apart leave infants left and adults right, and no hand is named", () => {
  for (const keys of [
    ["as", "df"],
    ["jk", "lu"],
    ["yz", "b6"],
    ["a", "yz"],
  ] as const)
    expect(sidesOf([["adult", keys[0]], ["infant", keys[1]]])).toEqual({
      left: ["infant"], right: ["adult"], others: [], isByHand: false,
    }); // biome-ignore format: one line a case
});

test("a third person goes to the side of their keys, and the session to neither", () => {
  const three = [...people, { id: "father", role: "adult" as const }];
  expect(sidesOf([["adult", "jk"], ["infant", "as"], ["father", "nm"], ["session", "l"]], three)).toEqual({
    left: ["infant"], right: ["adult", "father"], others: ["session"], isByHand: true,
  }); // biome-ignore format: one line a case
});
