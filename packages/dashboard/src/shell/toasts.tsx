import { Icon } from "../parts/icon.tsx";
import { clockTenths } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import type { PageModel } from "./page-model.ts";

const MOST_SHOWN = 3;

/** What the last presses did, with the time that was written down; the newest can be taken back for some seconds. */
export function Toasts({ page }: { page: PageModel }) {
  const { toasts, standing } = page.session;
  // They cover signals: of what went well only the newest is said; what was refused stays.
  const newest = toasts.value.findLast(({ ok }) => ok);
  const shown = toasts.value.filter((each) => !each.ok || each === newest).slice(-MOST_SHOWN);
  const undoable = toasts.value.findLast(
    ({ ok, undoSeconds }) => ok && undoSeconds !== null && undoSeconds > 0,
  );
  const isReplay = standing.value?.replay != null;
  const now = standing.value?.replay?.position ?? standing.value?.at ?? 0;
  return (
    <div class="toast-shelf">
      <ol class="toasts" aria-label={texts.coding.happened}>
        {shown.map((toast) => {
          const left = Math.ceil((toast.undoSeconds ?? 0) - (isReplay ? 0 : now - toast.at));
          return (
            <li key={toast.to} class={`toast${toast.ok ? "" : " is-refused"}`}>
              <Icon name={toast.ok ? "check" : "warning"} size={18} />
              <time>{clockTenths(toast.at - page.zero.value)}</time>
              <span>{toast.message}</span>
              {toast === undoable && left > 0 && (
                <button
                  type="button"
                  class="button is-quiet"
                  onClick={({ timeStamp }) =>
                    void page.session.send({ do: "undo", at: page.session.at(timeStamp) })
                  }
                >
                  {isReplay ? texts.coding.undo : texts.coding.undoIn(left)}
                </button>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
