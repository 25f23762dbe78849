import { eventWords, pageTime, whyNotCorrect } from "@attune/live";
import type { Seconds } from "@attune/signal";
import type { Answer, Asker, SessionCommand } from "../page-source.ts";
import type { PlayClock } from "./play-clock.ts";
import type { ReplayCoder } from "./replay-coder.ts";

/** A page's position counts when it lies this close to ours, in seconds on the wall, and not ahead of it. */
const MOST_SECONDS_AGO = 1;
const UNDO_SECONDS = 5;
const MOST_UNDOABLE = 20;

export interface ReplayCommandParts {
  readonly clock: PlayClock;
  readonly coder: ReplayCoder;
  /** Whose track the writer's page codes on. */
  readonly primary: string;
  /** The clock on the wall. */
  readonly now: () => Seconds;
  readonly seek: (to: Seconds) => Promise<void>;
  /** Playing began, stopped or has another speed. */
  readonly onMoved: () => void;
  /** A line of the log beside the recording. */
  readonly enter: (at: Seconds, source: string, message: string) => void;
  /** Resolves when what was coded or entered is on the disk; false where it cannot be. */
  readonly saved: () => Promise<boolean>;
  readonly timing: () => Promise<string | undefined>;
}

interface Undoable {
  readonly at: Seconds;
  readonly coder: string;
  /** @param at position at which it is taken back */
  readonly undo: (at: Seconds) => string | undefined;
}

const done = (message: string): Answer => ({ ok: true, message });
const refused = (message: string): Answer => ({ ok: false, message });

/** What pages of a replay ask for. */
export class ReplayCommands {
  readonly #parts: ReplayCommandParts;
  /** Keys that are down, by coder. */
  readonly #held = new Map<string, Set<string>>();
  readonly #undoable: Undoable[] = [];
  /** Where the newest jump went: what was pressed before it belongs there. */
  #jumpedTo: Seconds = Number.NEGATIVE_INFINITY;

  constructor(parts: ReplayCommandParts) {
    this.#parts = parts;
  }

  async take(command: SessionCommand, by: Asker): Promise<Answer> {
    const { clock, coder: sheet, primary, timing } = this.#parts;
    const coder = by.seat === "second-coder" ? by.coder : primary;
    switch (command.do) {
      case "play":
        if (clock.isAtEnd) await this.#jump(clock.range.from);
        clock.play();
        return this.#moved("playing");
      case "stop":
        clock.stop();
        return this.#moved("stopped");
      case "speed":
        clock.setSpeed(command.speed);
        return this.#moved(`${command.speed} times real time`);
      case "seek":
        await this.#jump(command.to);
        return this.#moved("");
      case "timing": {
        const text = await timing();
        return text === undefined
          ? refused("there is no timing passport beside this recording: attune info shows its clocks")
          : done(text);
      }
      case "begin":
      case "end":
      case "pause":
      case "resume":
      case "phase":
      case "tap":
      case "confirm-tap":
        return refused(
          "this is a recording: it can be played, coded and noted on, and nothing in it changes",
        );
      case "undo":
        return this.#undo(coder, this.#timeOf(command.at));
      case "note":
        return this.#noted(coder, "note", command.text, "noted", command.at);
      case "event":
        return this.#noted(coder, "page", command.label, command.label, command.at);
      case "bad": {
        const at = this.#timeOf(command.at);
        const label = `bad ${(at - command.seconds).toFixed(3)} ${at.toFixed(3)}`;
        return this.#noted(coder, "page", label, `the last ${command.seconds} s are marked as bad`, at);
      }
      case "blur":
        sheet.blur(this.#timeOf(command.at), coder);
        this.#heldBy(coder).clear();
        return done("held keys are released");
      case "key-down":
        this.#heldBy(coder).add(command.key);
        return this.#coded(
          coder,
          sheet.press(command.key, this.#timeOf(command.at), coder),
          `the key "${command.key}" changes nothing`,
        );
      case "key-up":
        this.#heldBy(coder).delete(command.key);
        return this.#coded(coder, sheet.release(command.key, this.#timeOf(command.at), coder), "");
      case "state":
        return this.#state(command, coder);
      case "correct":
        return this.#correct(command, coder);
    }
  }

  /** Keys that this page held are let go of. */
  leave(by: Asker): void {
    if (by.seat === "observer") return;
    const coder = by.seat === "writer" ? this.#parts.primary : by.coder;
    const held = this.#heldBy(coder);
    for (const key of held) this.#parts.coder.release(key, this.#parts.clock.position, coder);
    held.clear();
  }

  async #jump(to: Seconds): Promise<void> {
    await this.#parts.seek(to);
    this.#jumpedTo = this.#parts.clock.position;
  }

  #moved(message: string): Answer {
    this.#parts.onMoved();
    return done(message);
  }

  /** The page's position where it can be true, else ours. */
  #timeOf(at: Seconds | undefined): Seconds {
    const { clock } = this.#parts;
    const { position, speed } = clock;
    const isNear =
      at !== undefined &&
      at <= position &&
      at >= this.#jumpedTo &&
      position - at <= MOST_SECONDS_AGO * Math.max(1, speed);
    return isNear ? at : position;
  }

  #state(wanted: Extract<SessionCommand, { readonly do: "state" }>, coder: string): Answer | Promise<Answer> {
    const { coder: sheet } = this.#parts;
    const layer = sheet.layers.find((each) => each.person === wanted.person && each.layer === wanted.layer);
    if (layer === undefined) return refused(`${wanted.person} ${wanted.layer} is not coded here`);
    const isKnown =
      layer.defaultState === wanted.state || layer.states.some(({ state }) => state === wanted.state);
    if (!isKnown) return refused(`${wanted.person} ${wanted.layer} has no state ${wanted.state}`);
    const change = sheet.set(wanted, this.#timeOf(wanted.at), coder);
    return this.#coded(coder, change, "that state holds already");
  }

  #correct(
    wish: Extract<SessionCommand, { readonly do: "correct" }>,
    coder: string,
  ): Answer | Promise<Answer> {
    const { coder: sheet, clock } = this.#parts;
    const refusal = whyNotCorrect(wish, sheet.layers, clock.range);
    if (refusal !== undefined) return refused(refusal);
    if (wish.until > clock.range.to) return refused("that is later than the end of the recording");
    const correction = sheet.correct(wish, this.#timeOf(wish.at), coder);
    if (correction === undefined) return refused(`nobody codes here under the name ${coder}`);
    const { person, layer, from, until, state } = correction;
    const zero = clock.range.from;
    const words = `${person} ${layer}: ${state} from ${pageTime(from, zero)} to ${pageTime(until, zero)}`;
    return this.#canUndo(coder, words, (at) => {
      sheet.takeBack(correction, at);
      return `taken back: ${words}`;
    });
  }

  async #coded(coder: string, change: string | undefined, otherwise: string): Promise<Answer> {
    if (change === undefined) return done(otherwise);
    return this.#canUndo(coder, change, (at) => this.#parts.coder.undo(at, coder));
  }

  async #noted(
    coder: string,
    source: string,
    label: string,
    message: string,
    given: Seconds | undefined,
  ): Promise<Answer> {
    const at = this.#timeOf(given);
    const { enter } = this.#parts;
    enter(at, source, label);
    return this.#canUndo(coder, message, (undoneAt) => {
      enter(undoneAt, "page", `retracted ${at.toFixed(3)} ${label}`);
      return `taken back: ${eventWords(label, this.#parts.clock.range.from)}`;
    });
  }

  async #canUndo(coder: string, message: string, undo: Undoable["undo"]): Promise<Answer> {
    this.#undoable.push({ at: this.#parts.now(), coder, undo });
    if (this.#undoable.length > MOST_UNDOABLE) this.#undoable.shift();
    const isSaved = await this.#parts.saved();
    return {
      ok: true,
      message: isSaved ? message : `${message} (in memory only: it cannot be written)`,
      undoSeconds: UNDO_SECONDS,
    };
  }

  #undo(coder: string, at: Seconds): Answer {
    const place = this.#undoable.findLastIndex((each) => each.coder === coder);
    const last = this.#undoable[place];
    if (last === undefined || this.#parts.now() - last.at > UNDO_SECONDS)
      return refused("nothing to take back");
    this.#undoable.splice(place, 1);
    const words = last.undo(at);
    return words === undefined ? refused("it cannot be taken back any more") : done(words);
  }

  #heldBy(coder: string): Set<string> {
    const held = this.#held.get(coder) ?? new Set<string>();
    this.#held.set(coder, held);
    return held;
  }
}
