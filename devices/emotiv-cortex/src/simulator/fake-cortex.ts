import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { type DeviceContext, systemContext, type Timer } from "@attune/device-kit";
import type { Seconds } from "@attune/signal";
import { type WebSocket, WebSocketServer } from "ws";
import { CORTEX_WARNING } from "../cortex-message.ts";
import { FakeHeadset } from "./fake-headset.ts";

/** How the service behaves; all of it can be changed while it runs, through the fields of the same name. */
export interface FakeCortexOptions {
  /** Default 0: a free port. */
  readonly port?: number;
  /** PEM; with it the service speaks wss. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly context?: DeviceContext;
  /** Id, Latin name first: `EPOCX-SIMULATED`. */
  readonly headset?: string;
  readonly eegRate?: number;
  readonly motionRate?: number;
  readonly sensors?: readonly string[];
  /** Sample `index` of all sensors in microvolts, without the offset of some 4200 uV that real ones have. */
  readonly sample?: (index: number, out: Float64Array) => void;
  /** Deviation of the headset's clock from the service's, parts per million. */
  readonly driftPpm?: number;
  /** What it expects; anything is taken where absent. */
  readonly credentials?: { readonly clientId: string; readonly clientSecret: string };
}

const TICK: Seconds = 1 / 128;
const EPOC = [
  "AF3",
  "F7",
  "F3",
  "FC5",
  "T7",
  "P7",
  "O1",
  "O2",
  "P8",
  "T8",
  "FC6",
  "F4",
  "F8",
  "AF4",
] as const;

type Reply = { readonly result: unknown } | { readonly error: { code: number; message: string } };

const refusal = (code: number, message: string): Reply => ({ error: { code, message } });

interface Client {
  readonly socket: WebSocket;
  readonly tcp: Socket;
  session: string | undefined;
  streams: readonly string[];
}

/**
 * The Cortex service without an EMOTIV account: the documented exchange over a real socket, a headset behind
 * it, and bad behaviour on request. It listens on loopback alone.
 *
 * @see emotiv.gitbook.io/cortex-api
 */
export class FakeCortex {
  readonly headset: FakeHeadset;
  /** Methods that were asked for, in order. */
  readonly asked: string[] = [];
  /** Streams that the licence does not cover. */
  withhold: readonly string[] = [];
  /** `pending`: granted by `grantAccess`, refused by `refuseAccess`. */
  access: "granted" | "pending" = "granted";
  /** What `controlDevice connect` leads to. */
  connectOutcome: number = CORTEX_WARNING.headsetConnected;
  /** Methods that are never answered. */
  silentAbout: readonly string[] = [];
  readonly #context: DeviceContext;
  readonly #credentials: FakeCortexOptions["credentials"];
  readonly #http: ReturnType<typeof createHttpServer> | ReturnType<typeof createHttpsServer>;
  readonly #sockets: WebSocketServer;
  readonly #clients = new Set<Client>();
  readonly #scheme: "ws" | "wss";
  #nSessions = 0;
  #frozen = false;
  #timer: Timer | undefined;

  static listen(options: FakeCortexOptions = {}): Promise<FakeCortex> {
    const cortex = new FakeCortex(options);
    return new Promise((resolve, reject) => {
      cortex.#http.once("error", reject);
      cortex.#http.listen(options.port ?? 0, "127.0.0.1", () => resolve(cortex));
    });
  }

  private constructor(options: FakeCortexOptions) {
    this.#context = options.context ?? systemContext;
    this.#credentials = options.credentials;
    this.#scheme = options.tls ? "wss" : "ws";
    this.headset = new FakeHeadset({
      id: options.headset ?? "EPOCX-SIMULATED",
      eegRate: options.eegRate ?? 128,
      motionRate: options.motionRate ?? 64,
      sensors: options.sensors ?? EPOC,
      driftPpm: options.driftPpm ?? 0,
      ...(options.sample ? { sample: options.sample } : {}),
      startedAt: this.#context.now(),
    });
    this.#http = options.tls ? createHttpsServer(options.tls) : createHttpServer();
    this.#sockets = new WebSocketServer({ server: this.#http, perMessageDeflate: false });
    this.#sockets.on("error", () => undefined);
    this.#sockets.on("connection", (socket, request) => this.#connected(socket, request));
    this.#tick();
  }

  /** `localhost`, not the address, so that a certificate can name it. */
  get url(): string {
    return `${this.#scheme}://localhost:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Sends a warning to every client; 0, 1 and 103 also end the data, as they do in life. */
  warn(code: number): void {
    const message =
      code >= 100 ? { behavior: "simulated", headsetId: this.headset.id } : `simulated warning ${code}`;
    if (code === CORTEX_WARNING.headsetDisconnected) this.headset.switchOff();
    for (const client of this.#clients) {
      if (code <= 1 || code === CORTEX_WARNING.headsetDisconnected) client.session = undefined;
      this.#send(client, { jsonrpc: "2.0", warning: { code, message } });
    }
  }

  grantAccess(): void {
    this.access = "granted";
    this.warn(CORTEX_WARNING.accessGranted);
  }

  refuseAccess(): void {
    this.warn(CORTEX_WARNING.accessRefused);
  }

  /** Answers nothing and sends nothing, with the connection open. */
  freeze(): void {
    this.#frozen = true;
  }

  thaw(): void {
    this.#frozen = false;
    this.headset.skipTo(this.#context.now());
  }

  /** Cuts the connection in the middle of a frame. */
  closeMidFrame(): void {
    for (const { tcp } of this.#clients) {
      // a text frame that says 256 bytes and ends after ten
      tcp.write(Buffer.concat([Buffer.from([0x81, 0x7e, 0x01, 0x00]), Buffer.from('{"eeg":[12')]), () =>
        tcp.destroy(),
      );
    }
  }

  /** Whatever is given, to every client: malformed, hostile, out of place. */
  sendRaw(text: string): void {
    for (const { socket } of this.#clients) socket.send(text);
  }

  /** A message larger than any that the adapter takes. */
  sendOversize(): void {
    this.sendRaw(`{"eeg":[${"0,".repeat(1_000_000)}0],"sid":"x","time":1}`);
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    for (const { socket } of this.#clients) socket.terminate();
    this.#sockets.close();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  #connected(socket: WebSocket, request: IncomingMessage): void {
    const client: Client = { socket, tcp: request.socket, session: undefined, streams: [] };
    this.#clients.add(client);
    socket.on("close", () => this.#clients.delete(client));
    socket.on("error", () => undefined);
    socket.on("message", (data) => {
      let request: { id?: unknown; method?: unknown; params?: Record<string, unknown> };
      try {
        request = JSON.parse(String(data));
      } catch {
        return;
      }
      this.#answer(client, Number(request.id), String(request.method), request.params ?? {});
    });
  }

  #answer(client: Client, id: number, method: string, params: Record<string, unknown>): void {
    this.asked.push(method);
    if (this.#frozen || this.silentAbout.includes(method)) return;
    this.#send(client, { id, jsonrpc: "2.0", ...this.#reply(client, method, params) });
    if (method !== "controlDevice" || params.command !== "connect") return;
    if (this.connectOutcome === CORTEX_WARNING.headsetConnected) this.headset.status = "connected";
    this.warn(this.connectOutcome);
  }

  #reply(client: Client, method: string, params: Record<string, unknown>): Reply {
    const expected = this.#credentials;
    if (
      expected &&
      "clientId" in params &&
      (params.clientId !== expected.clientId || params.clientSecret !== expected.clientSecret)
    )
      // as a careless service would, it repeats what it was told
      return refusal(-32021, `Invalid client credentials ${params.clientId} ${params.clientSecret}`);
    switch (method) {
      case "hasAccessRight":
      case "requestAccess":
        return { result: { accessGranted: this.access === "granted", message: "simulated" } };
      case "authorize":
        return this.access === "granted"
          ? { result: { cortexToken: "simulated-cortex-token" } }
          : refusal(-32142, "The application has no access");
      case "queryHeadsets":
        return { result: this.headset.describe() };
      case "controlDevice":
        return { result: { command: params.command, message: "simulated" } };
      case "createSession":
        if (this.headset.status !== "connected") return refusal(-32004, "No connected headset");
        client.session = `session-${++this.#nSessions}`;
        this.headset.skipTo(this.#context.now());
        return { result: { id: client.session, status: "activated" } };
      case "subscribe":
        return { result: this.#subscribe(client, params.streams) };
      case "updateSession":
        client.session = undefined;
        return { result: { status: "closed" } };
      default:
        return refusal(-32601, `Method not found: ${method}`);
    }
  }

  #subscribe(client: Client, streams: unknown) {
    const wanted = Array.isArray(streams) ? streams.map(String) : [];
    client.streams = wanted.filter((name) => !this.withhold.includes(name) && this.headset.columns(name));
    return {
      success: client.streams.map((streamName) => ({
        streamName,
        cols: this.headset.columns(streamName),
        sid: client.session,
      })),
      failure: wanted
        .filter((name) => !client.streams.includes(name))
        .map((streamName) => ({ streamName, code: -32016, message: `No license for stream ${streamName}` })),
    };
  }

  #tick(): void {
    this.#timer = this.#context.setTimer(() => {
      if (!this.#frozen)
        for (const { stream, values, time } of this.headset.produce(this.#context.now()))
          for (const client of this.#clients)
            if (client.session !== undefined && client.streams.includes(stream))
              this.#send(client, { [stream]: values, sid: client.session, time });
      this.#tick();
    }, TICK);
  }

  #send(client: Client, message: unknown): void {
    if (client.socket.readyState === client.socket.OPEN) client.socket.send(JSON.stringify(message));
  }
}
