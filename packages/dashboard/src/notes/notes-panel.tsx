import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { PageModel } from "../shell/page-model.ts";
import { clockTenths } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import { NoteDraft } from "./note-draft.ts";
import { notesOf } from "./notes-of.ts";

/** What somebody saw: written down without a thought for saving it. */
export function NotesPanel({ page }: { page: PageModel }) {
  const { session, wantsNote } = page;
  const name = session.hello.value?.session ?? "";
  const draft = useMemo(() => new NoteDraft(session, name), [session, name]);
  const field = useRef<HTMLTextAreaElement>(null);
  const isObserver = !page.isWriter.value;
  const isWanted = wantsNote.value;
  // Before the next key: what is typed at once must not code anything.
  useLayoutEffect(() => {
    if (!isWanted) return;
    field.current?.focus();
    wantsNote.value = false;
  }, [isWanted, wantsNote]);
  const say = (text: string) => void session.send({ do: "note", text, at: session.now() });
  const notes = notesOf(session.timeline.value);
  return (
    <div class="notes">
      {!isObserver && (
        <>
          <p class="field">
            <label for="note">{texts.notes.label}</label>
            <textarea
              id="note"
              ref={field}
              rows={3}
              maxLength={2000}
              placeholder={texts.notes.placeholder}
              value={draft.text.value}
              aria-describedby="note-hint note-state"
              onInput={({ currentTarget }) => draft.write(currentTarget.value)}
              onBlur={() => void draft.save()}
              onKeyDown={(event) => {
                if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void draft.save();
                if (event.key === "Escape") event.currentTarget.blur();
              }}
            />
          </p>
          <div class="row">
            <button
              type="button"
              class="button"
              aria-disabled={draft.text.value.trim() === ""}
              onClick={() => void draft.save()}
            >
              {texts.notes.save}
            </button>
            <span id="note-state" class="hint" role="status">
              {draft.failed.value ? texts.notes.failed : texts.notes.states[draft.state.value]}
            </span>
          </div>
          <p id="note-hint" class="hint">
            {texts.notes.hint}
          </p>
          <Quick
            label={texts.notes.infant}
            words={texts.notes.infantStates}
            onSay={(word) => say(texts.notes.infantNote(word))}
          />
          <Quick
            label={texts.notes.fit}
            words={texts.notes.fits}
            onSay={(word) => say(texts.notes.fitNote(word))}
          />
        </>
      )}
      <h3>{texts.notes.earlier}</h3>
      {notes.length === 0 ? (
        <p class="hint">{texts.notes.none}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
        <ol class="log-list scroll" tabIndex={0} aria-label={texts.notes.earlier}>
          {[...notes].reverse().map(({ at, text, isRetracted }) => (
            <li key={`${at} ${text}`} class="log-line is-note">
              <time class="log-time">{clockTenths(at - page.zero.value)}</time>
              {isRetracted ? (
                <s>
                  {text} <span class="hint">({texts.notes.retracted})</span>
                </s>
              ) : (
                <span>{text}</span>
              )}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

interface QuickProps {
  readonly label: string;
  readonly words: readonly string[];
  readonly onSay: (word: string) => void;
}

const Quick = ({ label, words, onSay }: QuickProps) => (
  <fieldset class="quick" aria-label={label}>
    <span class="quick-label">{label}</span>
    <div class="row">
      {words.map((word) => (
        <button key={word} type="button" class="button" onClick={() => onSay(word)}>
          {word}
        </button>
      ))}
    </div>
  </fieldset>
);
