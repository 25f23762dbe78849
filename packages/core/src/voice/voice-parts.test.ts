import { describe, expect, test } from "vitest";
import { mulberry32 } from "../random/index.ts";
import { VoiceDecision } from "./voice-decision.ts";
import { VoiceGate, voiceChanges } from "./voice-gate.ts";
import { planVoiceGate } from "./voice-gate-options.ts";

const RATE = 16_000;

describe("parts of the voice gate", () => {
  test("between the two levels what is on stays on and what is off stays off", () => {
    const decision = new VoiceDecision(
      planVoiceGate({ samplingRate: RATE, onSeconds: 0.04, hangoverSeconds: 0.06 }),
    );
    const steps = [5, 7, 5, 7, 7, 4, 4, 4, 4, 2, 4, 2, 2, 2, 5, 5].map((above) => {
      const change = decision.step(above);
      return change === 0 ? "" : `${change > 0 ? "on" : "off"} ${decision.framesBack}`;
    });
    expect(steps).toEqual(["", "", "", "", "on 2", "", "", "", "", "", "", "", "", "off 3", "", ""]);
  });

  test("the floor is a quantile of the last levels, whatever their order", () => {
    const uniform = mulberry32(1);
    const data = Float64Array.from({ length: 20 * 8000 }, () => uniform() - 0.5);
    const gate = new VoiceGate({ samplingRate: 8000, floorSeconds: 2, floorQuantile: 0.5 });
    const changes = voiceChanges(10);
    const levels: number[] = [];
    for (let at = 0; at + 160 <= data.length; at += 160) {
      gate.execute(changes, data.subarray(at, at + 160), 160);
      if (!Number.isNaN(gate.level())) levels.push(gate.level());
      if (levels.length >= 100)
        expect(gate.floor()).toBe(
          levels
            .slice(-100)
            .sort((a, b) => a - b)
            .at(49),
        );
    }
  });

  test.each([
    [{ samplingRate: 4000 }, /8000 to 48000/],
    [{ samplingRate: 16_000, bandHz: [500, 400] as const }, /bandHz/],
    [{ samplingRate: 16_000, offDecibels: 7 }, /offDecibels/],
    [{ samplingRate: 16_000, onSeconds: 0 }, /onSeconds/],
    [{ samplingRate: 16_000, frameSeconds: 1 }, /frameSeconds/],
    [{ samplingRate: 16_000, floorQuantile: 0.9 }, /floorQuantile/],
  ])("refuses %o", (options, message) => {
    expect(() => new VoiceGate(options)).toThrow(message);
  });
});
