/** What this browser remembers between visits. A browser that remembers nothing is no trouble. */
export function stored(key: string): string | undefined {
  try {
    return localStorage.getItem(`attune ${key}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function store(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`attune ${key}`);
    else localStorage.setItem(`attune ${key}`, value);
  } catch {
    // Kept for this visit only.
  }
}
