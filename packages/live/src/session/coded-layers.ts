import { layerKey, type StudySettings } from "@attune/study";
import { markersOf, type SessionFile } from "../session-file/schema.ts";
import { PAUSE_LAYER } from "./pause-layer.ts";
import { VOICE_LAYER } from "./voice-inputs.ts";

/**
 * Layers of states that a session will have, as its file says. What markers will carry is not known beforehand: where the file
 * does not say it, they are listened to for the layer that the profile looks at.
 */
export function codedLayers(file: SessionFile, { person, layer }: StudySettings["states"]): Set<string> {
  return new Set([
    ...file.coding.layers.map((each) => layerKey(each.person, each.layer)),
    ...markersOf(file).flatMap(({ layers }) => layers?.map(keyOf) ?? [layerKey(person, layer)]),
    ...file.trackers.map((tracker) => layerKey(tracker.person, tracker.layer)),
    ...file.streams
      .filter(({ signal }) => signal === "audio")
      .map(({ person }) => layerKey(person, VOICE_LAYER)),
    ...(file.mutualGaze ? [layerKey("session", "mutual-gaze")] : []),
    layerKey(PAUSE_LAYER.person, PAUSE_LAYER.layer),
  ]);
}

/** `infant.gaze` as the analysis names it. */
const keyOf = (personAndLayer: string): string => {
  const [person = "", layer = ""] = personAndLayer.split(".");
  return layerKey(person, layer);
};
