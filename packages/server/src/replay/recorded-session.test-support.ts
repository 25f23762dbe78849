import { LiveSession, parseSession, type SessionTotals } from "@attune/live";
import type { Coupling } from "@attune/signal";
import { HandTime } from "../live/scripted-session.test-support.ts";
import type { SourceDocument } from "../page-source.ts";
import type { ReplayPage } from "./replay-page.ts";

const text = `
session: dyad-001
people:
  - { id: adult, role: adult }
  - { id: infant, role: infant }
devices:
  dyad: { kind: simulated, seed: 3, coupling: 0.2, artefactsPerMinute: 1, lossesPerMinute: 2 }
streams:
  - { person: adult, signal: eeg, device: dyad, stream: dyad/adult-eeg }
  - { person: infant, signal: eeg, device: dyad, stream: dyad/infant-eeg }
coding:
  layers:
    - { person: adult, layer: gaze, states: { direct: d, averted: a } }
    - { person: infant, layer: voice, mode: hold, states: { voicing: v } }
phases:
  - { name: baseline, plannedSeconds: 20 }
  - { name: free-play, plannedSeconds: 60 }
  - { name: still-face }
analysis: { running: { nullEverySeconds: 5, nSurrogates: 19 } }
`;

export interface RecordedExample {
  readonly path: string;
  readonly totals: SessionTotals;
  readonly couplings: readonly Coupling[];
}

/** A session with the simulated dyad, recorded faster than it lasts: two phases, a pause, a voice, a note and a bad span. */
export async function recordExample(folder: string, seconds = 60): Promise<RecordedExample> {
  const time = new HandTime();
  const session = new LiveSession(
    { path: "session.yaml", file: parseSession(text, "session.yaml"), recordingFolder: folder },
    { record: true, analyse: true, context: time.context },
  );
  const couplings: Coupling[] = [];
  session.couplings.subscribe((coupling) => couplings.push(coupling));
  await session.connect();
  await time.advance(1);
  await session.begin();
  session.nextPhase();
  for (let second = 1; second <= seconds; second++) {
    await time.advance(1);
    // Time stands still while the analysis works, so that it is never late for long.
    for (let n = 0; n < 2000 && session.analysisDelay > 0; n++)
      await new Promise((resolve) => setTimeout(resolve, 3));
    if (second === 15) session.nextPhase();
    if (second === 18) session.coder.press("v");
    if (second === 21) session.coder.release("v");
    if (second === 25) session.note("the door opened");
    if (second === 26) session.enterEvent("override disk .: a short session", "page");
    if (second === 30) session.pause();
    if (second === 33) session.resume();
  }
  const { path } = session.recording!;
  await session.end("quit");
  return { path, totals: session.totals, couplings };
}

type Kind = SourceDocument["kind"];
export type Of<K extends Kind> = Extract<SourceDocument, { readonly kind: K }>;

/** The newest document of a kind that a page which comes now is told. */
export const toldOf = <K extends Kind>(page: ReplayPage, kind: K): Of<K> =>
  page.newest().findLast((each): each is Of<K> => each.kind === kind)!;

export const writer = { seat: "writer", coder: "" } as const;
export const second = { seat: "second-coder", coder: "kim" } as const;
