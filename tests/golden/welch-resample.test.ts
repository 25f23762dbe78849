import { bandPower, irwinHall, mulberry32, resamplePoly, type WindowName, welch } from "@attune/core";
import { expect, test } from "vitest";
import { describeWithShared, readSharedJson } from "../support/shared.ts";

interface WelchCase {
  window: string;
  nperseg: number;
  noverlap: number;
  nfft: number;
  detrend: "constant" | false;
  f_step: number;
  psd: number[];
}

describeWithShared("Welch and polyphase resampling against scipy", () => {
  const golden = readSharedJson("golden", "coupling", "welch_resample.json");
  const gauss = irwinHall(mulberry32(golden.seed));
  const x = new Float64Array(golden.samples);
  for (let n = 0; n < x.length; n++) x[n] = gauss() + 2 * Math.sin((2 * Math.PI * 7 * n) / golden.fs) + 1.5;

  test("the generated input is the one that scipy analysed", () => {
    for (let n = 0; n < 4; n++) expect(Math.abs(x[n]! - golden.input_first[n])).toBeLessThan(1e-12);
  });

  test.each(golden.welch as WelchCase[])("welch, $window, $nperseg of $nfft, overlap $noverlap", (c) => {
    const spectrum = welch(x, {
      samplingRate: golden.fs,
      segmentLength: c.nperseg,
      overlap: c.noverlap,
      fftLength: c.nfft,
      window: c.window.split(" ")[0] as WindowName,
      detrend: c.detrend,
      scaling: "density",
    });
    expect(spectrum.values.length).toBe(c.psd.length);
    const scale = Math.max(...c.psd);
    for (let k = 0; k < c.psd.length; k++) {
      expect(Math.abs(spectrum.values[k]! - c.psd[k]!)).toBeLessThan(1e-10 * scale);
      expect(spectrum.frequencies[k]).toBeCloseTo(k * c.f_step, 9);
    }
    const total = c.psd.reduce((sum, value) => sum + value, 0) * c.f_step;
    const bands = bandPower(spectrum, { low: 0, high: 30 }) + bandPower(spectrum, { low: 30, high: 1000 });
    expect(bands).toBeCloseTo(total, 9);
  });

  test.each(golden.resample_poly as { up: number; down: number; out: number[] }[])(
    "resamplePoly by $up / $down",
    ({ up, down, out }) => {
      const y = resamplePoly(x, up, down);
      expect(y.length).toBe(out.length);
      for (let m = 0; m < out.length; m++) expect(Math.abs(y[m]! - out[m]!)).toBeLessThan(1e-9);
      expect(resamplePoly(x, 3 * up, 3 * down)).toEqual(y);
    },
  );
});
