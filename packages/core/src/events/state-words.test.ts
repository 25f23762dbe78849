import { expect, test } from "vitest";
import { STATE_WORDS } from "./state-words.ts";

const fits = (state: string): string[] =>
  Object.entries(STATE_WORDS).flatMap(([name, words]) => (words.test(state) ? [name] : []));

test("each word of a coding scheme means one thing, and any other word is a state of its own", () => {
  expect(fits("unknown")).toEqual(["unknown"]);
  expect(fits("N/A")).toEqual(["unknown"]);
  expect(fits("Silent")).toEqual(["rest"]);
  expect(fits("no-touch")).toEqual(["rest"]);
  expect(fits("fuss-cry")).toEqual(["cry"]);
  expect(fits("vegetative")).toEqual(["notVoice"]);
  expect(fits("direct-oblique")).toEqual(["looksAtPartner"]);
  expect(fits("gaze")).toEqual(["alwaysLayer"]);
  for (const state of ["vocalising", "away", "averted", "indirect", "stroking", "", "unknown-toy"])
    expect(fits(state)).toEqual([]);
});
