import { Icon } from "../parts/icon.tsx";
import { byPerson } from "../parts/person-order.ts";
import { toneOf } from "../parts/tone.ts";
import type { PageActions } from "../shell/page-actions.ts";
import type { PageModel } from "../shell/page-model.ts";
import { clockTime, readable } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import { LayerCluster } from "./layer-cluster.tsx";
import { clustersOf, otherStates } from "./layer-clusters.ts";
import { SessionControls } from "./session-controls.tsx";

/** Everything that is pressed while the session runs, each person's layers on the side of the hand that lies on their keys. */
export function CodingPanel({ page, actions }: { page: PageModel; actions: PageActions }) {
  const { session } = page;
  const hello = session.hello.value;
  if (hello === undefined) return null;
  const { left, right, others, isByHand } = clustersOf(hello);
  const isObserver = hello.seat === "observer";
  const isSecond = hello.seat === "second-coder";
  return (
    <section class={`coding${isObserver ? " is-read-only" : ""}`} aria-label={texts.coding.title}>
      {isObserver ? (
        <p class="hint coding-note">
          <Icon name="eye" size={18} /> {texts.coding.readOnly}
        </p>
      ) : (
        <>
          {isSecond && (
            <p class="hint coding-note">
              <Icon name="person" size={18} /> {texts.coding.second("")}
            </p>
          )}
          {hello.mode === "live" && hello.seat === "writer" && (
            <SessionControls page={page} actions={actions} />
          )}
        </>
      )}
      <div class={`coding-grid${isObserver ? " is-read-only" : ""}`}>
        {!isObserver && <LayerCluster page={page} layers={left} side="left" isByHand={isByHand} />}
        <div class="coding-middle">
          {!isObserver && <LayerCluster page={page} layers={others} side="below" />}
          <StateChips page={page} isWhole={isObserver} />
        </div>
        {!isObserver && <LayerCluster page={page} layers={right} side="right" isByHand={isByHand} />}
      </div>
    </section>
  );
}

/**
 * States that this page does not code, and for those who only look, all of them. A second coder is not shown what the first one
 * codes: they would follow it, and their agreement would mean nothing.
 */
function StateChips({ page, isWhole }: { page: PageModel; isWhole: boolean }) {
  const { session } = page;
  const hello = session.hello.value!;
  const standing = session.standing.value;
  const known = standing?.states ?? [];
  const states = isWhole ? known : otherStates(hello, known);
  if (states.length === 0) return null;
  const now = standing?.replay?.position ?? standing?.at ?? 0;
  return (
    <ul class="state-chips" aria-label={isWhole ? texts.coding.coded : texts.coding.derived}>
      {byPerson(states, hello.people).map(({ person, layer, state, since }) => (
        <li key={`${person} ${layer}`} class={`state-chip tone-${toneOf(hello.people, person)}`}>
          <span class="chip-layer">
            {person} {readable(layer)}
          </span>
          <b>{readable(state)}</b>
          {now >= since && <span class="chip-since">{clockTime(now - since)}</span>}
        </li>
      ))}
    </ul>
  );
}
