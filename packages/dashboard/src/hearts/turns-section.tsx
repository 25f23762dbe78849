import type { Hello, TurnsOfPair } from "@attune/wire/page";
import { nameOf } from "../coupling/read-evidence.ts";
import { toneOf } from "../parts/tone.ts";
import { roleWords } from "../texts/drawing.ts";
import { heartsText } from "../texts/hearts.ts";
import { clockText } from "../traces/session-zero.ts";
import { PersonMark } from "./heart-card.tsx";

/** Turns of two voices so far, each way, and how soon they follow. */
export function TurnsSection({ turns, people }: { turns: readonly TurnsOfPair[]; people: Hello["people"] }) {
  const name = (person: string): string => nameOf(person, people, roleWords);
  return (
    <>
      <h3>{heartsText.turns}</h3>
      {turns.map((pair) => (
        <article class="turns-card" key={`${pair.first} ${pair.second}`}>
          <dl class="turns-figures">
            <Way from={pair.first} to={pair.second} n={pair.firstToSecond} people={people} />
            <Way from={pair.second} to={pair.first} n={pair.secondToFirst} people={people} />
            <div>
              <dt>{heartsText.offset}</dt>
              <dd data-number="transfer">
                {pair.medianTransferSeconds === null
                  ? heartsText.noTurn
                  : heartsText.seconds(pair.medianTransferSeconds, 2)}
              </dd>
            </div>
          </dl>
          <p class="hearts-detail">
            {[
              heartsText.utterances(
                [
                  heartsText.utterancesOf(name(pair.first), pair.nFirst),
                  heartsText.utterancesOf(name(pair.second), pair.nSecond),
                ],
                pair.nCries,
              ),
              ...(pair.overlapShare === null
                ? []
                : [heartsText.overlap(heartsText.percent(pair.overlapShare))]),
              heartsText.heard(clockText(pair.observedSeconds)),
              ...(pair.nUnknown === 0 ? [] : [heartsText.unknownTurns(pair.nUnknown)]),
            ].join(" · ")}
          </p>
        </article>
      ))}
      <p class="hearts-detail">{heartsText.turnsHint(heartsText.seconds(turns[0]?.gapSeconds ?? 2))}</p>
    </>
  );
}

function Way({ from, to, n, people }: { from: string; to: string; n: number; people: Hello["people"] }) {
  const name = (person: string): string => nameOf(person, people, roleWords);
  return (
    <div>
      <dt>
        <PersonMark tone={toneOf(people, from)} /> {heartsText.way(name(from), name(to))}
      </dt>
      <dd>
        <span data-number={`${from}-${to}`}>{n}</span> {heartsText.nTurns(n)}
      </dd>
    </div>
  );
}
