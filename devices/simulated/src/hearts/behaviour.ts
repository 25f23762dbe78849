import { counterRandom, type Uniform } from "@attune/core";
import type { StateInterval } from "@attune/signal";

/** What was planted into the behaviour of a simulated session. */
export interface PlantedBehaviour {
  /** Share of the infant's protophones that the adult answers on purpose, and how soon after their end, seconds. */
  readonly replyShare: number;
  readonly replySeconds: readonly [number, number];
  /** Share of those replies that the infant takes up again. */
  readonly returnShare: number;
  /** Protophones a minute that begin by themselves while the adult looks at the infant, and otherwise. */
  readonly protophonesPerMinute: { readonly direct: number; readonly averted: number };
  /** Share of cries that are answered by touch, and how soon after their beginning, seconds. */
  readonly touchAfterCryShare: number;
  readonly touchAfterCrySeconds: readonly [number, number];
}

const planted: PlantedBehaviour = {
  replyShare: 0.65,
  replySeconds: [0.2, 1.2],
  returnShare: 0.4,
  protophonesPerMinute: { direct: 7, averted: 3 },
  touchAfterCryShare: 0.8,
  touchAfterCrySeconds: [1, 4],
};

const STEP = 0.1;
/** Share of the session that is called baseline. */
const BASELINE_SHARE = 0.2;

const between = (uniform: Uniform, low: number, high: number): number => low + (high - low) * uniform();
/** Coders write milliseconds. */
const coded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

export interface Bout {
  readonly state: string;
  readonly from: number;
  readonly to: number;
}

/**
 * What two people do about each other, each layer in its order: cries, touch that answers them, protophones that come more often
 * under direct gaze, and speech that answers protophones, or comes at any time.
 *
 * @param adultLooks the adult's gaze from 0 to the end, `direct` or not
 */
export function simulateContingency(
  seed: number,
  durationSeconds: number,
  contingentVoice: boolean,
  adultLooks: readonly Bout[],
): { readonly states: StateInterval[]; readonly planted: PlantedBehaviour } {
  const states: StateInterval[] = [];
  const add = adderTo(states, durationSeconds);
  const cries = criesOf(counterRandom(seed, "hearts", "cry"), durationSeconds);
  for (const [from, to] of cries) add("infant", "voice", "cry", from, to);
  for (const { state, from, to } of touches(counterRandom(seed, "hearts", "touch"), durationSeconds, cries))
    add("adult", "touch", state, from, to);
  voices(counterRandom(seed, "hearts", "voice"), durationSeconds, contingentVoice, cries, adultLooks, add);
  return { states, planted };
}

type Add = (person: string, layer: string, state: string, from: number, to: number) => void;

const adderTo =
  (states: StateInterval[], durationSeconds: number): Add =>
  (person, layer, state, from, to) => {
    const onset = coded(from);
    const end = coded(Math.min(to, durationSeconds));
    if (end > onset) states.push({ person, layer, state, onset, duration: coded(end - onset) });
  };

/** Who did what in a session, as a table of coded states has it, and the truth behind it. */
export function simulateBehaviour(
  seed: number,
  durationSeconds: number,
  contingentVoice: boolean,
): { readonly states: StateInterval[]; readonly planted: PlantedBehaviour } {
  const states: StateInterval[] = [];
  const add = adderTo(states, durationSeconds);
  const baseline = coded(BASELINE_SHARE * durationSeconds);
  add("session", "phase", "baseline", 0, baseline);
  add("session", "phase", "play", baseline, durationSeconds);

  const adultLooks = alternate(counterRandom(seed, "hearts", "gaze-adult"), durationSeconds, [
    ["direct", 8, 18],
    ["averted", 4, 12],
  ]);
  for (const { state, from, to } of adultLooks) add("adult", "gaze", state, from, to);
  const infantLooks = alternate(counterRandom(seed, "hearts", "gaze-infant"), durationSeconds, [
    ["partner", 3, 10],
    ["object", 3, 9],
    ["partner", 2, 8],
    ["away", 2, 5],
  ]);
  for (const { state, from, to } of infantLooks) add("infant", "gaze", state, from, to);

  states.push(...simulateContingency(seed, durationSeconds, contingentVoice, adultLooks).states);
  states.sort((a, b) => a.onset - b.onset);
  return { states, planted };
}

function alternate(
  uniform: Uniform,
  end: number,
  cycle: readonly (readonly [state: string, shortest: number, longest: number])[],
): Bout[] {
  const bouts: Bout[] = [];
  for (let from = 0, k = 0; from < end; k++) {
    const [state, shortest, longest] = cycle[k % cycle.length]!;
    const to = Math.min(end, from + between(uniform, shortest, longest));
    bouts.push({ state, from, to });
    from = to;
  }
  return bouts;
}

function criesOf(uniform: Uniform, end: number): [number, number][] {
  const cries: [number, number][] = [];
  for (let at = between(uniform, 20, 90); at < end - 20; at += between(uniform, 50, 130))
    cries.push([at, at + between(uniform, 4, 10)]);
  return cries;
}

const KINDS = ["static", "affectionate", "functional"] as const;

/** Bouts that answer cries and others, none nearer to the next than 15 s: split windows need both sides. */
function touches(uniform: Uniform, end: number, cries: readonly (readonly [number, number])[]): Bout[] {
  const answers = cries.flatMap(([onset]) =>
    uniform() < planted.touchAfterCryShare ? [onset + between(uniform, ...planted.touchAfterCrySeconds)] : [],
  );
  const bouts: Bout[] = [];
  let free = between(uniform, 15, 45);
  while (free < end - 10) {
    const answer = answers.find((at) => at >= (bouts.at(-1)?.to ?? 0) && at <= free);
    const from = answer ?? free;
    const to = Math.min(end, from + between(uniform, 20, 55));
    bouts.push({ state: KINDS[Math.floor(uniform() * KINDS.length)]!, from, to });
    free = to + between(uniform, 25, 70);
  }
  return bouts;
}

/** Turn by turn: what each does next depends on what the other has just done. */
function voices(
  uniform: Uniform,
  end: number,
  contingent: boolean,
  cries: readonly (readonly [number, number])[],
  adultLooks: readonly Bout[],
  add: Add,
): void {
  let adultUntil = 0;
  let infantUntil = 0;
  let adultNext = Number.POSITIVE_INFINITY;
  let infantNext = Number.POSITIVE_INFINITY;
  let look = 0;
  let cry = 0;
  for (let t = 1; t < end - 2; t += STEP) {
    while (adultLooks[look]!.to <= t) look++;
    while (cry < cries.length && cries[cry]![1] + 0.5 <= t) cry++;
    const cryAt = cries[cry]?.[0] ?? Number.POSITIVE_INFINITY;
    const rate =
      adultLooks[look]!.state === "direct"
        ? planted.protophonesPerMinute.direct
        : planted.protophonesPerMinute.averted;
    const answersBack = t >= infantNext;
    if (t >= infantUntil + 0.4 && (answersBack || uniform() < (rate * STEP) / 60)) {
      infantNext = Number.POSITIVE_INFINITY;
      const to = t + between(uniform, 0.3, 1.4);
      if (to < cryAt - 0.2) {
        add("infant", "voice", "protophone", t, to);
        infantUntil = to;
        if (contingent && uniform() < planted.replyShare)
          adultNext = to + between(uniform, ...planted.replySeconds);
      }
    }
    const answers = t >= adultNext;
    const spontaneous = (contingent ? 2.5 : 7) * (STEP / 60);
    if (t >= adultUntil + 0.4 && (answers || uniform() < spontaneous)) {
      adultNext = Number.POSITIVE_INFINITY;
      adultUntil = t + between(uniform, 0.5, 1.6);
      add("adult", "voice", "speech", t, adultUntil);
      if (contingent && answers && uniform() < planted.returnShare)
        infantNext = adultUntil + between(uniform, 0.4, 1.5);
    }
  }
}
