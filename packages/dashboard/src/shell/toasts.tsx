import { Icon } from "../parts/icon.tsx";
import type { Pending } from "../session/page-session.ts";
import { clockTenths, keyCap, readable } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import type { PageModel } from "./page-model.ts";

const MOST_SHOWN = 3;

/**
 * What the last presses did, with the time that was written down; the newest can be taken back for some seconds. On a shelf of its
 * own, so that it lies on nothing that somebody looks at or presses.
 */
export function Toasts({ page }: { page: PageModel }) {
  const { toasts, standing, pending } = page.session;
  // Of what went well only the newest is said; what was refused stays.
  const newest = toasts.value.findLast(({ ok }) => ok);
  const shown = toasts.value.filter((each) => !each.ok || each === newest).slice(-MOST_SHOWN);
  const undoable = toasts.value.findLast(
    ({ ok, undoSeconds }) => ok && undoSeconds !== null && undoSeconds > 0,
  );
  const waiting = pending.value.slice(-MOST_SHOWN);
  const isReplay = standing.value?.replay != null;
  const now = standing.value?.replay?.position ?? standing.value?.at ?? 0;
  return (
    <section class="toast-shelf" aria-label={texts.answers.label}>
      <ol class="toasts" aria-live="polite">
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
        {waiting.map((each) => (
          <li key={`pending ${each.id}`} class="toast is-pending">
            <Icon name="unknown" size={18} />
            <time>{clockTenths(each.at - page.zero.value)}</time>
            <span>
              {wordsOf(page, each)}: {texts.connection.pending}
            </span>
          </li>
        ))}
        {pending.value.length > MOST_SHOWN && (
          <li class="toast is-pending">{texts.answers.morePending(pending.value.length - MOST_SHOWN)}</li>
        )}
      </ol>
    </section>
  );
}

function wordsOf(page: PageModel, { request }: Pending): string {
  switch (request.do) {
    case "key-down":
    case "key-up": {
      const found = page.session.hello.value?.coding.layers
        .flatMap(({ person, layer, states }) =>
          states.map(({ state, key }) => ({ key, words: `${person} ${readable(layer)} ${readable(state)}` })),
        )
        .find(({ key }) => key.toLowerCase() === request.key.toLowerCase());
      const name = found?.words ?? keyCap(request.key);
      return request.do === "key-up" ? texts.answers.released(name) : name;
    }
    case "state":
      return `${request.person} ${readable(request.layer)} ${readable(request.state)}`;
    case "event":
      return readable(request.label);
    case "note":
      return texts.notes.label;
    default:
      return (
        texts.answers.requests[request.do as keyof typeof texts.answers.requests] ?? readable(request.do)
      );
  }
}
