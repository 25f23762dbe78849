import { describe, expect, test } from "vitest";
import { SessionError } from "../errors.ts";
import { parseSession } from "./read-session.ts";
import { sessionJsonSchema } from "./schema.ts";
import { analysisPlan } from "./study-settings.ts";

const good = `
session: dyad-012-v1
people:
  - { id: adult, role: adult }
  - { id: infant, role: infant }
devices:
  adult-cap: { kind: lsl, name: Adult EEG }
  infant-cap: { kind: openbci-cyton, port: /dev/ttyUSB0 }
streams:
  - { person: adult, signal: eeg, device: adult-cap, channels: [C3, C4] }
  - { person: infant, signal: eeg, device: infant-cap, channels: [C3, C4] }
coding:
  layers:
    - { person: adult, layer: gaze, states: { direct: d, averted: a } }
`;

const refusal = (text: string): string => {
  try {
    parseSession(text, "session.yaml");
  } catch (error) {
    expect(error).toBeInstanceOf(SessionError);
    expect((error as SessionError).misuse).toBe(true);
    const { message } = error as SessionError;
    expect(message).not.toContain("\n");
    return message;
  }
  throw new Error("nothing was refused");
};

describe("a session file", () => {
  test("is read with every default filled in", () => {
    const file = parseSession(good, "session.yaml");
    expect(file.devices["infant-cap"]).toEqual({
      kind: "openbci-cyton",
      optional: false,
      port: "/dev/ttyUSB0",
    });
    expect(file.coding.latencySeconds).toBe(0.3);
    expect(file.coding.layers[0]).toMatchObject({ mode: "toggle", initial: "unknown" });
    expect(file.recording).toEqual({ folder: "recordings", name: "{session}", minimumDiskMinutes: 60 });
    expect(file.outputs).toEqual({ lsl: false });
  });

  test.each([
    [
      "a name where a code belongs",
      good.replace("dyad-012-v1", "Mrs Smith"),
      /line 2.*"session".*code of letters/,
    ],
    [
      "a door that is open to other machines",
      `${good}outputs: { websocket: { host: 0.0.0.0, port: 9000 } }\n`,
      /0\.0\.0\.0 can be reached from other machines: give it a token/,
    ],
    ["one key in small and in capital", good.replace("averted: a", "averted: D"), /key "D" stands for/],
    ["a layer without states", good.replace("{ direct: d, averted: a }", "{}"), /has no states/],
    ["an alias that stands for nothing", good.replace("dyad-012-v1", "*who"), /Unresolved alias.*write out/],
    [
      "a device that is a word of the language",
      good.replace("device: adult-cap", "device: constructor"),
      /names the device "constructor", which is not under devices/,
    ],
    [
      "a channel in small and in capital letters",
      good.replace("device: adult-cap, channels: [C3, C4]", "device: adult-cap, channels: [C3, c3]"),
      /channel c3 is named twice/,
    ],
    ["a misspelt setting", good.replace("coding:", "codng:"), /no setting called "codng"/],
    [
      "a misspelt setting further down",
      `${good}outputs: { lls: true }\n`,
      /line \d+: "outputs" has no setting called "lls"/,
    ],
    ["a role that does not exist", good.replace("role: infant", "role: baby"), /line 5.*"people.1.role"/],
    ["broken YAML", good.replace("people:", "people: ["), /line \d+: .*YAML/],
    ["nothing at all", "", /"session" is missing/],
    [
      "a stream of nobody",
      good.replace("person: infant, signal", "person: baby, signal"),
      /"baby", who is not among/,
    ],
    [
      "a device that is not there",
      good.replace("device: infant-cap", "device: other"),
      /"other", which is not under/,
    ],
    [
      "one channel given twice",
      good.replace("device: infant-cap", "device: adult-cap"),
      /channel C3 of "adult-cap" is given to adult and to infant/,
    ],
    ["one key for two states", good.replace("averted: a", "averted: d"), /key "d" stands for/],
    ["a key that the session needs", good.replace("averted: a", "averted: space"), /needed for pause/],
    ["two people of one name", good.replace("id: infant", "id: adult"), /two people are called "adult"/],
  ])("%s is refused in one sentence that says where", (_, text, sentence) => {
    expect(refusal(text)).toMatch(sentence);
  });

  test("one device may be worn by two people with channels of their own", () => {
    const text = good
      .replace("device: infant-cap, channels: [C3, C4]", "device: adult-cap, channels: [P3, P4]")
      .replace(/ {2}infant-cap.*\n/, "");
    expect(parseSession(text, "session.yaml").streams).toHaveLength(2);
  });
});

describe("the analysis of a session file", () => {
  const planOf = (settings: string) =>
    analysisPlan(parseSession(`${good}analysis: { settings: ${settings} }\n`, "session.yaml"));

  test("is the profile with what the file changes, and leaves out pauses", () => {
    const { settings } = planOf("{ model: { order: 7 } }");
    const { settings: plain } = planOf("{}");
    expect(settings.model).toEqual({ ...plain.model, order: 7 });
    expect(settings.states.require).toContainEqual({
      person: "session",
      layer: "pause",
      states: ["running"],
    });
  });

  test.each([
    ["{ modle: { order: 7 } }", /analysis.settings has no setting called "modle"/],
    ["{ model: { ordr: 7 } }", /analysis.settings.model has no setting called "ordr"/],
    ["{ model: { order: many } }", /analysis.settings.model.order is not right/],
  ])("%s is refused", (settings, sentence) => {
    expect(() => planOf(settings)).toThrow(sentence);
  });
});

test("the JSON Schema describes every key for editors", () => {
  const schema = JSON.stringify(sessionJsonSchema());
  expect(schema).toContain("Code of the dyad and visit");
  expect(schema).toContain("forgettingSeconds");
});
