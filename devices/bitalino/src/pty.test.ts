import { systemContext } from "@attune/device-kit";
import { hasSocat, onPty, type PtyBench } from "@attune/device-kit/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bitalino } from "./device-type.ts";
import { BitalinoSimulator } from "./simulator.ts";

describe.skipIf(!hasSocat())(
  "a BITalino behind a real serial port (skipped when socat is not installed)",
  () => {
    let bench: PtyBench;

    beforeEach(async () => {
      const simulator = new BitalinoSimulator({
        startsStreaming: true,
        signal: (sampleIndex, out) => out.fill((sampleIndex % 1024) / 1024, 0, 6).fill(0, 6),
      });
      bench = await onPty(simulator, (port) =>
        bitalino.create(
          "heart",
          bitalino.settings.parse({ port, channels: [{ input: "A1" }] }),
          systemContext,
        ),
      );
    });

    afterEach(() => bench.close());

    test("delivers every sample, and comes back when it is plugged in again", async () => {
      const { device } = bench;
      const samples = bench.samples(1500);
      await device.start();
      const chunks = await samples;
      const first = chunks[0]!;
      for (const chunk of chunks)
        for (let n = 0; n < chunk.nSamples; n++)
          expect(chunk.data[n]).toBe((first.data[0]! + chunk.firstSample - first.firstSample + n) % 1024);
      expect(device.statistics().streams[0]).toMatchObject({ nLost: 0 });

      await bench.replug();
      await bench.samples(100);
      expect(device.statistics().nReconnects).toBe(1);
      await device.stop();
    });
  },
);
