import { expect, test } from "vitest";
import { BehaviourCoder } from "./behaviour-coder.ts";
import { borisRows, borisTable } from "./boris.ts";

function session(): BehaviourCoder {
  const coder = new BehaviourCoder({
    coders: ["first", "second"],
    layers: [
      {
        person: "infant",
        layer: "gaze",
        mode: "hold",
        defaultState: "unknown",
        states: [{ state: "partner", keys: ["j"] }],
      },
    ],
  });
  coder.start(100);
  coder.keyDown("j", 101, "first");
  coder.keyDown("j", 101.25, "second");
  coder.keyUp("j", 103, "first");
  coder.stop(105);
  return coder;
}

test("states start and stop per coder, the old one before the new, and events are points", () => {
  const events = [{ kind: "event" as const, label: "note\twith tab", at: 102, source: "coder" }];
  const text = borisTable(borisRows(session().rows, events, { zeroAt: 100, until: 105 }));
  expect(text.split("\n")).toEqual([
    "time\tsubject\tbehaviour\tstatus\tcoder",
    "0.000\tinfant\tgaze: unknown\tSTART\tfirst",
    "0.000\tinfant\tgaze: unknown\tSTART\tsecond",
    "1.000\tinfant\tgaze: unknown\tSTOP\tfirst",
    "1.000\tinfant\tgaze: partner\tSTART\tfirst",
    "1.250\tinfant\tgaze: unknown\tSTOP\tsecond",
    "1.250\tinfant\tgaze: partner\tSTART\tsecond",
    "2.000\tsession\tnote with tab\tPOINT\tcoder",
    "3.000\tinfant\tgaze: partner\tSTOP\tfirst",
    "3.000\tinfant\tgaze: unknown\tSTART\tfirst",
    "5.000\tinfant\tgaze: unknown\tSTOP\tfirst",
    "5.000\tinfant\tgaze: partner\tSTOP\tsecond",
    "",
  ]);
});

test("every start has its stop", () => {
  const rows = borisRows(session().rows, [], { until: 105 });
  const open = new Set<string>();
  for (const { subject, behaviour, status, coder } of rows) {
    const key = `${coder} ${subject} ${behaviour}`;
    expect(open.has(key)).toBe(status === "STOP");
    if (status === "START") open.add(key);
    else open.delete(key);
  }
  expect(open.size).toBe(0);
});
