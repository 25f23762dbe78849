import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { LiveSession, LoadedSession } from "@attune/live";
import type { Coupling } from "@attune/signal";
import { SessionPage } from "../live/session-page.ts";
import { statusLine } from "../live/status-line.ts";
import { clockTime, plural } from "../output/format.ts";
import { ProgressLine } from "../output/progress-line.ts";

/** What came of the live part of the demo. */
export interface LivePart {
  /** What ran, or what was not to be had: one line each. */
  readonly lines: readonly string[];
  readonly nCouplings: number;
  readonly isSameAgain: boolean;
}

/** How the session is shown while it runs. */
export interface DemoPage {
  readonly open: boolean;
  readonly announce: (line: string) => void;
}

/** Ports of our own, so that a demo neither sees nor disturbs the streams of a laboratory. */
const NETWORK = {
  loopbackOnly: true,
  ports: { multicastPort: 17_571, basePort: 17_572, portRange: 32 },
} as const;

/** Without sockets: the same people in this process. */
const WITHOUT_TRANSPORTS = `
session: demo
people: [{ id: adult, role: adult }, { id: infant, role: infant }]
devices: { dyad: { kind: simulated, coupling: 0.15, artefactsPerMinute: 0 } }
streams:
  - { person: adult, signal: eeg, device: dyad, stream: dyad/adult-eeg }
  - { person: infant, signal: eeg, device: dyad, stream: dyad/infant-eeg }
markers: [dyad]
`;

/**
 * A live session for some seconds: a virtual laboratory on real transports where they can be had, recorded, analysed, and
 * replayed from its recording to show that the numbers are the same.
 */
export async function runLivePart(
  folder: string,
  seed: number,
  seconds: number,
  page: DemoPage | undefined,
): Promise<LivePart> {
  const live = await import("@attune/live");
  await rm(folder, { recursive: true, force: true });
  const lines: string[] = [];
  const progress = new ProgressLine();
  progress.show("Opening a virtual laboratory", true);
  const lab = await live
    .openVirtualLab({
      folder,
      seed,
      minutes: 10,
      coupling: 0.15,
      websocketPort: await freePort(),
      lsl: NETWORK,
      onMissing: (sentence) => lines.push(sentence),
    })
    .catch((error: Error) => {
      lines.push(`No sockets are to be had here (${error.message}): the people run inside this process.`);
      return undefined;
    });
  lines.unshift(...(lab?.devices ?? []));
  const loaded: LoadedSession =
    lab === undefined
      ? {
          path: join(folder, "session.yaml"),
          file: live.parseSession(WITHOUT_TRANSPORTS, "session.yaml"),
          recordingFolder: join(folder, "recordings"),
        }
      : await live.readSession(lab.sessionPath);
  const session = new live.LiveSession(loaded, { record: true, analyse: true });
  const shown = page && (await SessionPage.start(session, { ...page, port: 0, gate: false, record: true }));
  try {
    const couplings = await record(session, seconds, progress);
    progress.show("Replaying the recording", true);
    const { path } = session.recording!;
    const again = await live.replaySession(path);
    const isSameAgain = isDeepStrictEqual(again.couplings, couplings);
    return { lines: [...lines, ...outcome(session, path)], nCouplings: couplings.length, isSameAgain };
  } finally {
    progress.clear();
    await session.end("failed");
    await shown?.close();
    await lab?.close();
  }
}

async function record(session: LiveSession, seconds: number, progress: ProgressLine): Promise<Coupling[]> {
  const couplings: Coupling[] = [];
  session.couplings.subscribe((coupling) => couplings.push(coupling));
  const ticking = setInterval(() => progress.show(statusLine(session)), 250);
  try {
    progress.show("Connecting", true);
    await session.connect();
    await session.begin();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    await session.end("planned end");
    return couplings;
  } finally {
    clearInterval(ticking);
  }
}

function outcome(session: LiveSession, path: string): string[] {
  const { nWindows, nAccepted } = session.totals;
  const streams = session.passport().streams.filter(({ nominalSamplingRate }) => nominalSamplingRate > 0);
  const lost = streams.reduce((sum, { nLost }) => sum + nLost, 0);
  const [pair] = session.passport().pairs;
  return [
    "",
    `Recorded ${clockTime(session.passport().durationSeconds)} of ${plural(streams.length, "stream")} into ${path}: ${plural(lost, "sample")} lost, ${plural(nWindows, "window")}, ${nAccepted} accepted.`,
    ...(pair === undefined || Number.isNaN(pair.alignmentErrorMs)
      ? []
      : [
          `${pair.people.join(" and ")} are aligned within ${pair.alignmentErrorMs.toFixed(2)} ms, on clocks that drift apart.`,
        ]),
  ];
}

/** A port that nobody uses at this moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
