import { render } from "preact";
import { CouplingPanel } from "../src/coupling/index.ts";
import { HeadsPanel } from "../src/heads/index.ts";
import { HeartsPanel } from "../src/hearts/index.ts";
import "../src/styles/theme.css";
import { TimelinePanel } from "../src/timeline/index.ts";
import { TracesPanel } from "../src/traces/index.ts";
import "./drawing.css";
import { MadeUpSession } from "./made-up-session.ts";

/**
 * The panels on a session that is made up on the page: for looking, for tests, for the frame rate. Not part of the built page.
 * `?panels=all|traces|heads|coupling|hearts|timeline&theme=dark|light&mode=live|replay&speed=1&elapsed=360&channels=32&rate=500&running=1`
 */
const query = new URLSearchParams(location.search);
const number = (name: string, otherwise: number): number => Number(query.get(name) ?? otherwise);

const session = new MadeUpSession({
  nChannels: number("channels", 32),
  samplingRate: number("rate", 500),
  mode: query.get("mode") === "replay" ? "replay" : "live",
  speed: number("speed", 1),
  elapsedSeconds: number("elapsed", 360),
  chunkSeconds: number("chunk", 0.02),
  isRunning: query.get("running") !== "0",
});
document.documentElement.dataset.theme = query.get("theme") ?? "dark";
(window as unknown as { madeUp: MadeUpSession }).madeUp = session;

const panels = query.get("panels") ?? "all";
const page = document.getElementById("page")!;
page.dataset.panels = panels;
const Panels = {
  traces: () => <TracesPanel view={session} />,
  heads: () => <HeadsPanel view={session} />,
  coupling: () => <CouplingPanel view={session} />,
  hearts: () => <HeartsPanel view={session} />,
  timeline: () => <TimelinePanel view={session} />,
  all: () => (
    <>
      <TracesPanel view={session} />
      <div class="side">
        <CouplingPanel view={session} />
        <HeadsPanel view={session} />
      </div>
      <TimelinePanel view={session} />
    </>
  ),
}[panels];
if (Panels !== undefined) render(<Panels />, page);
