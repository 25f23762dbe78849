import type { ComponentChildren } from "preact";
import type { Shortcut } from "../keys/shortcuts.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import { BAD_SECONDS, type PageActions } from "../shell/page-actions.ts";
import type { PageModel } from "../shell/page-model.ts";
import { clockTime, keyCap, readable } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";

interface Props {
  readonly page: PageModel;
  readonly actions: PageActions;
}

const EVENTS = ["fuss", "cry", "experimenter-enters"] as const;

/** Course of the session: pause, phases, what happened, the end. */
export function SessionControls({ page, actions }: Props) {
  const { session } = page;
  const hello = session.hello.value;
  const standing = session.standing.value;
  if (hello === undefined || standing === undefined) return null;
  const isRunning = standing.stage === "running" && session.connection.value === "open";
  const press = (shortcut: Shortcut) => (event: MouseEvent) => {
    if (isRunning) actions.run(shortcut, event.timeStamp);
  };
  const current = standing.phase?.name;
  return (
    <section class="controls" aria-label={texts.coding.control}>
      <div class="control-row">
        <Control
          page={page}
          shortcut="pause"
          icon={standing.isPaused ? "play" : "pause"}
          isEnabled={isRunning}
          isLit={standing.isPaused}
          class="is-pause"
          onClick={press("pause")}
        >
          {standing.isPaused ? texts.coding.resume : texts.coding.pause}
        </Control>
        <Control page={page} shortcut="bad" icon="flag" isEnabled={isRunning} onClick={press("bad")}>
          {texts.coding.bad(BAD_SECONDS)}
        </Control>
        <Control page={page} shortcut="undo" icon="undo" isEnabled={isRunning} onClick={press("undo")}>
          {texts.coding.undo}
        </Control>
      </div>
      <fieldset class="control-row" aria-label={texts.coding.happened}>
        {EVENTS.map((event) => (
          <Control key={event} page={page} shortcut={event} isEnabled={isRunning} onClick={press(event)}>
            {texts.coding.events[event]}
          </Control>
        ))}
      </fieldset>
      <fieldset class="control-row" aria-label={texts.coding.phases}>
        <Control page={page} shortcut="phase" icon="next" isEnabled={isRunning} onClick={press("phase")}>
          {texts.coding.nextPhase}
        </Control>
        {hello.phases.map(({ name, plannedSeconds }) => (
          <button
            key={name}
            type="button"
            class={`button is-phase${name === current ? " is-lit" : ""}`}
            aria-pressed={name === current}
            aria-disabled={!isRunning}
            onClick={(event) => {
              if (isRunning && name !== current)
                void session.send({ do: "phase", name, at: session.at(event.timeStamp) });
            }}
          >
            {readable(name)}
            {plannedSeconds !== null && <span class="planned">{clockTime(plannedSeconds)}</span>}
          </button>
        ))}
      </fieldset>
      <div class="control-row">
        <Control
          page={page}
          shortcut="quit"
          icon="square"
          isEnabled={isRunning}
          class="is-quit"
          onClick={press("quit")}
        >
          {texts.coding.quit}
        </Control>
      </div>
    </section>
  );
}

interface ControlProps {
  readonly page: PageModel;
  readonly shortcut: Shortcut;
  readonly isEnabled: boolean;
  readonly onClick: (event: MouseEvent) => void;
  readonly children: ComponentChildren;
  readonly icon?: IconName;
  readonly isLit?: boolean;
  readonly class?: string;
}

function Control({
  page,
  shortcut,
  isEnabled,
  onClick,
  children,
  icon,
  isLit,
  class: name = "",
}: ControlProps) {
  const key = page.keyOf(shortcut);
  return (
    <button
      type="button"
      class={`button is-control ${name}${isLit ? " is-lit" : ""}`}
      aria-disabled={!isEnabled}
      {...(key === undefined ? {} : { "aria-keyshortcuts": key })}
      onClick={onClick}
    >
      {icon !== undefined && <Icon name={icon} size={18} />}
      <span>{children}</span>
      {key !== undefined && <kbd>{keyCap(key)}</kbd>}
    </button>
  );
}
