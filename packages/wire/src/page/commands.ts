import { z } from "zod";

/** What a page asks for. Every command carries a number of the page's own, which its reply names. */

const id = z.int().min(0);
const text = z.string().max(2000);
const word = z.string().min(1).max(200);
/** When it happened by the page's estimate of the session clock; the server takes its own clock where that is out of reason. */
const at = z.number().optional();

export const pageCommandSchema = z.discriminatedUnion("do", [
  z.object({ do: z.literal("ping"), id, sentAt: z.number() }),
  /** Which samples this page wants; a hidden or small page asks for none. */
  z.object({ do: z.literal("watch"), id, traces: z.boolean() }),
  /** Past samples or envelopes of all streams, for scrolling back. */
  z.object({ do: z.literal("traces"), id, from: z.number(), to: z.number() }),
  z.object({
    do: z.literal("take-seat"),
    id,
    seat: z.enum(["writer", "second-coder", "observer"]),
    coder: word.optional(),
  }),
  /** Begins recording and analysis. Red checks need a reason each. */
  z.object({
    do: z.literal("begin"),
    id,
    overrides: z.array(z.object({ check: word, about: word, reason: z.string().min(3).max(500) })),
  }),
  z.object({ do: z.literal("end"), id, reason: word }),
  z.object({ do: z.literal("pause"), id, at }),
  z.object({ do: z.literal("resume"), id, at }),
  /** The next phase of the file, or the one named. */
  z.object({ do: z.literal("phase"), id, name: word.optional(), at }),
  z.object({ do: z.literal("note"), id, text: z.string().min(1).max(2000), at }),
  /** Something that happened: fuss, cry, experimenter-enters ... */
  z.object({ do: z.literal("event"), id, label: word, at }),
  /** The last seconds were bad: a span that analyses can leave out. */
  z.object({ do: z.literal("bad"), id, seconds: z.number().positive().max(600), at }),
  z.object({ do: z.literal("key-down"), id, key: word, at }),
  z.object({ do: z.literal("key-up"), id, key: word, at }),
  /** The window lost the keyboard: every held key is released. */
  z.object({ do: z.literal("blur"), id, at }),
  z.object({ do: z.literal("state"), id, person: word, layer: word, state: word, at }),
  /** Takes the own last change back; within the time that its reply named, counted to the press. */
  z.object({ do: z.literal("undo"), id, at }),
  /**
   * What was coded between two times was something else. It is added as a row of its own and nothing is rewritten; where `until` reaches
   * up to now, the state holds from now on too. Seconds on the session clock, of a replay on that of the recording.
   */
  z.object({
    do: z.literal("correct"),
    id,
    person: word,
    layer: word,
    from: z.number(),
    until: z.number(),
    state: word,
    at,
  }),
  /** The infant's (or adult's) electrode is being tapped: look for it now. */
  z.object({ do: z.literal("tap"), id, person: word }),
  z.object({ do: z.literal("confirm-tap"), id, person: word, reason: text.optional() }),
  z.object({ do: z.literal("timing"), id }),
  z.object({ do: z.literal("play"), id }),
  z.object({ do: z.literal("stop"), id }),
  z.object({ do: z.literal("seek"), id, to: z.number() }),
  z.object({ do: z.literal("speed"), id, speed: z.number().min(0.1).max(32) }),
]);

export type PageCommand = z.infer<typeof pageCommandSchema>;
type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;
/** A command before it has its number. */
export type PageRequest = WithoutId<PageCommand>;
