import type { Checks } from "@attune/wire/page";
import { useState } from "preact/hooks";
import { Verdict } from "../parts/dialog.tsx";
import { HeadIcon } from "../parts/head-icon.tsx";
import { toneOf } from "../parts/tone.ts";
import type { PageModel } from "../shell/page-model.ts";
import { texts } from "../texts/texts.ts";
import { isReason } from "./gate-groups.ts";

type Tap = Checks["taps"][number];

/** Adult and infant must not be swapped: each by name, head and colour, and by an electrode that answers to a tap. */
export function PeopleTaps({ page }: { page: PageModel }) {
  const { hello, checks } = page.session;
  const people = hello.value?.people ?? [];
  const taps = checks.value?.taps ?? [];
  return (
    <section class="gate-group" aria-label={texts.gate.people}>
      <h3>{texts.gate.people}</h3>
      {taps.length > 0 && <p class="hint">{texts.gate.peopleHint}</p>}
      <ul class="people">
        {people.map(({ id, role }) => (
          <li key={id} class={`person tone-${toneOf(people, id)}`}>
            <span class="person-head">
              <HeadIcon role={role} size={48} />
            </span>
            <div class="person-body">
              <p class="person-name">
                <b>{id}</b>
                {id !== role && <span class="person-role"> {texts.roles[role]}</span>}
              </p>
              <p class="person-wears">{wornBy(page, id)}</p>
              {taps
                .filter(({ person }) => person === id)
                .map((tap) => (
                  <TapLine key={`${tap.streamId} ${tap.label}`} tap={tap} page={page} />
                ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function wornBy(page: PageModel, person: string): string {
  const streams = page.session.hello.value?.streams ?? [];
  return streams
    .flatMap(({ name, channels }) => {
      const own = channels.filter((channel) => channel.person === person).map(({ label }) => label);
      const labels = own.length > 6 ? `${own.slice(0, 5).join(" ")} … ${own.at(-1)}` : own.join(" ");
      return own.length === 0 ? [] : [`${name}: ${labels}`];
    })
    .join(" · ");
}

/** People whom somebody confirmed without a tap. */
export const withoutTap = (page: PageModel): readonly string[] => [
  ...new Set(
    (page.session.checks.value?.taps ?? [])
      .filter((tap) => reasonOf(page, tap) !== undefined)
      .map(({ person }) => person),
  ),
];

/** Why somebody was confirmed without a tap; undefined where nobody was. */
function reasonOf(page: PageModel, tap: Tap): string | undefined {
  const given = page.untapped.value.get(tap.person);
  // A page that came later knows that there is a reason; the log knows which.
  if (tap.how !== undefined) return tap.how === "confirmed-without-tap" ? (given ?? "") : undefined;
  return given;
}

function TapLine({ tap, page }: { tap: Tap; page: PageModel }) {
  const { person, label, confirmed } = tap;
  const [isLooking, setLooking] = useState(false);
  const [seen, setSeen] = useState("");
  const [isByHand, setByHand] = useState(false);
  const [reason, setReason] = useState("");
  const { session } = page;
  const why = reasonOf(page, tap);
  if (why !== undefined)
    return (
      <p class="tap">
        <Verdict level="caution" word={texts.gate.tapWithout(why)} />
      </p>
    );
  if (confirmed)
    return (
      <p class="tap">
        <Verdict level="good" word={`${texts.gate.tapConfirmed}: ${label}`} />
      </p>
    );
  const look = async () => {
    setLooking(true);
    const { message } = await session.send({ do: "tap", person });
    setSeen(message);
    setLooking(false);
  };
  const confirm = async (why: string) => {
    const { ok } = await session.send({ do: "confirm-tap", person, reason: why });
    // The checks say it within a second; until then nobody confirms twice.
    setByHand(!ok);
    if (ok) page.untapped.value = new Map(page.untapped.value).set(person, why);
  };
  return (
    <div class="tap">
      <Verdict level="alarm" word={`${texts.gate.tapOpen}: ${label}`} />
      {page.isWriter.value && (
        <>
          <div class="row">
            <button
              type="button"
              class="button"
              aria-label={texts.gate.tapLook(label)}
              data-missing={`tap\n${person}`}
              aria-disabled={isLooking}
              onClick={look}
            >
              {isLooking ? texts.gate.tapLooking : texts.gate.tapNow}
            </button>
            <button
              type="button"
              class="button is-quiet"
              aria-expanded={isByHand}
              onClick={() => setByHand(!isByHand)}
            >
              {texts.gate.confirmByHand}
            </button>
          </div>
          {isByHand && (
            <form
              class="row"
              onSubmit={(event) => {
                event.preventDefault();
                if (isReason(reason)) void confirm(reason.trim());
              }}
            >
              <input
                type="text"
                class="reason"
                aria-label={`${texts.gate.confirmReason} ${person}`}
                placeholder={texts.gate.confirmReason}
                maxLength={500}
                value={reason}
                onInput={({ currentTarget }) => setReason(currentTarget.value)}
              />
              <button type="submit" class="button" aria-disabled={!isReason(reason)}>
                {texts.gate.confirm(person)}
              </button>
            </form>
          )}
          {seen !== "" && (
            <p class="hint" role="status">
              {seen}
            </p>
          )}
        </>
      )}
    </div>
  );
}
