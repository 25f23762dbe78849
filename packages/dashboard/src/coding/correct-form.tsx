import { useState } from "preact/hooks";
import type { PageModel } from "../shell/page-model.ts";
import { clockTenths, readable, secondsOf } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import { codersOf, type Stretch, stretchesOf } from "./stretches.ts";

const MOST_SHOWN = 200;
const SHOWN_AT_ONCE = 4;

/** What was coded in the past was something else: a stretch of one layer, and what it was. Nothing is rewritten. */
export function CorrectForm({ page, onClose }: { page: PageModel; onClose: () => void }) {
  const { session } = page;
  const layers = session.hello.value?.coding.layers ?? [];
  const [place, setPlace] = useState(0);
  const [chosen, choose] = useState<Stretch | undefined>(undefined);
  /** As somebody types them; undefined: those of the stretch, to the full digit. */
  const [typed, type] = useState<{ readonly from?: string; readonly until?: string }>({});
  const [state, setState] = useState<string | undefined>(undefined);
  const [answer, setAnswer] = useState("");
  const layer = layers[place];
  if (layer === undefined) return <p class="hint">{texts.coding.noLayers}</p>;

  const zero = page.zero.value;
  const stretches = pastOf(page, place);
  const time = (typedTime: string | undefined, known: number | undefined): number | undefined => {
    if (typedTime === undefined) return known;
    const seconds = secondsOf(typedTime);
    return seconds === undefined ? undefined : zero + seconds;
  };
  const from = time(typed.from, chosen?.from);
  const until = time(typed.until, chosen?.until);
  const missing =
    from === undefined || until === undefined
      ? texts.correct.needsTimes
      : !(until > from)
        ? texts.correct.needsLength
        : state === undefined
          ? texts.correct.needsState
          : "";
  const start = (next: Stretch | undefined) => {
    choose(next);
    type({});
    setState(undefined);
    setAnswer("");
  };
  const send = async (timeStamp: number) => {
    if (from === undefined || until === undefined || state === undefined || missing !== "") return;
    const at = session.at(timeStamp);
    const { person, layer: name } = layer;
    // What still holds is corrected up to the press, so that it holds from now on, too.
    const isOpen = typed.until === undefined && chosen !== undefined && chosen.from === stretches[0]?.from;
    const reply = await session.send({
      do: "correct",
      person,
      layer: name,
      from,
      until: isOpen ? Math.max(until, at) : until,
      state,
      at,
    });
    if (reply.ok) start(undefined);
    setAnswer(reply.message);
  };
  const shown = (value: number | undefined) => (value === undefined ? "" : clockTenths(value - zero));
  return (
    <form
      class="correct"
      aria-label={texts.correct.title}
      onSubmit={(event) => {
        event.preventDefault();
        void send(event.timeStamp);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <p class="field is-layer">
        <label for="correct-layer">{texts.correct.layer}</label>
        <select
          id="correct-layer"
          value={String(place)}
          onChange={({ currentTarget }) => {
            setPlace(Number(currentTarget.value));
            start(undefined);
          }}
        >
          {layers.map(({ person, layer: name }, n) => (
            <option key={`${person} ${name}`} value={String(n)}>
              {person} {readable(name)}
            </option>
          ))}
        </select>
      </p>
      {stretches.length === 0 ? (
        <p class="hint">{texts.correct.none}</p>
      ) : (
        <p class="field">
          <label for="correct-stretch">{texts.correct.stretch}</label>
          <select
            id="correct-stretch"
            class="stretches"
            size={SHOWN_AT_ONCE}
            value={chosen === undefined ? "" : String(chosen.from)}
            onChange={({ currentTarget }) =>
              start(stretches.find((each) => String(each.from) === currentTarget.value))
            }
          >
            {stretches.map((each, n) => (
              <option key={each.from} value={String(each.from)}>
                {shown(each.from)} – {n === 0 ? texts.correct.now : shown(each.until)}
                {" · "}
                {readable(each.state)}
                {each.isCorrected ? ` (${texts.correct.corrected})` : ""}
              </option>
            ))}
          </select>
        </p>
      )}
      <div class="correct-times">
        {(["from", "until"] as const).map((end) => (
          <p key={end} class="field">
            <label for={`correct-${end}`}>{texts.correct[end]}</label>
            <input
              id={`correct-${end}`}
              type="text"
              inputMode="decimal"
              placeholder="0:00.0"
              value={typed[end] ?? shown(chosen?.[end])}
              onInput={({ currentTarget }) => type({ ...typed, [end]: currentTarget.value })}
            />
          </p>
        ))}
      </div>
      <fieldset class="correct-states" aria-label={texts.correct.was}>
        <legend>{texts.correct.was}</legend>
        {[...new Set([...layer.states.map((each) => each.state), layer.initial])].map((each) => (
          <button
            key={each}
            type="button"
            class="button"
            aria-pressed={each === state}
            onClick={() => {
              setState(each);
              setAnswer("");
            }}
          >
            {readable(each)}
          </button>
        ))}
      </fieldset>
      <p class="row">
        <button type="submit" class="button is-confirm" aria-disabled={missing !== ""}>
          {texts.correct.confirm}
        </button>
        <button type="button" class="button is-quiet" onClick={onClose}>
          {texts.close}
        </button>
      </p>
      <p class="hint" role="status">
        {answer !== "" ? answer : missing}
      </p>
    </form>
  );
}

/** What this page's coder has coded in a layer, newest first. A second coder came later than the first. */
function pastOf(page: PageModel, place: number): readonly Stretch[] {
  const { hello, coding } = page.session;
  const layer = hello.value?.coding.layers[place];
  const rows = coding.value?.rows ?? [];
  const coders = codersOf(rows);
  const coder = hello.value?.seat === "second-coder" ? coders.slice(1).at(-1) : coders[0];
  if (layer === undefined || coder === undefined) return [];
  return stretchesOf(rows, coder, layer, page.session.now()).slice(-MOST_SHOWN).reverse();
}
