import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Device, type ServedPty, servePty, systemContext } from "@attune/device-kit";
import type { SampleChunk } from "@attune/signal";
import { filter, firstValueFrom, scan, timeout } from "rxjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openbciCyton } from "./device-type.ts";
import { CytonSimulator } from "./simulator.ts";

const haveSocat = spawnSync("socat", ["-V"], { stdio: "ignore" }).status === 0;
if (!haveSocat && process.env.CI === "true") throw new Error("socat is missing, and CI needs it");

describe.skipIf(!haveSocat)(
  `a Cyton behind a real serial port${haveSocat ? "" : " (skipped: no socat)"}`,
  () => {
    let folder: string;
    let port: ServedPty;
    let device: Device;

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), "attune-cyton-"));
      const simulator = new CytonSimulator({
        daisyAttached: true,
        startsStreaming: true,
        signal: (sampleIndex, out) => out.fill(sampleIndex, 0, 16).fill(1, 16),
      });
      port = await servePty({ simulator, link: join(folder, "dongle") });
      device = openbciCyton.create("eeg", openbciCyton.settings.parse({ port: port.path }), systemContext);
    });

    afterEach(async () => {
      await device.close();
      await port.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const nSamples = (n: number) =>
      firstValueFrom(
        device.output.pipe(
          filter((output): output is SampleChunk => output.kind === "samples"),
          scan((all, chunk) => [...all, chunk], [] as SampleChunk[]),
          filter((all) => all.reduce((sum, chunk) => sum + chunk.nSamples, 0) >= n),
          timeout(8000),
        ),
      );

    const state = (wanted: string) =>
      firstValueFrom(
        device.lifecycle.pipe(
          filter((now) => now === wanted),
          timeout(8000),
        ),
      );

    test("delivers every sample, and comes back when it is plugged in again", async () => {
      const samples = nSamples(300);
      await device.start();
      const chunks = await samples;
      const first = chunks[0]!;
      for (const chunk of chunks)
        for (let n = 0; n < chunk.nSamples; n++)
          expect(Math.round(chunk.data[n]! - first.data[0]!)).toBe(chunk.firstSample - first.firstSample + n);
      expect(device.statistics().streams[0]).toMatchObject({ nLost: 0 });

      port.unplug();
      await state("reconnecting");
      await port.replug();
      await state("streaming");
      await nSamples(100);
      expect(device.statistics().nReconnects).toBe(1);
      await device.stop();
    });
  },
);
