import { type Focus, KeyRouter } from "../keys/key-router.ts";
import type { PageActions } from "./page-actions.ts";
import type { PageModel } from "./page-model.ts";

/** Hears the keyboard and the window for a page. @returns what ends it */
export function listen(page: PageModel, actions: PageActions): () => void {
  const { session } = page;
  const router = new KeyRouter({
    codingKeys: () => page.codingKeys.value,
    shortcuts: () => page.shortcuts.value,
    mayCode: () => page.mayCode.value,
    keyDown: (key, timeStamp) => actions.press(key, timeStamp),
    keyUp: (key, timeStamp) => actions.release(key, timeStamp),
    blur: (timeStamp) => void session.send({ do: "blur", at: session.at(timeStamp) }),
    run: (shortcut, timeStamp) => {
      if (!page.isPrivate.value || shortcut === "privacy") actions.run(shortcut, timeStamp);
    },
  });
  const ends = new AbortController();
  const options = { signal: ends.signal };
  window.addEventListener(
    "keydown",
    (event) => {
      if (page.dialog.value !== undefined && event.key !== page.keyOf("privacy")) return;
      if (router.keyDown(event, focusOf(event.target))) event.preventDefault();
    },
    options,
  );
  window.addEventListener("keyup", (event) => router.keyUp(event), options);
  window.addEventListener("blur", (event) => router.blur(event.timeStamp), options);
  document.addEventListener(
    "visibilitychange",
    (event) => {
      session.watchTraces(!document.hidden);
      if (document.hidden) router.blur(event.timeStamp);
    },
    options,
  );
  session.watchTraces(!document.hidden);
  return () => ends.abort();
}

const TEXT_INPUTS = new Set(["text", "search", "email", "number", "password", "tel", "url"]);
const CONTROLS = "button, a[href], input, select, summary, [role=tab], [role=slider], [tabindex='0']";

function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof HTMLElement)) return "page";
  if (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    target.isContentEditable
  )
    return "text";
  if (target instanceof HTMLInputElement && TEXT_INPUTS.has(target.type)) return "text";
  return target.matches(CONTROLS) ? "control" : "page";
}
