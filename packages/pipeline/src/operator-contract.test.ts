import type { SampleChunk, SessionInput } from "@attune/signal";
import { concat, connect, EMPTY, from, NEVER, type OperatorFunction, Subject, throwError } from "rxjs";
import { TestScheduler } from "rxjs/testing";
import { describe, expect, test } from "vitest";
import { align } from "./align.ts";
import { condition } from "./condition.ts";
import { couple } from "./couple.ts";
import { covary } from "./covary.ts";
import { cutWindows } from "./cut-windows.ts";
import {
  accepted,
  alignedChunk,
  cutAligned,
  exampleLive,
  exampleSettings,
  noise,
  stateChange,
  valuesOf,
  windowOf,
} from "./example-data.test-support.ts";
import {
  beatTimes,
  beltChunk,
  beltOf,
  ecgChunk,
  exampleHearts,
  heartOf,
} from "./example-hearts.test-support.ts";
import { findBeats } from "./find-beats.ts";
import { followBreathing } from "./follow-breathing.ts";
import { gateIntervals } from "./gate-intervals.ts";
import { guardArtefacts } from "./guard-artefacts.ts";
import { heartSeries } from "./heart-series.ts";
import { heartStatus } from "./heart-status.ts";
import { followHearts } from "./hearts.ts";
import { labelStates } from "./label-states.ts";
import { markStill } from "./mark-still.ts";
import { applyMontage } from "./montage.ts";
import { screenWindows } from "./screen-windows.ts";
import { runSession } from "./session.ts";
import { rmssdOfIntervals, rsaOfSeries } from "./sliding-rsa.ts";
import { testAgainstNull } from "./test-against-null.ts";

// What every stage must do, whatever it computes; `inputs` make it emit something before they end.
interface Stage {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the stages have different types and the contract is the same for all
  readonly operator: OperatorFunction<any, unknown>;
  readonly inputs: readonly unknown[];
}

const settings = exampleSettings;
const people = settings.people.map(({ person, channels }) => ({ ...person, nChannels: channels.length }));
const montage = settings.people[1]!;
const gaze = {
  person: "adult",
  layer: "gaze",
  guardSeconds: 0.3,
  bridgeSeconds: 0.1,
  require: [],
  latencySeconds: 0.5,
};

function chunkOf(streamId: string, rate: number, second: number): SampleChunk {
  const time = Float64Array.from({ length: rate }, (_, n) => second + n / rate);
  const data = noise(2 * rate, streamId, second);
  return {
    kind: "samples",
    streamId,
    firstSample: second * rate,
    nSamples: rate,
    data,
    deviceTime: time,
    sessionTime: time,
  };
}
const session: SessionInput[] = [0, 1, 2, 3, 4, 5].flatMap((second) => [
  chunkOf("adult-eeg", 500, second),
  chunkOf("infant-eeg", 250, second),
]);
const infantChunks = session.filter((item) => item.kind === "samples" && item.streamId === "infant-eeg");
const aligned = people.flatMap(({ id }) =>
  cutAligned(alignedChunk(id, [noise(1000, id, 0), noise(1000, id, 1)]), [130]),
);
const windows = Array.from({ length: 14 }, (_, index) =>
  windowOf(
    [0, 1, 2, 3].map((c) => noise(200, "window", index, c)),
    { index },
  ),
);
const zeroPhase = { phase: "zero-phase", highPassHz: 0, lowPassHz: 45, order: 4, notchHz: 0 } as const;
const rates = { gridRate: 200, analysisRate: 100, nChannels: 2 };

const heart = heartOf("infant", "infant", 250);
const ecg = ecgChunk("infant-ecg", 250, 40, beatTimes(40, "infant"), "infant");
const heartEvents = valuesOf(from([ecg]).pipe(findBeats(heart)));
const gatedHeart = valuesOf(from(heartEvents).pipe(gateIntervals(heart.person)));
const longSeries = {
  kind: "heart-series",
  person: "infant",
  samplingRate: 5,
  firstIndex: 10,
  values: noise(400, "series"),
} as const;

const stages: Stage[] = [
  { name: "markStill", operator: markStill(montage, settings.artefacts), inputs: infantChunks },
  { name: "applyMontage", operator: applyMontage(montage), inputs: infantChunks },
  {
    name: "align",
    operator: align({ person: "infant", nChannels: 2, nominalSamplingRate: 250, gridRate: 200 }),
    inputs: infantChunks,
  },
  {
    name: "condition, causal",
    operator: condition({ filter: settings.filter, ...rates }),
    inputs: aligned.slice(0, 8),
  },
  {
    name: "condition, zero-phase",
    operator: condition({ filter: zeroPhase, ...rates }),
    inputs: aligned.slice(0, 8),
  },
  {
    name: "cutWindows",
    operator: cutWindows({ people, windowSamples: 200, hopSamples: 100, samplingRate: 200 }),
    inputs: aligned,
  },
  { name: "screenWindows", operator: screenWindows(people, settings.artefacts), inputs: windows },
  { name: "guardArtefacts", operator: guardArtefacts(1, 1), inputs: windows },
  { name: "labelStates", operator: labelStates(from([stateChange(-1, "direct")]), gaze), inputs: windows },
  {
    name: "couple",
    operator: couple(settings, exampleLive),
    inputs: windows.map((window) => accepted(window)),
  },
  {
    name: "testAgainstNull",
    operator: connect((all) =>
      all.pipe(couple(settings, exampleLive), testAgainstNull(all, settings, exampleLive)),
    ),
    inputs: windows.map((window) => accepted(window)),
  },
  { name: "findBeats", operator: findBeats(heart), inputs: [ecg] },
  {
    name: "followBreathing",
    operator: followBreathing(beltOf("infant", "infant", 25)),
    inputs: [beltChunk("infant", 25, 40, () => 0.6)],
  },
  { name: "gateIntervals", operator: gateIntervals(heart.person), inputs: heartEvents },
  { name: "heartSeries", operator: heartSeries("infant", 5), inputs: gatedHeart },
  { name: "heartStatus", operator: heartStatus("infant"), inputs: gatedHeart },
  { name: "rmssdOfIntervals", operator: rmssdOfIntervals("infant", 10), inputs: gatedHeart },
  { name: "rsaOfSeries", operator: rsaOfSeries(heart.person, exampleHearts), inputs: [longSeries] },
  {
    name: "covary",
    operator: covary(
      from([stateChange(-1, "direct")]),
      ["adult", "infant"],
      exampleHearts.measures[0]!,
      exampleHearts,
    ),
    inputs: ["adult", "infant"].map((person) => ({
      kind: "heart-trend",
      person,
      series: "interbeat-interval",
      firstIndex: 3,
      values: noise(120, person),
    })),
  },
  {
    name: "followHearts",
    operator: (inputs) => followHearts(inputs, { ...exampleHearts, people: [heart] }),
    inputs: [ecg],
  },
  { name: "runSession", operator: (inputs) => runSession(inputs, settings), inputs: session },
];

const marbles = () => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

describe.each(stages)("$name", ({ operator, inputs }) => {
  test("never stays silent, empty completes, an error passes through", () => {
    marbles().run(({ cold, expectObservable }) => {
      expectObservable(cold("-").pipe(operator)).toBe("-");
      expectObservable(cold("--|").pipe(operator)).toBe("--|");
      expectObservable(cold("--#").pipe(operator)).toBe("--#");
    });
  });

  test("lets go of its source when it is left early, when the source ends and when it fails", () => {
    marbles().run(({ hot, expectObservable, expectSubscriptions }) => {
      const [left, ended, failed] = [hot("-------"), hot("---|"), hot("--#")];
      expectObservable(left.pipe(operator), "^---!");
      expectObservable(ended.pipe(operator)).toBe("---|");
      expectObservable(failed.pipe(operator)).toBe("--#");
      expectSubscriptions(left.subscriptions).toBe("^---!");
      expectSubscriptions(ended.subscriptions).toBe("^--!");
      expectSubscriptions(failed.subscriptions).toBe("^-!");
    });
  });

  test("subscribed twice, one after the other or interleaved, it gives the same twice", () => {
    const once = valuesOf(from(inputs).pipe(operator));
    expect(once.length).toBeGreaterThan(0);
    expect(valuesOf(from(inputs).pipe(operator))).toEqual(once);
    const source = new Subject<unknown>();
    const both: unknown[][] = [[], []];
    for (const out of both) source.pipe(operator).subscribe((value) => out.push(value));
    for (const input of inputs) source.next(input);
    source.complete();
    expect(both).toEqual([once, once]);
  });

  test("what came before an error has come out, and nothing is made up after it", () => {
    const open: unknown[] = [];
    concat(from(inputs), NEVER)
      .pipe(operator)
      .subscribe((value) => open.push(value));
    const broken: unknown[] = [];
    let failure: unknown;
    concat(
      from(inputs),
      throwError(() => new Error("device lost")),
    )
      .pipe(operator)
      .subscribe({ next: (value) => broken.push(value), error: (error) => (failure = error) });
    expect(broken).toEqual(open);
    expect(failure).toEqual(new Error("device lost"));
  });
});

test("labels of an empty recording are empty even when states were coded", () => {
  expect(valuesOf(EMPTY.pipe(labelStates(from([stateChange(0, "direct")]), gaze)))).toEqual([]);
});
