import { useState } from "preact/hooks";
import { Dialog } from "../parts/dialog.tsx";
import type { PageModel } from "../shell/page-model.ts";
import { texts } from "../texts/texts.ts";

/** The end of a session cannot be taken back: it asks, and writes down why. */
export function QuitDialog({ page }: { page: PageModel }) {
  const [reason, setReason] = useState<string>(texts.coding.quitReasons[0]);
  const close = () => {
    page.dialog.value = undefined;
  };
  return (
    <Dialog title={texts.coding.quitTitle} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void page.session.send({ do: "end", reason: reason.trim() || texts.coding.quitReasons[0] });
          close();
        }}
      >
        <p>{texts.coding.quitText}</p>
        <p class="field">
          <label for="quit-reason">{texts.coding.quitReason}</label>
          <input
            id="quit-reason"
            type="text"
            maxLength={200}
            value={reason}
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
        </p>
        <fieldset class="row" aria-label={texts.coding.quitReason}>
          {texts.coding.quitReasons.map((each) => (
            <button
              key={each}
              type="button"
              class="button"
              aria-pressed={each === reason}
              onClick={() => setReason(each)}
            >
              {each}
            </button>
          ))}
        </fieldset>
        <p class="row is-end">
          <button type="button" class="button" onClick={close}>
            {texts.coding.quitNo}
          </button>
          <button type="submit" class="button is-danger">
            {texts.coding.quitYes}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
