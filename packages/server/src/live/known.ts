/** What JSON can say: null for what is not known, infinities too. */
export const known = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;
