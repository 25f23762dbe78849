import type { Seat } from "@attune/wire/page";
import { useState } from "preact/hooks";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { texts } from "../texts/texts.ts";
import type { PageModel } from "./page-model.ts";

/** Who one is here. The writer's seat is taken from somebody only when asked twice. */
export function SeatDialog({ page }: { page: PageModel }) {
  const hello = page.session.hello.value;
  const [coder, setCoder] = useState("");
  const [isAsking, setAsking] = useState(false);
  const [refused, setRefused] = useState("");
  const close = () => {
    page.dialog.value = undefined;
  };
  if (hello === undefined) return null;
  const take = async (seat: Seat, name?: string) => {
    const reply = await page.session.takeSeat(seat, name);
    if (reply.ok) close();
    else setRefused(reply.message);
  };
  const mayOnlyLook = page.mayOnlyLook;
  const isOccupied = hello.writerPresent && hello.seat !== "writer";
  return (
    <Dialog title={texts.seat.title} onClose={close}>
      <p>
        <b>{texts.seat.present(texts.seat.names[hello.seat])}</b>
      </p>
      <p class="hint">{mayOnlyLook ? texts.seat.onlyLook : texts.seat.intro}</p>
      {!mayOnlyLook &&
        hello.seat !== "writer" &&
        (isOccupied && isAsking ? (
          <div class="ask">
            <p>{texts.seat.takeOverAsk}</p>
            <p class="row">
              <button type="button" class="button" onClick={() => setAsking(false)}>
                {texts.cancel}
              </button>
              <button type="button" class="button is-danger" onClick={() => void take("writer")}>
                {texts.seat.takeOverYes}
              </button>
            </p>
          </div>
        ) : (
          <p>
            <button
              type="button"
              class="button"
              onClick={() => (isOccupied ? setAsking(true) : void take("writer"))}
            >
              <Icon name="person" size={18} />
              {isOccupied ? texts.seat.takeOver : texts.seat.takeWriter}
            </button>
          </p>
        ))}
      {!mayOnlyLook && hello.seat !== "second-coder" && (
        <form
          class="field"
          onSubmit={(event) => {
            event.preventDefault();
            if (coder.trim() !== "") void take("second-coder", coder.trim());
          }}
        >
          <label for="coder">{texts.seat.secondName}</label>
          <div class="row">
            <input
              id="coder"
              type="text"
              maxLength={40}
              value={coder}
              onInput={({ currentTarget }) => setCoder(currentTarget.value)}
            />
            <button type="submit" class="button" aria-disabled={coder.trim() === ""}>
              {texts.seat.second}
            </button>
          </div>
        </form>
      )}
      {hello.seat !== "observer" && (
        <p>
          <button type="button" class="button" onClick={() => void take("observer")}>
            <Icon name="eye" size={18} />
            {texts.seat.observer}
          </button>
        </p>
      )}
      <p class="refusal" role="status">
        {refused}
      </p>
    </Dialog>
  );
}
