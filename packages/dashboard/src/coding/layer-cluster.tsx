import { HeadIcon } from "../parts/head-icon.tsx";
import { toneOf } from "../parts/tone.ts";
import type { PageModel } from "../shell/page-model.ts";
import { clockTime, readable } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import { type CodedLayer, type Hand, presentState } from "./layer-clusters.ts";
import { StateButton } from "./state-button.tsx";

interface LayerClusterProps {
  readonly page: PageModel;
  readonly layers: readonly CodedLayer[];
  readonly side: Hand | "below";
  /** Whether all its keys lie under the hand of its side. */
  readonly isByHand?: boolean;
}

/** The layers of one hand. */
export function LayerCluster({ page, layers, side, isByHand = false }: LayerClusterProps) {
  if (layers.length === 0) return null;
  const people = page.session.hello.value?.people ?? [];
  const persons = [...new Set(layers.map(({ person }) => person))];
  return (
    <div class={`cluster is-${side}`}>
      {persons.map((person) => (
        <section key={person} class={`cluster-person tone-${toneOf(people, person)}`} aria-label={person}>
          <h3 class="cluster-name">
            {people.some(({ id }) => id === person) && (
              <HeadIcon role={people.find(({ id }) => id === person)?.role} size={26} />
            )}
            {person}
            {isByHand && side !== "below" && <span class="cluster-hand">{texts.coding.hands[side]}</span>}
          </h3>
          <div class="cluster-layers">
            {layers
              .filter((layer) => layer.person === person)
              .map((layer) => (
                <Layer key={layer.layer} page={page} layer={layer} />
              ))}
          </div>
        </section>
      ))}
    </div>
  );
}

function Layer({ page, layer }: { page: PageModel; layer: CodedLayer }) {
  const { session } = page;
  const standing = session.standing.value;
  const isSecond = session.hello.value?.seat === "second-coder";
  const states = (isSecond ? standing?.ownStates : standing?.states) ?? [];
  const { state, since } = presentState(layer, states);
  const isRunning = standing?.stage === "running" || standing?.replay != null;
  const now = standing?.replay?.position ?? standing?.at ?? 0;
  return (
    <div class="layer">
      <p class="layer-name">
        <b>{readable(layer.layer)}</b>
        <span class="layer-mode">{layer.mode === "hold" ? texts.coding.holds : texts.coding.toggles}</span>
        <span class="layer-now">
          {readable(state)}
          {isRunning && since !== null && now >= since && (
            <span class="layer-since"> {clockTime(now - since)}</span>
          )}
        </span>
      </p>
      <div class="layer-states">
        {layer.states.map((each) => (
          <StateButton
            key={each.state}
            page={page}
            layer={layer}
            state={each.state}
            codingKey={each.key}
            isLit={isRunning && each.state === state}
            isEnabled={page.mayCode.value}
          />
        ))}
      </div>
    </div>
  );
}
