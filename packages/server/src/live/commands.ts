import { eventWords, type LiveSession, pageTime, whyNotCorrect } from "@attune/live";
import type { Seconds } from "@attune/signal";
import type { Summary } from "@attune/wire/page";
import type { Answer, Asker, SessionCommand } from "../page-source.ts";
import { BeginGate } from "./begin-gate.ts";
import type { GateChecks } from "./gate-checks.ts";
import { NO_PHASE, type StateTrack } from "./state-track.ts";
import type { Taps } from "./taps.ts";

/** A page's time counts when it lies this close to ours, and not ahead of it. */
const MOST_SECONDS_AGO = 1;
const UNDO_SECONDS = 5;
const PRIMARY = "coder";
const MOST_UNDOABLE = 20;

export interface CommandParts {
  readonly session: LiveSession;
  readonly states: StateTrack;
  readonly taps: Taps;
  readonly checks: GateChecks;
  readonly begin: () => Promise<void>;
  readonly end: (reason: string) => void;
}

interface Undoable {
  readonly at: Seconds;
  readonly coder: string;
  /** Takes it back as of `at`; what was done, in words. */
  readonly undo: (at: Seconds) => string | undefined;
}

const done = (message: string): Answer => ({ ok: true, message });
const undoable = (message: string): Answer => ({ ok: true, message, undoSeconds: UNDO_SECONDS });
const refused = (message: string): Answer => ({ ok: false, message });

/** What pages of a live session ask for. */
export class Commands {
  readonly overrides: Summary["overrides"] = [];
  readonly #parts: CommandParts;
  readonly #gate: BeginGate;
  /** Keys that are down, by coder, the oldest first. */
  readonly #held = new Map<string, Set<string>>();
  readonly #undoable: Undoable[] = [];

  constructor(parts: CommandParts) {
    this.#parts = parts;
    this.#gate = new BeginGate(parts, (override) => this.#override(override));
  }

  async take(command: SessionCommand, by: Asker): Promise<Answer> {
    const { session } = this.#parts;
    const coder = by.seat === "second-coder" ? by.coder : PRIMARY;
    switch (command.do) {
      case "begin":
        return this.#gate.begin(command.overrides);
      case "end":
        if (session.stage === "ended") return refused("the session has ended already");
        this.#parts.end(command.reason);
        return done("ending: what has been recorded is safe");
      case "tap":
        if (session.stage === "idle") return refused("devices are still being connected");
        return this.#parts.taps.watch(command.person).then((result) => {
          this.#parts.checks.tellAgain();
          return result;
        });
      case "confirm-tap":
        return this.#confirmTap(command.person, command.reason);
      case "timing":
        return done(timingOf(session));
      case "play":
      case "stop":
      case "seek":
      case "speed":
        return refused("this is a live session: only a replay can be played");
      case "undo":
        return this.#undo(coder, this.#timeOf(command.at));
      default:
        if (session.stage !== "running") return refused("the session has not begun: nothing would be kept");
        return this.#enter(command, coder, this.#timeOf(command.at));
    }
  }

  /** Keys that this page held are let go of. */
  leave(by: Asker): void {
    if (by.seat !== "observer") this.#release(by.seat === "writer" ? PRIMARY : by.coder);
  }

  /** The page's time where it can be true, else ours. */
  #timeOf(at: Seconds | undefined): Seconds {
    const now = this.#parts.session.now();
    return at !== undefined && at <= now && now - at <= MOST_SECONDS_AGO ? at : now;
  }

  #enter(
    command: Exclude<Extract<SessionCommand, { readonly at?: number | undefined }>, { readonly do: "undo" }>,
    coder: string,
    at: Seconds,
  ): Answer {
    const { session } = this.#parts;
    switch (command.do) {
      case "pause":
        if (session.isPaused) return refused("it is paused already");
        session.pause(at);
        return this.#canUndo(coder, "PAUSED: windows are not used until you resume", (undoneAt) => {
          session.resume(undoneAt);
          return "resumed";
        });
      case "resume":
        if (!session.isPaused) return refused("it is not paused");
        session.resume(at);
        return this.#canUndo(coder, "resumed", (undoneAt) => {
          session.pause(undoneAt);
          return "paused again";
        });
      case "phase":
        return this.#phase(command.name, coder, at);
      case "note":
        session.note(command.text, at);
        return this.#canUndo(coder, "noted", (undoneAt) =>
          this.#retract(`note ${command.text}`, at, undoneAt),
        );
      case "event":
        session.enterEvent(command.label, "page", at);
        return this.#canUndo(coder, command.label, (undoneAt) => this.#retract(command.label, at, undoneAt));
      case "bad": {
        const label = `bad ${(at - command.seconds).toFixed(3)} ${at.toFixed(3)}`;
        session.enterEvent(label, "page", at);
        return this.#canUndo(coder, `the last ${command.seconds} s are marked as bad`, (undoneAt) =>
          this.#retract(label, at, undoneAt),
        );
      }
      case "blur":
        this.#release(coder, at);
        return done("held keys are released");
      case "key-down":
        this.#heldBy(coder).add(command.key);
        return this.#coded(
          coder,
          session.coder.press(command.key, at, coder),
          `the key "${command.key}" changes nothing`,
        );
      case "key-up":
        this.#heldBy(coder).delete(command.key);
        return this.#coded(coder, session.coder.release(command.key, at, coder), "");
      case "state":
        return this.#state(command, coder, at);
      case "correct":
        return this.#correct(command, coder, at);
    }
  }

  #state(
    wanted: { readonly person: string; readonly layer: string; readonly state: string },
    coder: string,
    at: Seconds,
  ): Answer {
    const { coder: sheet } = this.#parts.session;
    const layer = sheet.layers.find((each) => each.person === wanted.person && each.layer === wanted.layer);
    if (layer === undefined) return refused(`${wanted.person} ${wanted.layer} is not coded in this session`);
    const isKnown =
      layer.defaultState === wanted.state || layer.states.some(({ state }) => state === wanted.state);
    if (!isKnown) return refused(`${wanted.person} ${wanted.layer} has no state ${wanted.state}`);
    return this.#coded(coder, sheet.set(wanted, at, coder), "that state holds already");
  }

  #coded(coder: string, change: string | undefined, otherwise: string): Answer {
    if (change === undefined) return done(otherwise);
    return this.#canUndo(coder, change, (at) => this.#parts.session.coder.undo(at, coder));
  }

  #phase(name: string | undefined, coder: string, at: Seconds): Answer {
    const { session, states } = this.#parts;
    const before = states.get("session", "phase")?.state;
    const begun = name === undefined ? session.nextPhase(at) : name;
    if (begun === undefined) return refused("the session file names no further phase");
    if (name !== undefined) session.phase(name, at);
    return this.#canUndo(coder, `phase ${begun}`, (undoneAt) => {
      this.#retract(`phase ${begun}`, at, undoneAt);
      // What was before holds again from now on; nothing is rewritten.
      if (before !== undefined) session.phase(before, undoneAt);
      else session.enterState({ person: "session", layer: "phase", state: NO_PHASE }, undoneAt);
      return before === undefined ? "no phase" : `phase ${before} again`;
    });
  }

  #retract(label: string, at: Seconds, undoneAt: Seconds): string {
    this.#parts.session.enterEvent(`retracted ${at.toFixed(3)} ${label}`, "page", undoneAt);
    return `taken back: ${eventWords(label, this.#parts.session.beganAt)}`;
  }

  #canUndo(coder: string, message: string, undo: Undoable["undo"]): Answer {
    this.#undoable.push({ at: this.#parts.session.now(), coder, undo });
    if (this.#undoable.length > MOST_UNDOABLE) this.#undoable.shift();
    return undoable(message);
  }

  #undo(coder: string, at: Seconds): Answer {
    const place = this.#undoable.findLastIndex((each) => each.coder === coder);
    const last = this.#undoable[place];
    if (last === undefined || at - last.at > UNDO_SECONDS) return refused("nothing to take back");
    this.#undoable.splice(place, 1);
    // The press that is taken back came first, whatever the page's clock says.
    const words = last.undo(Math.max(at, last.at));
    return words === undefined ? refused("it cannot be taken back any more") : done(words);
  }

  #correct(wish: Extract<SessionCommand, { readonly do: "correct" }>, coder: string, at: Seconds): Answer {
    const { session } = this.#parts;
    const sheet = session.coder;
    const begun = sheet.rows.find((row) => row.coder === coder)?.at ?? session.beganAt;
    const refusal = whyNotCorrect(wish, sheet.layers, { from: begun, to: at });
    if (refusal !== undefined) return refused(refusal);
    const before = sheet.stateOf(wish.person, wish.layer, coder);
    const correction = sheet.correct(wish, at, coder);
    const isStillTrue = sheet.stateOf(wish.person, wish.layer, coder) === before;
    const { person, layer, from, until, state } = correction;
    const words = `${person} ${layer}: ${state} from ${pageTime(from, session.beganAt)} to ${pageTime(until, session.beganAt)}`;
    session.say("info", "coding", `${coder} corrected ${words}`);
    return this.#canUndo(coder, words, (undoneAt) => {
      sheet.takeBack(correction, undoneAt);
      if (!isStillTrue) sheet.undo(undoneAt, coder);
      session.say("info", "coding", `${coder} took a correction back: ${words}`);
      return `taken back: ${words}`;
    });
  }

  #confirmTap(person: string, reason: string | undefined): Answer {
    const { session, taps } = this.#parts;
    if ((reason ?? "").trim().length < 3) return refused("say in a few words why it is sure without a tap");
    if (!taps.confirm(person)) return refused(`${person} wears nothing that could be tapped`);
    this.#override({ check: "tap", about: person, reason: reason! });
    this.#parts.checks.tellAgain();
    session.say("warning", "tap", `${person} was confirmed without a tap: ${reason}`);
    return done(`${person} is confirmed`);
  }

  #override(override: Summary["overrides"][number]): void {
    this.overrides.push({ ...override });
  }

  #release(coder: string, at = this.#parts.session.now()): void {
    const held = this.#heldBy(coder);
    for (const key of held) this.#parts.session.coder.release(key, at, coder);
    held.clear();
  }

  #heldBy(coder: string): Set<string> {
    const held = this.#held.get(coder) ?? new Set<string>();
    this.#held.set(coder, held);
    return held;
  }
}

function timingOf(session: LiveSession): string {
  const { streams } = session.passport();
  return streams
    .map(({ streamId, verdict, remarks }) => `${streamId}: ${[verdict, ...remarks].join(", ")}`)
    .join("; ");
}
