/**
 * The vocabulary that every package shares. Types only: this package imports nothing and does nothing.
 *
 * A sample travels `SampleChunk -> AlignedChunk -> Window -> LabelledWindow -> Coupling`; each stage has its
 * own type, so that a stage that needs aligned data cannot be handed raw data.
 */

export type * from "./chunks.ts";
export type * from "./coupling.ts";
export type * from "./hearts.ts";
export type * from "./people.ts";
export type * from "./stream.ts";
export type * from "./windows.ts";
