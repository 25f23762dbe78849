/** Results go to stdout, everything about how they came to be to stderr. */
export const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** A remark that changes nothing: how options were combined, what was left out. */
export const remark = (text: string): void => {
  process.stderr.write(`attune: ${text}\n`);
};
