/** What the exit code of every verb says. */
export const exitCode = {
  done: 0,
  /** The run failed: a foreign or damaged file, a full disk, a mistake of ours. */
  failed: 1,
  /** The command was not right: an unknown option, a missing file, a value that cannot be. */
  misuse: 2,
} as const;
