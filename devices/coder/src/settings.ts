import { z } from "zod";
import { type CodedLayer, dyadLayers } from "./layers.ts";

const layer = z.strictObject({
  person: z.string().min(1).describe("Person.id, or session for what belongs to nobody, such as phase."),
  layer: z.string().min(1).describe("gaze, voice, touch, phase ..."),
  mode: z
    .enum(["hold", "toggle"])
    .describe("hold: while the key is down; toggle: until another key of the layer."),
  defaultState: z
    .string()
    .min(1)
    .default("unknown")
    .describe("Holds at the start, between held keys, and after the end."),
  sameKeyCloses: z
    .boolean()
    .default(false)
    .describe("toggle: the same key again goes back to the default state."),
  states: z
    .array(
      z.strictObject({
        state: z.string().min(1).describe("As it stands in the analysis: direct, partner ..."),
        keys: z
          .array(z.string().min(1))
          .describe("Keys as KeyboardEvent.key names them; letters in either case."),
      }),
    )
    .min(1)
    .describe("States of this layer; they exclude one another."),
});

export const coderSettings = z.strictObject({
  adult: z
    .string()
    .min(1)
    .default("adult")
    .describe("Person.id of the adult in the standard table of layers."),
  infant: z
    .string()
    .min(1)
    .default("infant")
    .describe("Person.id of the infant in the standard table of layers."),
  layers: z
    .array(layer)
    .min(1)
    .optional()
    .describe("What is coded with which keys; absent: gaze, voice and touch of a dyad, and the phase."),
  coders: z
    .array(z.string().min(1))
    .min(1)
    .default(["coder"])
    .describe("Who codes, by code name. The first one's states are the session's; all are logged."),
  undoSeconds: z.number().min(0).default(10).describe("How long a change can be undone."),
  humanLatencySeconds: z
    .number()
    .min(0)
    .max(5)
    .default(0.3)
    .describe("Declared reaction time of the coders; recorded and never applied to the times."),
  keyReleases: z
    .boolean()
    .default(true)
    .describe("Whether releases of keys can be seen; false in a terminal, where held layers then toggle."),
});

export type CoderSettings = z.infer<typeof coderSettings>;

export const layersOf = ({ layers, adult, infant }: CoderSettings): readonly CodedLayer[] =>
  layers ?? dyadLayers(adult, infant);
