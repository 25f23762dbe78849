import { fitMvar } from "@attune/core";
import { describe, expect, test } from "vitest";
import { buildRegimes, linkKernel } from "./dynamics.ts";
import {
  type PlantedCoupling,
  type SimulatedPerson,
  type SimulationOptions,
  simulateDyad,
  simulateDyadMatrix,
} from "./index.ts";
import { resolvePersons } from "./people.ts";
import { stationaryVariance } from "./stationary-variance.ts";

const dyad = (backgroundPole: number, more: Partial<SimulatedPerson> = {}): SimulatedPerson[] => [
  { id: "adult", role: "adult", backgroundPole, ...more },
  { id: "infant", role: "infant", backgroundPole },
];
const truthOf = (options: Partial<SimulationOptions>) =>
  simulateDyad({ seed: 1, durationSeconds: 20, ...options }).truth;
const link = (
  truth: ReturnType<typeof truthOf>,
  from: string,
  fromChannel: string,
  to: string,
  toChannel: string,
  band: string,
  state = "direct",
) =>
  truth.links.find(
    (l) =>
      l.state === state &&
      l.band === band &&
      l.from === from &&
      l.fromChannel === fromChannel &&
      l.to === to &&
      l.toChannel === toChannel,
  )?.gpdcSquared ?? 0;

describe("the theoretical coupling is that of the benchmark dyad", () => {
  /** Independently computed band means of the squared GPDC: delta, theta, alpha. */
  const golden = {
    0.05: { C3: [0.074773, 0.080732, 0.091519], C4: [0.228797, 0.298762, 0.533683] },
    0.1: { C3: [0.244289, 0.259917, 0.287166], C4: [0.542553, 0.627656, 0.814202] },
  } as const;
  const bands = ["delta", "theta", "alpha"];

  test.each([
    [0.05, 0],
    [0.1, 0],
    [0.05, 0.9],
    [0.1, 0.9],
  ] as const)("at strength %d, background pole %d", (strength, pole) => {
    const coupling: PlantedCoupling[] = [{ from: "adult", to: "infant", strength, gazeState: "direct" }];
    const truth = truthOf({ persons: dyad(pole), coupling });
    bands.forEach((band, b) => {
      for (const channel of ["C3", "C4"] as const)
        expect(link(truth, "adult", channel, "infant", channel, band)).toBeCloseTo(
          golden[strength][channel][b]!,
          6,
        );
      expect(link(truth, "infant", "C3", "adult", "C3", band)).toBe(0);
      expect(link(truth, "adult", "C3", "infant", "C4", band)).toBe(0);
      expect(link(truth, "adult", "C3", "infant", "C3", band, "averted")).toBe(0);
    });
  });

  test("within the heads", () => {
    const truth = truthOf({
      persons: dyad(0),
      coupling: [{ from: "adult", to: "infant", strength: 0.05 }],
    });
    expect(link(truth, "adult", "C3", "adult", "C4", "alpha")).toBeCloseTo(0.823667, 6);
    expect(link(truth, "infant", "C3", "infant", "C4", "theta")).toBeCloseTo(0.954802, 6);
  });

  test("in the reverse direction", () => {
    const truth = truthOf({
      persons: dyad(0),
      coupling: [{ from: "infant", to: "adult", strength: 0.05 }],
    });
    expect(link(truth, "infant", "C3", "adult", "C3", "alpha")).toBeCloseTo(0.097117, 6);
    expect(link(truth, "infant", "C4", "adult", "C4", "delta")).toBeCloseTo(0.554607, 6);
  });

  test("a direction is the mean over all pairs of channels", () => {
    const truth = truthOf({ coupling: [{ from: "adult", to: "infant", strength: 0.1 }] });
    const alpha = truth.directions.find(
      (d) => d.state === "direct" && d.band === "alpha" && d.from === "adult",
    );
    expect(alpha?.gpdcSquared).toBeCloseTo((0.287166 + 0.814202) / 4, 6);
  });
});

describe("the process follows its own law", () => {
  test("least squares on an hour finds the planted coefficients, direction and noise", () => {
    const options: SimulationOptions = {
      seed: 5,
      durationSeconds: 3600,
      coupling: [{ from: "adult", to: "infant", strength: 0.1 }],
    };
    const { data, models } = simulateDyadMatrix(options);
    const nodes = simulateDyad(options).truth.nodes;
    const truth = models[0]!;
    expect(truth.order).toBe(4);
    const full = fitMvar([data], { nChannels: 4, order: truth.order });
    let worst = 0;
    for (let k = 0; k < truth.order; k++)
      for (let i = 0; i < 4; i++)
        for (let j = 0; j < 4; j++) {
          const at = (k * 4 + i) * 4 + j;
          const unscaled = full.coefficients[at]! * (nodes[j]!.scaleMicrovolts / nodes[i]!.scaleMicrovolts);
          worst = Math.max(worst, Math.abs(unscaled - truth.coefficients[at]!));
        }
    // Standard errors at 720 000 samples are up to about 0.004.
    expect(worst).toBeLessThan(0.015);
    for (let i = 0; i < 4; i++) {
      const s = nodes[i]!.scaleMicrovolts;
      expect(full.noiseCovariance[i * 4 + i]! / (s * s)).toBeCloseTo(1, 1);
    }
    const withinAdult = full.noiseCovariance[1]! / (nodes[0]!.scaleMicrovolts * nodes[1]!.scaleMicrovolts);
    const between = full.noiseCovariance[2]! / (nodes[0]!.scaleMicrovolts * nodes[2]!.scaleMicrovolts);
    expect(withinAdult).toBeCloseTo(0.5, 1);
    expect(Math.abs(between)).toBeLessThan(0.02);
  });

  test("the power is the one that was asked for, and the theoretical variance is the observed one", () => {
    const options: SimulationOptions = {
      seed: 2,
      durationSeconds: 900,
      coupling: [],
      persons: dyad(0.9).map((person) => ({ ...person, rmsMicrovolts: 15 })),
    };
    const { data, nSamples } = simulateDyadMatrix(options);
    for (let c = 0; c < 4; c++) {
      let power = 0;
      for (let n = 0; n < nSamples; n++) power += data[c * nSamples + n]! ** 2 / nSamples;
      expect(Math.sqrt(power) / 15).toBeGreaterThan(0.93);
      expect(Math.sqrt(power) / 15).toBeLessThan(1.07);
    }
  });

  test("gain and pole radius change with the adult's gaze as asked", () => {
    const regimes = (underAdultGaze: SimulatedPerson["underAdultGaze"]) => {
      const options = {
        seed: 1,
        durationSeconds: 1,
        coupling: [],
        persons: dyad(0.9, { underAdultGaze: underAdultGaze! }),
      };
      return buildRegimes(resolvePersons(options), options).map(stationaryVariance);
    };
    const [direct, averted] = regimes({ direct: { gain: 2 } });
    expect(direct![0]! / averted![0]!).toBeCloseTo(4, 10);
    expect(direct![2]!).toBeCloseTo(averted![2]!, 10);
    const [sharp, blunt] = regimes({ direct: { poleRadius: 0.98 }, averted: { poleRadius: 0.9 } });
    expect(sharp![0]!).toBeGreaterThan(2 * blunt![0]!);
  });

  test("links that let the dyad run away are refused", () => {
    expect(() =>
      truthOf({
        coupling: [
          { from: "adult", to: "infant", strength: 2 },
          { from: "infant", to: "adult", strength: 2 },
        ],
      }),
    ).toThrow("unstable");
  });

  test("a band-limited link passes its band and little else", () => {
    const kernel = linkKernel({ strength: 0.2, delaySeconds: 0.05, band: [6, 9] });
    const gain = (hz: number) =>
      Math.hypot(
        kernel.reduce((sum, { lag, value }) => sum + value * Math.cos((2 * Math.PI * hz * lag) / 200), 0),
        kernel.reduce((sum, { lag, value }) => sum + value * Math.sin((2 * Math.PI * hz * lag) / 200), 0),
      );
    expect(Math.min(...kernel.map(({ lag }) => lag))).toBe(10);
    expect(gain(7.5)).toBeCloseTo(0.2, 2);
    expect(gain(1)).toBeLessThan(0.02);
    expect(gain(20)).toBeLessThan(0.01);
  });
});
