import type { ComponentChildren } from "preact";
import type { ShortcutGroup } from "../keys/shortcuts.ts";
import { Dialog } from "../parts/dialog.tsx";
import { toneOf } from "../parts/tone.ts";
import { keyCap, readable } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import type { PageModel } from "./page-model.ts";

/** Every key of this session, also those that the session file gave. */
export function HelpDialog({ page }: { page: PageModel }) {
  const hello = page.session.hello.value;
  const shortcuts = page.shortcuts.value;
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
        {(hello?.coding.layers ?? []).map(({ person, layer, states, mode }) => (
          <section key={`${person} ${layer}`} class={`tone-${toneOf(hello!.people, person)}`}>
            <h3>
              {person} {readable(layer)}{" "}
              <span class="layer-mode">{mode === "hold" ? texts.coding.holds : texts.coding.toggles}</span>
            </h3>
            <dl class="key-list">
              {states.map(({ state, key }) => (
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
      <p class="hint">{texts.help.note}</p>
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
