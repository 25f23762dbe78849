import type { ComponentChildren } from "preact";
import { LogPanel } from "../alarms/log-panel.tsx";
import { RowsPanel } from "../coding/rows-panel.tsx";
import { CouplingPanel } from "../coupling/index.ts";
import { StartPanel } from "../gate/start-panel.tsx";
import { HeadsPanel } from "../heads/index.ts";
import { HeartsPanel } from "../hearts/index.ts";
import { NotesPanel } from "../notes/notes-panel.tsx";
import { StreamsPanel } from "../streams/streams-panel.tsx";
import { texts } from "../texts/texts.ts";
import type { PageModel, Tab } from "./page-model.ts";
import { Toasts } from "./toasts.tsx";

/** One panel at a time beside the signals; arrow keys go from tab to tab. */
export function SidePanel({ page }: { page: PageModel }) {
  const tabs = page.tabs.value;
  const current = page.tab.value;
  const move = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const place =
      step !== undefined
        ? (tabs.indexOf(current) + step + tabs.length) % tabs.length
        : { Home: 0, End: tabs.length - 1 }[event.key];
    if (place === undefined) return;
    event.preventDefault();
    const tab = tabs[place]!;
    page.show(tab);
    document.getElementById(`tab-${tab}`)?.focus();
  };
  return (
    <aside class={`side is-${current}`} aria-label={texts.tabs.label}>
      <div class="tabs" role="tablist" aria-label={texts.tabs.label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab}
            id={`tab-${tab}`}
            type="button"
            role="tab"
            class="tab"
            aria-selected={tab === current}
            aria-controls="side-panel"
            tabIndex={tab === current ? 0 : -1}
            onClick={() => page.show(tab)}
          >
            {texts.tabs[tab]}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard */}
      <div id="side-panel" class="side-body" role="tabpanel" tabIndex={0} aria-labelledby={`tab-${current}`}>
        <h2 class="visually-hidden">{texts.tabs[current]}</h2>
        {contents(page, current)}
      </div>
      <Toasts page={page} />
    </aside>
  );
}

function contents(page: PageModel, tab: Tab): ComponentChildren {
  switch (tab) {
    case "start":
      return <StartPanel page={page} />;
    case "coupling":
      return <CouplingPanel view={page.session} />;
    case "hearts":
      return <HeartsPanel view={page.session} />;
    case "heads":
      return <HeadsPanel view={page.session} />;
    case "streams":
      return <StreamsPanel page={page} />;
    case "log":
      return <LogPanel page={page} />;
    case "notes":
      return <NotesPanel page={page} />;
    case "coding":
      return <RowsPanel page={page} />;
    case "summary":
      return null;
  }
}
