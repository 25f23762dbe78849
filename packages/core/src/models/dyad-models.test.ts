import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { boxMuller, counterRandom } from "../random/index.ts";
import { covariationMixedModel, covariationModel, type DyadEpochs } from "./covariation-model.ts";
import { leastSquaresModel } from "./least-squares.ts";
import { randomInterceptModel } from "./random-intercept-model.ts";
import { stabilityInfluence } from "./stability-influence.ts";
import { withinDyadModel } from "./within-dyad-model.ts";

interface Study {
  dyad: number[];
  epoch: number[];
  adult: number[];
  infant: number[];
  condition: string[];
}

/** Infants follow with `calm` and `stress`; levels differ between dyads. */
function study(
  nDyads: number,
  nEpochs: number,
  slopes: { calm: number; stress: number },
  key: number,
): Study {
  const normal = boxMuller(counterRandom("study", key));
  const out: Study = { dyad: [], epoch: [], adult: [], infant: [], condition: [] };
  for (let d = 0; d < nDyads; d++) {
    const level = 2 * normal();
    const condition = d % 2 === 0 ? "calm" : "stress";
    for (let t = 0; t < nEpochs; t++) {
      const adult = normal() + 0.5 * level;
      out.dyad.push(d);
      out.epoch.push(t);
      out.adult.push(adult);
      out.infant.push(750 + level + slopes[condition] * adult + 0.05 * t + normal());
      out.condition.push(condition);
    }
  }
  return out;
}

const named = (coefficients: readonly { name: string; estimate: number }[]) =>
  Object.fromEntries(coefficients.map(({ name, estimate }) => [name, estimate]));

describe("covariation models", () => {
  const data = study(60, 12, { calm: 0.1, stress: 0.6 }, 1);

  test("recover covariation per condition, whatever the dyads' levels", () => {
    for (const model of [covariationModel(data), covariationMixedModel(data)]) {
      const found = named(model.coefficients);
      expect(model.status).toBe("ok");
      expect(found.adult).toBeCloseTo(0.1, 0);
      expect(found["adult x stress"]).toBeGreaterThan(0.35);
      expect(found["adult x stress"]).toBeLessThan(0.65);
      expect(found.epoch).toBeCloseTo(0.05, 1);
    }
  });

  test("the within estimator equals least squares with a dummy per dyad", () => {
    const { coefficients } = covariationModel(data);
    const byDyad = Array.from({ length: 59 }, (_, d) => ({
      name: `dyad ${d + 1}`,
      values: data.dyad.map((id) => (id === d + 1 ? 1 : 0)),
    }));
    const dummies = leastSquaresModel(data.infant, [
      { name: "adult", values: data.adult },
      { name: "adult x stress", values: data.adult.map((a, i) => (data.condition[i] === "stress" ? a : 0)) },
      { name: "epoch", values: data.epoch },
      ...byDyad,
    ]);
    const [found, expected] = [named(coefficients), named(dummies.coefficients)];
    for (const name of ["adult", "adult x stress", "epoch"])
      expect(found[name]).toBeCloseTo(expected[name]!, 9);
  });

  test("a level of the outcome changes the intercept alone", () => {
    const moved = { ...data, infant: data.infant.map((x) => x + 1e5) };
    const [one, other] = [covariationMixedModel(data), covariationMixedModel(moved)];
    expect(other.coefficients[0]!.estimate - one.coefficients[0]!.estimate).toBeCloseTo(1e5, 5);
    for (let k = 1; k < one.coefficients.length; k++) {
      expect(other.coefficients[k]!.estimate).toBeCloseTo(one.coefficients[k]!.estimate, 7);
      expect(other.coefficients[k]!.standardError).toBeCloseTo(one.coefficients[k]!.standardError, 7);
    }
  });

  test("a condition that changes within dyads gets its level, and covariation may change over time", () => {
    const within = { ...data, condition: data.epoch.map((t) => (t < 6 ? "calm" : "stress")) };
    const { status, coefficients } = covariationModel(within, {
      referenceCondition: "stress",
      changesOverTime: true,
    });
    expect(status).toBe("ok");
    expect(coefficients.map(({ name }) => name)).toEqual([
      "adult",
      "calm",
      "adult x calm",
      "epoch",
      "adult x epoch",
      "adult x calm x epoch",
    ]);
  });

  test("clustered tests reject about 5 % of null studies", () => {
    let rejected = 0;
    for (let k = 0; k < 200; k++)
      if (covariationModel(study(30, 8, { calm: 0, stress: 0 }, 1000 + k)).coefficients[0]!.p <= 0.05)
        rejected++;
    expect(rejected / 200).toBeLessThan(0.1);
  });

  test("missing values cost their rows", () => {
    const gappy = { ...data, infant: data.infant.slice(), adult: data.adult.slice() };
    gappy.infant[3] = Number.NaN;
    gappy.adult[20] = Number.NaN;
    expect(covariationModel(gappy).nObservations).toBe(718);
    expect(covariationMixedModel(gappy).nObservations).toBe(718);
  });

  test("too little or degenerate data is a status, not a number", () => {
    const one: DyadEpochs = { dyad: [1, 1, 1], epoch: [0, 1, 2], adult: [1, 2, 4], infant: [1, 2, 3] };
    expect(covariationModel(one).status).toBe("insufficient-data");
    expect(covariationModel(one).coefficients[0]!.estimate).toBeNaN();
    const still = { ...data, adult: data.adult.map(() => 0.1) };
    expect(covariationModel(still).status).toBe("collinear");
    expect(covariationMixedModel(still).status).toBe("collinear");
    expect(() => covariationModel({ ...data, epoch: [1] })).toThrow(ShapeError);
    expect(() => covariationModel(data, { referenceCondition: "play" })).toThrow(OptionError);
    expect(() => withinDyadModel({ dyad: [1], outcome: [1, 2], terms: [] })).toThrow(ShapeError);
  });
});

describe("randomInterceptModel", () => {
  test("does not invent a variance of dyads where their conditions already tell them apart", () => {
    const data = study(2, 12, { calm: 0.3, stress: 0.6 }, 17);
    const model = covariationMixedModel(data);
    expect(model.status).toBe("insufficient-data");
    expect(model.interceptVariance).toBeNaN();
    expect(covariationMixedModel(study(6, 12, { calm: 0.3, stress: 0.6 }, 17)).status).toBe("ok");
  });

  test("of a balanced design has the closed form of the analysis of variance", () => {
    const { dyad, infant } = study(20, 6, { calm: 0, stress: 0 }, 2);
    const model = randomInterceptModel({ dyad, outcome: infant, terms: [] });
    const means = Array.from(
      { length: 20 },
      (_, d) => infant.slice(6 * d, 6 * d + 6).reduce((s, v) => s + v, 0) / 6,
    );
    const grand = means.reduce((s, v) => s + v, 0) / 20;
    const within = infant.reduce((s, v, i) => s + (v - means[dyad[i]!]!) ** 2, 0) / (20 * 5);
    const between = (6 * means.reduce((s, v) => s + (v - grand) ** 2, 0)) / 19;
    expect(model.residualVariance).toBeCloseTo(within, 6);
    expect(model.interceptVariance).toBeCloseTo((between - within) / 6, 6);
    expect(model.coefficients[0]!.estimate).toBeCloseTo(grand, 9);
    expect(model.coefficients[0]!.standardError).toBeCloseTo(Math.sqrt(between / 120), 6);
    expect(model.intraclassCorrelation).toBeCloseTo(
      model.interceptVariance / (model.interceptVariance + model.residualVariance),
      12,
    );
  });

  test("has no variance between dyads where there is less than chance", () => {
    const dyad = [0, 0, 1, 1, 2, 2, 3, 3];
    const outcome = [1, -1, 2, -2, 3, -3, 1, -1];
    const model = randomInterceptModel({ dyad, outcome, terms: [] });
    expect([model.status, model.interceptVariance]).toEqual(["ok", 0]);
    expect(model.residualVariance).toBeCloseTo(30 / 7, 9);
  });
});

describe("stabilityInfluence", () => {
  /** The infant follows the adult by one epoch; the adult goes its own way. */
  function following(nDyads: number, nEpochs: number) {
    const normal = boxMuller(counterRandom("following", nDyads, nEpochs));
    const data = {
      dyad: [] as number[],
      epoch: [] as number[],
      adult: [] as number[],
      infant: [] as number[],
    };
    for (let d = 0; d < nDyads; d++) {
      let [a, b] = [0, 0];
      for (let t = -20; t < nEpochs; t++) {
        [a, b] = [0.5 * a + normal(), 0.3 * b + 0.4 * a + normal()];
        if (t < 0) continue;
        data.dyad.push(d);
        data.epoch.push(t);
        data.adult.push(a + d);
        data.infant.push(b - d);
      }
    }
    return data;
  }

  test("tells the influence of the adult from the infant's own stability, both ways", () => {
    const { infant, adult, dyads, tooFewEpochs } = stabilityInfluence(following(30, 60));
    expect(infant.coefficients[0]!.estimate).toBeCloseTo(0.28, 1);
    expect(infant.coefficients[1]!.estimate).toBeCloseTo(0.4, 1);
    expect(infant.coefficients[1]!.p).toBeLessThan(1e-6);
    expect(adult.coefficients[0]!.estimate).toBeCloseTo(0.48, 1);
    expect(Math.abs(adult.coefficients[1]!.estimate)).toBeLessThan(0.06);
    expect(tooFewEpochs).toBe(false);
    const mean = dyads.reduce((sum, paths) => sum + paths.infant.coefficients[2]!.estimate, 0) / dyads.length;
    expect(mean).toBeCloseTo(0.4, 1);
  });

  test("warns of few epochs, whose bias is about what it says", () => {
    const { infant, tooFewEpochs, stabilityBias, epochsPerDyad } = stabilityInfluence(following(400, 6));
    expect([tooFewEpochs, epochsPerDyad]).toEqual([true, 6]);
    expect(stabilityBias.infant).toBeLessThan(-0.1);
    expect(infant.coefficients[0]!.estimate - 0.3).toBeLessThan(-0.1);
    expect(infant.coefficients[0]!.estimate - 0.3).toBeGreaterThan(-0.4);
  });

  test("does not bridge gaps, in whatever order the rows come", () => {
    const data = following(4, 20);
    const reversed = {
      dyad: data.dyad.toReversed(),
      epoch: data.epoch.toReversed(),
      adult: data.adult.toReversed(),
      infant: data.infant.toReversed(),
    };
    expect(stabilityInfluence(reversed).infant.coefficients[1]!.estimate).toBeCloseTo(
      stabilityInfluence(data).infant.coefficients[1]!.estimate,
      12,
    );
    data.infant[5] = Number.NaN;
    const keep = data.epoch.map((t, i) => data.dyad[i] !== 1 || t !== 10);
    const only = <T>(values: T[]) => values.filter((_, i) => keep[i]);
    const { dyads } = stabilityInfluence({
      dyad: only(data.dyad),
      epoch: only(data.epoch),
      adult: only(data.adult),
      infant: only(data.infant),
    });
    // A missing epoch takes the transition into it and the one out of it.
    expect(dyads.map(({ nTransitions }) => nTransitions)).toEqual([17, 17, 19, 19]);
  });

  test("without successive epochs there is nothing", () => {
    const { infant, dyads, epochsPerDyad } = stabilityInfluence({
      dyad: [1],
      epoch: [0],
      adult: [1],
      infant: [1],
    });
    expect([infant.status, dyads.length, epochsPerDyad]).toEqual(["insufficient-data", 0, 0]);
    expect(() => stabilityInfluence({ dyad: [1], epoch: [], adult: [1], infant: [1] })).toThrow(ShapeError);
  });
});
