/** How fast a recording can be shown; coding behaviour wants the slow ones. */
export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8] as const;
