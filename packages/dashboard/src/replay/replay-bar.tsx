import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Shortcut } from "../keys/shortcuts.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import type { PageActions } from "../shell/page-actions.ts";
import type { PageModel } from "../shell/page-model.ts";
import { clockTime, keyCap } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import { SPEEDS } from "./speeds.ts";

const STEP_SECONDS = 0.1;

/** Where in the recording, and how fast. */
export function ReplayBar({ page, actions }: { page: PageModel; actions: PageActions }) {
  const { session } = page;
  /** Where the thumb is held: it must not follow positions that were told meanwhile. */
  const [dragged, drag] = useState<number | undefined>(undefined);
  const replay = session.standing.value?.replay;
  if (!replay) return null;
  const { from, to, position, speed, isPlaying, isAnalysed } = replay;
  const isObserver = session.hello.value?.seat === "observer";
  const run =
    (shortcut: Shortcut) =>
    ({ timeStamp }: MouseEvent) =>
      actions.run(shortcut, timeStamp);
  return (
    <section class="replay-bar" aria-label={texts.replay.label}>
      {!isObserver && (
        <>
          <Button
            page={page}
            shortcut="previous"
            icon="previous"
            label={texts.replay.previous}
            onClick={run("previous")}
          >
            {texts.replay.onset}
          </Button>
          <Button
            page={page}
            shortcut="play"
            icon={isPlaying ? "square" : "play"}
            label={isPlaying ? texts.replay.stop : texts.replay.play}
            class="is-primary"
            onClick={run("play")}
          >
            {isPlaying ? texts.replay.stop : texts.replay.play}
          </Button>
          <Button page={page} shortcut="next" icon="next" label={texts.replay.next} onClick={run("next")}>
            {texts.replay.onset}
          </Button>
        </>
      )}
      <span class="replay-time">{clockTime((dragged ?? position) - from)}</span>
      <input
        type="range"
        class="replay-slider"
        aria-label={texts.replay.position}
        aria-valuetext={clockTime((dragged ?? position) - from)}
        min={0}
        max={Math.max(to - from, 0.1)}
        step={STEP_SECONDS}
        value={(dragged ?? position) - from}
        disabled={isObserver}
        onInput={({ currentTarget }) => {
          const wanted = from + Number(currentTarget.value);
          // The last step may be shorter: its end is the end, with all that became known after the last sample.
          const target = wanted + STEP_SECONDS > to ? to : wanted;
          drag(target);
          actions.seek(target);
        }}
        onChange={() => drag(undefined)}
        onLostPointerCapture={() => drag(undefined)}
        onBlur={() => drag(undefined)}
      />
      <span class="replay-time">{clockTime(to - from)}</span>
      <fieldset class="segments" aria-label={texts.replay.speed}>
        {SPEEDS.map((each) => (
          <button
            key={each}
            type="button"
            class="segment"
            aria-pressed={each === speed}
            aria-disabled={isObserver}
            onClick={({ timeStamp }) => {
              if (!isObserver) actions.setSpeed(each, timeStamp);
            }}
          >
            {each}×
          </button>
        ))}
      </fieldset>
      {!isAnalysed && (
        <span class="hint" role="status">
          {texts.replay.analysing}
        </span>
      )}
    </section>
  );
}

interface ButtonProps {
  readonly page: PageModel;
  readonly shortcut: Shortcut;
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: (event: MouseEvent) => void;
  readonly children: ComponentChildren;
  readonly class?: string;
}

function Button({ page, shortcut, icon, label, onClick, children, class: name = "" }: ButtonProps) {
  const key = page.keyOf(shortcut);
  const cap = key === undefined ? "" : keyCap(key);
  return (
    <button type="button" class={`button is-control ${name}`} title={label} onClick={onClick}>
      <Icon name={icon} size={18} />
      <span class="visually-hidden">{label}</span>
      <span class="replay-word" aria-hidden="true">
        {children}
      </span>
      {cap !== "" && <kbd>{cap}</kbd>}
    </button>
  );
}
