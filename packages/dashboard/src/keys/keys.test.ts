import { expect, test } from "vitest";
import { hello } from "../session/documents.test-support.ts";
import { type Focus, type KeyPress, KeyRouter } from "./key-router.ts";
import { boundShortcuts } from "./shortcuts.ts";

function open(mayCode = true) {
  const done: string[] = [];
  const shortcuts = boundShortcuts(hello());
  const router = new KeyRouter({
    codingKeys: () => new Set(["d", "a", "p", "1"]),
    shortcuts: () => shortcuts,
    mayCode: () => mayCode,
    keyDown: (key, at) => done.push(`down ${key} ${at}`),
    keyUp: (key, at) => done.push(`up ${key} ${at}`),
    blur: (at) => done.push(`blur ${at}`),
    run: (shortcut) => done.push(shortcut),
  });
  const down = (key: string, change: Partial<KeyPress> = {}, focus: Focus = "page") =>
    router.keyDown(
      {
        key,
        repeat: false,
        ctrlKey: false,
        altKey: false,
        metaKey: false,
        timeStamp: 1,
        defaultPrevented: false,
        ...change,
      },
      focus,
    );
  return { done, router, down };
}

test("a key that is held codes once, at the time of its press, and is released once", () => {
  const { done, router, down } = open();
  down("p", { timeStamp: 10 });
  down("p", { timeStamp: 500, repeat: true });
  down("p", { timeStamp: 510 });
  router.keyUp({ key: "p", timeStamp: 900 });
  router.keyUp({ key: "p", timeStamp: 901 });
  expect(done).toEqual(["down p 10", "up p 900"]);
});

test("shift or caps lock between press and release leave no key behind", () => {
  const { done, router, down } = open();
  down("d");
  router.keyUp({ key: "D", timeStamp: 2 });
  expect(done).toEqual(["down d 1", "up d 2"]);
});

test("in a text field nothing codes and nothing is done, but what is hidden can be hidden from there too", () => {
  const { done, down } = open();
  expect(down("d", {}, "text")).toBe(false);
  expect(down("q", {}, "text")).toBe(false);
  expect(down("F8", {}, "text")).toBe(true);
  expect(done).toEqual(["privacy"]);
});

test("a key pressed before the field had the focus is released in the field", () => {
  const { done, router, down } = open();
  down("p");
  router.keyUp({ key: "p", timeStamp: 3 });
  expect(done).toEqual(["down p 1", "up p 3"]);
});

test("a window that loses the keyboard lets go of every key, once", () => {
  const { done, router, down } = open();
  down("p");
  down("d");
  router.blur(7);
  router.blur(8);
  down("p");
  expect(done).toEqual(["down p 1", "down d 1", "blur 7", "down p 1"]);
});

test("keys with ctrl, alt or meta belong to the browser", () => {
  const { done, down } = open();
  for (const modifier of ["ctrlKey", "altKey", "metaKey"] as const) down("d", { [modifier]: true });
  expect(done).toEqual([]);
});

test("a page that may not code takes no coding key, and its shortcuts still work", () => {
  const { done, down } = open(false);
  expect(down("d")).toBe(false);
  expect(down("?")).toBe(true);
  expect(done).toEqual(["help"]);
});

test("space and arrows stay with the control that has the focus", () => {
  const shortcuts = boundShortcuts(hello({ mode: "replay" }));
  const done: string[] = [];
  const router = new KeyRouter({
    codingKeys: () => new Set([" "]),
    shortcuts: () => shortcuts,
    mayCode: () => true,
    keyDown: (key) => done.push(key),
    keyUp: () => {},
    blur: () => {},
    run: (shortcut) => done.push(shortcut),
  });
  const press = {
    repeat: false,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    timeStamp: 0,
    defaultPrevented: false,
  };
  for (const key of [" ", "ArrowLeft"]) {
    expect(router.keyDown({ ...press, key }, "control")).toBe(false);
    expect(router.keyDown({ ...press, key }, "page")).toBe(true);
  }
  expect(done).toEqual([" ", "back"]);
});

test("a key that codes does nothing else: the shortcut moves to its next key", () => {
  const bound = boundShortcuts(hello());
  const keyOf = (shortcut: string) => bound.find((each) => each.shortcut === shortcut)?.key;
  // "1" codes in this session.
  expect(keyOf("fuss")).toBe("z");
  expect(keyOf("cry")).toBe("2");
  expect(keyOf("play")).toBeUndefined();
  expect(new Set(bound.map(({ key }) => key)).size).toBe(bound.length);
});

test("a replay has its own keys, and undo for coding", () => {
  const names = boundShortcuts(hello({ mode: "replay" })).map(({ shortcut }) => shortcut);
  expect(names).toContain("play");
  expect(names).toContain("undo");
  expect(names).not.toContain("quit");
});

test.each(["live", "replay"] as const)(
  "who only looks has the keys of their own screen and no other: %s",
  (mode) => {
    const names = boundShortcuts(hello({ mode, seat: "observer" })).map(({ shortcut }) => shortcut);
    expect(names).toEqual(["privacy", "help"]);
  },
);
