import disconnected from "./favicons/disconnected.svg?no-inline";
import ended from "./favicons/ended.svg?no-inline";
import idle from "./favicons/idle.svg?no-inline";
import monitoring from "./favicons/monitoring.svg?no-inline";
import neutral from "./favicons/neutral.svg?no-inline";
import paused from "./favicons/paused.svg?no-inline";
import recording from "./favicons/recording.svg?no-inline";
import replay from "./favicons/replay.svg?no-inline";
import silent from "./favicons/silent.svg?no-inline";
import stopped from "./favicons/stopped.svg?no-inline";
import unanswered from "./favicons/unanswered.svg?no-inline";
import type { StateKind } from "./session-state.ts";

const FAVICONS: Readonly<Record<StateKind | "neutral", string>> = {
  connecting: idle,
  disconnected,
  unanswered,
  silent,
  idle,
  monitoring,
  running: monitoring,
  recording,
  paused,
  stopped,
  ended,
  replay,
  neutral,
};

/** The mark in the tab; files of their own, since the page may load nothing that is written into it. */
export function showFavicon(kind: StateKind | "neutral"): void {
  let link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (link === null) {
    link = document.createElement("link");
    link.rel = "icon";
    link.type = "image/svg+xml";
    document.head.append(link);
  }
  const href = new URL(FAVICONS[kind], document.baseURI).href;
  if (link.href !== href) link.href = href;
}

/** The marks of a lost connection cannot be fetched when it is lost. */
export function loadFavicons(): void {
  for (const href of Object.values(FAVICONS)) new Image().src = new URL(href, document.baseURI).href;
}
