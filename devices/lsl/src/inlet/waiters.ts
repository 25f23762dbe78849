interface Waiter {
  readonly isReady: () => boolean;
  readonly finish: () => void;
}

/** Promises that wait for a condition which events bring about. */
export class Waiters {
  readonly #waiters = new Set<Waiter>();

  /** Resolves when the condition holds at a {@link check}, or when the time is over. */
  wait(isReady: () => boolean, timeoutSeconds: number): Promise<void> {
    if (isReady()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve();
      };
      const waiter = { isReady, finish };
      const timer = setTimeout(finish, Math.min(Math.max(0, timeoutSeconds) * 1000, 2 ** 31 - 1));
      this.#waiters.add(waiter);
    });
  }

  check(): void {
    for (const waiter of [...this.#waiters]) if (waiter.isReady()) waiter.finish();
  }
}
