import type { Hello, Standing } from "@attune/wire/page";

export type CodedLayer = Hello["coding"]["layers"][number];
export type LayerState = Standing["states"][number];

export interface Clusters {
  /** Left hand: infants and children. */
  readonly infant: readonly CodedLayer[];
  /** Right hand. */
  readonly adult: readonly CodedLayer[];
  /** Of the session, or of nobody in the list. */
  readonly others: readonly CodedLayer[];
}

/** Layers by the hand that codes them. */
export function clustersOf({ people, coding }: Pick<Hello, "people" | "coding">): Clusters {
  const roleOf = (person: string) => people.find(({ id }) => id === person)?.role;
  const by = (test: (role: ReturnType<typeof roleOf>) => boolean) =>
    coding.layers.filter(({ person }) => test(roleOf(person)));
  return {
    infant: by((role) => role === "infant" || role === "child"),
    adult: by((role) => role === "adult"),
    others: by((role) => role === undefined),
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
