import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DeviceContext, type DeviceEvent, systemContext } from "@attune/device-kit";
import type { DeviceOutput, SampleChunk } from "@attune/signal";
import fc from "fast-check";
import { firstValueFrom } from "rxjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  CortexDevice,
  emotivCortex,
  emotivCortexSettings,
  FakeCortex,
  type FakeCortexOptions,
} from "./index.ts";

const CREDENTIALS = { clientId: "the-client-id", clientSecret: "the-very-secret-one" };
const open: (() => Promise<void>)[] = [];

beforeEach(() => {
  process.env.TEST_CORTEX_ID = CREDENTIALS.clientId;
  process.env.TEST_CORTEX_SECRET = CREDENTIALS.clientSecret;
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Time that runs `speed` times as fast as the wall's; sockets stay real. */
function fastContext(speed: number): DeviceContext {
  return {
    now: () => systemContext.now() * speed,
    setTimer: (callback, seconds) => systemContext.setTimer(callback, seconds / speed),
    uniform: () => 0.5,
  };
}

async function serve(options: FakeCortexOptions = {}): Promise<FakeCortex> {
  const cortex = await FakeCortex.listen({ credentials: CREDENTIALS, sample: ramp, ...options });
  open.push(() => cortex.close());
  return cortex;
}

/** Sample n of sensor c is n + c / 10 above the offset. */
function ramp(index: number, out: Float64Array): void {
  for (let c = 0; c < out.length; c++) out[c] = index + c / 10;
}

function make(url: string, settings: object = {}, context: DeviceContext = systemContext) {
  const parsed = emotivCortexSettings.parse({
    url,
    clientIdVariable: "TEST_CORTEX_ID",
    clientSecretVariable: "TEST_CORTEX_SECRET",
    ...settings,
  });
  const device = new CortexDevice("epoc", parsed, context);
  open.push(() => device.close());
  const outputs: DeviceOutput[] = [];
  const events: DeviceEvent[] = [];
  device.output.subscribe((output) => void outputs.push(output));
  device.events.subscribe((event) => void events.push(event));
  const chunks = (id = "epoc:eeg") =>
    outputs.filter((output): output is SampleChunk => output.kind === "samples" && output.streamId === id);
  const nSamples = () => chunks().reduce((sum, chunk) => sum + chunk.nSamples, 0);
  const states = () => events.flatMap((event) => (event.kind === "lifecycle" ? [event.to] : []));
  const lost = (cause: string) =>
    events.reduce(
      (sum, event) => sum + (event.kind === "loss" && event.cause === cause ? event.nSamples : 0),
      0,
    );
  return { device, outputs, events, chunks, nSamples, states, lost };
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 9000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within 9 s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/**
 * Every sample lies where its value says: value = index of the headset, firstSample = index since the first.
 */
function expectEveryIndexRight(chunks: readonly SampleChunk[]): void {
  const origin = chunks[0]!.data[0]! - 4200 - chunks[0]!.firstSample;
  for (const chunk of chunks)
    for (let n = 0; n < chunk.nSamples; n++) {
      const value = chunk.data[n]!;
      if (!Number.isNaN(value)) expect(value - 4200).toBeCloseTo(origin + chunk.firstSample + n, 6);
    }
}

describe("the exchange", () => {
  test("from a discovered headset to samples in the columns of the subscription, then goodbye", async () => {
    const cortex = await serve();
    cortex.headset.status = "discovered";
    cortex.access = "pending";
    const { device, outputs, events, chunks, nSamples } = make(cortex.url, { streams: ["eeg", "mot"] });
    const connected = device.connect();
    await until(() => events.some((event) => event.kind === "warning" && event.message.includes("Approve")));
    cortex.grantAccess();
    await connected;
    expect(cortex.asked).toEqual([
      "hasAccessRight",
      "requestAccess",
      "authorize",
      "controlDevice",
      "queryHeadsets",
      "controlDevice",
      "queryHeadsets",
      "createSession",
      "subscribe",
    ]);
    const [eeg, motion] = await firstValueFrom(device.streams);
    expect(eeg).toMatchObject({
      id: "epoc:eeg",
      type: "EEG",
      nominalSamplingRate: 128,
      sourceId: "EPOCX-SIMULATED/eeg",
    });
    expect(eeg!.channels.length).toBe(14);
    expect(eeg!.channels[13]).toEqual({ label: "AF4", unit: "uV" });
    expect(motion!.channels.find(({ label }) => label === "ACCX")).toEqual({ label: "ACCX", unit: "g" });
    expect(nSamples()).toBe(0);
    await device.start();
    await until(() => nSamples() > 100 && chunks("epoc:mot").length > 0);
    expectEveryIndexRight(chunks());
    const [chunk] = chunks();
    const index = Math.round(chunk!.data[0]! - 4200);
    expect(chunk!.data[13 * chunk!.nSamples]).toBeCloseTo(4200 + index + 1.3, 9);
    expect(chunk!.deviceTime[0]).toBe(1_700_000_000 + index / 128);
    const offset = outputs.find((output) => output.kind === "clock-offset")!;
    expect(Math.abs(offset.collectedAt + offset.offset - systemContext.now())).toBeLessThan(3);
    expect(events).toContainEqual(expect.objectContaining({ kind: "battery", percent: 87 }));
    expect(events).toContainEqual(
      expect.objectContaining({ kind: "quality", streamId: "epoc:eeg", channels: Array(14).fill("good") }),
    );
    expect(device.statistics().streams[0]).toMatchObject({ nLost: 0 });
    await device.close();
    expect(cortex.asked.at(-1)).toBe("updateSession");
  });

  test("samples that Cortex made up are lost and NaN; samples that are missing move the index, over seconds too", async () => {
    const cortex = await serve({ context: fastContext(4) });
    const { device, chunks, nSamples, lost } = make(cortex.url, {}, fastContext(4));
    await device.connect();
    await device.start();
    await until(() => nSamples() > 50);
    cortex.headset.invent(5);
    await until(() => lost("invented") === 5);
    cortex.headset.lose(3);
    await until(() => lost("counter") === 3);
    cortex.headset.lose(128 * 2 + 7);
    await until(() => lost("counter") === 3 + 263);
    const before = nSamples();
    await until(() => nSamples() > before + 50);
    const made = chunks().flatMap((chunk) =>
      [...chunk.data.subarray(0, chunk.nSamples)].filter(Number.isNaN),
    );
    expect(made.length).toBe(5);
    expectEveryIndexRight(chunks());
    expect(device.statistics().streams[0]).toMatchObject({ nLost: 271 });
  });

  test("stopped and started again, the index moves and nothing is called lost", async () => {
    const cortex = await serve();
    const { device, chunks, nSamples, lost } = make(cortex.url);
    await device.connect();
    await device.start();
    await until(() => nSamples() > 20);
    await device.stop();
    const before = nSamples();
    const stoppedAt = systemContext.now();
    await until(() => systemContext.now() > stoppedAt + 0.4);
    expect(nSamples()).toBe(before);
    await device.start();
    await until(() => nSamples() > before + 20);
    expectEveryIndexRight(chunks());
    expect(lost("counter")).toBe(0);
    expect(device.statistics().streams[0]!.nLost).toBe(0);
  });
});

describe("what Cortex may refuse", () => {
  const failure = async (prepare: (cortex: FakeCortex) => void, settings: object = {}) => {
    const cortex = await serve({ context: fastContext(10) });
    prepare(cortex);
    const { device, states, events } = make(cortex.url, settings, fastContext(10));
    const error = await device.connect().then(
      () => "connected",
      (reason: Error) => reason.message,
    );
    return { error, state: states().at(-1), events, cortex };
  };

  test("raw EEG without a licence: failed, with the reason; without eeg it goes", async () => {
    const withhold = (cortex: FakeCortex) => {
      cortex.withhold = ["eeg"];
    };
    const { error, state } = await failure(withhold);
    expect(error).toContain("does not give raw EEG of EPOCX-SIMULATED: No license for stream eeg");
    expect(error).toContain("licence");
    expect(state).toBe("failed");
    expect((await failure(withhold, { streams: ["mot"] })).error).toBe("connected");
  });

  test("a stream that is not needed is missed in one sentence", async () => {
    const { error, events } = await failure((cortex) => {
      cortex.withhold = ["eq"];
    });
    expect(error).toBe("connected");
    expect(events).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('stream "eq"') }),
    );
  });

  test("access that is refused fails; access that nobody grants can be tried again", async () => {
    const pending = (cortex: FakeCortex) => {
      cortex.access = "pending";
    };
    const refused = await failure((cortex) => {
      pending(cortex);
      const asked = setInterval(() => {
        if (!cortex.asked.includes("requestAccess")) return;
        clearInterval(asked);
        cortex.refuseAccess();
      }, 5);
    });
    expect(refused).toMatchObject({ error: expect.stringContaining("was refused"), state: "failed" });
    const ignored = await failure(pending, { accessTimeoutSeconds: 2 });
    expect(ignored).toMatchObject({ error: expect.stringContaining("Nobody approved"), state: "idle" });
  });

  test("a headset that is off, cannot be connected, or falls off while it is", async () => {
    const off = await failure(() => undefined, { headset: "INSIGHT-1", headsetTimeoutSeconds: 2 });
    expect(off.error).toContain("INSIGHT-1 nowhere (only EPOCX-SIMULATED)");
    for (const [outcome, sentence] of [
      [102, "could not connect the headset EPOCX-SIMULATED"],
      [103, "disconnected while"],
    ] as const) {
      const { error, state } = await failure((cortex) => {
        cortex.headset.status = "discovered";
        cortex.connectOutcome = outcome;
      });
      expect(error).toContain(sentence);
      expect(state).toBe("idle");
    }
  });

  test("a request that is not answered is given up after 10 s and named", async () => {
    const { error } = await failure((cortex) => {
      cortex.silentAbout = ["createSession"];
    });
    expect(error).toContain("did not answer createSession within 10 s");
  });

  test("wrong credentials are refused without being repeated anywhere; missing ones are named", async () => {
    process.env.TEST_CORTEX_SECRET = "wrong-secret-value";
    const { error, events } = await failure(() => undefined);
    expect(error).toContain("refuses hasAccessRight");
    expect(error + JSON.stringify(events)).not.toContain("wrong-secret-value");
    expect(error + JSON.stringify(events)).not.toContain(CREDENTIALS.clientId);
    delete process.env.TEST_CORTEX_SECRET;
    const missing = await failure(() => undefined);
    expect(missing).toMatchObject({
      error: expect.stringContaining("TEST_CORTEX_SECRET is not set"),
      state: "failed",
    });
  });

  test("connecting can be cancelled and closed while somebody is asked for approval", async () => {
    for (const how of ["cancel", "close"] as const) {
      const cortex = await serve();
      cortex.access = "pending";
      const { device, events } = make(cortex.url);
      const abort = new AbortController();
      const connected = device.connect(abort.signal);
      connected.catch(() => undefined);
      await until(() => events.some((event) => event.kind === "warning"));
      if (how === "cancel") abort.abort();
      else await device.close();
      await expect(connected).rejects.toThrow('Connecting "epoc" was cancelled');
      expect(await firstValueFrom(device.lifecycle)).toBe(how === "cancel" ? "idle" : "closed");
    }
  });

  test("a port where nothing listens says what to start", async () => {
    const cortex = await FakeCortex.listen();
    const { url } = cortex;
    await cortex.close();
    await expect(make(url).device.connect()).rejects.toThrow("start the EMOTIV Launcher");
  });

  test("a secret may travel without TLS on this machine only", () => {
    const check = (url: string) => emotivCortex.settings.safeParse({ url }).success;
    expect(check("ws://localhost:1")).toBe(true);
    expect(check("ws://lab-pc:6868")).toBe(false);
    expect(check("wss://lab-pc:6868")).toBe(true);
    expect(check("http://localhost")).toBe(false);
  });
});

describe("when it breaks", () => {
  const running = async () => {
    const context = fastContext(5);
    const cortex = await serve({ context });
    const made = make(cortex.url, {}, context);
    await made.device.connect();
    await made.device.start();
    // long enough that a counter from 0 is far from where it would have been
    await until(() => made.nSamples() > 50);
    return { cortex, ...made };
  };
  const comesBack = async ({ states, nSamples, chunks, device }: Awaited<ReturnType<typeof running>>) => {
    await until(() => states().includes("reconnecting") && states().at(-1) === "streaming");
    const before = nSamples();
    await until(() => nSamples() > before + 30);
    expectEveryIndexRight(chunks());
    expect(device.statistics().nReconnects).toBe(1);
  };

  for (const [what, act, reason] of [
    ["streams that are cancelled", (cortex: FakeCortex) => cortex.warn(0), "warning 0"],
    ["a session that is closed", (cortex: FakeCortex) => cortex.warn(1), "warning 1"],
    ["a headset that disconnects", (cortex: FakeCortex) => cortex.warn(103), "warning 103"],
    ["a connection cut in a frame", (cortex: FakeCortex) => cortex.closeMidFrame(), "closed"],
    [
      "a message that is too large",
      (cortex: FakeCortex) => cortex.sendOversize(),
      "Max payload size exceeded",
    ],
    [
      "messages that mean nothing",
      (cortex: FakeCortex) => {
        for (let k = 0; k < 3; k++) cortex.sendRaw('{"eeg":[1,');
      },
      "not JSON",
    ],
    [
      "samples that do not fit their columns",
      (cortex: FakeCortex) => {
        for (let k = 0; k < 3; k++) cortex.sendRaw('{"eeg":[1,0,"x"],"sid":"session-1","time":1}');
      },
      "AF3",
    ],
  ] as const)
    test(`${what}: it comes back with a new session, and the index is right`, async () => {
      const all = await running();
      act(all.cortex);
      await comesBack(all);
      expect(all.events).toContainEqual(
        expect.objectContaining({ to: "reconnecting", reason: expect.stringContaining(reason) }),
      );
    });

  test("a service that freezes is a stall, then a new connection once it thaws", async () => {
    const all = await running();
    all.cortex.freeze();
    await until(() => all.states().includes("reconnecting"));
    expect(all.states()).toContain("stalled");
    all.cortex.thaw();
    await comesBack(all);
  });

  test("access withdrawn while it runs is final, with one sentence", async () => {
    const { cortex, events, states } = await running();
    cortex.warn(10);
    await until(() => states().at(-1) === "failed");
    const errors = events.filter((event) => event.kind === "error");
    expect(errors).toMatchObject([
      { fatal: true, error: { message: expect.stringContaining("was refused") } },
    ]);
  });

  test("a licence that is gone when it comes back is final", async () => {
    const { cortex, states } = await running();
    cortex.withhold = ["eeg"];
    cortex.warn(1);
    await until(() => states().at(-1) === "failed");
  });

  test("after many sessions no timer and no listener is left", async () => {
    let nTimers = 0;
    const fast = fastContext(10);
    const context: DeviceContext = {
      ...fast,
      setTimer: (callback, seconds) => {
        nTimers++;
        let waits = true;
        const end = () => {
          if (waits) nTimers--;
          waits = false;
        };
        const timer = fast.setTimer(() => {
          end();
          callback();
        }, seconds);
        return {
          cancel: () => {
            end();
            timer.cancel();
          },
        };
      },
    };
    const cortex = await serve();
    const { device, states, nSamples } = make(cortex.url, {}, context);
    await device.connect();
    await device.start();
    for (let k = 1; k <= 20; k++) {
      cortex.warn(1);
      await until(() => device.statistics().nReconnects === k && states().at(-1) === "streaming");
    }
    const before = nSamples();
    await until(() => nSamples() > before);
    await device.close();
    await until(() => nTimers === 0);
  });

  test("it can be stopped and closed while it tries to come back", async () => {
    const { cortex, device, states } = await running();
    cortex.freeze();
    cortex.closeMidFrame();
    await until(() => states().at(-1) === "reconnecting");
    await device.stop();
    await device.close();
    expect(states().at(-1)).toBe("closed");
  });

  test("whatever it says, the device goes on or comes back", async () => {
    const all = await running();
    const hostile = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .tuple(
          fc.constantFrom("eeg", "dev", "eq", "mot"),
          fc.array(fc.jsonValue()),
          fc.constantFrom("session-1", "x"),
        )
        .map(([stream, values, sid]) => JSON.stringify({ [stream]: values, sid, time: 1 })),
      fc
        .record({ code: fc.integer({ min: 2, max: 8 }), message: fc.jsonValue() })
        .map((warning) => JSON.stringify({ warning })),
      fc.record({ id: fc.nat({ max: 20 }), result: fc.jsonValue() }).map((answer) => JSON.stringify(answer)),
    );
    for (const text of fc.sample(hostile, { numRuns: 300, seed: 11 })) {
      all.cortex.sendRaw(text);
      if (text.length % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await until(() => all.states().at(-1) === "streaming");
    const before = all.nSamples();
    await until(() => all.nSamples() > before + 30);
    expect(all.states()).not.toContain("failed");
  });
});

const hasOpenssl = (() => {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    if (process.env.CI === "true") throw new Error("openssl is missing; CI must have it");
    process.stderr.write("openssl is missing: the tests of encrypted connections are skipped\n");
    return false;
  }
})();

describe.skipIf(!hasOpenssl)("over TLS", () => {
  const sign = () => {
    const folder = mkdtempSync(join(tmpdir(), "attune-cortex-"));
    open.push(async () => rmSync(folder, { recursive: true }));
    const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
    const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    openssl(
      "req",
      "-x509",
      ...ec,
      "-keyout",
      "ca.key",
      "-out",
      "ca.pem",
      "-days",
      "2",
      "-subj",
      "/CN=Throw-away root",
    );
    openssl("req", ...ec, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=localhost");
    writeFileSync(join(folder, "names"), "subjectAltName=DNS:localhost\n");
    openssl(
      "x509",
      "-req",
      "-in",
      "request.pem",
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      "2",
      "-extfile",
      "names",
      "-out",
      "cert.pem",
    );
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    return { root: join(folder, "ca.pem"), tls: { key: read("key.pem"), cert: read("cert.pem") } };
  };

  test("with the root certificate it connects; without it, or with another, it fails and says which to set", async () => {
    const { root, tls } = sign();
    const cortex = await serve({ tls });
    expect(cortex.url).toMatch(/^wss:/);
    const { device, nSamples } = make(cortex.url, { rootCertificate: root });
    await device.connect();
    await device.start();
    await until(() => nSamples() > 20);
    const without = make(cortex.url);
    await expect(without.device.connect()).rejects.toThrow("set rootCertificate");
    expect(without.states().at(-1)).toBe("failed");
    await expect(make(cortex.url, { rootCertificate: sign().root }).device.connect()).rejects.toThrow(
      "not signed by rootCertificate",
    );
    await expect(make(cortex.url, { rootCertificate: "/nowhere.pem" }).device.connect()).rejects.toThrow(
      "no readable certificate",
    );
    expect(cortex.asked.filter((method) => method === "hasAccessRight").length).toBe(1);
  });
});
