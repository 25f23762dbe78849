import { z } from "zod";

/** Seconds on the session clock, or of duration. */
export const seconds = z.number();
/** A number that may not be known: `null` then, and never 0 in its place. */
export const unknownable = z.number().nullable();
