import type { Person, StateInterval } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { profileNamed } from "../profiles.ts";
import { gazeEvents } from "./gaze-events.ts";
import { EPOCH } from "./trials.ts";

const people: Person[] = [
  { id: "adult", role: "adult" },
  { id: "infant", role: "infant" },
];
const settings = profileNamed("recommended").settings.states;

/** `[state, duration]` one after another from 0. */
function layer(person: string, ...runs: readonly (readonly [string, number])[]): StateInterval[] {
  let onset = 0;
  return runs.map(([state, duration]) => {
    const interval = { person, layer: "gaze", state, onset, duration };
    onset += duration;
    return interval;
  });
}

const events = (states: readonly StateInterval[]) => gazeEvents(people, states, settings, EPOCH);
const summary = (states: readonly StateInterval[]) =>
  events(states).map(({ event, onsets, nUnsteady }) => [event, onsets, nUnsteady]);

describe("shifts of gaze to the partner", () => {
  test("nothing coded, another layer only, or a gaze that never reaches the partner give no events", () => {
    expect(events([])).toEqual([]);
    expect(events([{ person: "adult", layer: "voice", state: "direct", onset: 1, duration: 2 }])).toEqual([]);
    expect(events(layer("adult", ["averted", 3], ["indirect", 4]))).toEqual([]);
  });

  test("a state that was there when the coding began is no shift", () => {
    expect(summary(layer("adult", ["direct", 3], ["averted", 3], ["direct", 3]))).toEqual([
      ["adult gaze -> direct", [6], 0],
    ]);
  });

  test("the infant's word for the partner is partner, and direct means nothing there", () => {
    expect(summary(layer("infant", ["object", 3], ["partner", 3], ["direct", 2]))).toEqual([
      ["infant gaze -> partner", [3], 0],
    ]);
  });

  test("mutual if the other was already looking, non-mutual if seen not to, neither when that is unknown", () => {
    const adult = layer(
      "adult",
      ["averted", 4],
      ["direct", 4],
      ["averted", 4],
      ["direct", 4],
      ["averted", 4],
      ["direct", 4],
    );
    const infant = layer("infant", ["partner", 8], ["object", 8], ["unknown", 8]);
    expect(summary([...adult, ...infant])).toEqual([
      ["adult gaze -> direct", [4, 12, 20], 0],
      ["adult gaze -> direct, mutual", [4], 0],
      ["adult gaze -> direct, non-mutual", [12], 0],
    ]);
  });

  test("an infant who shifts at the same instant was not already looking", () => {
    const states = [
      ...layer("adult", ["averted", 4], ["direct", 4]),
      ...layer("infant", ["object", 4], ["partner", 4]),
    ];
    expect(summary(states).map(([event]) => event)).toEqual([
      "adult gaze -> direct",
      "adult gaze -> direct, non-mutual",
      "infant gaze -> partner",
      "infant gaze -> partner, non-mutual",
    ]);
  });

  test("less than 500 ms before or after, an unknown before, or a second shift inside the epoch rule an event out", () => {
    expect(summary(layer("adult", ["direct", 2], ["averted", 0.4], ["direct", 5]))[0]).toEqual([
      "adult gaze -> direct",
      [],
      1,
    ]);
    expect(summary(layer("adult", ["averted", 2], ["direct", 0.4], ["averted", 5]))[0]).toEqual([
      "adult gaze -> direct",
      [],
      1,
    ]);
    expect(summary(layer("adult", ["averted", 2], ["unknown", 1], ["direct", 5]))[0]).toEqual([
      "adult gaze -> direct",
      [],
      1,
    ]);
    // 0.6 s direct, 0.6 s averted: the second onset lies 1.2 s after the first, which is outside its own epoch.
    expect(
      summary(layer("adult", ["averted", 2], ["direct", 0.6], ["averted", 0.6], ["direct", 5]))[0],
    ).toEqual(["adult gaze -> direct", [3.2], 1]);
  });

  test("quiet times have a steady gaze, the partner state of the class, and no shift in their epoch", () => {
    const adult = layer("adult", ["averted", 10], ["direct", 10], ["averted", 10]);
    const infant = layer("infant", ["object", 5], ["partner", 20], ["object", 5]);
    const [all, mutual] = events([...adult, ...infant]);
    const quiet = (time: number) => [all!.isQuiet(time), mutual!.isQuiet(time)];
    expect(quiet(3)).toEqual([true, false]);
    expect(quiet(7)).toEqual([true, true]);
    expect(quiet(8.6)).toEqual([false, false]);
    expect(quiet(10.9)).toEqual([false, false]);
    expect(quiet(11.1)).toEqual([true, true]);
    expect(quiet(19.8)).toEqual([false, false]);
    expect(quiet(29.8)).toEqual([false, false]);
  });
});
