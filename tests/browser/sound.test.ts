import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithChromium, openChromium } from "./support/chromium.ts";
import { type SceneName, scenes } from "./support/scenes.ts";
import { serveScene } from "./support/scripted-server.ts";

/** What the page sent to a loudspeaker. */
interface Heard {
  readonly nContexts: number;
  /** Of full scale. */
  readonly peak: number;
  readonly sinks: readonly string[];
}
declare const heard: Heard;

/** Listens in on everything that goes to an output, and notes where it goes. */
function listenIn(mode: "supported" | "unsupported" | "gone"): void {
  const notes = { nContexts: 0, peak: 0, sinks: [] as string[] };
  Object.assign(window, { heard: notes });
  const prototype = AudioContext.prototype as unknown as { setSinkId?: (id: string) => Promise<void> };
  const route = prototype.setSinkId;
  if (mode === "unsupported") delete prototype.setSinkId;
  else
    prototype.setSinkId = function (this: AudioContext, id: string) {
      notes.sinks.push(id);
      if (mode === "gone" && id !== "")
        return Promise.reject(new DOMException("The output is not there.", "NotFoundError"));
      return id === "" && route !== undefined ? route.call(this, id) : Promise.resolve();
    };
  const Plain = AudioContext;
  const ears = new WeakMap<BaseAudioContext, AnalyserNode>();
  (window as unknown as { AudioContext: unknown }).AudioContext = class extends Plain {
    constructor() {
      super();
      notes.nContexts++;
      const ear = this.createAnalyser();
      // Long enough that no tone comes and goes between two looks.
      ear.fftSize = 32_768;
      ears.set(this, ear);
      const wave = new Float32Array(ear.fftSize);
      setInterval(() => {
        ear.getFloatTimeDomainData(wave);
        notes.peak = wave.reduce((most, each) => Math.max(most, Math.abs(each)), notes.peak);
      }, 100);
    }
  };
  const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
  AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode) {
    const ear = ears.get(to.context);
    if (ear !== undefined && to === to.context.destination) connect.call(this, ear);
    return connect.call(this, to);
  } as typeof AudioNode.prototype.connect;
}

/** The page's sound as numbers: it is rendered at once instead of being played. */
function renderOffline(): void {
  (window as unknown as { AudioContext: unknown }).AudioContext = class extends OfflineAudioContext {
    constructor() {
      super(1, 44_100, 44_100);
      Object.assign(window, { offline: this });
    }
    override resume(): Promise<void> {
      return Promise.resolve();
    }
    setSinkId(): Promise<void> {
      return Promise.resolve();
    }
  };
}

describeWithChromium("the sound of an alarm", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function on(
    name: SceneName,
    mode: Parameters<typeof listenIn>[0],
    hear: (page: Page, notes: () => Promise<Heard>) => Promise<void>,
    output?: string,
  ): Promise<void> {
    const server = await serveScene(scenes[name]());
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      await page.addInitScript(listenIn, mode);
      if (output !== undefined)
        await page.addInitScript((id) => localStorage.setItem("attune sound output", id), output);
      await page.goto(server.url);
      await page.waitForSelector(".state-bar .tools .seat-button");
      await hear(page, () => page.evaluate(() => ({ ...heard })));
    } finally {
      await context.close();
      await server.close();
    }
  }
  const openDialog = (page: Page) => page.locator('.tools button[aria-label^="Alarm sound"]').click();
  const play = (page: Page) => page.getByRole("button", { name: "Play a test tone" }).click();
  const switchOn = (page: Page) => page.getByRole("button", { name: "Switch sound on" }).click();

  test("what is built is two tones a fifth apart, well above nothing and well below full scale, and then silence", async () => {
    const server = await serveScene(scenes.recording());
    const page = await browser.newPage();
    try {
      await page.addInitScript(renderOffline);
      await page.goto(server.url);
      await page.waitForSelector(".state-bar .tools .seat-button");
      await openDialog(page);
      await play(page);
      await page.getByText("The test tone was played on the standard output.").waitFor();
      const { peaks, hertz } = await page.evaluate(async () => {
        const rendered = await (
          window as unknown as { offline: OfflineAudioContext }
        ).offline.startRendering();
        const wave = rendered.getChannelData(0);
        const part = (from: number, to: number) =>
          wave.subarray(from * rendered.sampleRate, to * rendered.sampleRate);
        const crossings = (samples: Float32Array) =>
          samples.reduce((n, each, i) => n + (i > 0 && each >= 0 && samples[i - 1]! < 0 ? 1 : 0), 0);
        const tones = [part(0.02, 0.12), part(0.2, 0.3)];
        return {
          peaks: [...tones, part(0.4, 1)].map((samples) =>
            samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0),
          ),
          hertz: tones.map((samples) => crossings(samples) / 0.1),
        };
      });
      expect(hertz[0]).toBeCloseTo(587, -2);
      expect(hertz[1]! / hertz[0]!).toBeCloseTo(1.5, 1);
      for (const peak of peaks.slice(0, 2)) {
        expect(peak).toBeGreaterThan(0.1);
        expect(peak).toBeLessThan(0.3);
      }
      expect(peaks[2]).toBe(0);
    } finally {
      await page.close();
      await server.close();
    }
  }, 20_000);

  test("for the infant: with an alarm on the page and nobody having switched sound on, nothing is made that could sound", async () => {
    await on("alarm-red", "supported", async (page, notes) => {
      await page.waitForSelector(".alarm.is-alarm");
      await openDialog(page);
      await page.waitForTimeout(1500);
      expect(await notes()).toMatchObject({ nContexts: 0, peak: 0, sinks: [] });
      await switchOn(page);
      await expect.poll(async () => (await notes()).peak, { timeout: 5000 }).toBeGreaterThan(0.1);
      await page.getByRole("button", { name: "Switch sound off" }).click();
    });
  }, 20_000);

  test("a warning makes no sound", async () => {
    await on("alarm-amber", "supported", async (page, notes) => {
      await page.waitForSelector(".alarm.is-warning");
      await openDialog(page);
      await switchOn(page);
      await page.waitForTimeout(1500);
      expect((await notes()).peak).toBe(0);
    });
  }, 20_000);

  test("it goes to the output that was chosen, and where that has gone it is silent and says so", async () => {
    await on(
      "recording",
      "supported",
      async (page, notes) => {
        await openDialog(page);
        await play(page);
        await expect.poll(async () => (await notes()).sinks.at(-1)).toBe("headset");
      },
      "headset",
    );
    await on(
      "alarm-red",
      "gone",
      async (page, notes) => {
        await openDialog(page);
        await switchOn(page);
        await page.getByText("No sound: The output is not there.").waitFor();
        await page.waitForTimeout(500);
        expect((await notes()).peak).toBe(0);
      },
      "headset",
    );
  }, 20_000);

  test("a browser that cannot choose an output says plainly that it plays on the standard one", async () => {
    await on("recording", "unsupported", async (page) => {
      await openDialog(page);
      await page.getByText("This browser plays on the standard output only").waitFor();
      expect(await page.locator("#sound-output").count()).toBe(0);
    });
  }, 20_000);
});
