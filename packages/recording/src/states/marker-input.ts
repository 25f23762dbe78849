import type { PointEvent, StateChange, Stream } from "@attune/signal";

/** Name of the string stream in which Attune records coded states, one JSON object a sample. */
export const STATES_STREAM = "Attune-States";

/** A state as it stands in the states stream. */
export const encodeState = ({
  person,
  layer,
  state,
}: Pick<StateChange, "person" | "layer" | "state">): string => JSON.stringify({ person, layer, state });

/** One sample of a string stream as inputs: an event per non-empty channel, or a state. */
export function markerInput(
  stream: Stream,
  text: readonly string[],
  at: number,
): readonly (PointEvent | StateChange)[] {
  return text
    .filter((label) => label !== "")
    .map(
      (label) =>
        (stream.name === STATES_STREAM ? decodeState(label, at) : undefined) ?? event(stream, label, at),
    );
}

const event = (stream: Stream, label: string, at: number): PointEvent => ({
  kind: "event",
  label,
  at,
  source: stream.name || stream.id,
});

function decodeState(label: string, at: number): StateChange | undefined {
  try {
    const { person, layer, state } = JSON.parse(label) as Record<string, unknown>;
    if (typeof person !== "string" || typeof layer !== "string" || typeof state !== "string")
      return undefined;
    return { kind: "state", person, layer, state, at };
  } catch {
    return undefined;
  }
}
