const NAMES = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Whoever interrupts what has not begun yet wants it closed, not killed: devices are let go of in order. A second signal kills,
 * unless somebody else listens by then.
 */
export function stopOnSignals(): { readonly signal: AbortSignal; remove(): void } {
  const controller = new AbortController();
  const remove = (): void => {
    for (const name of NAMES) process.off(name, stop);
  };
  const stop = (): void => {
    remove();
    controller.abort();
  };
  for (const name of NAMES) process.on(name, stop);
  return { signal: controller.signal, remove };
}
