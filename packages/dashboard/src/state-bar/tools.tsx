import { Icon, type IconName } from "../parts/icon.tsx";
import type { PageModel } from "../shell/page-model.ts";
import { keyCap } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";

/** What this page can do for the person in front of it, apart from the session. */
export function Tools({ page }: { page: PageModel }) {
  const seat = page.session.hello.value?.seat;
  const { dialog, sound, theme, isSideOpen, isTimelineOpen } = page;
  return (
    <div class="tools" role="toolbar" aria-label={texts.bar.tools}>
      {seat !== undefined && (
        <button
          type="button"
          class="seat-button"
          aria-label={texts.seat.change(texts.seat.names[seat])}
          onClick={() => {
            dialog.value = "seat";
          }}
        >
          <Icon name="person" size={18} />
          <span>{texts.seat.names[seat]}</span>
        </button>
      )}
      <Tool
        icon={sound.isOn.value ? "sound" : "muted"}
        label={sound.isOn.value ? texts.bar.sound.on : texts.bar.sound.off}
        onClick={() => {
          dialog.value = "sound";
        }}
      />
      <Tool
        icon={theme.value === "dark" ? "sun" : "moon"}
        label={texts.bar.theme[theme.value]}
        onClick={() => page.switchTheme()}
      />
      <Tool
        icon="hide"
        label={`${texts.bar.privacy} (${keyCap(page.keyOf("privacy") ?? "")})`}
        onClick={() => {
          page.isPrivate.value = true;
        }}
      />
      <Tool
        icon="keyboard"
        label={`${texts.bar.help} (${keyCap(page.keyOf("help") ?? "")})`}
        onClick={() => {
          dialog.value = "help";
        }}
      />
      <Tool
        icon="timeline"
        label={isTimelineOpen.value ? texts.bar.timelineHide : texts.bar.timelineShow}
        isPressed={isTimelineOpen.value}
        onClick={() => page.switchTimeline()}
      />
      <Tool
        icon="panel"
        label={isSideOpen.value ? texts.bar.panelHide : texts.bar.panelShow}
        isPressed={isSideOpen.value}
        onClick={() => page.switchSide()}
      />
    </div>
  );
}

interface ToolProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly isPressed?: boolean;
}

const Tool = ({ icon, label, onClick, isPressed }: ToolProps) => (
  <button
    type="button"
    class="icon-button"
    aria-label={label}
    title={label}
    {...(isPressed === undefined ? {} : { "aria-pressed": isPressed })}
    onClick={onClick}
  >
    <Icon name={icon} size={22} />
  </button>
);
