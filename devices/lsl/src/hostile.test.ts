import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect, type Socket } from "node:net";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  createOutlet,
  type LslConfiguration,
  LslConnectionError,
  LslProtocolError,
  type Outlet,
  openInlet,
} from "./index.ts";
import { fakeSender } from "./testing/fake-sender.ts";
import { privateNetwork } from "./testing/private-network.ts";
import { streamFeedAnswer } from "./wire/stream-feed.ts";
import { encodedTestPattern } from "./wire/test-pattern.ts";

/** Waits on conditions: a loaded machine may take its time. */
const patient = { timeout: 30_000, interval: 5 };
let configuration: LslConfiguration;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  configuration = await privateNetwork();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const declaration = {
  name: "target",
  type: "Test",
  channelCount: 2,
  nominalSamplingRate: 100,
  channelFormat: "int16",
} as const;

async function target(): Promise<Outlet> {
  const outlet = await createOutlet(declaration, { configuration });
  open.push(outlet);
  return outlet;
}

/** Sends bytes and gives back all that comes until the other side closes. */
function converse(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("connect", () => socket.write(bytes));
    socket.on("data", (data) => {
      answer += data.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
  });
}

describe("an outlet", () => {
  test("survives garbage on every socket, and its receiver misses nothing", async () => {
    const outlet = await target();
    const port = outlet.info.endpoints.v4!.dataPort;
    const inlet = await openInlet(outlet.info, { configuration });
    open.push(inlet);
    const udp = createSocket("udp4");
    const received: number[] = [];
    inlet.onChunk((chunk) => received.push(...(chunk.data as Int16Array)));
    for (let round = 0; round < 40; round++) {
      outlet.pushSample([round, -round]);
      const size = 1 + ((round * 37) % 900);
      const garbage = randomBytes(size);
      for (const head of ["", "LSL:shortinfo\r\n", "LSL:timedata\r\n"])
        for (const to of [port, configuration.ports!.multicastPort!])
          udp.send(Buffer.concat([Buffer.from(head), garbage]), to, "127.0.0.1");
      await converse(port, Buffer.concat([garbage, Buffer.from("\n\n")]));
    }
    udp.close();
    await expect.poll(() => received.length, patient).toBe(80);
    expect(received).toEqual(Array.from({ length: 80 }, (_, k) => k >> 1).map((n, k) => (k % 2 ? 0 - n : n)));
    expect(inlet.state).toBe("connected");
  });

  test("closes a request without end, and one of protocol 1.00, without an answer", async () => {
    const port = (await target()).info.endpoints.v4!.dataPort;
    expect(await converse(port, `LSL:streamfeed/110\r\n${"x".repeat(70_000)}`)).toBe("");
    expect(await converse(port, "LSL:streamfeed\r\n360 0\r\n")).toBe("");
    expect(await converse(port, "LSL:streamfeed/110\r\nMax-Buffer-Length: x\r\n\r\n")).toBe("");
  });

  test("answers the requests of the protocol", async () => {
    const outlet = await target();
    const { uid, endpoints } = outlet.info;
    const port = endpoints.v4!.dataPort;
    expect(await converse(port, "LSL:fullinfo\r\n")).toBe(outlet.info.xml);
    expect(await converse(port, "LSL:shortinfo\r\nname='target'\r\n")).toContain(`<uid>${uid}</uid>`);
    expect(await converse(port, "LSL:shortinfo\r\nname='other'\r\n")).toBe("");
    expect(await converse(port, "LSL:streamfeed/110 other\r\nA: 1\r\n\r\n")).toBe("LSL/110 404 Not found");
    expect(await converse(port, `LSL:streamfeed/200 ${uid}\r\nA: 1\r\n\r\n`)).toBe(
      "LSL/110 505 Version not supported",
    );
    // Without a buffer length the head and the test samples come, then the end.
    const head = Buffer.from(streamFeedAnswer(uid, false));
    const pattern = encodedTestPattern("int16", 2);
    const expected = Buffer.concat([head, pattern]).toString("latin1");
    expect(await converse(port, `LSL:streamfeed/110 ${uid}\r\nA: 1\r\n\r\n`)).toBe(expected);
  });

  test("takes no more connections than its limit and serves those it has", async () => {
    const limited = { ...configuration, limits: { maximumConnections: 3 } };
    const outlet = await createOutlet(declaration, { configuration: limited });
    open.push(outlet);
    const inlet = await openInlet(outlet.info, { configuration });
    open.push(inlet);
    const port = outlet.info.endpoints.v4!.dataPort;
    const closed: number[] = [];
    const sockets = Array.from({ length: 8 }, (_, k) => {
      const socket = connect({ port, host: "127.0.0.1" });
      socket.on("error", () => {});
      socket.on("close", () => closed.push(k));
      return socket;
    });
    await expect.poll(() => closed.length, patient).toBe(6);
    outlet.pushSample([1, 2]);
    expect((await inlet.pullChunk({ timeoutSeconds: 5 }))?.data).toEqual(Int16Array.of(1, 2));
    for (const socket of sockets) socket.destroy();
  });

  test("drops the oldest samples of a receiver that stands still, and nobody else's", async () => {
    const total = 60_000;
    const outlet = await createOutlet(
      { ...declaration, channelCount: 64, nominalSamplingRate: 500, channelFormat: "int32" },
      { configuration, maxBufferSeconds: 2 },
    );
    open.push(outlet);
    const inlet = await openInlet(outlet.info, { configuration });
    open.push(inlet);
    const stuck = connect({ port: outlet.info.endpoints.v4!.dataPort, host: "127.0.0.1" });
    stuck.write("LSL:streamfeed/110\r\nMax-Buffer-Length: 100000\r\n\r\n");
    stuck.pause();
    await expect.poll(() => outlet.consumerCount, patient).toBe(2);
    let received = 0;
    let wrong = 0;
    inlet.onChunk((chunk) => {
      for (let n = 0; n < chunk.nSamples; n++, received++) if (chunk.data[64 * n] !== received) wrong++;
    });
    for (let sent = 0; sent < total; sent += 100) {
      outlet.pushChunk(Int32Array.from({ length: 6400 }, (_, k) => sent + Math.floor(k / 64)));
      await expect.poll(() => received, patient).toBe(sent + 100);
    }
    expect(wrong).toBe(0);
    const counts = await readCounts(stuck, total - 1);
    const jumps = counts.filter((count, k) => k > 0 && count !== counts[k - 1]! + 1);
    expect(jumps).toHaveLength(1);
    expect(counts[0]).toBe(0);
    expect(counts.at(-1)).toBe(total - 1);
    expect(jumps[0]).toBe(total - 1000);
    stuck.destroy();
  });
});

/** Reads a feed of 64 int32 channels to the sample given; the first channel of each. */
async function readCounts(socket: Socket, last: number): Promise<number[]> {
  const parts: Buffer[] = [];
  const counts: number[] = [];
  const sampleBytes = 9 + 4 * 64;
  let pending = Buffer.alloc(0);
  let head = true;
  let skip = 2;
  await new Promise<void>((resolve) => {
    socket.on("data", (data) => {
      parts.push(data);
      pending = Buffer.concat([pending, data]);
      if (head) {
        const end = pending.indexOf("\r\n\r\n");
        if (end < 0) return;
        head = false;
        pending = pending.subarray(end + 4);
      }
      while (pending.length >= sampleBytes) {
        if (skip > 0) skip--;
        else counts.push(pending.readInt32LE(9));
        pending = pending.subarray(sampleBytes);
      }
      if (counts.at(-1) === last) resolve();
    });
    socket.resume();
  });
  return counts;
}

describe("an inlet", () => {
  const ok = (uid: string): string => streamFeedAnswer(uid, false);

  async function tryToOpen(answer: (socket: Socket, uid: string) => void): Promise<unknown> {
    const sender = await fakeSender(declaration, answer);
    open.push(sender);
    const opening = openInlet(sender.info, { configuration, recover: false, timeoutSeconds: 5 });
    return opening.then(
      (inlet) => {
        open.push(inlet);
        return inlet;
      },
      (error: unknown) => error,
    );
  }

  test("declines protocol 1.00 with one clear error", async () => {
    const error = await tryToOpen((socket, uid) =>
      socket.write(ok(uid).replace("Data-Protocol-Version: 110", "Data-Protocol-Version: 100")),
    );
    expect(error).toBeInstanceOf(LslProtocolError);
    expect((error as Error).message).toContain("protocol 1.00");
  });

  test("breaks off when the test samples are wrong", async () => {
    const pattern = encodedTestPattern("int16", 2).slice();
    pattern[10]! ^= 1;
    const error = await tryToOpen((socket, uid) =>
      socket.write(Buffer.concat([Buffer.from(ok(uid)), pattern])),
    );
    expect(error).toBeInstanceOf(LslProtocolError);
    expect((error as Error).message).toContain("test samples do not match");
  });

  test("tells of a refusal, of silence without end and of a closed door", async () => {
    expect(await tryToOpen((socket) => socket.end("LSL/110 505 Version not supported"))).toBeInstanceOf(
      LslProtocolError,
    );
    expect(await tryToOpen((socket) => socket.end("LSL/110 404 Not found"))).toBeInstanceOf(
      LslConnectionError,
    );
    expect(await tryToOpen((socket) => socket.end())).toBeInstanceOf(LslConnectionError);
    const endless = await tryToOpen((socket) => socket.write("x".repeat(200_000)));
    expect((endless as Error).message).toContain("does not end");
  });

  test("reads a big-endian feed", async () => {
    const big = (...numbers: number[]): Buffer => {
      const buffer = Buffer.alloc(9 + 2 * (numbers.length - 1));
      buffer[0] = 2;
      buffer.writeDoubleBE(numbers[0]!, 1);
      for (let c = 1; c < numbers.length; c++) buffer.writeInt16BE(numbers[c]!, 7 + 2 * c);
      return buffer;
    };
    const inlet = await tryToOpen((socket, uid) => {
      const head = Buffer.from(ok(uid).replace("Byte-Order: 1234", "Byte-Order: 4321"));
      const pattern = [big(123456.789, 261, -262), big(123456.789, 259, -260)];
      socket.write(Buffer.concat([head, ...pattern, big(7.25, 1000, -2), Buffer.of(1, 0, 3, 0, 4)]));
    });
    const chunk = await (inlet as Awaited<ReturnType<typeof openInlet>>).pullChunk({ minSamples: 2 });
    expect(chunk?.data).toEqual(Int16Array.of(1000, -2, 3, 4));
    expect([...(chunk?.timestamps ?? [])]).toEqual([7.25, 7.25 + 1 / 100]);
  });

  test("ends one connection when the feed turns to garbage, after the samples before it", async () => {
    const inlet = (await tryToOpen((socket, uid) => {
      const sample = Buffer.concat([Buffer.of(1, 1, 0, 2, 0), Buffer.of(77, 0, 0, 0, 0, 0, 0)]);
      socket.write(Buffer.concat([Buffer.from(ok(uid)), encodedTestPattern("int16", 2), sample]));
    })) as Awaited<ReturnType<typeof openInlet>>;
    expect((await inlet.pullChunk({ timeoutSeconds: 5 }))?.data).toEqual(Int16Array.of(1, 2));
    await expect.poll(() => inlet.state, patient).toBe("lost");
  });
});
