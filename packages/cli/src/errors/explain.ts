import { OptionError } from "@attune/core";
import { RecordingError } from "@attune/recording";
import { StudyError } from "@attune/study";
import { CommanderError } from "commander";
import { exitCode } from "../output/exit-code.ts";
import { MisuseError } from "./misuse.ts";
import { NotReadyError } from "./not-ready.ts";
import { NothingReportedError } from "./nothing-reported.ts";

/** What is said about an error and how the program ends. */
export interface Explanation {
  /** One sentence without a line break; undefined when everything has been said (help, version). */
  readonly sentence: string | undefined;
  readonly exitCode: number;
}

/** System errors that come from the world, in words. */
const systemErrors: Readonly<Record<string, string>> = {
  EACCES: "you may not read or write there",
  EPERM: "you may not read or write there",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  ENOENT: "there is no such file or folder",
  EISDIR: "it is a folder, not a file",
  EMFILE: "too many files are open",
};

/** Turns whatever was thrown into one sentence for the person at the keyboard. */
export function explain(error: unknown): Explanation {
  if (error instanceof CommanderError) return explainCommander(error);
  if (error instanceof MisuseError || error instanceof OptionError)
    return { sentence: oneLine(error.message), exitCode: exitCode.misuse };
  if (error instanceof StudyError)
    return { sentence: oneLine(error.message), exitCode: error.misuse ? exitCode.misuse : exitCode.failed };
  if (error instanceof RecordingError) return explainRecording(error);
  if (error instanceof NothingReportedError || error instanceof NotReadyError)
    return { sentence: oneLine(error.message), exitCode: exitCode.failed };
  // By their codes: the packages of a live session load sockets and ports, and only its verbs need them.
  const { code, misuse, message } = error as { code?: unknown; misuse?: boolean; message?: string };
  if (code === "ATTUNE_SESSION" || code === "ATTUNE_DEVICE" || code === "ATTUNE_SERVER")
    return {
      sentence: oneLine(message ?? ""),
      exitCode: misuse === true ? exitCode.misuse : exitCode.failed,
    };
  return explainOther(error);
}

/** Help and version are answers, not errors. */
function explainCommander({ code, message, exitCode: commanded }: CommanderError): Explanation {
  if (commanded === 0) return { sentence: undefined, exitCode: exitCode.done };
  if (code === "commander.help") return { sentence: undefined, exitCode: exitCode.misuse };
  return { sentence: oneLine(message.replace(/^error: /, "")), exitCode: exitCode.misuse };
}

/** A file that cannot be read is a failed run; a fact about it that only the person knows is asked for. */
function explainRecording({ message, misuse }: RecordingError): Explanation {
  const asked = message.replace(
    /give samplingRate, in samples per second/,
    "give its rate with --sampling-rate HZ",
  );
  return { sentence: oneLine(asked), exitCode: misuse ? exitCode.misuse : exitCode.failed };
}

function explainOther(error: unknown): Explanation {
  const { code, path, message } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : systemErrors[code];
  if (known !== undefined)
    return { sentence: `Cannot use ${path ?? "a file"}: ${known}.`, exitCode: exitCode.failed };
  const text = error instanceof Error ? message : String(error);
  return {
    sentence: `Something went wrong inside Attune (${oneLine(text)}): please report it with what --verbose shows.`,
    exitCode: exitCode.failed,
  };
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, " ").trim();
