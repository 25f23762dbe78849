import {
  autoregressiveResiduals,
  circularShiftNull,
  concordanceIndex,
  covariation,
  crqa,
  detrendedCovariation,
  laggedCorrelation,
  splitByState,
  stateStream,
  susy,
  waveletCoherence,
  welchCoherence,
  windowedCrossCorrelation,
} from "@attune/core";
import { expect, test } from "vitest";
import { describeWithShared, readSharedJson } from "../support/shared.ts";

interface Block {
  a: number[];
  b: number[];
  pearson: number;
  pearsonDetrended: number;
  ccf: { L: number; raw: number[]; detrended: number[] };
  wlcc: {
    W: number;
    step: number;
    L: number;
    starts: number[];
    rows: number[][];
    peak: ([number, number] | null)[];
    nRows: number;
    meanAtLag0: number;
    meanFisherMaxAbs: number;
  };
  susy: Record<"seg" | "L" | "Zabs" | "ZabsSurr" | "ESabs" | "Znoabs" | "ZnoabsSurr" | "ESnoabs", number>;
  marci: { slopeWin: number; corrWin: number; ssi: number; n: number; rHead: number[] };
  prewhiten: { p: number; arA: number[]; arB: number[]; ccf: number[] };
  coherence: { L: number; f: number[]; msc: number[]; phase: number[] };
  wavelet: { w0: number; cyc: number; freqs: number[]; at: number[]; coh: number[][]; phase: number[][] };
  crqa: Record<
    | "n"
    | "m"
    | "tau"
    | "radius"
    | "lmin"
    | "vmin"
    | "L"
    | "REC"
    | "DET"
    | "Lmean"
    | "Lmax"
    | "ENTR"
    | "LAM"
    | "TT",
    number
  > & { profile: number[] };
  circularShift: { minShift: number; step: number; n: number; obs: number; meanSurr: number; p: number };
}
interface States {
  W: number;
  step: number;
  intervals: [number, number][];
  minFraction: number;
  nIn: number;
  nOut: number;
  nMixed: number;
  meanZin: number;
  meanZout: number;
  diff: number;
  shift: { min: number; step: number; n: number };
  p: number;
}

/** Relative 1e-8 or absolute 1e-9, as the reference asks. */
function agree(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative = 1e-8,
  absolute = 1e-9,
): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!);
    if (!(error <= Math.max(absolute, relative * Math.abs(expected[i]!))))
      expect.fail(`value ${i}: ${actual[i]} instead of ${expected[i]}`);
  }
}

const samplingRate = 1;

describeWithShared("Covariation of two series, against numpy", () => {
  const golden = readSharedJson("golden", "physiology", "physio_golden.json") as {
    synchrony: Record<string, Block>;
    states: States;
    dyad: { motherPeaks_s: number[]; infantPeaks_s: number[] };
  };
  for (const [name, block] of Object.entries(golden.synchrony)) {
    const a = Float64Array.from(block.a);
    const b = Float64Array.from(block.b);

    test(`${name}: Pearson, raw and without the line`, () => {
      agree([covariation(a, b), detrendedCovariation(a, b)], [block.pearson, block.pearsonDetrended]);
    });

    test(`${name}: correlation by lag, raw, detrended and prewhitened`, () => {
      const maxLagSeconds = block.ccf.L;
      const values = (prepare: "constant" | "linear" | "prewhiten") =>
        laggedCorrelation(a, b, { samplingRate, maxLagSeconds, prepare }).values;
      agree(values("constant"), block.ccf.raw);
      agree(values("linear"), block.ccf.detrended);
      agree(values("prewhiten"), block.prewhiten.ccf);
      agree(autoregressiveResiduals(a, block.prewhiten.p).coefficients, block.prewhiten.arA);
      agree(autoregressiveResiduals(b, block.prewhiten.p).coefficients, block.prewhiten.arB);
    });

    test(`${name}: windowed cross-correlation with Boker's peaks`, () => {
      const { W, step, L, starts, rows, peak, nRows, meanAtLag0, meanFisherMaxAbs } = block.wlcc;
      const result = windowedCrossCorrelation(a, b, {
        samplingRate,
        windowSeconds: W,
        stepSeconds: step,
        maxLagSeconds: L,
      });
      expect(result.nWindows).toBe(nRows);
      expect(Array.from(result.starts.subarray(0, starts.length))).toEqual(starts);
      agree(result.correlations.subarray(0, rows.length * (2 * L + 1)), rows.flat());
      expect(Array.from(result.peaks.lags.subarray(0, peak.length))).toEqual(
        peak.map((found) => (found === null ? Number.NaN : found[0])),
      );
      peak.forEach((found, w) => {
        if (found !== null) agree([result.peaks.correlations[w]!], [found[1]]);
      });
      agree([result.meanCorrelationAtLagZero, result.meanMaxAbsZ], [meanAtLag0, meanFisherMaxAbs]);
    });

    test(`${name}: surrogate synchrony`, () => {
      const { seg, L, Zabs, ZabsSurr, ESabs, Znoabs, ZnoabsSurr, ESnoabs } = block.susy;
      const { absolute, signed, isExhaustive } = susy(a, b, {
        samplingRate,
        segmentSeconds: seg,
        maxLagSeconds: L,
      });
      expect(isExhaustive).toBe(true);
      agree([absolute.z, absolute.surrogateZ, absolute.effectSize], [Zabs, ZabsSurr, ESabs]);
      agree([signed.z, signed.surrogateZ, signed.effectSize], [Znoabs, ZnoabsSurr, ESnoabs]);
    });

    test(`${name}: index of concordance`, () => {
      const { slopeWin, corrWin, ssi, n, rHead } = block.marci;
      const result = concordanceIndex(a, b, {
        samplingRate,
        slopeSeconds: slopeWin,
        correlationSlopes: corrWin,
      });
      expect(result.nValid).toBe(n);
      agree([result.index], [ssi]);
      agree(result.correlations.subarray(0, rHead.length), rHead);
    });

    test(`${name}: Welch coherence and phase`, () => {
      const { L, f, msc, phase } = block.coherence;
      const result = welchCoherence(a, b, { samplingRate, segmentSeconds: L });
      agree(result.frequencies.subarray(0, f.length), f);
      agree(result.coherence.subarray(0, f.length), msc);
      // At frequency 0 both are real, and only the sign is left.
      agree(result.phase.subarray(1, f.length), phase.slice(1));
    });

    test(`${name}: wavelet coherence and phase`, () => {
      const { w0, cyc, freqs, at, coh, phase } = block.wavelet;
      const result = waveletCoherence(a, b, {
        samplingRate,
        frequencies: freqs,
        cycles: w0,
        smoothingCycles: cyc,
      });
      const pick = (x: Float64Array) => freqs.flatMap((_, k) => at.map((t) => x[k * a.length + t]!));
      agree(pick(result.coherence), coh.flat(), 1e-6, 1e-6);
      agree(pick(result.phase), phase.flat(), 1e-6, 1e-6);
    });

    test(`${name}: cross-recurrence quantification`, () => {
      const { n, m, tau, radius, lmin, vmin, L, REC, DET, Lmean, Lmax, ENTR, LAM, TT, profile } = block.crqa;
      const result = crqa(a.subarray(0, n), b.subarray(0, n), {
        samplingRate,
        embeddingDimension: m,
        delaySamples: tau,
        radius,
        shortestDiagonal: lmin,
        shortestVertical: vmin,
        maxLagSeconds: L,
      });
      const { recurrence, determinism, meanDiagonal, longestDiagonal, entropy, laminarity, trappingTime } =
        result;
      agree(
        [recurrence, determinism, meanDiagonal, longestDiagonal, entropy, laminarity, trappingTime],
        [REC, DET, Lmean, Lmax, ENTR, LAM, TT],
      );
      agree(result.profile, profile);
    });

    test(`${name}: circular shifts`, () => {
      const { minShift, step, n, obs, meanSurr, p } = block.circularShift;
      // The reference takes the line out before it rotates.
      const detrended = circularShiftNull(line(a), line(b), (x, y) => Math.abs(covariation(x, y)), {
        samplingRate,
        minimumShiftSeconds: minShift,
        stepSeconds: step,
      });
      expect(detrended.nSurrogates).toBe(n);
      agree([detrended.observed, detrended.mean, detrended.p], [obs, meanSurr, p]);
    });
  }

  test("the planted lead of 3 s is the argument of the maximum, from the series and from the beats", () => {
    const { a, b } = golden.synchrony.ibi1Hz!;
    const { motherPeaks_s, infantPeaks_s } = golden.dyad;
    for (const [adult, infant] of [
      [Float64Array.from(a), Float64Array.from(b)],
      [intervalsAtOneHz(motherPeaks_s), intervalsAtOneHz(infantPeaks_s)],
    ] as const) {
      expect(laggedCorrelation(adult, infant, { samplingRate }).peakLag).toBe(3);
      expect(laggedCorrelation(infant, adult, { samplingRate }).peakLag).toBe(-3);
    }
  });

  test("windows split by a state, tested by rotating the state", () => {
    const { W, step, intervals, minFraction, nIn, nOut, nMixed, meanZin, meanZout, diff, shift, p } =
      golden.states;
    const block = golden.synchrony.ibi1Hz!;
    const a = Float64Array.from(block.a);
    const b = Float64Array.from(block.b);
    const windows = windowedCrossCorrelation(a, b, {
      samplingRate,
      windowSeconds: W,
      stepSeconds: step,
      maxLagSeconds: 0,
    });
    const result = splitByState(windows, stateStream(intervals, a.length, samplingRate), {
      samplingRate,
      minimumShare: minFraction,
      minimumShiftSeconds: shift.min,
      stepSeconds: shift.step,
    });
    expect([result.inside.n, result.outside.n, result.nMixed, result.nShifts]).toEqual([
      nIn,
      nOut,
      nMixed,
      shift.n,
    ]);
    agree(
      [result.inside.mean, result.outside.mean, result.difference, result.p],
      [meanZin, meanZout, diff, p],
    );
  });
});

/** Intervals in ms between beats, stamped with the closing beat, on straight lines at 5, 6, ... 594 s. */
function intervalsAtOneHz(beats: readonly number[]): Float64Array {
  return Float64Array.from({ length: 590 }, (_, k) => {
    const time = k + 5;
    const next = beats.findIndex((beat) => beat >= time);
    const interval = (beat: number) => 1000 * (beats[beat]! - beats[beat - 1]!);
    const share = (time - beats[next - 1]!) / (beats[next]! - beats[next - 1]!);
    return interval(next - 1) + share * (interval(next) - interval(next - 1));
  });
}

/** Textbook detrending, independent of the kernels. */
function line(x: Float64Array): Float64Array {
  const n = x.length;
  const middle = (n - 1) / 2;
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  const slope =
    x.reduce((sum, value, t) => sum + (t - middle) * value, 0) /
    x.reduce((sum, _, t) => sum + (t - middle) ** 2, 0);
  return x.map((value, t) => value - mean - slope * (t - middle));
}
