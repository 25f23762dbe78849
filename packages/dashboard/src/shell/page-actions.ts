import type { Shortcut } from "../keys/shortcuts.ts";
import { LatestOnly } from "../parts/latest-only.ts";
import { gazeOnsets, nextOnset, previousOnset } from "../replay/gaze-onsets.ts";
import { SPEEDS } from "../replay/speeds.ts";
import type { PageModel } from "./page-model.ts";

/** How far back "the last seconds were bad" reaches. */
export const BAD_SECONDS = 5;
const STEP_SECONDS = 5;
/** So long a wished speed counts before the server has said it. */
const WISH_MILLISECONDS = 1500;

/** What keys and buttons do alike. Times are those of the press. */
export class PageActions {
  readonly #page: PageModel;
  readonly #seeks: LatestOnly<number>;
  #wished: { readonly speed: number; readonly at: number } | undefined;

  constructor(page: PageModel) {
    this.#page = page;
    this.#seeks = new LatestOnly((to) => page.session.send({ do: "seek", to }));
  }

  run(shortcut: Shortcut, timeStamp: number): void {
    const page = this.#page;
    const at = page.session.at(timeStamp);
    switch (shortcut) {
      case "help":
        page.dialog.value = "help";
        return;
      case "privacy":
        page.isPrivate.value = !page.isPrivate.value;
        return;
      case "note":
        page.wantsNote.value = true;
        page.show("notes");
        return;
      case "undo":
        if (page.mayCode.value) void page.session.send({ do: "undo", at });
        return;
    }
    if (page.session.hello.value?.mode === "replay") this.#runReplay(shortcut, timeStamp);
    else if (page.isWriter.value && page.session.standing.value?.stage === "running")
      this.#runSession(shortcut, at);
  }

  press(key: string, timeStamp: number): void {
    const { session } = this.#page;
    void session.send({ do: "key-down", key, at: session.at(timeStamp) });
  }

  release(key: string, timeStamp: number): void {
    const { session } = this.#page;
    void session.send({ do: "key-up", key, at: session.at(timeStamp) });
  }

  seek(to: number): void {
    const range = this.#page.session.standing.value?.replay;
    if (!range) return;
    this.#seeks.want(Math.min(range.to, Math.max(range.from, to)));
  }

  onset(direction: "next" | "previous"): number | undefined {
    const { session } = this.#page;
    const hello = session.hello.value;
    const replay = session.standing.value?.replay;
    if (!hello || !replay) return undefined;
    const gaze = hello.analysis ?? hello.coding.layers.find(({ layer }) => layer === "gaze");
    if (!gaze) return undefined;
    const onsets = gazeOnsets(session.timeline.value, gaze);
    return direction === "next"
      ? nextOnset(onsets, session.now())
      : previousOnset(onsets, session.now(), replay.isPlaying);
  }

  #runSession(shortcut: Shortcut, at: number): void {
    const { session, dialog } = this.#page;
    switch (shortcut) {
      case "pause":
        void session.send(session.standing.value?.isPaused ? { do: "resume", at } : { do: "pause", at });
        return;
      case "phase":
        void session.send({ do: "phase", at });
        return;
      case "bad":
        void session.send({ do: "bad", seconds: BAD_SECONDS, at });
        return;
      case "quit":
        dialog.value = "quit";
        return;
      case "fuss":
      case "cry":
      case "experimenter-enters":
        void session.send({ do: "event", label: shortcut, at });
    }
  }

  /** Also of a press that comes before the server has answered the one before. */
  setSpeed(speed: number, timeStamp: number): void {
    this.#wished = { speed, at: timeStamp };
    void this.#page.session.send({ do: "speed", speed });
  }

  #runReplay(shortcut: Shortcut, timeStamp: number): void {
    const { session } = this.#page;
    const replay = session.standing.value?.replay;
    if (!replay) return;
    switch (shortcut) {
      case "play":
        void session.send({ do: replay.isPlaying ? "stop" : "play" });
        return;
      case "back":
        this.seek(session.now() - STEP_SECONDS);
        return;
      case "forward":
        this.seek(session.now() + STEP_SECONDS);
        return;
      case "next":
      case "previous": {
        const onset = this.onset(shortcut);
        if (onset !== undefined) this.seek(onset);
        return;
      }
      case "slower":
      case "faster": {
        const wished = this.#wished;
        const now =
          wished !== undefined && timeStamp - wished.at < WISH_MILLISECONDS ? wished.speed : replay.speed;
        const speed =
          shortcut === "faster" ? SPEEDS.find((each) => each > now) : SPEEDS.findLast((each) => each < now);
        if (speed !== undefined) this.setSpeed(speed, timeStamp);
      }
    }
  }
}
