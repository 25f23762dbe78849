import { exitCode } from "./exit-code.ts";

/** Told why an output cannot be written to any more. */
type WhenClosed = (error: NodeJS.ErrnoException) => void;

let onClosed: WhenClosed | undefined;

/**
 * A reader that has seen enough (`attune … | head`) closes the pipe; that is an end, not a failure. Nothing that is written
 * afterwards has a reader, so the program stops at once and in silence, unless something is running that has to be closed first.
 */
export function quitOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // While something runs that must be closed, no failing output may end the program: not a closed terminal (EIO), not a full
      // disk behind `> file`.
      if (onClosed !== undefined) onClosed(error);
      else if (hasNoReader(error)) process.exit(0);
      else failToPrint(stream, error);
    });
  }
}

/** Such as a file on a full disk behind `> file`: one sentence, where it can still be said. */
function failToPrint(stream: NodeJS.WriteStream, error: NodeJS.ErrnoException): void {
  if (stream === process.stdout)
    process.stderr.write(`attune: What is printed cannot be written (${error.code ?? error.message}).\n`);
  process.exit(exitCode.failed);
}

/** What a closed pipe does from now on; returns what it did before. */
export function whenPipeCloses(action: WhenClosed | undefined): WhenClosed | undefined {
  const before = onClosed;
  onClosed = action;
  return before;
}

/** Nobody reads any more: a closed pipe, or a terminal that has gone. */
export const hasNoReader = ({ code }: NodeJS.ErrnoException): boolean => code === "EPIPE" || code === "EIO";
