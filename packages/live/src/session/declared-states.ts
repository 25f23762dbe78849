import type { StateChange } from "@attune/signal";
import { layerKey } from "@attune/study";
import { markersOf, type SessionFile } from "../session-file/schema.ts";
import { PAUSE_LAYER } from "./pause-layer.ts";
import { VOICE_LAYER } from "./voice-inputs.ts";

type Whose = Pick<StateChange, "person" | "layer">;

/**
 * Which states a session has, by its file: those of its people and of the session itself, and where every device that tells states says
 * which layers it tells, no others. A device that tells more (a tracker that sees a third person) changes nothing.
 */
export function declaredStates(file: SessionFile): (whose: Whose) => boolean {
  const people = new Set(["session", PAUSE_LAYER.person, ...file.people.map(({ id }) => id)]);
  const markers = markersOf(file);
  const isOpen = markers.length === 0 || markers.some(({ layers }) => layers === undefined);
  const layers = new Set([
    ...markers.flatMap((each) => each.layers?.map(keyOf) ?? []),
    ...file.coding.layers.map(({ person, layer }) => layerKey(person, layer)),
    ...file.trackers.map(({ person, layer }) => layerKey(person, layer)),
    ...file.streams
      .filter(({ signal }) => signal === "audio")
      .map(({ person }) => layerKey(person, VOICE_LAYER)),
  ]);
  return ({ person, layer }) =>
    people.has(person) &&
    (isOpen || person === "session" || person === PAUSE_LAYER.person || layers.has(layerKey(person, layer)));
}

/** `infant.gaze` as the analysis names it. */
const keyOf = (personAndLayer: string): string => {
  const [person = "", layer = ""] = personAndLayer.split(".");
  return layerKey(person, layer);
};
