import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHistogram, monitorEventLoopDelay, type RecordableHistogram } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { LiveSession, parseSession } from "@attune/live";
import { livePage, openSessionServer, pageAssets } from "@attune/server";
import { type Browser, chromium } from "playwright-core";
import { startEnvironment } from "../harness/environment.ts";
import type { BenchmarkResult, Figure } from "../harness/result.ts";
import { writeResult } from "../harness/store.ts";

/**
 * What a browser that has stopped reading costs the session: stretches with and without it take turns in one session, so that both
 * see the same machine. The page's processes are stopped as a closed laptop would be: its socket stays open and takes nothing.
 */

const CHROMIUM = "/usr/bin/chromium";
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
const ROUNDS = 4;
const STRETCH_SECONDS = 8;
const MOST_TIMES = 1.5;
/** Differences below this are the machine's own. */
const LEAST_MILLISECONDS = 5;

const SESSION = `
session: slow-page
people: [{ id: adult, role: adult }, { id: infant, role: infant }]
devices:
  dyad: { kind: simulated, seed: 1, channels: 32, adultRateHz: 500, infantRateHz: 500, artefactsPerMinute: 0 }
streams:
  - { person: adult, signal: eeg, device: dyad, stream: dyad/adult-eeg }
  - { person: infant, signal: eeg, device: dyad, stream: dyad/infant-eeg }
coding: { layers: [{ person: adult, layer: gaze, states: { direct: d, averted: a } }] }
`;

if (!existsSync(CHROMIUM)) throw new Error(`There is no ${CHROMIUM}: install Chromium to measure the page.`);

interface Stretches {
  /** Microseconds. */
  readonly lastWrite: RecordableHistogram;
  /** Microseconds from the arrival of a chunk to what the analysis says of it. */
  readonly replies: RecordableHistogram;
  /** Nanoseconds. */
  readonly loop: RecordableHistogram;
}
const stretches = (): Stretches => ({
  lastWrite: createHistogram(),
  replies: createHistogram(),
  loop: createHistogram(),
});

const environment = startEnvironment();
const recordingFolder = await mkdtemp(join(tmpdir(), "attune-slow-page-"));
const loaded = { path: "slow-page.yaml", file: parseSession(SESSION, "slow-page.yaml"), recordingFolder };
const session = new LiveSession(loaded, { record: true, analyse: true });
const source = livePage(session);
const server = await openSessionServer({ source, assets: await pageAssets() });
const reading = stretches();
const stopped = stretches();
let now: Stretches | undefined;
session.replies.subscribe(({ delaySeconds }) => {
  if (delaySeconds > 0) now?.replies.record(Math.max(1, Math.round(delaySeconds * 1e6)));
});
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
try {
  await session.connect();
  await session.begin();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(server.url);
  await page.waitForSelector('.state-bar[data-state="recording"]');
  await sleep(5000);
  // No page at all would compare the drawing of a page, too: both run on the same processors.
  await page.close();
  for (let round = 0; round < ROUNDS; round++) {
    await measure(reading);
    const late = await browser.newPage();
    await late.goto(server.url);
    await late.waitForSelector('.state-bar[data-state="recording"]');
    const ids = await renderersOf(browser);
    for (const id of ids) process.kill(id, "SIGSTOP");
    await sleep(1000);
    await measure(stopped);
    for (const id of ids) process.kill(id, "SIGCONT");
    await late.close();
    await sleep(500);
  }
} finally {
  await browser.close();
  await session.end();
  await server.close();
  await source.close();
  await rm(recordingFolder, { recursive: true, force: true });
}

const figures: Figure[] = [
  ...compared("age of the last write", "lastWrite", 1e3),
  ...compared("chunk in to its analysis out", "replies", 1e3),
  ...compared("delay of the event loop", "loop", 1e6),
];
const targets = (
  [
    ["age of the last write", "lastWrite", 1e3],
    ["chunk in to its analysis out", "replies", 1e3],
    ["delay of the event loop", "loop", 1e6],
  ] as const
).map(([name, kind, scale]) => {
  const [without, withIt] = [reading, stopped].map((each) => each[kind].percentile(99) / scale);
  return {
    text: `${name}, p99: at most ${MOST_TIMES} times as with nobody looking, or ${LEAST_MILLISECONDS} ms more`,
    measured: withIt! / without!,
    isMet: withIt! <= Math.max(MOST_TIMES * without!, without! + LEAST_MILLISECONDS),
  };
});
const result: BenchmarkResult = {
  name: "slow-page",
  title: `A page that has stopped reading against no page, ${ROUNDS} stretches of ${STRETCH_SECONDS} s each in one session: 2 x 32 channels at 500 Hz, recorded and analysed`,
  environment: environment.finish(),
  figures,
  targets,
  designTextAnchors: [],
  skipped: [],
};
await writeResult(result);

async function measure(into: Stretches): Promise<void> {
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  now = into;
  const end = performance.now() + 1000 * STRETCH_SECONDS;
  while (performance.now() < end) {
    await sleep(20);
    const { lastWriteAgeSeconds } = session.recording!.health;
    if (Number.isFinite(lastWriteAgeSeconds))
      into.lastWrite.record(Math.max(1, Math.round(lastWriteAgeSeconds * 1e6)));
    if (loop.max > 0 && loop.count > 0) into.loop.record(Math.max(1, Math.round(loop.max)));
    loop.reset();
  }
  now = undefined;
  loop.disable();
}

async function renderersOf(of: Browser): Promise<number[]> {
  const devtools = await of.newBrowserCDPSession();
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  await devtools.detach();
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

/** Milliseconds of both and their ratio. */
function compared(name: string, kind: keyof Stretches, scale: number): Figure[] {
  return [50, 99].flatMap((p) => {
    const [without, withIt] = [reading, stopped].map((each) => each[kind].percentile(p) / scale);
    return [
      { name: `${name}, p${p}, nobody looks`, value: without!, unit: "ms" },
      { name: `${name}, p${p}, a page has stopped`, value: withIt!, unit: "ms" },
      { name: `${name}, p${p}, ratio`, value: withIt! / without!, unit: "" },
    ];
  });
}
