import { systemContext } from "@attune/device-kit";
import { hasSocat, onPty, type PtyBench } from "@attune/device-kit/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openbciCyton } from "./device-type.ts";
import { CytonSimulator } from "./simulator.ts";

describe.skipIf(!hasSocat())(
  "a Cyton behind a real serial port (skipped when socat is not installed)",
  () => {
    let bench: PtyBench;

    beforeEach(async () => {
      const simulator = new CytonSimulator({
        daisyAttached: true,
        startsStreaming: true,
        signal: (sampleIndex, out) => out.fill(sampleIndex, 0, 16).fill(1, 16),
      });
      bench = await onPty(simulator, (port) =>
        openbciCyton.create("eeg", openbciCyton.settings.parse({ port }), systemContext),
      );
    });

    afterEach(() => bench.close());

    test("delivers every sample, and comes back when it is plugged in again", async () => {
      const { device } = bench;
      const samples = bench.samples(300);
      await device.start();
      const chunks = await samples;
      const first = chunks[0]!;
      for (const chunk of chunks)
        for (let n = 0; n < chunk.nSamples; n++)
          expect(Math.round(chunk.data[n]! - first.data[0]!)).toBe(chunk.firstSample - first.firstSample + n);
      expect(device.statistics().streams[0]).toMatchObject({ nLost: 0 });

      await bench.replug();
      await bench.samples(100);
      expect(device.statistics().nReconnects).toBe(1);
      await device.stop();
    });
  },
);
