import { emitKeypressEvents } from "node:readline";
import { createInterface } from "node:readline/promises";
import type { LiveSession } from "@attune/live";

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
  "keys code behaviour; space pauses and resumes, backspace takes the last key back, enter writes a note, ctrl+c ends";

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
  stdin.setRawMode(true);
  stdin.on("keypress", onKey);
  stdin.resume();
  return {
    close: () => {
      stdin.off("keypress", onKey);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

async function askNote({ session, answer }: OperatorActions): Promise<void> {
  const { stdin } = process;
  stdin.setRawMode(false);
  const lines = createInterface({ input: stdin, output: process.stderr });
  const text = await lines.question("note: ");
  lines.close();
  stdin.setRawMode(true);
  stdin.resume();
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
    const carryOut = commands[command];
    actions.answer(
      carryOut === undefined
        ? `"${command}" is not understood: key K, release K, undo, phase NAME, pause, resume, note TEXT, quit`
        : carryOut(rest.join(" "), actions),
    );
  });
  return { close: () => lines.close() };
}

/** What a line on standard input can ask for; each answers in a few words. */
const commands: Readonly<Record<string, (argument: string, actions: OperatorActions) => string>> = {
  key: (key, { session }) => session.coder.press(key) ?? `no state has the key "${key}"`,
  release: (key, { session }) => session.coder.release(key) ?? "",
  undo: (_, { session }) => session.coder.undo() ?? "nothing to take back",
  phase: (name, { session }) => {
    session.phase(name);
    return `phase ${name}`;
  },
  pause: (_, { session }) => {
    session.pause();
    return "paused";
  },
  resume: (_, { session }) => {
    session.resume();
    return "resumed";
  },
  note: (text, { session }) => {
    session.note(text);
    return "noted";
  },
  quit: (_, { quit }) => {
    quit("quit");
    return "ending";
  },
};
