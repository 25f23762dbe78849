/**
 * A reader that has seen enough (`attune … | head`) closes the pipe; that is an end, not a failure. Nothing that is written
 * afterwards has a reader, so the program stops at once and in silence.
 */
export function quitOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
}
