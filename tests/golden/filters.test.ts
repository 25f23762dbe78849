import {
  butterworth,
  frequencyResponse,
  irwinHall,
  mulberry32,
  notch,
  SosCascade,
  sosfiltfilt,
  sosfiltInitialState,
} from "@attune/core";
import { expect, test } from "vitest";
import { describeWithShared, readSharedJson } from "../support/shared.ts";

interface Design {
  name: string;
  sos: number[][];
  freqz_f: number[];
  freqz_mag: number[];
  freqz_phase: number[];
  zi: number[][];
  sosfilt: number[];
  sosfilt_zi_x0: number[];
  zi_final: number[][];
  sosfiltfilt: number[];
  scale_max_abs: { sosfilt: number; sosfiltfilt: number };
}

const designsOfOurs = (rate: number): Record<string, Float64Array> => ({
  butter_bandpass_theta_o4: butterworth({ kind: "bandpass", order: 4, cutoff: [3, 6], samplingRate: rate }),
  butter_bandpass_alpha_o2: butterworth({ kind: "bandpass", order: 2, cutoff: [6, 9], samplingRate: rate }),
  butter_highpass_1_o2: butterworth({ kind: "highpass", order: 2, cutoff: 1, samplingRate: rate }),
  butter_lowpass_20_o4: butterworth({ kind: "lowpass", order: 4, cutoff: 20, samplingRate: rate }),
  butter_lowpass_30_o5: butterworth({ kind: "lowpass", order: 5, cutoff: 30, samplingRate: rate }),
  butter_bandpass_1_40_o4: butterworth({ kind: "bandpass", order: 4, cutoff: [1, 40], samplingRate: rate }),
  butter_bandstop_48_52_o2: butterworth({ kind: "bandstop", order: 2, cutoff: [48, 52], samplingRate: rate }),
  iirnotch_50_q30: notch({ frequency: 50, quality: 30, samplingRate: rate }),
});

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= worst)) worst = difference;
  }
  return worst;
};

describeWithShared("filters against scipy", () => {
  const golden = readSharedJson("golden", "coupling", "filters.json");
  const gauss = irwinHall(mulberry32(golden.seed));
  const input = new Float64Array(golden.samples);
  for (let n = 0; n < input.length; n++) {
    const t = n / golden.fs;
    input[n] = gauss() + 3 * Math.sin(2 * Math.PI * 5 * t) + 2 * Math.sin(2 * Math.PI * 50 * t) + 10;
  }

  test("the generated input is the one that scipy filtered", () => {
    expect(largestDifference(input.subarray(0, 4), golden.input_first)).toBeLessThan(1e-12);
  });

  const ours = designsOfOurs(golden.fs);
  test.each(golden.designs as Design[])(
    "$name: our design has scipy's magnitude, phase and sections",
    (d) => {
      const sections = ours[d.name]!;
      const response = frequencyResponse(sections, d.freqz_f, golden.fs);
      for (let i = 0; i < d.freqz_f.length; i++) {
        expect(Math.abs(response.magnitude[i]! - d.freqz_mag[i]!)).toBeLessThan(1e-9);
        // Rounding decides the phase inside the zero of a notch, so compare the angle only where there is signal.
        if (d.freqz_mag[i]! < 1e-9) continue;
        const turn = response.phase[i]! - d.freqz_phase[i]!;
        expect(Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn)))).toBeLessThan(1e-9);
      }
      expect(largestDifference(sections, d.sos.flat())).toBeLessThan(1e-12);
    },
  );

  test.each(golden.designs as Design[])("$name: filtering equals sosfilt from rest", (d) => {
    const cascade = new SosCascade(Float64Array.from(d.sos.flat()), 1);
    const out = new Float64Array(input.length);
    cascade.execute(out, input, input.length);
    expect(largestDifference(out, d.sosfilt)).toBeLessThan(1e-9 * d.scale_max_abs.sosfilt);
  });

  test.each(golden.designs as Design[])("$name: starting in the steady state equals sosfilt with zi", (d) => {
    const sections = Float64Array.from(d.sos.flat());
    expect(largestDifference(sosfiltInitialState(sections), d.zi.flat())).toBeLessThan(1e-9);
    const cascade = new SosCascade(sections, 1);
    cascade.initialise(input.subarray(0, 1));
    const out = new Float64Array(input.length);
    cascade.execute(out, input, input.length);
    const scale = Math.max(1, d.scale_max_abs.sosfilt);
    expect(largestDifference(out, d.sosfilt_zi_x0)).toBeLessThan(1e-9 * scale);
    expect(largestDifference(cascade.state(), d.zi_final.flat())).toBeLessThan(1e-9 * scale);
  });

  test.each(golden.designs as Design[])("$name: sosfiltfilt equals scipy's", (d) => {
    const out = sosfiltfilt(Float64Array.from(d.sos.flat()), input);
    expect(largestDifference(out, d.sosfiltfilt)).toBeLessThan(1e-8 * d.scale_max_abs.sosfiltfilt);
    const own = sosfiltfilt(ours[d.name]!, input);
    expect(largestDifference(own, d.sosfiltfilt)).toBeLessThan(1e-8 * d.scale_max_abs.sosfiltfilt);
  });
});
