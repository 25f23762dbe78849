import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxMuller, mulberry32 } from "../random/index.ts";
import { ChannelQualityMeter } from "./channel-quality-meter.ts";
import { type ChannelVerdict, eegLimits, judgeChannel } from "./judge-channel.ts";

const samplingRate = 250;

/** Four seconds like scalp EEG: pink-like noise of about 10 uV that falls with frequency. */
function eeg(seed: number, seconds = 4): Float64Array {
  const gauss = boxMuller(mulberry32(seed));
  const x = new Float64Array(seconds * samplingRate);
  let slow = 0;
  for (let n = 0; n < x.length; n++) {
    slow = 0.95 * slow + 3 * gauss();
    x[n] = slow + 0.5 * gauss();
  }
  return x;
}

function verdictOf(x: Float64Array, toMicrovolts = 1): ChannelVerdict {
  const meter = new ChannelQualityMeter({ nChannels: 1, samplingRate });
  meter.push(x, x.length);
  return judgeChannel(meter.read(0), eegLimits, toMicrovolts);
}

const withSine = (x: Float64Array, hz: number, amplitude: number): Float64Array =>
  x.map((value, n) => value + amplitude * Math.sin((2 * Math.PI * hz * n) / samplingRate));

describe("the light of a channel", () => {
  test("is good for clean EEG, in whatever unit", () => {
    expect(verdictOf(eeg(1))).toEqual({ light: "good", reasons: [] });
    expect(
      verdictOf(
        eeg(1).map((value) => value / 1e6),
        1e6,
      ),
    ).toEqual({ light: "good", reasons: [] });
  });

  test("tells a flat electrode, a railed amplifier, mains, muscle and drift apart", () => {
    expect(verdictOf(new Float64Array(1000).fill(7)).reasons).toEqual(["flat"]);
    expect(verdictOf(eeg(2).map((value) => Math.max(-4, Math.min(4, value)))).reasons).toContain("railed");
    expect(verdictOf(withSine(eeg(3), 50, 30))).toEqual({ light: "fair", reasons: ["line-noise"] });
    expect(verdictOf(withSine(eeg(3), 50, 200)).light).toBe("poor");
    const gauss = boxMuller(mulberry32(4));
    expect(verdictOf(eeg(4).map((value) => value + 30 * gauss())).reasons).toEqual(["muscle"]);
    expect(verdictOf(eeg(5).map((value, n) => value + 0.5 * n)).reasons).toEqual(["drift"]);
  });

  test("is unknown where half of the stretch is missing, and one gap does not darken the rest", () => {
    const x = eeg(6);
    expect(verdictOf(x.map((value, n) => (n < 600 ? Number.NaN : value))).light).toBe("unknown");
    expect(verdictOf(x.map((value, n) => (n < 100 ? Number.NaN : value))).light).toBe("good");
  });
});

describe("the meter", () => {
  test("gives the strength of what was planted", () => {
    const meter = new ChannelQualityMeter({ nChannels: 1, samplingRate });
    const x = withSine(new Float64Array(1000), 50, 20);
    meter.push(x, x.length);
    const reading = meter.read(0);
    expect(reading.rms).toBeCloseTo(20 / Math.SQRT2, 6);
    expect(reading.lineRms).toBeCloseTo(20 / Math.SQRT2, 6);
    expect(reading.peakToPeak).toBeCloseTo(40 * Math.sin((2 * Math.PI) / 5), 6);
  });

  test("gives the same numbers for the same samples, however they are cut", () => {
    const x = eeg(7, 10);
    const whole = new ChannelQualityMeter({ nChannels: 2, samplingRate });
    const both = new Float64Array([...x, ...x.map((value) => -2 * value)]);
    whole.push(both, x.length);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const meter = new ChannelQualityMeter({ nChannels: 2, samplingRate });
        for (let at = 0, k = 0; at < x.length; k++) {
          const end = Math.min(x.length, at + sizes[k % sizes.length]!);
          const part = x.subarray(at, end);
          meter.push(new Float64Array([...part, ...part.map((value) => -2 * value)]), part.length);
          at = end;
        }
        expect(meter.read(0)).toEqual(whole.read(0));
        expect(meter.read(1)).toEqual(whole.read(1));
      }),
      { numRuns: 30 },
    );
  });

  test("counts samples that are known to be lost as missing", () => {
    const meter = new ChannelQualityMeter({ nChannels: 1, samplingRate });
    const x = eeg(8);
    meter.push(x, x.length);
    meter.skip(750);
    expect(meter.read(0).coverage).toBe(0.25);
    meter.skip(5000);
    expect(meter.read(0).coverage).toBe(0);
  });
});
