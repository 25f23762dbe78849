import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import { runSession, type SessionSettings } from "@attune/pipeline";
import type { SessionInput } from "@attune/signal";
import { Subject } from "rxjs";
import { startEnvironment } from "../harness/environment.ts";
import { medianOf } from "../harness/quantile.ts";
import type { BenchmarkResult, Figure } from "../harness/result.ts";
import { writeResult } from "../harness/store.ts";
import { FOUR_CHANNELS, sessionSettings } from "../pipeline/settings.ts";
import { simulateSession } from "../pipeline/write-recording.ts";

const SECONDS = 180;
/** Compiled by then; the numbers begin afterwards. */
const WARM_UP_SECONDS = 30;
/** The same session is run again and again; every chunk counts with its median over the passes. */
const N_PASSES = 3;
const CHUNK_SECONDS = 0.02;
const WINDOW = { seconds: 1, overlap: 0.9 };
const MOST_MILLISECONDS = 20;
const MOST_SHARE = 25;

interface Latencies {
  readonly withCoupling: RecordableHistogram;
  readonly without: RecordableHistogram;
  /** Processor time of the pipeline as a share of the time that the data last. */
  readonly sharePercent: number;
}

const environment = startEnvironment();
const dyad = simulateSession(SECONDS);
const inputs: readonly SessionInput[] = [...dyad.inputs({ chunkSeconds: CHUNK_SECONDS })];
const two = run(sessionSettings(dyad.streams, { window: WINDOW }));
const four = run(sessionSettings(dyad.streams, { window: WINDOW, channels: FOUR_CHANNELS }));
const bare = run({ ...sessionSettings(dyad.streams, { window: WINDOW }), live: undefined });
// Null never due: what a null in the same thread costs is the difference.
const quiet = run(
  sessionSettings(dyad.streams, { window: WINDOW, live: { nullEverySeconds: Number.POSITIVE_INFINITY } }),
);
const p99 = two.withCoupling.percentile(99) / 1e6;
const result: BenchmarkResult = {
  name: "latency",
  title:
    "Live: 2 x 32 channels at 500 Hz, chunks of 20 ms, windows of 1 s every 100 ms; time of one synchronous `next`, median of 3 passes",
  environment: environment.finish(),
  figures: [
    ...figures("C3 and C4 a head", two),
    ...figures("the same without nulls", quiet),
    ...figures("the same without running estimate", bare),
    ...figures("four channels a head", four),
  ],
  targets: [
    {
      text: `chunk in to coupling out p99 at most ${MOST_MILLISECONDS} ms (C3 and C4 a head)`,
      measured: p99,
      isMet: p99 <= MOST_MILLISECONDS,
    },
    {
      text: `at most ${MOST_SHARE} % of one core`,
      measured: two.sharePercent,
      isMet: two.sharePercent <= MOST_SHARE,
    },
  ],
  designTextAnchors: [],
  skipped: [{ peer: "2 ECG streams", reason: "no cardiac stage runs in the session yet" }],
};
await writeResult(result);

/**
 * Feeds every input as fast as the last one is done with, and times each. What a chunk costs is the same in every pass, so
 * its median over passes keeps all of its own work and leaves out most of what other programs took away.
 */
function run(settings: SessionSettings): Latencies {
  const passes = Array.from({ length: N_PASSES }, () => runOnce(settings));
  const { coupled } = passes[0]!;
  const withCoupling = createHistogram();
  const without = createHistogram();
  const firstCounted = inputs.findIndex((input) => input.kind === "state" && input.at >= WARM_UP_SECONDS);
  let spent = 0;
  for (let i = firstCounted; i < inputs.length; i++) {
    const nanoseconds = medianOf(passes.map(({ elapsed }) => elapsed[i]!));
    spent += nanoseconds;
    if (inputs[i]!.kind === "samples")
      (coupled[i] === 1 ? withCoupling : without).record(Math.max(1, Math.round(nanoseconds)));
  }
  return { withCoupling, without, sharePercent: (100 * spent) / 1e9 / (SECONDS - WARM_UP_SECONDS) };
}

function runOnce(settings: SessionSettings): { elapsed: Float64Array; coupled: Uint8Array } {
  const source = new Subject<SessionInput>();
  let nCouplings = 0;
  const subscription = runSession(source, settings).subscribe((output) => {
    if (output.kind === "coupling") nCouplings++;
  });
  const elapsed = new Float64Array(inputs.length);
  const coupled = new Uint8Array(inputs.length);
  for (let i = 0; i < inputs.length; i++) {
    const before = nCouplings;
    const started = process.hrtime.bigint();
    source.next(inputs[i]!);
    elapsed[i] = Number(process.hrtime.bigint() - started);
    coupled[i] = nCouplings > before ? 1 : 0;
  }
  subscription.unsubscribe();
  return { elapsed, coupled };
}

function figures(name: string, { withCoupling, without, sharePercent }: Latencies): Figure[] {
  return [
    ...(withCoupling.count > 0 ? percentiles(`${name}: chunk with coupling`, withCoupling) : []),
    ...percentiles(`${name}: chunk without`, without),
    { name: `${name}: share of one core at real time`, value: sharePercent, unit: "%" },
  ];
}

function percentiles(name: string, histogram: RecordableHistogram): Figure[] {
  const note = `${histogram.count} chunks`;
  const milliseconds = (p: number): number => histogram.percentile(p) / 1e6;
  return [
    ...[50, 95, 99].map((p) => ({ name: `${name}, p${p}`, value: milliseconds(p), unit: "ms", note })),
    { name: `${name}, longest`, value: histogram.max / 1e6, unit: "ms", note },
  ];
}
