import {
  type AnalyticSignal,
  butterworth,
  ciplv,
  circularCorrelation,
  coherence,
  hilbert,
  imaginaryCoherence,
  irwinHall,
  mulberry32,
  type PhaseMeasure,
  phaseMatrix,
  pli,
  plv,
  sosfiltfilt,
  wpli,
  wpliSigned,
} from "@attune/core";
import { describe, expect, test } from "vitest";
import { describeWithShared, readSharedJson } from "../support/shared.ts";

interface Generator {
  channels: number;
  samples: number;
  coefs: [lag: number, sink: number, source: number, value: number][];
  sd: number[];
  seed: number;
  burn: number;
}

/** The reference's signal generator: noise time-major, coefficients added in list order. */
function generate({ channels, samples, coefs, sd, seed, burn }: Generator): Float64Array {
  const gauss = irwinHall(mulberry32(seed));
  const total = burn + samples;
  const x = new Float64Array(channels * total);
  for (let t = 0; t < total; t++) for (let c = 0; c < channels; c++) x[c * total + t] = sd[c]! * gauss();
  for (let t = 0; t < total; t++)
    for (const [lag, sink, source, value] of coefs)
      if (t >= lag) x[sink * total + t]! += value * x[source * total + t - lag]!;
  const kept = new Float64Array(channels * samples);
  for (let c = 0; c < channels; c++) kept.set(x.subarray(c * total + burn, (c + 1) * total), c * samples);
  return kept;
}

const measureOf: Record<string, PhaseMeasure> = {
  plv: "plv",
  ciplv: "ciplv",
  wpli: "wpli",
  wpli_signed: "wpli-signed",
  pli: "pli",
  ccorr: "circular-correlation",
  imcoh: "imaginary-coherence",
  coh: "coherence",
};
const functionOf: Record<string, (a: AnalyticSignal, b: AnalyticSignal) => number> = {
  plv,
  ciplv,
  wpli,
  wpli_signed: wpliSigned,
  pli,
  ccorr: circularCorrelation,
  imcoh: imaginaryCoherence,
  coh: coherence,
};

const channel = ({ real, imaginary }: AnalyticSignal, c: number, nSamples: number): AnalyticSignal => ({
  real: real.subarray(c * nSamples, (c + 1) * nSamples),
  imaginary: imaginary.subarray(c * nSamples, (c + 1) * nSamples),
});

function compareAll(expected: Record<string, unknown>, signals: AnalyticSignal, nChannels: number): number {
  const nSamples = signals.real.length / nChannels;
  let compared = 0;
  for (const [name, measure] of Object.entries(measureOf)) {
    const table = expected[name] as number[][] | undefined;
    if (table === undefined) continue;
    const matrix = phaseMatrix(measure, signals, nChannels);
    for (let i = 0; i < nChannels; i++)
      for (let j = 0; j < nChannels; j++) {
        expect(Math.abs(matrix[i * nChannels + j]! - table[i]![j]!)).toBeLessThan(1e-9);
        const pair = functionOf[name]!(channel(signals, i, nSamples), channel(signals, j, nSamples));
        expect(Math.abs(pair - table[i]![j]!)).toBeLessThan(1e-9);
        compared++;
      }
  }
  return compared;
}

describeWithShared("phase measures against numpy", () => {
  const golden = readSharedJson("golden", "coupling", "phase.json");
  const { channels, samples } = golden.generator as Generator;
  const data = generate(golden.generator);

  test("the generated input is the one that the reference used", () => {
    for (let c = 0; c < channels; c++) {
      const x = data.subarray(c * samples, (c + 1) * samples);
      const sum = x.reduce((total, value) => total + value, 0);
      const squares = x.reduce((total, value) => total + value * value, 0);
      expect(Math.abs(x[0]! - golden.input_check.first[c][0])).toBeLessThan(1e-10);
      expect(Math.abs(sum - golden.input_check.sum[c])).toBeLessThan(1e-9 * Math.abs(sum));
      expect(Math.abs(squares - golden.input_check.sumsq[c])).toBeLessThan(1e-11 * squares);
    }
  });

  describe.each(["theta", "alpha"])("%s", (band) => {
    const expected = golden.filtered[band];
    const sections = butterworth({
      kind: "bandpass",
      order: 3,
      cutoff: golden.bands[band],
      samplingRate: golden.fs,
    });
    const signals = hilbert(sosfiltfilt(sections, data, { nChannels: channels }), channels);

    test("the analytic signal and its phase agree", () => {
      const scale = Math.max(...signals.real.subarray(0, samples).map(Math.abs));
      for (let t = 0; t < 8; t++) {
        expect(Math.abs(signals.real[t]! - expected.analytic_ch0_re_first[t])).toBeLessThan(1e-9 * scale);
        expect(Math.abs(signals.imaginary[t]! - expected.analytic_ch0_im_first[t])).toBeLessThan(
          1e-9 * scale,
        );
        const at = channels * samples - 8 + t;
        const phase = Math.atan2(signals.imaginary[at]!, signals.real[at]!);
        expect(Math.abs(phase - expected.phase_chlast_last[t])).toBeLessThan(1e-8);
      }
    });

    test("every measure of every pair agrees, from the matrix and from the pair", () => {
      expect(compareAll(expected, signals, channels)).toBe(8 * channels * channels);
    });
  });

  test.each(golden.raw_slices as { start: number; length: number; analytic_im_ch0: number[] }[])(
    "an unfiltered slice of $length samples from $start",
    (slice) => {
      const cut = new Float64Array(channels * slice.length);
      for (let c = 0; c < channels; c++)
        cut.set(
          data.subarray(c * samples + slice.start, c * samples + slice.start + slice.length),
          c * slice.length,
        );
      const signals = hilbert(cut, channels);
      slice.analytic_im_ch0.forEach((value, t) => {
        expect(Math.abs(signals.imaginary[t]! - value)).toBeLessThan(1e-9);
      });
      expect(compareAll(slice as unknown as Record<string, unknown>, signals, channels)).toBe(
        4 * channels * channels,
      );
    },
  );

  test("circular correlation and locking of two lists of angles", () => {
    const { alpha, beta, ccorr, plv: locking } = golden.circular_pair;
    expect(circularCorrelation(Float64Array.from(alpha), Float64Array.from(beta))).toBeCloseTo(ccorr, 10);
    expect(plv(Float64Array.from(alpha), Float64Array.from(beta))).toBeCloseTo(locking, 10);
  });
});
