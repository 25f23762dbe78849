import { useEffect, useLayoutEffect } from "preact/hooks";
import { AlarmStrip } from "../alarms/alarm-strip.tsx";
import { SoundDialog } from "../alarms/sound-dialog.tsx";
import { CodingPanel } from "../coding/coding-panel.tsx";
import { QuitDialog } from "../coding/quit-dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { ReplayBar } from "../replay/replay-bar.tsx";
import { showFavicon } from "../state-bar/favicon.ts";
import { tabTitle } from "../state-bar/session-state.ts";
import { StateBar } from "../state-bar/state-bar.tsx";
import { SummaryPanel } from "../summary/summary-panel.tsx";
import { texts } from "../texts/texts.ts";
import { TimelinePanel } from "../timeline/index.ts";
import { TracesPanel } from "../traces/index.ts";
import { HelpDialog } from "./help-dialog.tsx";
import type { PageActions } from "./page-actions.ts";
import type { PageModel } from "./page-model.ts";
import { PrivacyScreen } from "./privacy-screen.tsx";
import { SeatDialog } from "./seat-dialog.tsx";
import { SidePanel } from "./side-panel.tsx";
import { Toasts } from "./toasts.tsx";

interface Props {
  readonly page: PageModel;
  readonly actions: PageActions;
}

/** The whole page. */
export function App({ page, actions }: Props) {
  const isPrivate = page.isPrivate.value;
  return (
    <>
      <TabMark page={page} />
      <div class="app" inert={isPrivate} data-private={isPrivate}>
        <StateBar page={page} />
        <AlarmStrip page={page} />
        <Middle page={page} />
        {!page.isSideOpen.value && <Toasts page={page} />}
        <Bottom page={page} actions={actions} />
        <Lost page={page} />
        {page.session.hello.value?.mode === "replay" && <div class="watermark" aria-hidden="true" />}
        <Dialogs page={page} />
      </div>
      {isPrivate && <PrivacyScreen page={page} />}
    </>
  );
}

function Middle({ page }: { page: PageModel }) {
  const { session } = page;
  const hello = session.hello.value;
  const isEnded = session.standing.value?.stage === "ended" && hello?.mode === "live";
  const isSideOpen = page.isSideOpen.value;
  if (hello === undefined)
    return (
      <main class="middle is-waiting">
        <p class="waiting">
          {session.connection.value === "open" ? texts.loading : texts.connection.connecting}
        </p>
      </main>
    );
  return (
    <div class={`middle${isSideOpen ? " has-side" : ""}`}>
      <main class="main" aria-label={texts.main.session}>
        <h2 class="visually-hidden">{isEnded ? texts.summary.title : texts.main.traces}</h2>
        {isEnded ? (
          <SummaryPanel page={page} />
        ) : (
          <>
            <div
              class={`main-traces${hello.people.length > 2 ? " is-many" : ""}`}
              style={{ "--people": hello.people.length }}
            >
              <TracesPanel view={session} />
            </div>
            {page.isTimelineOpen.value && (
              <div class="main-timeline">
                <TimelinePanel view={session} />
              </div>
            )}
          </>
        )}
      </main>
      {isSideOpen && <SidePanel page={page} />}
    </div>
  );
}

function Bottom({ page, actions }: Props) {
  const { session } = page;
  const mode = session.hello.value?.mode;
  const stage = session.standing.value?.stage;
  if (mode === undefined || (mode === "live" && stage !== "running")) return null;
  return (
    <div class="bottom">
      {mode === "replay" && <ReplayBar page={page} actions={actions} />}
      <CodingPanel page={page} actions={actions} />
    </div>
  );
}

/** Big, because whoever looks has to know at once that nothing on this page is true any more. */
function Lost({ page }: { page: PageModel }) {
  const { connection, lossReason } = page.session;
  if (connection.value !== "lost" || lossReason.value === "over") return null;
  const isReplaced = lossReason.value === "replaced";
  return (
    <div class="lost" role="alert">
      <Icon name="unplugged" size={56} />
      <p class="lost-title">{isReplaced ? texts.connection.replacedTitle : texts.connection.lostTitle}</p>
      <p class="lost-text">{isReplaced ? texts.connection.replacedText : texts.connection.lostText}</p>
      {isReplaced ? (
        <button type="button" class="button" onClick={() => location.reload()}>
          {texts.connection.reload}
        </button>
      ) : (
        <p class="lost-retry">{texts.connection.lostRetry}</p>
      )}
    </div>
  );
}

function Dialogs({ page }: { page: PageModel }) {
  switch (page.dialog.value) {
    case "help":
      return <HelpDialog page={page} />;
    case "quit":
      return <QuitDialog page={page} />;
    case "seat":
      return <SeatDialog page={page} />;
    case "sound":
      return <SoundDialog page={page} />;
    case undefined:
      return null;
  }
}

/** Title and mark of the tab; while everything is hidden they tell nothing either. */
function TabMark({ page }: { page: PageModel }) {
  const state = page.state.value;
  const isPrivate = page.isPrivate.value;
  const session = page.session.hello.value?.session ?? "";
  const elapsed = page.session.standing.value?.elapsedSeconds ?? null;
  const title = isPrivate ? texts.privacy.label : tabTitle(state, session, elapsed);
  const mark = isPrivate ? "neutral" : state.kind;
  const theme = page.theme.value;
  // With the page itself, not a frame later: who hides the page hides the tab at the same moment.
  useLayoutEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => showFavicon(mark), [mark]);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return null;
}
