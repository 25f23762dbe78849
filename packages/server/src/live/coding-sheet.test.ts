import { LiveSession, parseSession } from "@attune/live";
import { expect, test } from "vitest";
import { codingOf } from "./coding-sheet.ts";
import { HandTime } from "./scripted-session.test-support.ts";

const text = `
session: dyad-001
people: [{ id: adult, role: adult }, { id: infant, role: infant }]
devices: {}
streams: []
coding:
  layers:
    - { person: adult, layer: voice, states: { speech: s, silence: x } }
    - { person: infant, layer: touch, mode: hold, initial: none, states: { still: t } }
    - { person: infant, layer: fuss, states: { calm: c, fussing: f } }
`;

test("what a second coder never touched is not compared, and time counts from the first act in each layer", async () => {
  const time = new HandTime();
  const session = new LiveSession(
    { path: "session.yaml", file: parseSession(text, "session.yaml"), recordingFolder: "/nowhere" },
    { record: false, analyse: false, context: time.context },
  );
  const { coder } = session;
  await session.connect();
  await session.begin();
  coder.join("KB");
  for (const key of ["s", "c"]) coder.press(key);
  coder.press("t");
  await time.advance(10);
  coder.release("t");
  coder.press("c", session.now(), "KB");
  await time.advance(20);
  coder.press("f", session.now(), "KB");
  await time.advance(10);
  const { agreement } = codingOf(session, session.now());
  expect(agreement).toHaveLength(1);
  expect(agreement[0]).toMatchObject({ person: "infant", layer: "fuss" });
  // From KB's first key on: 20 s of 30 s the same.
  expect(agreement[0]!.seconds).toBeCloseTo(30, 6);
  expect(agreement[0]!.observed).toBeCloseTo(20 / 30, 2);
  await session.end();
});
