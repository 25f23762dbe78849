import type { StateChange } from "@attune/signal";

/** A state as some text announces it. */
export type ParsedMarker = Pick<StateChange, "person" | "layer" | "state">;

const NAME = "[A-Za-z][\\w-]*";
/** `adult.gaze=direct` */
const PERSON_LAYER = new RegExp(`^(${NAME})\\.(${NAME})\\s*[=:]\\s*(\\S.*)$`);
/** `gaze/adult:direct` */
const LAYER_PERSON = new RegExp(`^(${NAME})/(${NAME})\\s*[:=]\\s*(\\S.*)$`);
/** `phase:free-play`; not `http://...` */
const KEY_VALUE = new RegExp(`^(${NAME})\\s*:\\s*(?!//)(\\S.*)$`);

/**
 * Understand a marker as a state: `{"person":"adult","layer":"gaze","state":"direct"}` (as recordings hold them),
 * `adult.gaze=direct`, `gaze/adult:direct`, or `key:value`, which is a layer of the session: `phase:free-play`.
 *
 * @returns undefined when it is none of these: then it is an event, and nothing more
 */
export function parseMarker(text: string): ParsedMarker | undefined {
  const marker = text.trim();
  if (marker.startsWith("{")) return parseJson(marker);
  let match = PERSON_LAYER.exec(marker);
  if (match) return { person: match[1]!, layer: match[2]!, state: match[3]! };
  match = LAYER_PERSON.exec(marker);
  if (match) return { person: match[2]!, layer: match[1]!, state: match[3]! };
  match = KEY_VALUE.exec(marker);
  return match ? { person: "session", layer: match[1]!, state: match[2]! } : undefined;
}

function parseJson(text: string): ParsedMarker | undefined {
  try {
    const { person, layer, state } = JSON.parse(text) as Record<string, unknown>;
    if (typeof person !== "string" || typeof layer !== "string" || typeof state !== "string")
      return undefined;
    return { person, layer, state };
  } catch {
    return undefined;
  }
}
