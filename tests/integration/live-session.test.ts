import { type SimulationOptions, simulateDyad } from "@attune/device-simulated";
import { type PersonMontage, runSession, type SessionOutput, type SessionSettings } from "@attune/pipeline";
import type { Coupling, LabelledWindow } from "@attune/signal";
import { from } from "rxjs";
import { describe, expect, test } from "vitest";

/** Gaps, artefacts, drifting clocks, jittered stamps and gaze that switches. */
const everyMishap: SimulationOptions = {
  seed: 11,
  durationSeconds: 45,
  gazeEpisodeSeconds: [6, 12],
  persons: [
    {
      id: "adult",
      role: "adult",
      device: { lossesPerMinute: 4, artefactsPerMinute: 3, driftPpm: 60, jitterSeconds: 0.001 },
    },
    { id: "infant", role: "infant", device: { lossesPerMinute: 4, artefactsPerMinute: 3, driftPpm: -80 } },
  ],
};

const montage = (id: string, role: "adult" | "infant", nominalSamplingRate: number): PersonMontage => ({
  person: { id, role },
  streamId: `${id}-eeg`,
  nominalSamplingRate,
  channels: ["C3", "C4"].map((label, row) => ({ label, row })),
  toMicrovolts: 1,
  averageRows: [],
});

const settings: SessionSettings = {
  people: [montage("adult", "adult", 500), montage("infant", "infant", 250)],
  gridRate: 200,
  analysisRate: 200,
  filter: { phase: "causal", highPassHz: 0.5, lowPassHz: 0, order: 2, notchHz: 0 },
  artefacts: {
    amplitudeMicrovolts: { adult: 100, infant: 150, child: 150 },
    guardSeconds: 0.5,
    flatSeconds: 0.2,
    railedSeconds: 0.05,
    lineNoiseShare: 0.5,
    lineNoiseHz: 50,
  },
  window: { seconds: 1, overlap: 0 },
  states: {
    person: "adult",
    layer: "gaze",
    guardSeconds: 0.3,
    bridgeSeconds: 0.1,
    require: [],
    latencySeconds: 0,
  },
  model: { estimator: "ols", order: 5 },
  bands: [
    { name: "theta", low: 3, high: 6 },
    { name: "alpha", low: 6, high: 9 },
  ],
  frequencyBins: 256,
  live: {
    forgettingSeconds: 30,
    solveEverySeconds: 1,
    nullEverySeconds: 5,
    nSurrogates: 40,
    bankWindows: 120,
  },
  seed: 3,
};

interface Delivery {
  readonly chunkSeconds: number;
  readonly withSessionTime?: boolean;
}

function run(simulation: SimulationOptions, delivery: Delivery, given = settings): SessionOutput[] {
  const out: SessionOutput[] = [];
  let failure: unknown;
  runSession(from(simulateDyad(simulation).inputs(delivery)), given).subscribe({
    next: (item) => out.push(item),
    error: (error: unknown) => {
      failure = error;
    },
  });
  if (failure !== undefined) throw failure;
  return out;
}

const isWindow = (item: SessionOutput): item is LabelledWindow =>
  item.kind === "accepted" || item.kind === "rejected";
const isCoupling = (item: SessionOutput): item is Coupling => item.kind === "coupling";
const numbersOf = (values: Float64Array): string =>
  Buffer.from(Float64Array.from(values).buffer).toString("base64");

/** Windows with their labels and couplings with their nulls, numbers as bits. */
const resultsOf = (all: SessionOutput[]) => ({
  windows: all.filter(isWindow).map(({ window: { data, unfiltered, ...window }, ...label }) => ({
    ...label,
    window: { ...window, data: numbersOf(data), unfiltered: numbersOf(unfiltered) },
  })),
  couplings: all.filter(isCoupling),
});

const pooled = (all: SessionOutput[], condition: string) =>
  all.filter(isCoupling).filter((each) => each.scope === "pooled" && each.condition === condition);
const couplingOf = ({ values }: Coupling, name: string, band: string) =>
  values.find((each) => `${each.from}->${each.to}` === name && each.band === band)!;

describe("a session of a simulated dyad", () => {
  test.each([true, false])(
    "any chunk duration gives the same windows, labels, couplings and nulls to the bit (times known: %s)",
    (withSessionTime) => {
      const whole = resultsOf(run(everyMishap, { chunkSeconds: 0.1, withSessionTime }));
      const conditions = new Set(whole.windows.map(({ condition }) => condition));
      const reasons = new Set(
        whole.windows.flatMap((each) =>
          each.kind === "rejected" ? each.reasons.map(({ reason }) => reason) : [],
        ),
      );
      expect(conditions).toEqual(new Set(["direct", "averted", undefined]));
      for (const reason of ["gap", "amplitude", "filter-settling", "state-switch"] as const)
        expect(reasons).toContain(reason);
      expect(whole.couplings.length).toBeGreaterThan(10);
      for (const chunkSeconds of [0.002, 0.37, 5, 60])
        expect(resultsOf(run(everyMishap, { chunkSeconds, withSessionTime }))).toEqual(whole);
    },
  );

  test("two runs are equal, and two subscribers see the same", () => {
    const delivery = { chunkSeconds: 0.5, withSessionTime: true };
    expect(run(everyMishap, delivery)).toEqual(run(everyMishap, delivery));
    const session = runSession(from(simulateDyad(everyMishap).inputs(delivery)), settings);
    const both: SessionOutput[][] = [[], []];
    for (const out of both) session.subscribe((item) => out.push(item));
    expect(both[1]).toEqual(both[0]);
  });

  const clean = { lossesPerMinute: 0, artefactsPerMinute: 0 };
  const planted: SimulationOptions = {
    seed: 5,
    durationSeconds: 180,
    gazeEpisodeSeconds: [20, 30],
    persons: [
      { id: "adult", role: "adult", device: clean },
      { id: "infant", role: "infant", device: clean },
    ],
    coupling: [{ from: "adult", to: "infant", strength: 0.2, gazeState: "direct" }],
  };

  test("planted coupling is found in its direction and under its gaze, with times known and with times estimated", () => {
    for (const withSessionTime of [true, false]) {
      const all = run(planted, { chunkSeconds: 0.5, withSessionTime });
      const direct = pooled(all, "direct").at(-1)!;
      const averted = pooled(all, "averted").at(-1)!;
      expect(direct.health.status).toBe("ok");
      const there = couplingOf(direct, "adult->infant", "alpha");
      expect(there.z).toBeGreaterThan(5);
      expect(there.value).toBeGreaterThan(5 * couplingOf(direct, "infant->adult", "alpha").value);
      expect(there.value).toBeGreaterThan(5 * couplingOf(averted, "adult->infant", "alpha").value);
    }
  });

  test("coupling the other way round is found the other way round", () => {
    const all = run(
      { ...planted, coupling: [{ from: "infant", to: "adult", strength: 0.2 }] },
      { chunkSeconds: 0.5, withSessionTime: true },
    );
    const { z, value } = couplingOf(pooled(all, "direct").at(-1)!, "infant->adult", "alpha");
    expect(z).toBeGreaterThan(5);
    expect(value).toBeGreaterThan(
      5 * couplingOf(pooled(all, "direct").at(-1)!, "adult->infant", "alpha").value,
    );
  });

  test("the estimate follows when coupling ends, as fast as it forgets", () => {
    const withoutStates: SessionSettings = {
      ...settings,
      states: undefined,
      live: { ...settings.live!, forgettingSeconds: 8, nullEverySeconds: 1000 },
    };
    const states = (["direct", "averted"] as const).map((state, i) => ({
      person: "adult",
      layer: "gaze",
      state,
      onset: 90 * i,
      duration: 90,
    }));
    const all = pooled(
      run({ ...planted, states }, { chunkSeconds: 1, withSessionTime: true }, withoutStates),
      "all",
    );
    const at = (seconds: number) =>
      couplingOf(all.findLast((each) => each.at <= seconds)!, "adult->infant", "alpha").value;
    expect(at(120)).toBeLessThan(at(88) / 3);
    const lambda = Math.exp(-1 / 8);
    expect(all.at(-1)!.effectiveSamples).toBeCloseTo((195 * (1 + lambda)) / (1 - lambda), -1);
  });

  test("data are insufficient until ten effective samples stand behind every regressor", () => {
    const longModel = { ...settings, states: undefined, model: { estimator: "ols", order: 20 } as const };
    const all = pooled(
      run({ ...planted, durationSeconds: 20 }, { chunkSeconds: 1, withSessionTime: true }, longModel),
      "all",
    );
    const statuses = all.map(({ health }) => health.status);
    expect(statuses[0]).toBe("insufficient-data");
    expect(statuses.at(-1)).toBe("ok");
    for (const { effectiveSamples, health, values } of all) {
      expect(health.status).toBe(effectiveSamples >= 10 * 4 * 20 ? "ok" : "insufficient-data");
      if (health.status !== "ok") expect(values.every(({ p }) => Number.isNaN(p))).toBe(true);
    }
  });

  test("a flat electrode and a railed one reject the windows of both people, and only while they last", () => {
    const broken: SimulationOptions = {
      ...planted,
      durationSeconds: 40,
      brokenSpans: [
        { person: "infant", kind: "flat", onset: 10.2, duration: 4, channels: ["C4"] },
        { person: "adult", kind: "railed", onset: 25.2, duration: 2 },
      ],
    };
    const windows = run(
      broken,
      { chunkSeconds: 1, withSessionTime: true },
      { ...settings, states: undefined },
    ).filter(isWindow);
    const reasonsAt = (start: number) => {
      const window = windows.find((each) => each.window.start === start)!;
      return window.kind === "rejected"
        ? window.reasons.map(({ person, reason }) => `${person} ${reason}`)
        : [];
    };
    for (const start of [10, 11, 12, 13]) expect(reasonsAt(start)).toContain("infant flat");
    for (const start of [25, 26]) expect(reasonsAt(start)).toContain("adult amplitude");
    expect(reasonsAt(26)).toContain("adult railed");
    for (const start of [5, 7, 18, 20, 22, 35, 37]) expect(reasonsAt(start)).toEqual([]);
  });

  test("a rail within the amplitude limit is seen although it is short", () => {
    const rail = { ...clean, railMicrovolts: 60 };
    const broken: SimulationOptions = {
      ...planted,
      durationSeconds: 20,
      persons: [
        { id: "adult", role: "adult", device: clean },
        { id: "infant", role: "infant", device: rail },
      ],
      brokenSpans: [{ person: "infant", kind: "railed", onset: 10.3, duration: 0.3 }],
    };
    const all = run(broken, { chunkSeconds: 1, withSessionTime: true }, { ...settings, states: undefined });
    const window = all.filter(isWindow).find((each) => each.window.start === 10)!;
    expect(window).toMatchObject({ kind: "rejected", reasons: [{ person: "infant", reason: "railed" }] });
  });
});
