import type { PageRequest, Reply } from "@attune/wire/page";
import { beforeEach, expect, test } from "vitest";
import { NoteDraft } from "./note-draft.ts";

/** What a browser keeps, for a runtime that keeps nothing. */
const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    value: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    },
  });
});

function open(ok = true) {
  const sent: PageRequest[] = [];
  const timers: (() => void)[] = [];
  let time = 10;
  const session = {
    now: () => time++,
    send: (request: PageRequest): Promise<Reply> => {
      sent.push(request);
      return Promise.resolve({ kind: "reply", to: 1, ok, message: "", at: 0, undoSeconds: null });
    },
  };
  const draft = new NoteDraft(session, "dyad-007", (run) => {
    timers.push(run);
    return () => void timers.splice(timers.indexOf(run), 1);
  });
  return { draft, sent, timers };
}

test("a note carries the time of its first letter and is forgotten only when it was acknowledged", async () => {
  const { draft, sent } = open();
  draft.write("d");
  draft.write("door");
  expect(kept.size).toBe(1);
  await draft.save();
  expect(sent).toEqual([{ do: "note", text: "door", at: 10 }]);
  expect(draft.text.value).toBe("");
  expect(draft.state.value).toBe("saved");
  expect(kept.size).toBe(0);
});

test("a refusal keeps the draft, and the page that comes next finds it with its time", async () => {
  const { draft } = open(false);
  draft.write("infant sneezes");
  await draft.save();
  expect(draft.failed.value).toBe(true);
  expect(kept.size).toBe(1);
  const next = open();
  expect(next.draft.text.value).toBe("infant sneezes");
  await next.draft.save();
  expect(next.sent).toEqual([{ do: "note", text: "infant sneezes", at: 10 }]);
});

test("a pause in typing saves by itself, and what is typed meanwhile becomes the next note", async () => {
  const { draft, sent, timers } = open();
  draft.write("one");
  expect(timers).toHaveLength(1);
  timers[0]!();
  draft.write("one two");
  await Promise.resolve();
  await Promise.resolve();
  expect(draft.text.value).toBe("two");
  await draft.save();
  expect(sent.map((each) => (each.do === "note" ? each.text : ""))).toEqual(["one", "two"]);
});

test("what was kept and cannot be read is no draft", () => {
  kept.set("attune note dyad-007", "{");
  expect(open().draft.text.value).toBe("");
});
