import { type Intervals, intersectIntervals, STATE_WORDS, uniteIntervals } from "@attune/core";
import { type CodedLayer, type CodedStates, statesLike } from "./coded-states.ts";

/** What both people did, in the terms that the measures of behaviour know. Absent: that layer was not coded. */
export interface DyadBehaviour {
  readonly first: string;
  readonly second: string;
  readonly gaze:
    | { readonly first: Intervals; readonly second: Intervals; readonly observed: Intervals }
    | undefined;
  readonly mutualGaze: Intervals | undefined;
  readonly voice:
    | {
        readonly first: Intervals;
        /** The second's voice without cries, and the cries. */
        readonly protophones: Intervals;
        readonly cries: Intervals;
        readonly observed: Intervals;
      }
    | undefined;
  /** Of each person whose touch was coded, the first member first. */
  readonly touch: readonly TouchOf[];
}

/** How one person touches the other. */
export interface TouchOf {
  readonly person: string;
  readonly partner: string;
  readonly any: Intervals;
  readonly kinds: readonly (readonly [kind: string, intervals: Intervals])[];
  readonly observed: Intervals;
}

/** Reads coded layers as gaze, voice and touch of two people. */
export function behaviourOf(coded: CodedStates, first: string, second: string): DyadBehaviour {
  const gazes = [coded.layer(first, "gaze"), coded.layer(second, "gaze")];
  const voices = [coded.layer(first, "voice"), coded.layer(second, "voice")];
  const cryLayer = coded.layer(second, "cry");
  const looks = (layer: CodedLayer): Intervals =>
    statesLike(layer, (state) => STATE_WORDS.looksAtPartner.test(state));
  const gaze =
    gazes[0] === undefined || gazes[1] === undefined
      ? undefined
      : {
          first: looks(gazes[0]),
          second: looks(gazes[1]),
          observed: intersectIntervals(gazes[0].observed, gazes[1].observed),
        };
  const isCry = (state: string): boolean => STATE_WORDS.cry.test(state);
  const isVoice = (state: string): boolean => !isCry(state) && !STATE_WORDS.notVoice.test(state);
  const voice =
    voices[1] === undefined && voices[0] === undefined
      ? undefined
      : {
          first: statesLike(voices[0], (state) => !STATE_WORDS.notVoice.test(state)),
          protophones: statesLike(voices[1], isVoice),
          cries: uniteIntervals(
            statesLike(voices[1], isCry),
            statesLike(cryLayer, () => true),
          ),
          observed: [voices[0], voices[1], cryLayer]
            .filter((layer): layer is CodedLayer => layer !== undefined)
            .map(({ observed }) => observed)
            .reduce((a, b) => intersectIntervals(a, b)),
        };
  const touchOf = (person: string, partner: string): TouchOf[] => {
    const layer = coded.layer(person, "touch");
    if (layer === undefined) return [];
    const { states, observed } = layer;
    return [{ person, partner, any: uniteIntervals(...states.values()), kinds: [...states], observed }];
  };
  return {
    first,
    second,
    gaze,
    mutualGaze: gaze === undefined ? undefined : intersectIntervals(gaze.first, gaze.second),
    voice,
    touch: [...touchOf(first, second), ...touchOf(second, first)],
  };
}
