const SMALLEST_INTERVAL_MS = 100;

/** One line on a terminal that is written over and over; silent where stderr is not a terminal. */
export class ProgressLine {
  readonly #terminal = process.stderr.isTTY === true;
  #shownAt = Number.NEGATIVE_INFINITY;
  #isShown = false;

  /** @param urgent a new step: shown even if the last line is fresh */
  show(text: string, urgent = false): void {
    const now = performance.now();
    if (!this.#terminal || (!urgent && now - this.#shownAt < SMALLEST_INTERVAL_MS)) return;
    this.#shownAt = now;
    this.#isShown = true;
    const width = Math.max(20, (process.stderr.columns || 80) - 1);
    process.stderr.write(`\r\x1b[2K${text.slice(0, width)}`);
  }

  clear(): void {
    if (this.#isShown) process.stderr.write("\r\x1b[2K");
    this.#isShown = false;
  }
}
