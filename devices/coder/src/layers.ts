import { CoderError } from "./errors.ts";

/** One state of a layer and the keys that code it, named as `KeyboardEvent.key` names them. */
export interface CodedState {
  readonly state: string;
  readonly keys: readonly string[];
}

/**
 * What is coded of one person (or of `session`): states that exclude one another.
 *
 * `hold`: the state lasts while its key is down, then `defaultState` holds again, as in looking-time coding (PyHab).
 * `toggle`: the state lasts until another key of the layer is pressed, as state events in BORIS.
 */
export interface CodedLayer {
  readonly person: string;
  readonly layer: string;
  readonly states: readonly CodedState[];
  readonly mode: "hold" | "toggle";
  /** Holds at the start, between held keys, and after the end. `unknown` where nobody looks at what is not coded. */
  readonly defaultState: string;
  /** `toggle` only: the same key again goes back to `defaultState`. Default false: it does nothing. */
  readonly sameKeyCloses?: boolean;
}

/** What a key does. */
export interface KeyBinding {
  readonly key: string;
  readonly layerIndex: number;
  readonly state: string;
}

/**
 * Letters count whatever shift or caps lock do to them: a key pressed as `f` and released as `F` would otherwise stay down.
 */
export const keyName = (key: string): string => (key.length === 1 ? key.toLowerCase() : key);

/**
 * Keys of a table of layers.
 *
 * @throws CoderError when a layer stands there twice, has no states or the same state twice, or when a key is bound twice
 */
export function bindKeys(layers: readonly CodedLayer[]): ReadonlyMap<string, KeyBinding> {
  const bindings = new Map<string, KeyBinding>();
  const seen = new Set<string>();
  layers.forEach(({ person, layer, states }, layerIndex) => {
    const name = `${person}.${layer}`;
    if (seen.has(name))
      throw new CoderError(`Layer ${name} stands twice in the table; states of one layer belong together.`);
    seen.add(name);
    if (states.length === 0)
      throw new CoderError(`Layer ${name} has no states; give it at least one with a key.`);
    const repeated = states.find(({ state }, i) => states.findIndex((other) => other.state === state) < i);
    if (repeated)
      throw new CoderError(
        `Layer ${name} has the state "${repeated.state}" twice; give one state several keys.`,
      );
    for (const { state, keys } of states)
      for (const given of keys) {
        const key = keyName(given);
        const before = bindings.get(key);
        if (before) {
          const other = layers[before.layerIndex]!;
          throw new CoderError(
            `The key "${key}" codes both ${other.person}.${other.layer} "${before.state}" and ${name} "${state}"; choose another.`,
          );
        }
        bindings.set(key, { key, layerIndex, state });
      }
  });
  return bindings;
}

/**
 * What an adult-infant session needs: gaze of both, voice of both, touch, and the phase. The adult's categories are those of
 * Leong et al. 2017 (direct: head and eyes to the partner; indirect: head and eyes averted; direct-oblique: head
 * averted, eyes to the partner); the infant's are where it looks. Gaze of the infant is held, because looks are
 * short; of the adult it toggles, because it is mostly instructed.
 */
export function dyadLayers(adult = "adult", infant = "infant"): readonly CodedLayer[] {
  const one = (state: string, key: string): CodedState => ({ state, keys: [key] });
  return [
    {
      person: adult,
      layer: "gaze",
      mode: "toggle",
      defaultState: "unknown",
      states: [
        one("direct", "f"),
        one("indirect", "d"),
        one("direct-oblique", "s"),
        one("averted", "a"),
        one("unknown", "g"),
      ],
    },
    {
      person: infant,
      layer: "gaze",
      mode: "hold",
      defaultState: "unknown",
      states: [one("partner", "j"), one("object", "k"), one("away", "l")],
    },
    { person: adult, layer: "voice", mode: "hold", defaultState: "silent", states: [one("vocalising", "v")] },
    {
      person: infant,
      layer: "voice",
      mode: "hold",
      defaultState: "silent",
      states: [one("vocalising", "n")],
    },
    { person: adult, layer: "touch", mode: "hold", defaultState: "none", states: [one("touching", "t")] },
    {
      person: "session",
      layer: "phase",
      mode: "toggle",
      defaultState: "none",
      states: [
        one("baseline", "1"),
        one("free-play", "2"),
        one("still-face", "3"),
        one("reunion", "4"),
        one("none", "0"),
      ],
    },
  ];
}
