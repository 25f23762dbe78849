import { leastSquaresModel, stabilityInfluence } from "@attune/core";
import type { Heart } from "../hearts/heart.ts";
import type { ModelsResult, PathResult } from "../result.ts";

/** Stability and influence, and covariation of epochs, for one dyad. Both directions are always given. */
export function epochModels(first: Heart, second: Heart): ModelsResult {
  const values = {
    lnRsa: (heart: Heart) => heart.epochs.map(({ lnRsa }) => lnRsa),
    ibi: (heart: Heart) =>
      heart.epochs.map(({ variability, excluded }) =>
        excluded === undefined ? variability.meanInterbeatInterval : Number.NaN,
      ),
  };
  return {
    measures: (["lnRsa", "ibi"] as const).map((measure) => {
      const adult = values[measure](first);
      const infant = values[measure](second);
      const epoch = adult.map((_, k) => k);
      const paths = stabilityInfluence({ dyad: adult.map(() => "dyad"), epoch, adult, infant });
      const [own] = paths.dyads;
      const named = (model: "adult" | "infant"): PathResult[] => {
        const to = model === "adult" ? first.id : second.id;
        const other = model === "adult" ? second.id : first.id;
        return (own?.[model].coefficients ?? [])
          .filter(({ name }) => name !== "intercept")
          .map(({ name, estimate, low, high }) => {
            const isOwn = name.startsWith(model);
            return {
              from: isOwn ? to : other,
              to,
              kind: isOwn ? "stability" : "influence",
              estimate,
              low,
              high,
            } as const;
          });
      };
      const meanAdult = adult.filter((value) => !Number.isNaN(value));
      const centre = meanAdult.reduce((sum, value) => sum + value, 0) / meanAdult.length;
      const together = leastSquaresModel(infant, [
        { name: "adult", values: adult.map((value) => value - centre) },
        { name: "epoch", values: epoch },
      ]);
      const slope = together.coefficients.find(({ name }) => name === "adult");
      const stability =
        own?.infant.coefficients.find(({ name }) => name === "infant(t-1)")?.estimate ?? Number.NaN;
      const nTransitions = own?.nTransitions ?? 0;
      return {
        measure,
        status: own?.infant.status ?? "insufficient-data",
        nTransitions,
        tooFewEpochs: paths.tooFewEpochs,
        // One dyad has no pooled model: its own stability stands in.
        stabilityBias: nTransitions > 0 ? -(1 + stability) / (nTransitions + 1) : Number.NaN,
        paths: [...named("infant"), ...named("adult")],
        covariation: {
          status: together.status,
          estimate: slope?.estimate ?? Number.NaN,
          low: slope?.low ?? Number.NaN,
          high: slope?.high ?? Number.NaN,
        },
      };
    }),
  };
}
