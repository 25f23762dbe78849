import {
  GatedIntervals,
  InterbeatSeries,
  interbeatIntervals,
  interbeatSeries,
  OnlineInterbeatGate,
  type Population,
  PorgesBohrerFilter,
  rsaFrequencyResponse,
  rsaPeakToTrough,
  rsaPorgesBohrer,
  rsaSpectral,
  SlidingRsa,
  slidingRsa,
} from "@attune/core";
import { expect, test } from "vitest";
import { describeWithShared, readSharedJson } from "../support/shared.ts";

/** Relative 1e-8 or absolute 1e-9; the reference is printed with ten digits. */
function expectClose(actual: number, reference: number | null): void {
  if (reference === null) {
    expect(actual).toBeNaN();
    return;
  }
  const error = Math.abs(actual - reference);
  expect(error <= 1e-9 || error <= 1e-8 * Math.abs(reference), `${actual} is not ${reference}`).toBe(true);
}

function expectAllClose(actual: ArrayLike<number>, reference: readonly (number | null)[]): void {
  expect(actual.length).toBeGreaterThanOrEqual(reference.length);
  for (let i = 0; i < reference.length; i++) expectClose(actual[i]!, reference[i]!);
}

describeWithShared("respiratory sinus arrhythmia against the reference", () => {
  const golden = readSharedJson("golden", "physiology", "physio_golden.json");
  const members = [
    ["mother", "adult", golden.dyad.motherPeaks_s],
    ["infant", "infant", golden.dyad.infantPeaks_s],
  ] as [string, Population, number[]][];

  const seriesAt = (beats: number[], samplingRate: number) =>
    interbeatSeries(interbeatIntervals(beats), { samplingRate, startTime: 2, endTime: 598 });

  test.each(members)("filters, %s", (name, population) => {
    const reference = golden.rsa[name];
    const filter = new PorgesBohrerFilter({ samplingRate: reference.fs, population });
    expect([filter.band.low, filter.band.high]).toEqual(reference.band);
    expect(filter.cubicTaps.length).toBe(reference.mpf);
    expect(filter.bandPassTaps.length).toBe(reference.firN);
    expect(filter.delaySamples).toBe(reference.i0);
    expectAllClose(filter.cubicTaps, reference.mpfCoef);
    expectAllClose(filter.bandPassTaps, reference.firCoef);
  });

  test.each(members)("Porges-Bohrer, whole and in epochs, %s", (name, population, beats) => {
    const reference = golden.rsa[name];
    const series = seriesAt(beats, 5);
    const rsa = rsaPorgesBohrer(series.values, { ...series, population });
    expect(rsa.filtered.values.length).toBe(reference.nOut);
    expect(rsa.filtered.startTime).toBeCloseTo(2 + reference.i0 / 5, 12);
    expectAllClose(rsa.filtered.values, reference.yHead);
    expectClose(
      rsa.filtered.values.reduce((total, value) => total + value * value, 0),
      reference.ySumsq,
    );
    expectClose(rsa.whole, reference.rsaWhole);
    expect(rsa.values.length).toBe(reference.rsaEpoch30.length);
    expectAllClose(rsa.values, reference.rsaEpoch30);
    expect(rsa.coverage[0]).toBeCloseTo((150 - reference.i0) / 150, 9);
    expect(rsa.startTimes[3]).toBe(92);
  });

  test.each(members)("sliding window of 15 s, %s", (name, population, beats) => {
    const reference = golden.rsa[name];
    const sliding = slidingRsa(seriesAt(beats, 5), { population, windowSeconds: reference.slidingWin_s });
    expect(sliding.values.length).toBe(reference.slidingN);
    expect(sliding.startTime).toBeCloseTo(2 + reference.slidingOffset / 5, 12);
    const every50 = sliding.values.filter((_, k) => k % 50 === 0);
    expect(every50.length).toBe(reference.slidingEvery50.length);
    expectAllClose(every50, reference.slidingEvery50);
  });

  test.each(members)("high-frequency power of 60 s epochs at 4 Hz, %s", (name, population, beats) => {
    const reference = golden.rsa[name];
    const series = seriesAt(beats, 4);
    const spectral = rsaSpectral(series.values, { ...series, population, epochSeconds: 60 });
    expect(spectral.power.length).toBe(reference.hfPower60s_4Hz.length);
    expectAllClose(spectral.power, reference.hfPower60s_4Hz);
    expectAllClose(spectral.values, reference.lnHf);
  });

  test.each(members)("peak to trough, %s", (name, population, beats) => {
    const { onsets, peaks, perBreath, meanAll60 } = golden.rsa[name].p2t;
    const found = rsaPeakToTrough(interbeatIntervals(beats), { onsets, peaks }, { population });
    expect(found.perBreath.length).toBe(perBreath.length);
    expectAllClose(found.perBreath, perBreath);
    expectClose(found.mean, meanAll60);
  });

  test("a real preterm infant", () => {
    const reference = golden.rsa.real_preterm_pics_seg0;
    const intervals = interbeatIntervals(reference.peaks_s);
    const series = interbeatSeries(intervals, { samplingRate: 5, startTime: reference.t0, endTime: 199 });
    expect(series.values.length).toBe(reference.n);
    const rsa = rsaPorgesBohrer(series.values, { ...series, population: "infant" });
    expectClose(rsa.whole, reference.rsaWhole);
    expect(rsa.values.length).toBe(reference.rsaEpoch30.length);
    expectAllClose(rsa.values, reference.rsaEpoch30);
  });

  test("the chain's gain is what is known of it", () => {
    const { gains } = rsaFrequencyResponse({
      samplingRate: 5,
      population: "adult",
      frequencies: [0.12, 0.2, 0.4],
    });
    expect(gains[0]).toBeCloseTo(0.22, 2);
    expect(gains[1]).toBeCloseTo(1.15, 2);
    expect(gains[2]).toBeCloseTo(0.53, 2);
  });

  test("live, beat by beat through gate, series and sliding window, is the whole recording bit for bit", () => {
    const { peaks_s } = golden.artefact.infant_injected;
    const live = (cut: number) => {
      const gate = new OnlineInterbeatGate({ population: "infant" });
      const gated = new GatedIntervals();
      const series = new InterbeatSeries({ samplingRate: 5 });
      const sliding = new SlidingRsa({ samplingRate: 5, population: "infant" });
      const out = { intervals: [] as number[], rsa: [] as number[], startTime: Number.NaN };
      for (let from = 0; from < peaks_s.length; from += cut) {
        const decisions = peaks_s.slice(from, from + cut).flatMap((time: number) => gate.push(time));
        const { times, intervals } = gated.push(decisions);
        const chunk = series.push(times, intervals);
        out.startTime = chunk.startTime;
        out.intervals.push(...chunk.values);
        out.rsa.push(...sliding.push(chunk).values);
      }
      return out;
    };
    const oneByOne = live(1);
    expect(oneByOne).toEqual(live(peaks_s.length));
    const values = Float64Array.from(oneByOne.intervals);
    const whole = slidingRsa(
      { values, samplingRate: 5, startTime: oneByOne.startTime },
      { population: "infant" },
    );
    expect(Float64Array.from(oneByOne.rsa)).toEqual(whole.values);

    // Beats taken out and put in leave little trace: the same window on the untouched beats is the truth.
    const truth = slidingRsa(
      interbeatSeries(interbeatIntervals(golden.dyad.infantPeaks_s), {
        samplingRate: 5,
        startTime: oneByOne.startTime,
      }),
      { population: "infant" },
    );
    const errors = oneByOne.rsa.map((value, k) => Math.abs(value - truth.values[k]!)).sort((a, b) => a - b);
    expect(errors.length).toBeGreaterThan(2700);
    expect(errors[Math.floor(0.5 * errors.length)]).toBeLessThan(0.01);
    expect(errors[Math.floor(0.95 * errors.length)]).toBeLessThan(0.15);
    const naive = slidingRsa(
      interbeatSeries(interbeatIntervals(peaks_s), { samplingRate: 5, startTime: oneByOne.startTime }),
      { population: "infant" },
    );
    const spoilt = naive.values.filter((value, k) => value - truth.values[k]! > 1).length;
    expect(spoilt).toBeGreaterThan(0.4 * naive.values.length);
  });
});
