import type { HeartOfPerson } from "@attune/wire/page";
import { nameOf } from "../coupling/read-evidence.ts";
import { toneOf } from "../parts/tone.ts";
import type { SessionView } from "../session/session-view.ts";
import { roleWords } from "../texts/drawing.ts";
import { heartsText } from "../texts/hearts.ts";
import { sessionZero } from "../traces/session-zero.ts";
import { CovariationSection } from "./covariation-section.tsx";
import { HeartCard } from "./heart-card.tsx";
import { rsaTogether, trustOf } from "./read-hearts.ts";
import { RecentHearts } from "./recent-hearts.tsx";
import { TurnsSection } from "./turns-section.tsx";
import "./hearts.css";

/** Hearts now and over two minutes, how two of them went together, and the turns of two voices. */
export function HeartsPanel({ view }: { view: SessionView }) {
  const hearts = view.hearts.value;
  const people = view.hello.value?.people ?? [];
  const { intervals } = view.timeline.value;
  const zero = sessionZero(view);
  if (hearts === undefined)
    return (
      <section class="panel hearts-panel" aria-label={heartsText.title}>
        <p class="hearts-detail">{heartsText.none}</p>
      </section>
    );
  const roleOf = ({ person }: HeartOfPerson) => people.find(({ id }) => id === person)?.role ?? "adult";
  const rsa = rsaTogether(hearts.people);
  return (
    <section class="panel hearts-panel" aria-label={heartsText.title}>
      <p class="hearts-claim">{heartsText.claim}</p>
      <h3>{heartsText.people}</h3>
      {hearts.people.length === 0 ? (
        <p class="hearts-detail">{heartsText.noHearts}</p>
      ) : (
        <div class="heart-cards">
          {hearts.people.map((heart) => (
            <HeartCard
              key={heart.person}
              heart={heart}
              name={nameOf(heart.person, people, roleWords)}
              tone={toneOf(people, heart.person)}
              trust={trustOf(heart, roleOf(heart), hearts.at)}
              rsa={rsa.get(heart.person)}
              now={hearts.at}
              zero={zero}
            />
          ))}
        </div>
      )}
      <RecentHearts hearts={hearts} people={people} intervals={intervals} zero={zero} />
      {hearts.people.length > 0 && <CovariationSection hearts={hearts} people={people} zero={zero} />}
      {hearts.turns.length > 0 && <TurnsSection turns={hearts.turns} people={people} />}
    </section>
  );
}
