import { OptionError } from "@attune/core";
import {
  ADULT_GAZE,
  type AdultGaze,
  INTERNAL_RATE,
  type PlantedCoupling,
  type SimulationOptions,
} from "./options.ts";
import type { ResolvedPerson } from "./people.ts";

/** The exact autoregressive law of all heads while the adult's gaze is in one state. */
export interface Regime {
  readonly state: AdultGaze;
  readonly nNodes: number;
  readonly order: number;
  /** `[order, sink, source]`. */
  readonly coefficients: Float64Array;
  /** `[nNodes]`, standard deviation of each innovation. */
  readonly innovationScale: Float64Array;
  /** `[nNodes, nNodes]`, covariance of the innovations. */
  readonly noiseCovariance: Float64Array;
  /** The coefficients that are not zero, row after row: row `i` is `rowStart[i]` up to `rowStart[i + 1]`. */
  readonly rowStart: Int32Array;
  readonly lags: Int32Array;
  readonly sources: Int32Array;
  readonly values: Float64Array;
}

const WITHIN_HEAD_LAG = 3;
const KERNEL_CYCLES = 3;

/** Lags and coefficients of one planted link, band-limited by a Hann-windowed cosine where a band is asked for. */
export function linkKernel(link: {
  strength: number;
  delaySeconds?: number;
  band?: readonly [number, number];
}): { lag: number; value: number }[] {
  const lag = Math.max(1, Math.round((link.delaySeconds ?? 0.01) * INTERNAL_RATE));
  if (link.band === undefined) return [{ lag, value: link.strength }];
  const [low, high] = link.band;
  if (!(low >= 0 && high > low && high < INTERNAL_RATE / 2))
    throw new OptionError(`A planted band must satisfy 0 <= low < high < 100 Hz, got ${low}-${high}.`);
  const centre = (low + high) / 2;
  const width = Math.max(high - low, (2 * centre) / KERNEL_CYCLES);
  const length = Math.max(3, Math.round((2 * INTERNAL_RATE) / width));
  const taps = Array.from({ length }, (_, k) => {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * (k + 1)) / (length + 1));
    return hann * Math.cos((2 * Math.PI * centre * (k - (length - 1) / 2)) / INTERNAL_RATE);
  });
  const gain = taps.reduce(
    (sum, tap, k) => sum + tap * Math.cos((2 * Math.PI * centre * (k - (length - 1) / 2)) / INTERNAL_RATE),
    0,
  );
  return taps.map((tap, k) => ({ lag: lag + k, value: (link.strength * tap) / gain }));
}

/**
 * The law of the dyad in one gaze state.
 *
 *     x_c = 2 r cos(2 pi f0 / fs) x_c(-1) - r^2 x_c(-2) + links + u_c,   u_c = q u_c(-1) + e_c
 *
 * The background pole q is multiplied into the row, (1 - q L) A(L) x = e, so that the whole remains an exact
 * autoregressive process and its GPDC can be computed. With q = 0 and the default links this is the benchmark dyad
 * of the method's validation suite.
 */
export function buildRegime(
  state: AdultGaze,
  persons: readonly ResolvedPerson[],
  options: SimulationOptions,
): Regime {
  const { withinHeadStrength = 0.15, withinHeadCorrelation = 0.5 } = options;
  const coupling = resolveCoupling(persons, options);
  if (!(withinHeadCorrelation >= 0 && withinHeadCorrelation < 1))
    throw new OptionError(`withinHeadCorrelation must lie in [0, 1), got ${withinHeadCorrelation}.`);
  const nNodes = persons.reduce((sum, person) => sum + person.labels.length, 0);
  const rows: { lag: number; source: number; value: number }[][] = Array.from({ length: nNodes }, () => []);
  const innovationScale = new Float64Array(nNodes);
  const noiseCovariance = new Float64Array(nNodes * nNodes);
  const byId = new Map(persons.map((person) => [person.id, person]));
  for (const { firstNode, labels, peakHz, rhythm } of persons) {
    const { poleRadius, gain } = rhythm[state];
    for (let c = 0; c < labels.length; c++) {
      const node = firstNode + c;
      const row = rows[node]!;
      row.push({
        lag: 1,
        source: node,
        value: 2 * poleRadius * Math.cos((2 * Math.PI * peakHz) / INTERNAL_RATE),
      });
      row.push({ lag: 2, source: node, value: -(poleRadius ** 2) });
      if (c % 2 === 1) row.push({ lag: WITHIN_HEAD_LAG, source: node - 1, value: withinHeadStrength });
      innovationScale[node] = gain;
      for (let k = 0; k < labels.length; k++)
        noiseCovariance[node * nNodes + firstNode + k] = gain * gain * (k === c ? 1 : withinHeadCorrelation);
    }
  }
  for (const link of coupling) {
    const from = byId.get(link.from);
    const to = byId.get(link.to);
    if (from === undefined || to === undefined || from === to)
      throw new OptionError(
        `Coupling ${link.from}->${link.to} must name two different persons of: ${[...byId.keys()].join(", ")}.`,
      );
    if (link.gazeState !== undefined && link.gazeState !== state) continue;
    const kernel = linkKernel(link);
    for (let c = 0; c < Math.min(from.labels.length, to.labels.length); c++)
      for (const { lag, value } of kernel)
        rows[to.firstNode + c]!.push({ lag, source: from.firstNode + c, value });
  }
  for (const { firstNode, labels, backgroundPole: q } of persons) {
    if (q === 0) continue;
    for (let node = firstNode; node < firstNode + labels.length; node++) {
      const row = rows[node]!;
      const delayed = row.map(({ lag, source, value }) => ({ lag: lag + 1, source, value: -q * value }));
      row.push(...delayed, { lag: 1, source: node, value: q });
    }
  }
  return pack(state, nNodes, rows, innovationScale, noiseCovariance);
}

/** What is planted, with delays on the internal grid. Absent: the first adult drives the first other person. */
export function resolveCoupling(
  persons: readonly ResolvedPerson[],
  options: SimulationOptions,
): readonly PlantedCoupling[] {
  const from = persons.find((person) => person.role === "adult");
  const to = persons.find((person) => person !== from);
  const standard: readonly PlantedCoupling[] =
    from === undefined || to === undefined
      ? []
      : [{ from: from.id, to: to.id, strength: 0.1, gazeState: "direct" }];
  return (options.coupling ?? standard).map((link) => ({
    ...link,
    delaySeconds: Math.max(1, Math.round((link.delaySeconds ?? 0.01) * INTERNAL_RATE)) / INTERNAL_RATE,
  }));
}

/** Sums equal entries and lays the rows out dense and sparse. */
function pack(
  state: AdultGaze,
  nNodes: number,
  rows: readonly { lag: number; source: number; value: number }[][],
  innovationScale: Float64Array,
  noiseCovariance: Float64Array,
): Regime {
  const order = Math.max(...rows.flat().map((entry) => entry.lag));
  const coefficients = new Float64Array(order * nNodes * nNodes);
  for (let sink = 0; sink < nNodes; sink++)
    for (const { lag, source, value } of rows[sink]!) {
      const at = ((lag - 1) * nNodes + sink) * nNodes + source;
      coefficients[at] = coefficients[at]! + value;
    }
  const rowStart = new Int32Array(nNodes + 1);
  const lags: number[] = [];
  const sources: number[] = [];
  const values: number[] = [];
  for (let sink = 0; sink < nNodes; sink++) {
    for (let lag = 1; lag <= order; lag++)
      for (let source = 0; source < nNodes; source++) {
        const value = coefficients[((lag - 1) * nNodes + sink) * nNodes + source]!;
        if (value === 0) continue;
        lags.push(lag);
        sources.push(source);
        values.push(value);
      }
    rowStart[sink + 1] = lags.length;
  }
  return {
    state,
    nNodes,
    order,
    coefficients,
    innovationScale,
    noiseCovariance,
    rowStart,
    lags: Int32Array.from(lags),
    sources: Int32Array.from(sources),
    values: Float64Array.from(values),
  };
}

/** The laws under both gaze states, in the order of `ADULT_GAZE`. */
export function buildRegimes(
  persons: readonly ResolvedPerson[],
  options: SimulationOptions,
): readonly Regime[] {
  return ADULT_GAZE.map((state) => buildRegime(state, persons, options));
}
