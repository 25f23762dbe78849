import type { StudyResult } from "../result.ts";
import type { StudySettings } from "../settings.ts";
import type { Paragraph } from "./methods.ts";
import { decimal, listing, probability } from "./prose.ts";
import type { Citation } from "./references.ts";

const estimatorNames: Readonly<Record<StudySettings["model"]["estimator"], string>> = {
  ols: "ordinary least squares",
  "nuttall-strand": "the Nuttall–Strand (multivariate Burg) recursion",
  "vieira-morf": "the Vieira–Morf recursion",
  "yule-walker": "the multivariate Yule–Walker equations",
  biosig7:
    "the recursion that the BioSig function mvar runs as its mode 7, which is inconsistent for several channels and is used for comparison only",
};

/** The model, the measure, and how the model was checked. */
export function modelText({ settings, conditions, diagnostics }: StudyResult): Paragraph {
  const { model, bands, analysisRate, frequencyBins } = settings;
  const look = decimal((1000 * model.order) / analysisRate, 1);
  const pooling =
    model.pooling === "pooled"
      ? "one model over all windows of a condition, with no lag crossing the edge of a window"
      : "one model for every window, whose values were then averaged over the windows of a condition";
  const demean = model.demean ? " after each channel's mean was subtracted from every window" : "";
  const ranges = bands.map(({ name, low, high }) => `${name} (${low}–${high} Hz)`);
  const best = diagnostics.orderSelection.criteria.map(
    ({ name, best: order }) => `${name} ${decimal(order)}`,
  );
  const selection =
    best.length === 0
      ? ""
      : ` On the pooled data, orders up to ${Math.max(...diagnostics.orderSelection.orders)} were compared; the criteria were smallest at ${listing(best)}.`;
  const health = conditions
    .filter(({ reported }) => reported)
    .map(
      ({ condition, health: h, diagnostics: d }) =>
        `${condition}: ${h.status}, spectral radius ${decimal(h.spectralRadius)}, K²p/N ${decimal(h.parameterRatio)}, consistency ${decimal(d.consistency)}, whiteness (${d.whiteness.test}) p ${probability(d.whiteness.p)}, ${decimal(100 * d.stationarity.passRate, 1)} % of channels and windows stationary in level (${d.stationarity.test} test at .05)`,
    );
  const checks = health.length === 0 ? "" : ` Model checks (${health.join("; ")}).`;
  const cites: Citation[] = ["Baccalá et al., 2007", "Lütkepohl, 2005"];
  if (model.estimator !== "ols") cites.push("Schlögl, 2006");
  if (conditions.some(({ diagnostics: d }) => d.whiteness.test === "Li-McLeod"))
    cites.push("Li & McLeod, 1981");
  if (health.length > 0 && conditions.some(({ diagnostics: d }) => d.stationarity.test === "KPSS"))
    cites.push("Kwiatkowski et al., 1992");
  return {
    heading: "Model and measure",
    text: `A multivariate autoregressive model of order ${model.order} (${look} ms at ${decimal(analysisRate)} Hz) of all channels of all people was fitted by ${estimatorNames[model.estimator]}${demean}: ${pooling} (Lütkepohl, 2005).${selection}${checks} Coupling was measured by squared generalised partial directed coherence (GPDC; Baccalá et al., 2007), evaluated at ${frequencyBins} frequencies from 0 to ${decimal(analysisRate / 2)} Hz, squared, and averaged over the frequencies of each band: ${listing(ranges)}. The value of a direction is the mean over all channel pairs from one person to the other. It says how far the past of one person's signal helps to predict the other's; it is not evidence of causation.`,
    cites,
  };
}

/** Nulls, families, contrasts and intervals. */
export function testText(result: StudyResult): Paragraph[] {
  return [chanceText(result), familyText(result), ...contrastText(result), ...eventText(result)];
}

function chanceText({ settings, conditions }: StudyResult): Paragraph {
  const { primaryNull, nSurrogates, alpha } = settings;
  const drawn = conditions.find(({ reported }) => reported)?.nulls ?? [];
  const primary = drawn.find(({ id }) => id === primaryNull);
  const cites: Citation[] = ["Phipson & Smyth, 2010"];
  const method =
    primaryNull === "residualShuffle"
      ? "For each direction separately, the receiver was modelled without the sender, the residuals of that reduced model were exchanged between windows and added back to its prediction, and the full model was fitted again (the permutation scheme of Freedman & Lane, 1983): this destroys the influence in that direction and keeps the other direction and every spectrum."
      : `The null ${primaryNull} was used${primary === undefined ? "" : `: it destroys ${primary.destroys} and keeps ${primary.keeps}`}.`;
  if (primaryNull === "residualShuffle") cites.push("Freedman & Lane, 1983");
  const others = drawn
    .filter(({ id }) => id !== primaryNull)
    .map(({ id, nSurrogates: n, tests }) =>
      n === 0 ? `${id} (${tests})` : `${id} (${n} surrogates; tests ${tests})`,
    );
  if (drawn.some(({ id, nSurrogates: n }) => id === "phaseRand" && n > 0))
    cites.push("Prichard & Theiler, 1994");
  const reversed = conditions.some(({ timeReversal }) => timeReversal.length > 0);
  if (reversed) cites.push("Haufe et al., 2013");
  const also = others.length === 0 ? "" : ` Further nulls: ${others.join("; ")}.`;
  const reversal = reversed
    ? " Net Granger causality was compared with its value in time-reversed data, to tell a lead from unequal noise (after Haufe et al., 2013)."
    : "";
  return {
    heading: "Chance level",
    text: `Chance was determined from ${primary?.nSurrogates ?? nSurrogates} surrogates per condition. ${method} p is one-sided, (1 + number of surrogates at least as large) / (1 + number of surrogates) (Phipson & Smyth, 2010). The corrected value is (value − null mean) / (1 − null mean), signed and never clipped.${also}${reversal} The level was ${alpha}.`,
    cites,
  };
}

function familyText({ settings }: StudyResult): Paragraph {
  const { primaryBands, interval } = settings;
  const intervals = {
    jackknife: " 95 % intervals come from a jackknife over state episodes.",
    "block-bootstrap": " 95 % intervals come from a bootstrap over state episodes.",
    none: " No intervals were computed.",
  }[interval];
  return {
    heading: "Multiple comparisons and intervals",
    text: `The family of tests, declared in the settings beforehand, consists of all directions between people in ${listing(primaryBands)} in every reported condition; its p-values were adjusted to control the false discovery rate (Benjamini & Hochberg, 1995). Links between single channels form a second family of their own. Everything else is exploratory and not adjusted.${intervals}`,
    cites: ["Benjamini & Hochberg, 1995"],
  };
}

function contrastText({ contrasts }: StudyResult): Paragraph[] {
  const [first] = contrasts;
  if (first === undefined) return [];
  return [
    {
      heading: "Contrasts between conditions",
      text: `Conditions were compared by exchanging whole state episodes (${first.nPermutations} permutations), because windows of one episode are not exchangeable: the jackknife pseudo-values of the episodes were permuted between conditions, and the difference of their means was taken in units of its standard error (a studentised permutation test); p is two-sided, and the p-values of the primary bands were adjusted as one family (Benjamini & Hochberg, 1995).`,
      cites: ["Benjamini & Hochberg, 1995"],
    },
  ];
}

function eventText({ eventLocked }: StudyResult): Paragraph[] {
  const counted = eventLocked.filter(({ times }) => times.length > 0);
  if (counted.length === 0) return [];
  const events = counted.map(
    ({ event, nEvents, nRejected }) => `${event} (${nEvents} used, ${nRejected} left out)`,
  );
  const withoutRandom = counted
    .filter(({ directions }) =>
      directions.every(({ baselineP = [] }) => baselineP.every((p) => !Number.isFinite(p))),
    )
    .map(({ event }) => event);
  const untested =
    withoutRandom.length === 0
      ? ""
      : ` (not for ${listing(withoutRandom)}, for want of clean random moments)`;
  return [
    {
      heading: "Event-locked coupling",
      text: `Coupling was also estimated around shifts of gaze, from 1 s before to 1.5 s after them, in windows of 300 ms every 50 ms: ${events.join("; ")}. Events were pooled as realisations after their mean (the evoked response) had been subtracted from every channel (epochs and windows after Marriott Haresign et al., 2022). Gaze before and after an event had been steady for 0.5 s and no second such shift lay in the epoch; saccade artefacts were not excluded. For chance, one head's epochs were paired with other epochs of the partner. Besides, the rise above the mean of the windows centred 700 to 500 ms before the event was compared with that around as many random moments without such an event, by exchanging events and random moments${untested}. Both tests are one-sided and family-wise over time, from the maximum over time under the null, and not corrected for directions, bands and kinds of event.`,
      cites: ["Marriott Haresign et al., 2022"],
    },
  ];
}
