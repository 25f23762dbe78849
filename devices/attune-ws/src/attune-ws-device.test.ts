import { request } from "node:http";
import { type DeviceContext, type DeviceEvent, systemContext } from "@attune/device-kit";
import type { DeviceOutput, SampleChunk } from "@attune/signal";
import { encodeMessage, type StreamDescription } from "@attune/wire";
import fc from "fast-check";
import { filter, firstValueFrom } from "rxjs";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import {
  AttuneClient,
  type AttuneClientOptions,
  AttuneWsDevice,
  attuneWs,
  attuneWsSettings,
} from "./index.ts";

const eeg: StreamDescription = {
  name: "eeg",
  type: "EEG",
  channels: [
    { label: "Fz", unit: "uV" },
    { label: "Cz", unit: "uV" },
  ],
  nominalSamplingRate: 100,
  sampleFormat: "float32",
  declaredLatency: 0,
  sourceId: "",
};

const open: (() => Promise<void> | void)[] = [];
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

interface Setup {
  readonly device: AttuneWsDevice;
  readonly outputs: DeviceOutput[];
  readonly events: DeviceEvent[];
  readonly connected: Promise<void>;
  readonly url: string;
}

async function listen(
  settings: object = {},
  context: DeviceContext = systemContext,
  id = "muse",
): Promise<Setup> {
  const device = new AttuneWsDevice(id, attuneWsSettings.parse({ port: 0, ...settings }), context);
  const outputs: DeviceOutput[] = [];
  const events: DeviceEvent[] = [];
  device.output.subscribe((output) => void outputs.push(output));
  device.events.subscribe((event) => void events.push(event));
  open.push(() => device.close());
  const listening = firstValueFrom(device.events.pipe(filter((event) => event.kind === "warning")));
  const connected = device.connect();
  connected.catch(() => undefined);
  await Promise.race([listening, connected.catch(() => undefined)]);
  return { device, outputs, events, connected, url: device.url! };
}

function makeClient(url: string, options: Partial<AttuneClientOptions> = {}): AttuneClient {
  const client = new AttuneClient({ url, device: "muse", streams: [eeg], WebSocket, ...options });
  open.push(() => client.close());
  return client;
}

/** A raw socket and the code with which it was closed. */
function raw(url: string, protocols: string[] = ["attune.v1"], headers: Record<string, string> = {}) {
  const socket = new WebSocket(url, protocols, { headers, perMessageDeflate: false });
  open.push(() => socket.terminate());
  socket.on("error", () => undefined);
  const opened = new Promise<void>((resolve) => socket.on("open", () => resolve()));
  const refused = new Promise<number>((resolve) =>
    socket.on("unexpected-response", (_, response) => resolve(response.statusCode ?? 0)),
  );
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  return { socket, opened, refused, closed };
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 8000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within 8 s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const chunksOf = (outputs: readonly DeviceOutput[]) =>
  outputs.filter((output): output is SampleChunk => output.kind === "samples");
const nSamplesOf = (outputs: readonly DeviceOutput[]) =>
  chunksOf(outputs).reduce((sum, chunk) => sum + chunk.nSamples, 0);
const lost = (events: readonly DeviceEvent[]) =>
  events.reduce((sum, event) => sum + (event.kind === "loss" ? event.nSamples : 0), 0);
const hello = encodeMessage({ kind: "hello", device: "muse", clockId: "", streams: [eeg] });

/** Sample n of channel c is n + c / 10. */
function ramp(first: number, n: number): Float32Array {
  return Float32Array.from({ length: n * 2 }, (_, k) => first + (k >> 1) + (k % 2) / 10);
}
const times = (first: number, n: number) =>
  Float64Array.from({ length: n }, (_, k) => 5000 + (first + k) / 100);

describe("a client of the ingest", () => {
  for (const encoding of ["binary", "json"] as const)
    test(`its samples, states and events arrive as they were sent, in ${encoding}`, async () => {
      const { device, outputs, connected, url } = await listen();
      const skew = 1234.5;
      const clock = { id: "page-1", now: () => systemContext.now() - skew };
      const client = makeClient(url, { encoding, clock });
      const [welcome] = await Promise.all([client.open(), connected]);
      expect(welcome.sessionId).toBe("muse");
      expect(await firstValueFrom(device.streams)).toMatchObject([
        {
          id: "muse:eeg",
          channels: eeg.channels,
          nominalSamplingRate: 100,
          description: { clockId: "page-1" },
        },
      ]);
      await device.start();
      for (let first = 0; first < 40; first += 4) client.sendChunk("eeg", ramp(first, 4), times(first, 4));
      client.sendState("infant", "gaze", "partner", { time: 5000.25, latency: 0.125 });
      client.sendEvent("trial 1", { time: 5000.25 });
      client.sendQuality("eeg", { channels: ["good", "off"], batteryPercent: 80 });
      await until(() => outputs.some((output) => output.kind === "event") && nSamplesOf(outputs) === 40);
      const chunks = chunksOf(outputs);
      expect(chunks.flatMap((chunk) => [...chunk.data.subarray(0, chunk.nSamples)])).toEqual(
        Array.from({ length: 40 }, (_, n) => n),
      );
      expect(chunks.flatMap((chunk) => [...chunk.deviceTime])).toEqual([...times(0, 40)]);
      expect(chunks[1]!.data[chunks[1]!.nSamples]).toBe(Math.fround(chunks[1]!.firstSample + 0.1));
      // the clock was probed before the first chunk, and is known within half a round trip
      const offset = outputs.find((output) => output.kind === "clock-offset")!;
      expect(outputs.indexOf(offset)).toBeLessThan(outputs.indexOf(chunks[0]!));
      const uncertainty = device.statistics().streams[0]!.offsetUncertainty;
      expect(uncertainty).toBeLessThan(0.05);
      expect(Math.abs(offset.offset - skew)).toBeLessThanOrEqual(uncertainty);
      const state = outputs.find((output) => output.kind === "state")!;
      expect(state).toMatchObject({ person: "infant", layer: "gaze", state: "partner" });
      expect(Math.abs(state.at - (5000.25 + skew - 0.125))).toBeLessThanOrEqual(uncertainty + 1e-9);
      expect(device.statistics().streams[0]).toMatchObject({ nSamples: 40, nLost: 0 });
    });

  test("without a clock its samples are timed by their arrival", async () => {
    const { device, outputs, connected, url } = await listen();
    const client = makeClient(url);
    await Promise.all([client.open(), connected]);
    await device.start();
    client.sendChunk("eeg", ramp(0, 10));
    const before = systemContext.now();
    await until(() => nSamplesOf(outputs) === 10);
    expect(chunksOf(outputs).flatMap((chunk) => [...chunk.deviceTime])).toEqual(
      Array.from({ length: 10 }, (_, n) => n / 100),
    );
    const offset = outputs.find((output) => output.kind === "clock-offset")!;
    expect(Math.abs(offset.collectedAt + offset.offset - before)).toBeLessThan(1);
  });

  test("an irregular stream without a clock keeps the times of arrival", async () => {
    const { device, outputs, connected, url } = await listen();
    const gaze: StreamDescription = { ...eeg, name: "gaze", type: "Gaze", nominalSamplingRate: 0 };
    const client = makeClient(url, { streams: [gaze] });
    await Promise.all([client.open(), connected]);
    await device.start();
    client.sendChunk("gaze", ramp(0, 1));
    await until(() => nSamplesOf(outputs) === 1);
    const [chunk] = chunksOf(outputs);
    expect(chunk!.deviceTime[0]).toBe(chunk!.receivedAt);
    expect(outputs[0]).toMatchObject({ kind: "clock-offset", offset: 0, collectedAt: chunk!.deviceTime[0] });
  });

  test("what it could not send is counted exactly, also across the wrap of its counter", async () => {
    const { device, outputs, events, connected, url } = await listen();
    const client = makeClient(url, { clock: { id: "c", now: systemContext.now } });
    client.skip("eeg", 2 ** 32 - 6);
    await Promise.all([client.open(), connected]);
    await device.start();
    client.sendChunk("eeg", ramp(0, 4), times(0, 4));
    client.skip("eeg", 7);
    client.sendChunk("eeg", ramp(11, 4), times(11, 4));
    await until(() => nSamplesOf(outputs) === 8);
    expect(lost(events)).toBe(7);
    expect(chunksOf(outputs).map((chunk) => chunk.firstSample)).toEqual([0, 2, 11, 13]);
  });

  test("it comes back after a break and goes on counting; one that begins anew is placed by its clock", async () => {
    const { device, outputs, events, connected, url } = await listen();
    const clock = { id: "c", now: () => systemContext.now() };
    const client = makeClient(url, { clock });
    await Promise.all([client.open(), connected]);
    await device.start();
    client.sendChunk("eeg", ramp(0, 10), times(0, 10));
    await until(() => nSamplesOf(outputs) === 10);

    const { socket: usurper, opened } = raw(url);
    await opened;
    usurper.terminate();
    expect(client.state).toBe("open");

    client.close();
    await until(() => events.some((event) => event.kind === "lifecycle" && event.to === "reconnecting"));
    const second = makeClient(url, { clock });
    second.skip("eeg", 15);
    await second.open();
    second.sendChunk("eeg", ramp(15, 10), times(15, 10));
    await until(() => nSamplesOf(outputs) === 20);
    expect(lost(events)).toBe(5);
    second.close();
    await until(() => device.statistics().nReconnects === 1);

    // counts from 0 again, 0.2 s of its clock later
    const third = makeClient(url, { clock });
    await third.open();
    third.sendChunk("eeg", ramp(0, 10), times(45, 10));
    await until(() => nSamplesOf(outputs) === 30);
    expect(lost(events)).toBe(25);
    expect(chunksOf(outputs).at(-1)!.firstSample).toBe(53);
    expect(device.statistics()).toMatchObject({ nReconnects: 2, streams: [{ nSamples: 30, nLost: 25 }] });
  });

  test("stopped and started again, what went by is skipped and not lost", async () => {
    const { device, outputs, events, connected, url } = await listen();
    const client = makeClient(url, { clock: { id: "c", now: systemContext.now } });
    await Promise.all([client.open(), connected]);
    await device.start();
    client.sendChunk("eeg", ramp(0, 4), times(0, 4));
    await until(() => nSamplesOf(outputs) === 4);
    await device.stop();
    client.sendChunk("eeg", ramp(4, 4), times(4, 4));
    client.sendQuality("eeg", { batteryPercent: 50 });
    await until(() => events.some((event) => event.kind === "battery"));
    await device.start();
    client.sendChunk("eeg", ramp(8, 4), times(8, 4));
    await until(() => nSamplesOf(outputs) === 8);
    expect(chunksOf(outputs).map((chunk) => chunk.firstSample)).toEqual([0, 2, 8, 10]);
    expect(lost(events)).toBe(0);
    expect(device.statistics().streams[0]).toMatchObject({ nSamples: 8, nLost: 0 });
  });

  test("one that comes back with other channels is refused, and the session's streams stay", async () => {
    const { device, connected, events, url } = await listen();
    const client = makeClient(url);
    await Promise.all([client.open(), connected]);
    client.close();
    const other = makeClient(url, { streams: [{ ...eeg, channels: [{ label: "Pz", unit: "uV" }] }] });
    await expect(other.open()).rejects.toThrow('stream "eeg" has 1 channels, expected 2');
    expect(events).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining("was refused") }),
    );
    expect((await firstValueFrom(device.streams))[0]!.channels.length).toBe(2);
  });

  test("the newest connection of a name wins, and the older one stays away", async () => {
    const { device, connected, url } = await listen();
    const first = makeClient(url);
    await Promise.all([first.open(), connected]);
    const second = makeClient(url);
    await second.open();
    await until(() => first.state === "closed");
    await device.start();
    expect(second.sendChunk("eeg", ramp(0, 2))).toBe(true);
  });
});

describe("silence", () => {
  test("no samples for a second is a stall, and ends when they come again", async () => {
    const { device, events, connected, url } = await listen({}, fastContext(10));
    const client = makeClient(url);
    await Promise.all([client.open(), connected]);
    await device.start();
    const states = () => events.flatMap((event) => (event.kind === "lifecycle" ? [event.to] : []));
    client.sendChunk("eeg", ramp(0, 2));
    await until(() => states().at(-1) === "stalled");
    client.sendChunk("eeg", ramp(2, 2));
    await until(() => states().at(-1) === "streaming");
  });

  test("a client that answers no heartbeat is cut off after two, and the device waits for it", async () => {
    const { device, events, connected, url } = await listen({}, fastContext(20));
    const { socket, opened, closed } = raw(url);
    await opened;
    socket.send(hello);
    await connected;
    await device.start();
    (socket as unknown as { _socket: { pause(): void; resume(): void } })._socket.pause();
    await until(() => events.some((event) => event.kind === "lifecycle" && event.to === "reconnecting"));
    expect(events).toContainEqual(
      expect.objectContaining({ to: "reconnecting", reason: expect.stringContaining("heartbeats") }),
    );
    (socket as unknown as { _socket: { resume(): void } })._socket.resume();
    expect((await closed).code).toBe(1006);
  });

  test("after many connections, good and bad, no timer is left", async () => {
    let nTimers = 0;
    const context: DeviceContext = {
      ...systemContext,
      setTimer: (callback, seconds) => {
        nTimers++;
        let waits = true;
        const end = () => {
          if (waits) nTimers--;
          waits = false;
        };
        const timer = systemContext.setTimer(() => {
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
    const { device, connected, url } = await listen({}, context);
    const clock = { id: "c", now: systemContext.now };
    for (let k = 0; k < 12; k++) {
      const client = makeClient(url, { clock });
      await client.open();
      await connected;
      if (k === 0) await device.start();
      client.close();
      const { socket, opened, closed } = raw(url);
      await opened;
      for (let n = 0; n < 3; n++) socket.send("nonsense");
      await closed;
    }
    await device.close();
    await until(() => nTimers === 0);
  });

  test("when nobody comes, connecting says where it waited and for whom", async () => {
    const { connected, url } = await listen({ connectTimeoutSeconds: 2 }, fastContext(20));
    await expect(connected).rejects.toThrow(`No client "muse" came to ${url} within 2 s`);
  });

  test("connecting can be cancelled or closed while it waits, and begun again", async () => {
    const abort = new AbortController();
    const context = systemContext;
    const again = new AttuneWsDevice("muse", attuneWsSettings.parse({ port: 0 }), context);
    open.push(() => again.close());
    const cancelled = again.connect(abort.signal);
    const waiting = firstValueFrom(again.events.pipe(filter((event) => event.kind === "warning")));
    await waiting;
    abort.abort();
    await expect(cancelled).rejects.toThrow("cancelled");
    expect(await firstValueFrom(again.lifecycle)).toBe("idle");
    const connecting = again.connect();
    await firstValueFrom(again.events.pipe(filter((event) => event.kind === "warning")));
    await Promise.all([makeClient(again.url!).open(), connecting]);

    const { device, connected } = await listen();
    await device.close();
    await expect(connected).rejects.toThrow("closed while it was connecting");
  });
});

describe("who may come in", () => {
  test("a page that was not allowed is refused before the socket opens, one that was is not", async () => {
    const { url } = await listen({ allowedOrigins: ["http://localhost:5173"] });
    expect(await raw(url, ["attune.v1"], { origin: "http://evil.example" }).refused).toBe(403);
    expect(await raw(url, ["attune.v1"], { origin: "null" }).refused).toBe(403);
    await raw(url, ["attune.v1"], { origin: "http://localhost:5173" }).opened;
  });

  test("the token is asked for, as a header or in the address", async () => {
    const token = "0123456789abcdef";
    const { url, connected } = await listen({ token });
    expect(await raw(url).refused).toBe(401);
    expect(await raw(`${url}?token=0123456789abcdeg`).refused).toBe(401);
    await raw(url, ["attune.v1"], { authorization: `Bearer ${token}` }).opened;
    await Promise.all([makeClient(url, { token }).open(), connected]);
  });

  test("listening beyond loopback takes a flag and a token", () => {
    const check = (settings: object) => attuneWs.settings.safeParse(settings).success;
    expect(check({})).toBe(true);
    expect(check({ host: "0.0.0.0" })).toBe(false);
    expect(check({ host: "0.0.0.0", allowRemote: true })).toBe(false);
    expect(check({ host: "0.0.0.0", token: "0123456789abcdef" })).toBe(false);
    expect(check({ host: "0.0.0.0", token: "short", allowRemote: true })).toBe(false);
    expect(check({ host: "0.0.0.0", token: "0123456789abcdef", allowRemote: true })).toBe(true);
  });

  test("a client must offer the subprotocol; a plain request learns what this is", async () => {
    const { url } = await listen();
    expect(await raw(url, []).refused).toBe(400);
    const status = await new Promise((resolve) =>
      request(url.replace("ws:", "http:"), (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end(),
    );
    expect(status).toBe(426);
  });

  test("devices on one port share it, each with its own client", async () => {
    const first = await listen();
    const port = Number(new URL(first.url).port);
    await first.device.close();
    const a = await listen({ port }, systemContext, "a");
    const b = await listen({ port, client: "bridge" }, systemContext, "b");
    await Promise.all([makeClient(a.url, { device: "a" }).open(), a.connected]);
    await Promise.all([makeClient(b.url, { device: "bridge" }).open(), b.connected]);
    const c = await listen({ port, client: "bridge" }, systemContext, "c");
    await expect(c.connected).rejects.toThrow('Two devices of the session wait for the client "bridge"');
    const d = await listen({ port, token: "0123456789abcdef" }, systemContext, "d");
    await expect(d.connected).rejects.toThrow("different token");
  });
});

describe("hostile clients", () => {
  test("three bad frames close with 1003", async () => {
    const { url } = await listen();
    const { socket, opened, closed } = raw(url);
    await opened;
    socket.send("{");
    socket.send(Buffer.from([1, 2, 3]));
    socket.send("[]");
    expect(await closed).toMatchObject({ code: 1003 });
  });

  test("an unannounced stream, a second hello, an unknown device and data before hello close with 1008", async () => {
    const chunk = (stream: string) =>
      encodeMessage({
        kind: "chunk",
        stream,
        sequence: 0,
        nSamples: 1,
        nChannels: 2,
        data: new Float32Array(2),
      });
    for (const frames of [
      [hello, chunk("ecg")],
      [hello, hello],
      [chunk("eeg")],
      [encodeMessage({ kind: "hello", device: "other", clockId: "", streams: [] })],
    ]) {
      const { url } = await listen();
      const { socket, opened, closed } = raw(url);
      await opened;
      for (const frame of frames) socket.send(frame);
      expect((await closed).code).toBe(1008);
    }
  });

  test("a message above the limit closes with 1009, a flood with 1013", async () => {
    const { url } = await listen();
    const large = raw(url);
    await large.opened;
    large.socket.send(Buffer.alloc(5 * 1024 * 1024));
    expect((await large.closed).code).toBe(1009);

    const pings = raw(url);
    await pings.opened;
    pings.socket.send(hello);
    const ping = Buffer.alloc(3_500_000, " ");
    ping.write('{"kind":"ping","t0":1');
    ping[ping.length - 1] = 0x7d;
    for (let k = 0; k < 14; k++) pings.socket.send(ping.toString());
    expect((await pings.closed).code).toBe(1013);
  });

  test("no hello within 5 s, or a clock that answers no ping, closes with 1008", async () => {
    const { url } = await listen({}, fastContext(20));
    expect((await raw(url).closed).code).toBe(1008);
    const { socket, opened, closed } = raw(url);
    await opened;
    socket.send(encodeMessage({ kind: "hello", device: "muse", clockId: "c", streams: [eeg] }));
    expect(await closed).toMatchObject({ code: 1008, reason: expect.stringContaining("answers no ping") });
  });

  test("random and damaged frames close at most their own connection: another client of the same port goes on without a loss", async () => {
    const spare = await listen();
    const port = Number(new URL(spare.url).port);
    await spare.device.close();
    const good = await listen({ port }, systemContext, "muse");
    const bad = await listen({ port }, systemContext, "bad");
    const client = makeClient(good.url, { clock: { id: "c", now: systemContext.now } });
    await Promise.all([client.open(), good.connected]);
    await good.device.start();
    const badHello = encodeMessage({ kind: "hello", device: "bad", clockId: "", streams: [eeg] });
    const first = raw(bad.url);
    await first.opened;
    first.socket.send(badHello);
    await bad.connected;
    await bad.device.start();

    const chunk = encodeMessage({
      kind: "chunk",
      stream: "eeg",
      sequence: 9,
      nSamples: 4,
      nChannels: 2,
      data: ramp(9, 4),
    });
    const damaged = fc
      .tuple(fc.constantFrom(badHello, chunk), fc.nat(), fc.nat({ max: 255 }))
      .map(([frame, at, byte]) => {
        const copy = frame.slice();
        copy[at % copy.length] = byte;
        return copy;
      });
    const frame = fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.json(), damaged, fc.constant(chunk));
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        async (frames, cut) => {
          const { socket, opened, closed } = raw(bad.url);
          await opened;
          socket.send(badHello);
          for (const one of frames) socket.send(typeof one === "string" ? one : Buffer.from(one));
          client.sendChunk("eeg", ramp(sent, 2), times(sent, 2));
          sent += 2;
          if (cut) socket.terminate();
          else socket.close();
          await closed;
        },
      ),
    );
    await until(() => nSamplesOf(good.outputs) === sent);
    expect(sent).toBeGreaterThan(100);
    expect(lost(good.events)).toBe(0);
    expect(client.state).toBe("open");
    const data = chunksOf(good.outputs).flatMap((one) => [...one.data.subarray(0, one.nSamples)]);
    expect(data).toEqual(Array.from({ length: sent }, (_, n) => n));
  });
});

describe("senders of other formats", () => {
  test("Neurosity epochs become a stream with the sender's times", async () => {
    const { device, outputs, connected, url } = await listen({ format: "neurosity" }, systemContext, "crown");
    const { socket, opened } = raw(url, []);
    await opened;
    const epoch = (first: number) =>
      JSON.stringify({
        data: [0, 100].map((base) => Array.from({ length: 16 }, (_, n) => base + first + n)),
        info: {
          samplingRate: 256,
          startTime: 1_700_000_000_000 + (first * 1000) / 256,
          channelNames: ["CP3", "C3"],
        },
      });
    socket.send(epoch(0));
    await connected;
    await device.start();
    for (let first = 16; first < 160; first += 16) socket.send(epoch(first));
    await until(() => nSamplesOf(outputs) >= 140);
    expect((await firstValueFrom(device.streams))[0]).toMatchObject({
      id: "crown:samples",
      nominalSamplingRate: 256,
      channels: [
        { label: "CP3", unit: "uV" },
        { label: "C3", unit: "uV" },
      ],
    });
    const [chunk] = chunksOf(outputs);
    expect(chunk!.data[0]).toBe(16);
    expect(chunk!.data[chunk!.nSamples]).toBe(116);
    expect(chunk!.deviceTime[0]).toBeCloseTo(1_700_000_000 + 16 / 256, 6);
    for (const wrong of ["x", "{}", '{"data":1}']) socket.send(wrong);
    await until(() => socket.readyState === socket.CLOSED);
  });

  test("an OpenBCI time series needs its channels and rate from the session file", async () => {
    const message = JSON.stringify({
      type: "timeSeriesRaw",
      data: [
        [1, 2],
        [3, 4],
      ],
    });
    const without = await listen({ format: "openbci-gui" }, systemContext, "gui");
    const refused = raw(without.url, []);
    await refused.opened;
    refused.socket.send(message);
    expect(await refused.closed).toMatchObject({
      code: 1008,
      reason: expect.stringContaining("name no channels"),
    });
    await without.device.close();

    const { name: _, ...layout } = eeg;
    const streams = [{ name: "cyton", channels: layout.channels, nominalSamplingRate: 250 }];
    const { device, outputs, connected, url } = await listen(
      { format: "openbci-gui", streams },
      systemContext,
      "gui",
    );
    const { socket, opened } = raw(url, []);
    await opened;
    socket.send(message);
    await connected;
    await device.start();
    for (let k = 0; k < 10; k++) socket.send(message);
    await until(() => nSamplesOf(outputs) >= 15);
    expect(chunksOf(outputs)[0]!.data.slice(0, 2)).toEqual(Float64Array.of(1, 2));
  });
});
