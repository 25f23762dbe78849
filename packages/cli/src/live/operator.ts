import { createInterface, emitKeypressEvents } from "node:readline";
import { type LiveSession, passportText } from "@attune/live";

/** What the person at the keyboard can do while a session runs. */
export interface Operator {
  close(): void;
}

export interface OperatorActions {
  readonly session: LiveSession;
  readonly quit: (reason: string) => void;
  /** Told in a few words what was done. */
  readonly answer: (text: string) => void;
}

export const KEY_HELP =
  "keys code behaviour; tab begins the next phase, space pauses and resumes, backspace takes the last key back, enter writes a note, ctrl+t shows the timing so far, ctrl+c ends";

/** A terminal gives single keys; anything else (a pipe, a stimulus computer) gives commands, one a line. */
export function attendOperator(actions: OperatorActions): Operator {
  return process.stdin.isTTY ? readKeys(actions) : readCommands(actions);
}

interface Key {
  readonly name?: string;
  readonly sequence?: string;
  readonly ctrl?: boolean;
}

/** A terminal does not tell when a key is let go: held states are toggled here, and held for real on the page. */
function readKeys(actions: OperatorActions): Operator {
  const { stdin } = process;
  let asking = false;
  const onKey = (_text: string | undefined, key: Key): void => {
    if (asking) return;
    if (key.ctrl && key.name === "c") actions.quit("quit by ctrl+c");
    else if (key.name === "space") togglePause(actions);
    else if (key.ctrl && key.name === "t") actions.answer(passportText(actions.session.passport()));
    else if (key.name === "tab") actions.answer(nextPhase(actions.session));
    else if (key.name === "backspace") actions.answer(actions.session.coder.undo() ?? "nothing to take back");
    else if (key.name === "return" || key.name === "enter") {
      asking = true;
      void askNote(actions).finally(() => {
        asking = false;
      });
    } else {
      const done = actions.session.coder.press(key.sequence ?? key.name ?? "");
      if (done !== undefined) actions.answer(done);
    }
  };
  emitKeypressEvents(stdin);
  setRaw(true);
  stdin.on("keypress", onKey);
  // The terminal may be closed while the session runs; its end is a signal of its own.
  stdin.on("error", ignore);
  stdin.resume();
  return {
    close: () => {
      stdin.off("keypress", onKey);
      setRaw(false);
      stdin.pause();
    },
  };
}

function nextPhase(session: LiveSession): string {
  const name = session.nextPhase();
  return name === undefined ? "the session file names no further phase" : `phase ${name}`;
}

const ignore = (): void => {};

/** A terminal that has gone cannot be set; nothing depends on it then. */
function setRaw(raw: boolean): void {
  try {
    process.stdin.setRawMode(raw);
  } catch {
    // Gone.
  }
}

/** The line editor has the keyboard meanwhile: an empty line, or the end of input, writes nothing. */
async function askNote({ session, answer, quit }: OperatorActions): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const text = await new Promise<string>((resolve) => {
    lines.once("SIGINT", () => {
      quit("quit by ctrl+c");
      resolve("");
    });
    lines.once("close", () => resolve(""));
    lines.question("note: ", resolve);
  });
  lines.close();
  setRaw(true);
  process.stdin.resume();
  if (text.trim() === "") return;
  session.note(text.trim());
  answer("noted");
}

function togglePause({ session, answer }: OperatorActions): void {
  if (session.isPaused) session.resume();
  else session.pause();
  answer(session.isPaused ? "PAUSED: windows are not used until you resume" : "resumed");
}

function readCommands(actions: OperatorActions): Operator {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const [command = "", ...rest] = line.trim().split(/\s+/);
    if (command === "") return;
    const carryOut = Object.hasOwn(commands, command) ? commands[command] : undefined;
    actions.answer(
      carryOut === undefined
        ? `"${command}" is not understood: key K, release K, undo, phase NAME, pause, resume, note TEXT, timing, quit`
        : carryOut(rest.join(" "), actions),
    );
  });
  // Whoever gave commands has gone; the session goes on until it is ended.
  process.stdin.on("error", ignore);
  return { close: () => lines.close() };
}

/** What a line on standard input can ask for; each answers in a few words. */
const commands: Readonly<Record<string, (argument: string, actions: OperatorActions) => string>> = {
  key: (key, { session }) => session.coder.type(key) ?? `the key "${key}" changes nothing`,
  release: (key, { session }) => session.coder.release(key) ?? "",
  undo: (_, { session }) => session.coder.undo() ?? "nothing to take back",
  phase: (name, { session }) => {
    if (name === "") return "which phase? phase NAME";
    session.phase(name);
    return `phase ${name}`;
  },
  timing: (_, { session }) => passportText(session.passport()),
  pause: (_, { session }) => {
    session.pause();
    return "paused";
  },
  resume: (_, { session }) => {
    session.resume();
    return "resumed";
  },
  note: (text, { session }) => {
    if (text === "") return "which note? note TEXT";
    session.note(text);
    return "noted";
  },
  quit: (_, { quit }) => {
    quit("quit");
    return "ending";
  },
};
