/** Rows whose names do not stand on one another: those that somebody has to look for first, then every `stride`th. */
export function legible(isPoor: readonly boolean[], stride: number): ReadonlySet<number> {
  const shown = new Set<number>();
  const isFree = (n: number): boolean => {
    for (let k = n - stride + 1; k < n + stride; k++) if (shown.has(k)) return false;
    return true;
  };
  isPoor.forEach((poor, n) => {
    if (poor && isFree(n)) shown.add(n);
  });
  isPoor.forEach((_, n) => {
    if (isFree(n)) shown.add(n);
  });
  return shown;
}
