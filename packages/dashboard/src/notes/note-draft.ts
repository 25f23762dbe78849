import type { Reply } from "@attune/wire/page";
import { type Signal, signal } from "@preact/signals";
import { store, stored } from "../parts/stored.ts";
import type { PageSession } from "../session/page-session.ts";

/** A pause in which a person who writes usually goes on does not send half a sentence. */
const IDLE_SECONDS = 12;

export type DraftState = "empty" | "draft" | "sending" | "saved";

interface Draft {
  readonly text: string;
  /** Session time of the first letter. */
  readonly at: number;
}

/** A note that is being written: kept on this computer until the session has said that it has it. */
export class NoteDraft {
  readonly text: Signal<string>;
  readonly state: Signal<DraftState>;
  readonly failed = signal(false);
  readonly #session: Pick<PageSession, "send" | "now">;
  readonly #key: string;
  readonly #wait: (run: () => void, seconds: number) => () => void;
  #at: number;
  #stopTimer: () => void = () => {};

  constructor(
    session: Pick<PageSession, "send" | "now">,
    name: string,
    wait = (run: () => void, seconds: number) => {
      const timer = setTimeout(run, seconds * 1000);
      return () => clearTimeout(timer);
    },
  ) {
    this.#session = session;
    this.#key = `note ${name}`;
    this.#wait = wait;
    const kept = readDraft(stored(this.#key));
    this.text = signal(kept?.text ?? "");
    this.#at = kept?.at ?? Number.NaN;
    this.state = signal(kept === undefined ? "empty" : "draft");
  }

  write(text: string): void {
    if (this.text.peek() === "" || Number.isNaN(this.#at)) this.#at = this.#session.now();
    this.text.value = text;
    this.state.value = text === "" ? "empty" : "draft";
    store(this.#key, text === "" ? undefined : JSON.stringify({ text, at: this.#at } satisfies Draft));
    this.#stopTimer();
    if (text.trim() !== "") this.#stopTimer = this.#wait(() => void this.save(), IDLE_SECONDS);
  }

  async save(): Promise<void> {
    const text = this.text.peek();
    if (text.trim() === "" || this.state.peek() === "sending") return;
    this.#stopTimer();
    this.state.value = "sending";
    const reply: Reply = await this.#session.send({ do: "note", text: text.trim(), at: this.#at });
    this.failed.value = !reply.ok;
    // What was typed while the answer travelled is a note of its own.
    const rest = this.text.peek().startsWith(text) ? this.text.peek().slice(text.length) : this.text.peek();
    if (!reply.ok) {
      this.state.value = "draft";
      return;
    }
    this.text.value = "";
    if (rest.trim() === "") {
      this.state.value = "saved";
      store(this.#key, undefined);
    } else this.write(rest.trimStart());
  }
}

function readDraft(kept: string | undefined): Draft | undefined {
  if (kept === undefined) return undefined;
  try {
    const draft: unknown = JSON.parse(kept);
    if (typeof draft !== "object" || draft === null) return undefined;
    const { text, at } = draft as Partial<Draft>;
    return typeof text === "string" && typeof at === "number" ? { text, at } : undefined;
  } catch {
    return undefined;
  }
}
