import { describe, expect, test } from "vitest";
import { BehaviourCoder } from "./behaviour-coder.ts";
import { adultGaze, infantGaze, make, said } from "./coding.test-support.ts";

describe("start and stop", () => {
  test("every layer begins in its default state, and says so", () => {
    const coder = new BehaviourCoder({ layers: [adultGaze, infantGaze] });
    expect(said(coder.keyDown("f", 1))).toEqual([]);
    expect(said(coder.start(2))).toEqual(["2 adult.gaze=unknown", "2 infant.gaze=unknown"]);
    expect(said(coder.start(3))).toEqual([]);
    expect(said(coder.keyDown("f", 4))).toEqual(["4 adult.gaze=direct"]);
  });

  test("what is open at the end is closed and flagged; what is not is left alone", () => {
    const coder = make();
    coder.keyDown("f", 1);
    const closed = coder.stop(9);
    expect(said(closed)).toEqual(["9 adult.gaze=unknown"]);
    expect(closed.rows.map(({ kind }) => kind)).toEqual(["auto-close"]);
    expect(said(coder.keyDown("a", 10))).toEqual([]);
    expect(said(coder.stop(11))).toEqual([]);
  });

  test("a key that was down at the end does not end anything after the next start", () => {
    const coder = make();
    coder.keyDown("j", 1);
    coder.stop(2);
    coder.start(3);
    expect(said(coder.keyUp("j", 4))).toEqual([]);
    expect(said(coder.keyDown("j", 5))).toEqual(["5 infant.gaze=partner"]);
  });
});

describe("hold", () => {
  test("lasts while the key is down, then the default state holds", () => {
    const coder = make();
    expect(said(coder.keyDown("j", 1))).toEqual(["1 infant.gaze=partner"]);
    expect(said(coder.keyUp("j", 2.5))).toEqual(["2.5 infant.gaze=unknown"]);
  });

  test("repeats are ignored, whether the keyboard says so or not", () => {
    const coder = make();
    coder.keyDown("j", 1);
    expect(said(coder.keyDown("j", 1.1, "coder", true))).toEqual([]);
    expect(said(coder.keyDown("j", 1.2))).toEqual([]);
    expect(said(coder.keyUp("j", 2))).toEqual(["2 infant.gaze=unknown"]);
    expect(coder.rows.filter(({ kind }) => kind === "state").length).toBe(2);
  });

  test("of several keys the newest counts, and what is still down counts again", () => {
    const coder = make();
    coder.keyDown("j", 1);
    expect(said(coder.keyDown("k", 2))).toEqual(["2 infant.gaze=object"]);
    expect(said(coder.keyUp("k", 3))).toEqual(["3 infant.gaze=partner"]);
    coder.keyDown("l", 4);
    expect(said(coder.keyUp("j", 5))).toEqual([]);
    expect(said(coder.keyUp("l", 6))).toEqual(["6 infant.gaze=unknown"]);
  });

  test("caps lock or shift between press and release do not leave a key down", () => {
    const coder = make();
    coder.keyDown("j", 1);
    expect(said(coder.keyUp("J", 2))).toEqual(["2 infant.gaze=unknown"]);
  });

  test("when the window loses the keyboard everything held is released, at once and once", () => {
    const coder = make();
    coder.keyDown("j", 1);
    coder.keyDown("k", 2);
    coder.keyDown("f", 2.5);
    expect(said(coder.blur(3))).toEqual(["3 infant.gaze=unknown"]);
    expect(said(coder.keyUp("k", 4))).toEqual([]);
    expect(said(coder.keyDown("k", 5))).toEqual(["5 infant.gaze=object"]);
  });
});

describe("toggle", () => {
  test("lasts until another key; the same key again does nothing unless it is to close", () => {
    const coder = make();
    coder.keyDown("f", 1);
    coder.keyUp("f", 1.1);
    expect(said(coder.keyDown("f", 2))).toEqual([]);
    coder.keyUp("f", 2.1);
    expect(said(coder.keyDown("ArrowUp", 2.5))).toEqual([]);
    expect(said(coder.keyDown("a", 3))).toEqual(["3 adult.gaze=averted"]);
    const closing = make({ layers: [{ ...adultGaze, sameKeyCloses: true }] });
    closing.keyDown("f", 1);
    closing.keyUp("f", 1.1);
    expect(said(closing.keyDown("f", 2))).toEqual(["2 adult.gaze=unknown"]);
  });

  test("where releases cannot be seen held layers toggle and a repeating key changes nothing", () => {
    const coder = make({ layers: [{ ...adultGaze, sameKeyCloses: true }, infantGaze], keyReleases: false });
    expect(said(coder.keyDown("j", 1))).toEqual(["1 infant.gaze=partner"]);
    expect(said(coder.keyDown("j", 1.03))).toEqual([]);
    expect(said(coder.keyDown("k", 2))).toEqual(["2 infant.gaze=object"]);
    expect(said(coder.keyDown("j", 3))).toEqual(["3 infant.gaze=partner"]);
    coder.keyDown("f", 4);
    expect(said(coder.keyDown("f", 4.03))).toEqual([]);
  });
});

describe("undo", () => {
  test("restores what held before as a new row that points to the mistake; nothing is rewritten", () => {
    const coder = make();
    coder.keyDown("a", 1);
    coder.keyDown("f", 2);
    const before = structuredClone(coder.rows);
    const undone = coder.undo(3);
    expect(said(undone)).toEqual(["3 adult.gaze=averted"]);
    const mistake = coder.rows.find(({ state }) => state === "direct")!;
    expect(undone.rows).toMatchObject([
      { kind: "correction", corrects: mistake.index, state: "averted", previous: "direct" },
    ]);
    expect(coder.rows.slice(0, before.length)).toEqual(before);
  });

  test("again takes back the change before, and after that there is nothing", () => {
    const coder = make();
    coder.keyDown("a", 1);
    coder.keyDown("f", 2);
    coder.undo(3);
    expect(said(coder.undo(3.5))).toEqual(["3.5 adult.gaze=unknown"]);
    expect(said(coder.undo(4))).toEqual([]);
  });

  test("only within its time", () => {
    const coder = make({ undoSeconds: 2 });
    coder.keyDown("f", 1);
    expect(said(coder.undo(3.5))).toEqual([]);
    coder.keyDown("a", 4);
    expect(said(coder.undo(6))).toEqual(["6 adult.gaze=direct"]);
  });

  test("of a key that is still down: its release then ends nothing", () => {
    const coder = make();
    coder.keyDown("j", 1);
    expect(said(coder.undo(1.5))).toEqual(["1.5 infant.gaze=unknown"]);
    expect(said(coder.keyDown("j", 1.6))).toEqual([]);
    expect(said(coder.keyUp("j", 2))).toEqual([]);
  });
});

describe("undo among held keys", () => {
  test("the key that was undone counts no more, the one that is still down does", () => {
    const coder = make();
    coder.keyDown("j", 1);
    coder.keyDown("k", 2);
    expect(said(coder.undo(2.5))).toEqual(["2.5 infant.gaze=partner"]);
    expect(said(coder.keyUp("j", 3))).toEqual(["3 infant.gaze=unknown"]);
    expect(said(coder.keyUp("k", 4))).toEqual([]);
  });

  test("a lost keyboard can be undone as well", () => {
    const coder = make();
    coder.keyDown("j", 1);
    coder.blur(2);
    expect(said(coder.undo(3))).toEqual(["3 infant.gaze=partner"]);
  });
});

describe("two coders", () => {
  const two = (): BehaviourCoder => make({ coders: ["first", "second"] });

  test("each has a track; only the primary's changes are the session's, both are logged", () => {
    const coder = two();
    expect(said(coder.keyDown("j", 1, "first"))).toEqual(["1 infant.gaze=partner"]);
    const second = coder.keyDown("k", 1.2, "second");
    expect(second.changes).toEqual([]);
    expect(second.rows).toMatchObject([{ coder: "second", state: "object", previous: "unknown" }]);
    expect(coder.stateOf("infant", "gaze")).toBe("partner");
    expect(coder.stateOf("infant", "gaze", "second")).toBe("object");
    expect(said(coder.keyUp("k", 2, "second"))).toEqual([]);
    expect(said(coder.undo(2.1, "second"))).toEqual([]);
    expect(coder.stateOf("infant", "gaze", "second")).toBe("object");
  });

  test("one's keys, undo and end do not touch the other's", () => {
    const coder = two();
    coder.keyDown("f", 1, "second");
    expect(said(coder.undo(1.5, "first"))).toEqual([]);
    const closed = coder.stop(3);
    expect(said(closed)).toEqual([]);
    expect(closed.rows).toMatchObject([{ coder: "second", kind: "auto-close" }]);
  });

  test("nobody else codes", () => {
    expect(() => two().keyDown("f", 1, "third")).toThrow(/no coder "third"; this session has first, second/);
  });
});
