import { randomUUID } from "node:crypto";
import type { Socket as UdpSocket } from "node:dgram";
import type { Socket } from "node:net";
import { hostname } from "node:os";
import type { StreamDeclaration } from "../api/outlet.ts";
import type { Settings } from "../configuration/settings.ts";
import { PredicateMatcher } from "../info/predicate.ts";
import { writeInfo } from "../info/xml-write.ts";
import { localClock } from "../local-clock.ts";
import { closeUdp, type Family, sendUdp } from "../net/udp.ts";
import type { Emit, Engine, EngineFailure } from "../thread/engine.ts";
import { FlowWindow } from "../thread/flow-window.ts";
import { bytesPerValue } from "../wire/channel-format.ts";
import { ConsumerQueue } from "../wire/consumer-queue.ts";
import { readServiceRequest, shortInfoAnswer, timeAnswer } from "../wire/datagrams.ts";
import type { EncodedBatch } from "../wire/sample-encoder.ts";
import { readStreamFeedRequest, streamFeedAnswer } from "../wire/stream-feed.ts";
import { encodedTestPattern } from "../wire/test-pattern.ts";
import { Consumer } from "./consumer.ts";
import { readRequestFrom, type TcpRequest } from "./request-reader.ts";
import { openDiscoverySocket, openServiceSockets, type ServiceSockets } from "./service-sockets.ts";
import { shiftedClock } from "./shifted-clock.ts";

export interface OutletEngineOptions {
  readonly declaration: StreamDeclaration;
  readonly settings: Settings;
  readonly maximumBufferSamples: number;
  /** Group length of samples that are not pushed through; 0: none. */
  readonly chunkLength: number;
  readonly clockOffsetSeconds: number;
  readonly clockDriftPpm: number;
  readonly flow: SharedArrayBuffer;
  /** One Int32: receivers connected. */
  readonly consumers: SharedArrayBuffer;
}

export type OutletCommand =
  | { readonly kind: "batch"; readonly batch: EncodedBatch }
  | { readonly kind: "close" };

export type OutletEvent =
  | { readonly kind: "ready"; readonly fullXml: string }
  | { readonly kind: "consumers" }
  | { readonly kind: "room" }
  | { readonly kind: "closed" }
  | EngineFailure;

const requestTimeoutSeconds = 30;
const closingSeconds = 0.5;

/** The sockets of one outlet: discovery, time service, full info and the feeds. */
export class OutletEngine implements Engine<OutletCommand> {
  readonly #options: OutletEngineOptions;
  readonly #emit: Emit<OutletEvent>;
  readonly #flow: FlowWindow;
  readonly #consumerCount: Int32Array;
  readonly #uid = randomUUID();
  readonly #consumers = new Set<Consumer>();
  readonly #connections = new Set<Socket>();
  readonly #services: ServiceSockets[] = [];
  readonly #responders: UdpSocket[] = [];
  #xml = { short: "", full: "" };
  #matcher: PredicateMatcher | undefined;
  #closing = false;
  readonly #started: Promise<void>;

  constructor(options: OutletEngineOptions, emit: Emit<OutletEvent>) {
    this.#options = options;
    this.#emit = emit;
    this.#flow = new FlowWindow(options.flow, 0);
    this.#consumerCount = new Int32Array(options.consumers);
    this.#started = this.#start();
  }

  handle(command: OutletCommand): void {
    if (command.kind === "close") {
      void this.#close();
      return;
    }
    for (const consumer of this.#consumers) consumer.push(command.batch);
    if (this.#flow.received()) this.#emit({ kind: "room" });
  }

  async #start(): Promise<void> {
    const { settings, declaration } = this.#options;
    const ports = { v4: { dataPort: 0, servicePort: 0 }, v6: { dataPort: 0, servicePort: 0 } };
    const families: Family[] = [];
    if (settings.ipv4) families.push("v4");
    if (settings.ipv6) families.push("v6");
    for (const family of families) {
      const sockets = await openServiceSockets(settings, family, (socket) => this.#connected(socket));
      if (!sockets) continue;
      this.#services.push(sockets);
      ports[family] = sockets;
      this.#answerQueries(sockets.udp, true);
      const responder = await openDiscoverySocket(settings, family);
      if (!responder) continue;
      this.#responders.push(responder);
      this.#answerQueries(responder, false);
    }
    if (this.#services.length === 0) {
      this.#emit({
        kind: "failed",
        error: "connection",
        message: `Stream "${declaration.name}" found no free port from ${settings.basePort} to ${settings.basePort + settings.portRange - 1}; close other outlets, allow random ports or check bindAddress.`,
      });
      return;
    }
    this.#xml = writeInfo(declaration, {
      uid: this.#uid,
      createdAt: this.#clock(),
      sessionId: settings.sessionId,
      hostname: hostname(),
      v4: ports.v4,
      v6: ports.v6,
    });
    const { tuning, limits } = settings;
    this.#matcher = new PredicateMatcher(this.#xml.full, tuning.maxCachedQueries, limits.maximumQueryBytes);
    this.#emit({ kind: "ready", fullXml: this.#xml.full });
  }

  #clock(): number {
    const { clockOffsetSeconds, clockDriftPpm } = this.#options;
    return shiftedClock(localClock(), clockOffsetSeconds, clockDriftPpm);
  }

  #answerQueries(socket: UdpSocket, servesTime: boolean): void {
    socket.on("message", (datagram, sender) => {
      const t1 = this.#clock();
      const request = readServiceRequest(datagram);
      if (request?.kind === "timedata" && servesTime) {
        const { waveId, t0 } = request;
        void sendUdp(socket, timeAnswer(waveId, t0, t1, this.#clock()), sender.port, sender.address);
      } else if (request?.kind === "shortinfo" && this.#matcher?.matches(request.query)) {
        const answer = shortInfoAnswer(request.queryId, this.#xml.short);
        void sendUdp(socket, answer, request.returnPort, sender.address);
      }
    });
  }

  #connected(socket: Socket): void {
    this.#connections.add(socket);
    socket.on("close", () => this.#connections.delete(socket));
    socket.on("error", () => socket.destroy());
    if (this.#closing || !this.#matcher) {
      socket.destroy();
      return;
    }
    const { maximumHeaderBytes } = this.#options.settings.limits;
    readRequestFrom(socket, { maximumHeaderBytes, timeoutSeconds: requestTimeoutSeconds }, (request) =>
      this.#answer(socket, request),
    );
  }

  #answer(socket: Socket, request: TcpRequest): void {
    if (request.kind === "fullinfo") finish(socket, this.#xml.full);
    else if (request.kind === "shortinfo")
      finish(socket, this.#matcher?.matches(request.query) ? this.#xml.short : "");
    else this.#feed(socket, request.requestLine, request.headers);
  }

  #feed(socket: Socket, requestLine: string, headers: readonly string[]): void {
    const { declaration, maximumBufferSamples, chunkLength } = this.#options;
    const { channelFormat, channelCount } = declaration;
    const reading = readStreamFeedRequest(requestLine, headers, { uid: this.#uid, channelFormat });
    if (reading.kind === "close") {
      socket.destroy();
      return;
    }
    if (reading.kind === "refuse") {
      finish(socket, `LSL/110 ${reading.status}`);
      return;
    }
    const opening = Buffer.concat([
      Buffer.from(streamFeedAnswer(this.#uid, reading.suppressSubnormals), "latin1"),
      encodedTestPattern(channelFormat, channelCount),
    ]);
    const maximumSamples = Math.min(reading.maximumBufferSamples, maximumBufferSamples);
    if (maximumSamples < 1) {
      finish(socket, opening);
      return;
    }
    const queue = new ConsumerQueue({
      maximumSamples,
      chunkLength: reading.maximumChunkSamples > 0 ? reading.maximumChunkSamples : chunkLength,
      rowBytes: bytesPerValue(channelFormat) * channelCount,
      channelCount,
    });
    const consumer = new Consumer(socket, queue);
    socket.on("data", () => {});
    socket.on("end", () => socket.destroy());
    socket.on("close", () => {
      this.#consumers.delete(consumer);
      this.#countConsumers();
    });
    this.#consumers.add(consumer);
    this.#countConsumers();
    socket.write(opening);
  }

  #countConsumers(): void {
    Atomics.store(this.#consumerCount, 0, this.#consumers.size);
    this.#emit({ kind: "consumers" });
  }

  async #close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    await this.#started;
    for (const { udp, tcp } of this.#services) {
      closeUdp(udp);
      tcp.close();
    }
    for (const responder of this.#responders) closeUdp(responder);
    for (const consumer of [...this.#consumers]) consumer.end();
    const impatience = setTimeout(() => {
      for (const socket of this.#connections) socket.destroy();
    }, closingSeconds * 1000);
    await this.#allDisconnected();
    clearTimeout(impatience);
    this.#emit({ kind: "closed" });
  }

  async #allDisconnected(): Promise<void> {
    await Promise.all(
      [...this.#connections].map((socket) => new Promise((resolve) => socket.once("close", resolve))),
    );
  }
}

function finish(socket: Socket, answer: string | Uint8Array): void {
  socket.on("data", () => {});
  socket.end(answer);
  // A peer that never closes its side must not hold the connection.
  socket.setTimeout(5000, () => socket.destroy());
}
