import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { type LslConfiguration, openInlet, resolveStreams } from "@attune/lsl";
import type { SessionSettings } from "@attune/pipeline";
import { hashOf } from "@attune/study";
import { fromBuffer, type OscPacketOutput } from "osc-min";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { coupling, pairSettings } from "./coupling.test-support.ts";
import { channelLabel, couplingChannels, valuesOf } from "./coupling-channels.ts";
import { openLslOutput } from "./lsl-output.ts";
import { openOscOutput } from "./osc-output.ts";
import { openWebSocketOutput } from "./websocket-output.ts";

let settings: SessionSettings;
beforeAll(async () => {
  settings = await pairSettings();
});

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});
const closing = <T extends { close(): unknown }>(each: T): T => {
  closings.push(() => each.close());
  return each;
};

async function until(satisfied: () => boolean, what: string): Promise<void> {
  const limit = Date.now() + 10_000;
  while (!satisfied()) {
    if (Date.now() > limit) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("the numbers of a session", () => {
  test("say from whom, to whom and in which band, three a direction", () => {
    const labels = couplingChannels(settings).map(channelLabel);
    expect(labels).toHaveLength(2 * settings.bands.length * 3);
    expect(labels).toContain("adult->infant theta value");
    expect(labels).toContain("infant->adult alpha z");
    expect(new Set(labels).size).toBe(labels.length);
  });

  test("stand where their labels are; a model that is not to be trusted gives none", () => {
    const channels = couplingChannels(settings);
    const at = (label: string, of = coupling()) =>
      valuesOf(of, channels)[channels.findIndex((each) => channelLabel(each) === label)];
    expect(at("adult->infant theta value")).toBe(0.1);
    expect(at("infant->adult alpha value")).toBe(0.13);
    expect(at("infant->adult alpha z")).toBe(3);
    expect(at("infant->adult alpha corrected")).toBeNaN();
    const unstable = coupling({ health: { ...coupling().health, status: "unstable" } });
    expect(valuesOf(unstable, channels).every(Number.isNaN)).toBe(true);
    expect(valuesOf(coupling({ values: [] }), channels).every(Number.isNaN)).toBe(true);
  });
});

describe("OSC", () => {
  async function receiver(): Promise<{ port: number; messages: OscPacketOutput[] }> {
    const socket: Socket = createSocket("udp4");
    const messages: OscPacketOutput[] = [];
    socket.on("message", (bytes) => messages.push(fromBuffer(bytes)));
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    closings.push(() => new Promise<void>((resolve) => socket.close(() => resolve())));
    return { port: socket.address().port, messages };
  }

  test("a coupling arrives as one message a number under /attune/, with its condition", async () => {
    const { port, messages } = await receiver();
    const output = closing(openOscOutput({ host: "127.0.0.1", port }));
    output.send(coupling());
    output.send(coupling({ scope: "window" }));
    await until(() => messages.length >= 5, "the messages");
    const decoded = messages.map((message) => {
      if (message.oscType !== "message") throw new Error("a bundle");
      return [message.address, ...message.args.map((arg) => ("value" in arg ? arg.value : null))];
    });
    expect(decoded[0]).toEqual(["/attune/windows/direct", 7, "ok"]);
    expect(decoded.slice(1)).toEqual([
      ["/attune/coupling/adult/infant/theta", "direct", 0.1, Number.NaN, 0],
      ["/attune/coupling/adult/infant/alpha", "direct", 0.11, Number.NaN, 1],
      ["/attune/coupling/infant/adult/theta", "direct", 0.12, Number.NaN, 2],
      ["/attune/coupling/infant/adult/alpha", "direct", 0.13, Number.NaN, 3],
    ]);
  });

  test("hearts arrive with what is known of them, and covariation with its lag and percentile", async () => {
    const { port, messages } = await receiver();
    const output = closing(openOscOutput({ host: "127.0.0.1", port }));
    const status = { kind: "heart-status", at: 12, coverage: 1, correctedShare: 0 } as const;
    output.sendHeart!({ ...status, person: "infant", rate: 131.5, signalQuality: 0.75 });
    output.sendHeart!({ ...status, person: "adult", rate: Number.NaN, signalQuality: 0 });
    output.sendHeart!({
      kind: "covariation",
      measure: "wlcc-mean-z-ibi-1hz-lag-3s",
      series: "interbeat-interval",
      from: "adult",
      to: "infant",
      start: 10,
      end: 40,
      nValid: 30,
      coverage: 1,
      z: 0.25,
      maxAbsZ: 0.5,
      lagSeconds: -2,
      peakLagSeconds: -1,
      lead: "infant leads adult by 2 s",
      nullPercentile: 0.875,
      nNull: 40,
      nWindows: 1,
      nWithoutValue: 0,
      byLayer: [],
    });
    await until(() => messages.length >= 3, "the messages");
    const decoded = messages.map((message) => {
      if (message.oscType !== "message") throw new Error("a bundle");
      return [message.address, ...message.args.map((arg) => ("value" in arg ? arg.value : null))];
    });
    expect(decoded).toEqual([
      ["/attune/heart/infant", 131.5, 0.75],
      ["/attune/heart/adult", Number.NaN, 0],
      ["/attune/covariation/adult/infant/interbeat-interval", 0.25, -2, 0.875],
    ]);
  });

  test("a model that is not to be trusted is said, and gives no number; names are made fit for addresses", async () => {
    const { port, messages } = await receiver();
    const output = closing(openOscOutput({ host: "127.0.0.1", port }));
    const health = { ...coupling().health, status: "insufficient-data" as const };
    output.send(coupling({ condition: "still face/2 #", health }));
    output.send(coupling({ values: [] }));
    await until(() => messages.length >= 2, "the messages");
    expect(messages.map((message) => (message.oscType === "message" ? message.address : ""))).toEqual([
      "/attune/windows/still-face-2--",
      "/attune/windows/direct",
    ]);
  });

  test("nobody listening, or a name that nobody knows, is no error of the session", async () => {
    for (const host of ["127.0.0.1", "no-such-host.invalid"]) {
      const output = openOscOutput({ host, port: 9 });
      output.send(coupling());
      output.send(coupling());
      await output.close();
    }
  });
});

describe("WebSocket", () => {
  const open = async (options: Partial<Parameters<typeof openWebSocketOutput>[0]> = {}) =>
    closing(await openWebSocketOutput({ host: "127.0.0.1", port: 0, ...options }));

  /** Resolves to undefined when it was let in, else to the status with which it was refused. */
  async function knock(
    url: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number | undefined; socket: WebSocket; received: string[] }> {
    const socket = new WebSocket(url, { headers });
    closings.push(() => socket.terminate());
    const received: string[] = [];
    socket.on("message", (data) => received.push(String(data)));
    socket.on("error", () => {});
    const status = await new Promise<number | undefined>((resolve) => {
      socket.once("open", () => resolve(undefined));
      socket.once("unexpected-response", (_request, response) => resolve(response.statusCode));
    });
    return { status, socket, received };
  }

  test("a coupling arrives as it is, in JSON", async () => {
    const output = await open();
    const { received } = await knock(`ws://127.0.0.1:${output.port}`);
    output.send(coupling());
    await until(() => received.length === 1, "the coupling");
    expect(received[0]).toBe(JSON.stringify(coupling()));
  });

  test("a page of a foreign origin is refused; one of this machine and a program are let in", async () => {
    const { port } = await open();
    const url = `ws://127.0.0.1:${port}`;
    const refused = [
      "https://evil.example",
      "http://127.0.0.1.evil.example",
      "null",
      "http://localhost.evil.example",
    ];
    for (const origin of refused) expect((await knock(url, { origin })).status, origin).toBe(401);
    for (const origin of ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:80"])
      expect((await knock(url, { origin })).status, origin).toBeUndefined();
    // A page whose own name was pointed at this machine: the browser says which name it asked.
    const rebound = await knock(url, { origin: "http://localhost", host: "evil.example" });
    expect(rebound.status).toBe(401);
  });

  test("any address but loopback needs a token", async () => {
    await expect(openWebSocketOutput({ host: "0.0.0.0", port: 0 })).rejects.toMatchObject({ misuse: true });
  });

  test("where there is a token, only who has it is let in", async () => {
    const token = "0123456789abcdef";
    const { port } = await open({ token });
    const url = `ws://127.0.0.1:${port}/`;
    for (const wrong of [
      "",
      "?token=",
      "?token=0123456789abcdeg",
      "?token=0123456789abcdef0",
      "?Token=0123456789abcdef",
    ])
      expect((await knock(url + wrong)).status, wrong).toBe(401);
    expect((await knock(`${url}?token=${token}`)).status).toBeUndefined();
  });

  test("hostile requests and messages close their own connection and no other", async () => {
    const output = await open();
    const good = await knock(`ws://127.0.0.1:${output.port}`);
    const head = (path: string) =>
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://[\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
    const raw = [
      "\x00\xff\xfe garbage\r\n\r\n",
      head("//"),
      head("http://["),
      head("/?token=%"),
      "GET / HTTP/1.1\r\n\r\n",
    ];
    for (const text of raw) {
      const socket = connect(output.port, "127.0.0.1");
      socket.on("error", () => {});
      socket.write(Buffer.from(text, "latin1"));
      socket.on("data", () => {});
      socket.setTimeout(2000, () => socket.destroy());
      await once(socket, "close");
    }
    const tooLong = await knock(`ws://127.0.0.1:${output.port}`);
    tooLong.socket.send("x".repeat(100_000));
    await once(tooLong.socket, "close");
    const badFrame = await knock(`ws://127.0.0.1:${output.port}`);
    // An unmasked frame with reserved bits, straight onto the wire.
    (badFrame.socket as unknown as { _socket: { write(bytes: Uint8Array): void } })._socket.write(
      Uint8Array.of(0xff, 0x7f, 1, 2, 3, 4, 5, 6, 7, 8),
    );
    await once(badFrame.socket, "close");
    good.socket.send("hello, which is not asked for");
    output.send(coupling());
    await until(() => good.received.length === 1, "the coupling");
  });

  test("a reader that takes nothing is passed over, and the others get everything", async () => {
    const output = await open();
    const slow = await knock(`ws://127.0.0.1:${output.port}`);
    slow.socket.pause();
    const good = await knock(`ws://127.0.0.1:${output.port}`);
    const large = coupling({ values: Array.from({ length: 500 }, () => coupling().values[0]!) });
    const n = 200;
    for (let i = 0; i < n; i++) {
      output.send({ ...large, nWindows: i });
      // The reader that does read keeps up.
      await until(() => good.received.length === i + 1, `message ${i}`);
    }
    slow.socket.resume();
    // Passed over until it has taken what waits for it; then it is served again.
    const last = JSON.stringify(coupling());
    await until(() => {
      output.send(coupling());
      return slow.received.includes(last);
    }, "the last one");
    const size = JSON.stringify(large).length;
    const numbers = slow.received
      .filter((text) => text !== last)
      .map((text) => (JSON.parse(text) as { nWindows: number }).nWindows);
    expect(size * n).toBeGreaterThan(10_000_000);
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.length).toBeLessThan(n);
    // What it got is whole and in order.
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test("a port that is taken is said in one sentence", async () => {
    const { port } = await open();
    await expect(openWebSocketOutput({ host: "127.0.0.1", port })).rejects.toThrow(
      `outputs.websocket cannot use port ${port} on 127.0.0.1 (EADDRINUSE): choose another.`,
    );
  });
});

describe("Lab Streaming Layer", () => {
  /** Ports of this process: tests run beside each other. */
  const first = 17_000 + (process.pid % 300) * 40;
  const configuration: LslConfiguration = {
    ports: { multicastPort: first, basePort: first + 1, portRange: 32, ipv6: "disable" },
    loopbackOnly: true,
  };

  test("labels, settings, conditions, values and stamps arrive at an inlet", async () => {
    const told: string[] = [];
    const output = closing(
      await openLslOutput({
        session: "dyad-001",
        settings,
        conditions: ["direct", "averted"],
        onNewCondition: (condition, number) => told.push(`${number} ${condition}`),
        hostTime: (at) => at + 1000,
        configuration,
      }),
    );
    const [found] = await resolveStreams({
      predicate: "type='Coupling'",
      timeoutSeconds: 10,
      minimum: 1,
      configuration,
    });
    expect(found).toMatchObject({ name: "Attune dyad-001", type: "Coupling", nominalSamplingRate: 0 });
    const inlet = closing(await openInlet(found!, { configuration }));
    const info = await inlet.fullInfo();
    const labels = ["condition", ...couplingChannels(settings).map(channelLabel)];
    expect(info.channels.map(({ label }) => label)).toEqual(labels);
    const leaf = (name: string) => info.description.find((each) => each.name === name)!;
    expect(leaf("settings_hash").value).toBe(hashOf(settings));
    expect(JSON.parse(leaf("settings").value)).toEqual(JSON.parse(JSON.stringify(settings)));
    expect(leaf("measure").value).toBe("gpdcSquared");
    expect(leaf("conditions").children.map(({ value }) => value)).toEqual(["direct", "averted"]);

    const first = inlet.pullChunk({ minSamples: 4, timeoutSeconds: 10 });
    output.send(coupling({ scope: "window" }));
    for (const [at, condition] of [
      [12.5, "averted"],
      [13.5, "direct"],
      [14.5, "oblique"],
      [15.5, "oblique"],
    ] as const)
      output.send(coupling({ at, condition }));
    const chunk = await first;
    expect(chunk!.nSamples).toBe(4);
    const data = Float64Array.from(chunk!.data as Float64Array);
    const column = (label: string) =>
      [0, 1, 2, 3].map((n) => data[n * labels.length + labels.indexOf(label)]);
    expect(column("condition")).toEqual([1, 0, 2, 2]);
    expect(told).toEqual(["2 oblique"]);
    expect(column("infant->adult alpha value")).toEqual([0.13, 0.13, 0.13, 0.13]);
    expect(column("adult->infant theta corrected")).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect([...chunk!.timestamps]).toEqual([1012.5, 1013.5, 1014.5, 1015.5]);
  });
});
