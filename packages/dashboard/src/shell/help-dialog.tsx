import type { ComponentChildren } from "preact";
import { clustersOf } from "../coding/layer-clusters.ts";
import type { ShortcutGroup } from "../keys/shortcuts.ts";
import { Dialog } from "../parts/dialog.tsx";
import { toneOf } from "../parts/tone.ts";
import { keyCap, readable } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import type { PageModel } from "./page-model.ts";

/** Every key that does something on this page, also those that the session file gave, in the order of the hands. */
export function HelpDialog({ page }: { page: PageModel }) {
  const hello = page.session.hello.value;
  const shortcuts = page.shortcuts.value;
  const clusters = hello === undefined ? undefined : clustersOf(hello);
  const isObserver = hello?.seat === "observer";
  const layers =
    clusters === undefined || isObserver ? [] : [...clusters.left, ...clusters.others, ...clusters.right];
  const handOf = (layer: (typeof layers)[number]): string => {
    if (clusters?.isByHand !== true) return "";
    const { hands } = texts.coding;
    return clusters.left.includes(layer) ? hands.left : clusters.right.includes(layer) ? hands.right : "";
  };
  const group = (wanted: ShortcutGroup) => shortcuts.filter((each) => each.group === wanted);
  return (
    <Dialog
      title={texts.help.title}
      isWide
      onClose={() => {
        page.dialog.value = undefined;
      }}
    >
      <div class="help-grid">
        {layers.map((each) => (
          <section
            key={`${each.person} ${each.layer}`}
            class={`tone-${toneOf(hello?.people ?? [], each.person)}`}
          >
            <h3>
              {each.person} {readable(each.layer)}{" "}
              <span class="layer-mode">
                {[each.mode === "hold" ? texts.coding.holds : texts.coding.toggles, handOf(each)]
                  .filter((word) => word !== "")
                  .join(", ")}
              </span>
            </h3>
            <dl class="key-list">
              {each.states.map(({ state, key }) => (
                <Key key={state} cap={keyCap(key)}>
                  {readable(state)}
                </Key>
              ))}
            </dl>
          </section>
        ))}
        {(["session", "replay", "page"] as const)
          .filter((each) => group(each).length > 0)
          .map((each) => (
            <section key={each}>
              <h3>{texts.help[each]}</h3>
              <dl class="key-list">
                {group(each).map(({ shortcut, key }) => (
                  <Key key={shortcut} cap={keyCap(key)}>
                    {texts.shortcuts[shortcut]}
                  </Key>
                ))}
                {each === "page" && (
                  <>
                    <Key cap={texts.keyCaps.Tab}>{texts.help.tab}</Key>
                    <Key cap={texts.keyCaps.Enter}>{texts.help.enter}</Key>
                    <Key cap={texts.keyCaps.Escape}>{texts.help.escape}</Key>
                  </>
                )}
              </dl>
            </section>
          ))}
      </div>
      {!isObserver && <p class="hint">{texts.help.note}</p>}
    </Dialog>
  );
}

const Key = ({ cap, children }: { cap: string; children: ComponentChildren }) => (
  <div>
    <dt>
      <kbd>{cap}</kbd>
    </dt>
    <dd>{children}</dd>
  </div>
);
