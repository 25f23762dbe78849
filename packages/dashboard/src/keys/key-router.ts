import type { Bound, Shortcut } from "./shortcuts.ts";
import { keyName } from "./shortcuts.ts";

/** Of a `KeyboardEvent`, what matters here. */
export interface KeyPress {
  readonly key: string;
  readonly repeat: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly timeStamp: number;
  readonly defaultPrevented: boolean;
}

/** Where the focus is: what a key means there. */
export type Focus = "page" | "control" | "text";

export interface KeyTargets {
  /** Keys that code, by the session file. */
  codingKeys(): ReadonlySet<string>;
  shortcuts(): readonly Bound[];
  /** False for an observer, before the session and after it. */
  mayCode(): boolean;
  keyDown(key: string, timeStamp: number): void;
  keyUp(key: string, timeStamp: number): void;
  /** Every key counts as released. */
  blur(timeStamp: number): void;
  run(shortcut: Shortcut, timeStamp: number): void;
}

/** Keys that a control or a scrolled part has its own use for. */
const OF_CONTROLS = new Set([
  " ",
  "Enter",
  "Tab",
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "PageUp",
  "PageDown",
]);
/** Work from a text field too: they write nothing. */
const EVERYWHERE = new Set<Shortcut>(["privacy"]);

/** Tells what a key means: a code, a command, or nothing. A key that is down counts once, however often the keyboard repeats it. */
export class KeyRouter {
  readonly #targets: KeyTargets;
  readonly #held = new Set<string>();

  constructor(targets: KeyTargets) {
    this.#targets = targets;
  }

  /** @returns true when the key meant something here, and the browser must not take it too */
  keyDown(press: KeyPress, focus: Focus): boolean {
    if (press.ctrlKey || press.altKey || press.metaKey || press.defaultPrevented) return false;
    const key = keyName(press.key);
    const own = focus === "control" && OF_CONTROLS.has(press.key);
    if (focus !== "text" && !own && this.#targets.codingKeys().has(key) && this.#targets.mayCode()) {
      if (!press.repeat && !this.#held.has(key)) {
        this.#held.add(key);
        this.#targets.keyDown(key, press.timeStamp);
      }
      return true;
    }
    const bound = this.#targets.shortcuts().find((each) => each.key === key);
    if (bound === undefined || own) return false;
    if (focus === "text" && !EVERYWHERE.has(bound.shortcut)) return false;
    if (!press.repeat) this.#targets.run(bound.shortcut, press.timeStamp);
    return true;
  }

  /** A key may be let go where it codes nothing: what was pressed is released everywhere. */
  keyUp({ key, timeStamp }: Pick<KeyPress, "key" | "timeStamp">): void {
    const name = keyName(key);
    if (this.#held.delete(name)) this.#targets.keyUp(name, timeStamp);
  }

  /** The window lost the keyboard: no release will be seen. */
  blur(timeStamp: number): void {
    if (this.#held.size === 0) return;
    this.#held.clear();
    this.#targets.blur(timeStamp);
  }
}
