import { cohensKappa, durationAgreement } from "@attune/device-coder";
import { correctedIntervals } from "@attune/live";
import type { Seconds, StateChange, StateInterval } from "@attune/signal";
import type { Coding } from "@attune/wire/page";
import { codedByAct, shownRows, withoutUnknown } from "../live/coding-sheet.ts";
import { known } from "../live/known.ts";
import type { ReplayCoder } from "./replay-coder.ts";
import type { ReplayFacts } from "./replay-facts.ts";

/** What is coded here; it is compared with the second coder's, or else with what was coded while it was recorded. */
export function replayCoding(
  facts: ReplayFacts,
  coder: ReplayCoder,
  primary: string,
  position: Seconds,
): Coding {
  const second = coder.coders.findLast((each) => each !== primary && coder.hasCoded(each));
  const own = [primary, ...(second === undefined ? [] : [second])].filter((each) => coder.hasCoded(each));
  const intervals = own.map((each) => withoutUnknown(coder.intervals(each, position)));
  const [a, b] = intervals.length > 1 ? intervals : [recordedIntervals(facts), ...intervals];
  return {
    kind: "coding",
    rows: shownRows(coder.rows),
    agreement: a === undefined || b === undefined ? [] : agreementOf(a, b),
  };
}

/** How far two codings agree on every layer that both have coded somewhere. */
function agreementOf(a: readonly StateInterval[], b: readonly StateInterval[]): Coding["agreement"] {
  return durationAgreement(a, b)
    .filter(({ bothSeconds }) => bothSeconds > 0)
    .map(({ person, layer, bothSeconds }) => {
      const own = a.filter((each) => each.person === person && each.layer === layer);
      const from = Math.min(...own.map(({ onset }) => onset));
      const until = Math.max(...own.map(({ onset, duration }) => onset + duration));
      const { kappa, observed } = cohensKappa(a, b, { person, layer, from, until });
      return { person, layer, kappa: known(kappa), observed: known(observed), seconds: bothSeconds };
    });
}

/** What the recording itself says of behaviour: its first coder with all corrections, and states that nobody coded with keys. */
function recordedIntervals({ coded, states, to }: ReplayFacts): StateInterval[] {
  const [first] = coded;
  const rows = first === undefined ? [] : coded.filter(({ coder }) => coder === first.coder);
  const isCoded = ({ person, layer }: Pick<StateChange, "person" | "layer">): boolean =>
    rows.some((row) => row.kind === "state" && row.person === person && row.layer === layer);
  const ofCoder = first === undefined ? [] : correctedIntervals(rows, { coder: first.coder, until: to });
  const others = states.filter((change) => !isCoded(change));
  const acted = first === undefined ? [] : codedByAct(rows, first.coder, ofCoder);
  return [...acted, ...withoutUnknown(closed(others, to))];
}

function closed(changes: readonly StateChange[], to: Seconds): StateInterval[] {
  const next = new Map<string, Seconds>();
  return changes
    .toReversed()
    .flatMap(({ person, layer, state, at }): StateInterval[] => {
      const key = JSON.stringify([person, layer]);
      const end = next.get(key) ?? to;
      next.set(key, at);
      return end > at ? [{ person, layer, state, onset: at, duration: end - at }] : [];
    })
    .reverse();
}
