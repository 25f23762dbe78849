import type { Hello, Standing } from "@attune/wire/page";

export type CodedLayer = Hello["coding"]["layers"][number];
export type LayerState = Standing["states"][number];
export type Hand = "left" | "right";

export interface Clusters {
  readonly left: readonly CodedLayer[];
  readonly right: readonly CodedLayer[];
  /** Of the session, or of nobody in the list. */
  readonly others: readonly CodedLayer[];
  /** True where every key lies under the hand on whose side it is shown: then the page may say so. */
  readonly isByHand: boolean;
}

/** Keys by the hand that presses them. Y and Z change places between keyboards, B and 6 between teachers: they say nothing. */
const KEYS: Readonly<Record<Hand, string>> = {
  left: "12345qwertasdfgxcv",
  right: "7890uiophjklnm,.;'[]-=",
};

/** The hand under which most of these keys lie; undefined where neither has more. */
function handOf(keys: readonly string[]): Hand | undefined {
  const count = (hand: Hand) => keys.filter((key) => KEYS[hand].includes(key.toLowerCase())).length;
  const [left, right] = [count("left"), count("right")];
  return left === right ? undefined : left > right ? "left" : "right";
}

/**
 * Layers by the hand that codes them: whose keys lie left stands left. Where the keys do not tell people apart, infants and children
 * stand left and adults right.
 */
export function clustersOf({ people, coding }: Pick<Hello, "people" | "coding">): Clusters {
  const layersOf = (person: string) => coding.layers.filter((layer) => layer.person === person);
  const keysOf = (layers: readonly CodedLayer[]) =>
    layers.flatMap(({ states }) => states.map(({ key }) => key)).filter((key) => key.length === 1);
  const coded = people.filter(({ id }) => layersOf(id).length > 0);
  const hands = new Map(coded.map(({ id }) => [id, handOf(keysOf(layersOf(id)))]));
  const told = new Set(hands.values());
  const isTold = told.size === 2 && !told.has(undefined);
  const sideOf = (id: string): Hand | undefined => {
    const role = people.find((person) => person.id === id)?.role;
    if (role === undefined) return undefined;
    return isTold ? hands.get(id) : role === "adult" ? "right" : "left";
  };
  const by = (side: Hand | undefined) => coding.layers.filter(({ person }) => sideOf(person) === side);
  const [left, right] = [by("left"), by("right")];
  const isUnder = (hand: Hand, layers: readonly CodedLayer[]) =>
    keysOf(layers).every((key) => KEYS[hand].includes(key.toLowerCase()));
  return {
    left,
    right,
    others: by(undefined),
    isByHand: isTold && isUnder("left", left) && isUnder("right", right),
  };
}

/** What holds now in a layer; its initial state while nothing was coded. */
export function presentState(
  { person, layer, initial }: CodedLayer,
  states: readonly LayerState[],
): Pick<LayerState, "state"> & { readonly since: number | null } {
  return (
    states.find((each) => each.person === person && each.layer === layer) ?? { state: initial, since: null }
  );
}

/** States that nobody codes with keys here: of devices, markers, or derived. */
export function otherStates(
  { coding }: Pick<Hello, "coding">,
  states: readonly LayerState[],
): readonly LayerState[] {
  return states.filter(
    ({ person, layer }) =>
      // The phase stands in the state bar and on its own buttons.
      (person !== "session" || layer !== "phase") &&
      !coding.layers.some((each) => each.person === person && each.layer === layer),
  );
}
