import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { serveHarness } from "@attune/dashboard/dev";
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import { startEnvironment } from "../harness/environment.ts";
import { quantileOfSorted } from "../harness/quantile.ts";
import type { BenchmarkResult, Figure } from "../harness/result.ts";
import { writeResult } from "../harness/store.ts";

/**
 * Frames a second and memory of the page's panels in headless Chromium without a graphics card: 2 x 32 EEG channels and 2 ECG at
 * 500 Hz in chunks of 20 ms, made up on the page itself, which therefore pays for making them, too.
 */

const CHROMIUM = "/usr/bin/chromium";
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** The window of 10 s is full and everything is compiled by then. */
const WARM_UP_MILLISECONDS = 12_000;
const MEASURED_MILLISECONDS = 15_000;
const LEAST_FRAMES = 55;
/** Session seconds per second while memory is watched, and the session's minutes at which it is. */
const SPEED = 30;
const MINUTES = [6, 12, 18, 24, 30];
const MOST_GROWTH_MEGABYTES = 5;

/** Runs on the page; a text, because what the loader makes of a function needs helpers that are not there. */
const COLLECT_INTERVALS = `new Promise((done) => {
  const stamps = [];
  requestAnimationFrame(function next(at) {
    stamps.push(at);
    if (at - stamps[0] < ${MEASURED_MILLISECONDS}) requestAnimationFrame(next);
    else done(stamps.slice(1).map((stamp, n) => stamp - stamps[n]));
  });
})`;

if (!existsSync(CHROMIUM)) throw new Error(`There is no ${CHROMIUM}: install Chromium to measure the page.`);

const environment = startEnvironment();
const harness = await serveHarness();
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
try {
  const figures: Figure[] = [];
  const rates: number[] = [];
  for (const [name, query, isBusy] of [
    ["signals alone", "panels=traces", false],
    ["all panels", "panels=all", false],
    ["all panels, every core busy", "panels=all", true],
  ] as const) {
    const burners = isBusy ? Array.from({ length: availableParallelism() }, burn) : [];
    const frames = await measureFrames(browser, query);
    await Promise.all(burners.map((worker) => worker.terminate()));
    rates.push(frames.perSecond);
    figures.push(
      { name: `${name}: frames`, value: frames.perSecond, unit: "1/s" },
      { name: `${name}: 95 % of frames within`, value: frames.p95, unit: "ms" },
      { name: `${name}: 99 % of frames within`, value: frames.p99, unit: "ms" },
      { name: `${name}: processor time of the page`, value: frames.sharePercent, unit: "% of one core" },
    );
  }
  const megabytes = await measureMemory(browser);
  for (const [n, value] of megabytes.entries())
    figures.push({ name: `page memory after ${MINUTES[n]} simulated minutes`, value, unit: "MB" });
  const growth = megabytes.at(-1)! - megabytes[0]!;
  const result: BenchmarkResult = {
    name: "frames",
    title:
      "The page's panels in headless Chromium without a graphics card: 64 EEG and 2 ECG channels at 500 Hz, 1440 x 900",
    environment: environment.finish(),
    figures,
    targets: [
      {
        text: `at least ${LEAST_FRAMES} frames a second, all panels`,
        measured: rates[1]!,
        isMet: rates[1]! >= LEAST_FRAMES,
      },
      {
        text: `at least ${LEAST_FRAMES} frames a second, all panels, every core busy`,
        measured: rates[2]!,
        isMet: rates[2]! >= LEAST_FRAMES,
      },
      {
        text: `page memory flat from minute ${MINUTES[0]} to ${MINUTES.at(-1)} (at most ${MOST_GROWTH_MEGABYTES} MB more)`,
        measured: growth,
        isMet: growth <= MOST_GROWTH_MEGABYTES,
      },
    ],
    designTextAnchors: [],
    skipped: [],
  };
  await writeResult(result);
} finally {
  await browser.close();
  await harness.close();
}

/** A thread that takes all the time it gets. */
function burn(): Worker {
  return new Worker("for (;;) Math.sqrt(Math.random())", { eval: true });
}

interface Frames {
  readonly perSecond: number;
  readonly p95: number;
  readonly p99: number;
  readonly sharePercent: number;
}

async function measureFrames(browser: Browser, query: string): Promise<Frames> {
  const { page, devtools } = await open(browser, query);
  await page.waitForTimeout(WARM_UP_MILLISECONDS);
  const before = await busySeconds(devtools);
  const intervals = await page.evaluate<number[]>(COLLECT_INTERVALS);
  const busy = (await busySeconds(devtools)) - before;
  await page.close();
  const total = intervals.reduce((sum, interval) => sum + interval, 0);
  const sorted = Float64Array.from(intervals).sort();
  return {
    perSecond: (1000 * intervals.length) / total,
    p95: quantileOfSorted(sorted, 0.95),
    p99: quantileOfSorted(sorted, 0.99),
    sharePercent: (100 * busy * 1000) / total,
  };
}

/** What the page holds after a collection, in MB: objects and the buffers behind typed arrays. */
async function measureMemory(browser: Browser): Promise<number[]> {
  const { page, devtools } = await open(browser, `panels=traces&elapsed=0&speed=${SPEED}`);
  const megabytes: number[] = [];
  const started = performance.now();
  for (const minutes of MINUTES) {
    await page.waitForTimeout(Math.max(0, (minutes * 60_000) / SPEED - (performance.now() - started)));
    await devtools.send("HeapProfiler.collectGarbage");
    const usage: Record<string, number> = { ...(await devtools.send("Runtime.getHeapUsage")) };
    megabytes.push(((usage.usedSize ?? 0) + (usage.backingStorageSize ?? 0)) / 1e6);
  }
  await page.close();
  return megabytes;
}

async function open(browser: Browser, query: string): Promise<{ page: Page; devtools: CDPSession }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${harness.url}?${query}`);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable", { timeDomain: "timeTicks" });
  await devtools.send("HeapProfiler.enable");
  return { page, devtools };
}

/** Seconds that the page's main thread has worked. */
async function busySeconds(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
}
