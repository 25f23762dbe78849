let onClosed = (): void => process.exit(0);

/**
 * A reader that has seen enough (`attune … | head`) closes the pipe; that is an end, not a failure. Nothing that is written
 * afterwards has a reader, so the program stops at once and in silence, unless something is running that has to be closed first.
 */
export function quitOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") onClosed();
      else throw error;
    });
  }
}

/** What a closed pipe does from now on; returns what it did before. */
export function whenPipeCloses(action: () => void): () => void {
  const before = onClosed;
  onClosed = action;
  return before;
}
