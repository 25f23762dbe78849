import type { Hello } from "@attune/wire/page";
import type { texts } from "../texts/texts.ts";

export type Shortcut = keyof typeof texts.shortcuts;
export type ShortcutGroup = "session" | "replay" | "page";

interface Planned {
  readonly shortcut: Shortcut;
  readonly group: ShortcutGroup;
  /** The first that codes nothing is taken; a session file may need any key. */
  readonly keys: readonly string[];
}

/** Function keys that browsers leave free; in a terminal the same things lie on other keys, which move the focus here. */
const PLAN: readonly Planned[] = [
  { shortcut: "pause", group: "session", keys: ["F2"] },
  { shortcut: "phase", group: "session", keys: ["F4"] },
  { shortcut: "bad", group: "session", keys: ["F9", "b"] },
  { shortcut: "undo", group: "session", keys: ["Backspace"] },
  { shortcut: "fuss", group: "session", keys: ["1", "z"] },
  { shortcut: "cry", group: "session", keys: ["2", "x"] },
  { shortcut: "experimenter-enters", group: "session", keys: ["3", "c"] },
  { shortcut: "quit", group: "session", keys: ["q", "End"] },
  { shortcut: "play", group: "replay", keys: ["F2"] },
  { shortcut: "back", group: "replay", keys: ["ArrowLeft"] },
  { shortcut: "forward", group: "replay", keys: ["ArrowRight"] },
  { shortcut: "previous", group: "replay", keys: ["PageUp"] },
  { shortcut: "next", group: "replay", keys: ["PageDown"] },
  { shortcut: "slower", group: "replay", keys: ["-"] },
  { shortcut: "faster", group: "replay", keys: ["+"] },
  { shortcut: "note", group: "page", keys: ["/", "n", "m"] },
  { shortcut: "privacy", group: "page", keys: ["F8"] },
  { shortcut: "help", group: "page", keys: ["?", "F1"] },
];

export interface Bound {
  readonly shortcut: Shortcut;
  readonly group: ShortcutGroup;
  readonly key: string;
}

/** Letters count whatever shift or caps lock do to them, as in the coder. */
export const keyName = (key: string): string => (key.length === 1 ? key.toLowerCase() : key);

/** Of those who only look: what changes nothing but their own screen. */
const FOR_OBSERVERS: readonly Shortcut[] = ["privacy", "help"];

/** What each key does beside coding; a key that codes does nothing else. */
export function boundShortcuts({
  mode,
  coding,
  seat,
}: Pick<Hello, "mode" | "coding" | "seat">): readonly Bound[] {
  const taken = new Set(coding.layers.flatMap(({ states }) => states.map(({ key }) => keyName(key))));
  const bound: Bound[] = [];
  for (const { shortcut, group, keys } of PLAN) {
    if (seat === "observer" && !FOR_OBSERVERS.includes(shortcut)) continue;
    if (group === (mode === "live" ? "replay" : "session") && shortcut !== "undo") continue;
    const key = keys.find((each) => !taken.has(each));
    if (key === undefined) continue;
    taken.add(key);
    bound.push({ shortcut, group, key });
  }
  return bound;
}
