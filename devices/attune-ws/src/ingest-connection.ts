import type { DeviceContext, Timer } from "@attune/device-kit";
import type { Seconds } from "@attune/signal";
import {
  decodeMessage,
  encodeMessage,
  formatMessage,
  type Hello,
  type IngestMessage,
  type Malformed,
  parseMessage,
  WIRE_LIMITS,
} from "@attune/wire";
import type { RawData, WebSocket } from "ws";
import { ByteBudget } from "./byte-budget.ts";
import { ClockProbe } from "./clock-probe.ts";
import type { Complaint, IngestClient, IngestSocket } from "./ingest-client.ts";

const CLOSE = { unsupported: 1003, policy: 1008, overloaded: 1013, replaced: 4001 } as const;
const MAX_STRIKES = 3;
const HELLO_TIMEOUT: Seconds = 5;
const HEARTBEAT: Seconds = 2;
const MAX_MISSED_HEARTBEATS = 2;
const CLOSING_TIMEOUT: Seconds = 1;
const BETWEEN_WAVES: Seconds = 5;
const BYTES_PER_SECOND = 16 * 1024 * 1024;
/** What a message costs at least, so that a flood of small ones is one too: 16,384 a second. */
const LEAST_COST_BYTES = 1024;

/**
 * One socket of the ingest, from the first message to the last. Whatever a client sends, the worst that comes
 * of it is that this socket closes: 1003 after three frames that mean nothing, 1008 for what the session did
 * not agree to, 1013 when it floods, and no answer to two heartbeats ends it.
 */
export class IngestConnection implements IngestSocket {
  readonly #socket: WebSocket;
  readonly #context: DeviceContext;
  readonly #findClient: (device: string) => IngestClient | undefined;
  readonly #budget: ByteBudget;
  readonly #probe: ClockProbe;
  #client: IngestClient | undefined;
  #hello: Hello | undefined;
  #welcomed = false;
  #text = false;
  #strikes = 0;
  #heartbeat: Timer | undefined;
  #unanswered = 0;
  #helloTimer: Timer | undefined;
  #waveTimer: Timer | undefined;
  #ended = false;
  #reason = "";

  /**
   * @param foreign the device whose format is not ours, where the address named one: such a client says no
   *    hello
   */
  constructor(o: {
    socket: WebSocket;
    context: DeviceContext;
    findClient: (device: string) => IngestClient | undefined;
    foreign?: IngestClient;
  }) {
    this.#socket = o.socket;
    this.#context = o.context;
    this.#findClient = o.findClient;
    this.#client = o.foreign;
    this.#budget = new ByteBudget({
      perSecond: BYTES_PER_SECOND,
      burst: 2 * BYTES_PER_SECOND,
      now: o.context.now(),
    });
    this.#probe = new ClockProbe({
      context: o.context,
      send: (t0) => this.send({ kind: "ping", t0 }),
      done: (measurement) => this.#clockMeasured(measurement),
    });
    o.socket.on("message", (data, isBinary) => this.#received(data, isBinary));
    o.socket.on("pong", () => {
      this.#unanswered = 0;
    });
    o.socket.on("error", (error) => {
      this.#reason ||= error.message;
    });
    o.socket.on("close", (code, reason) => this.#closed(code, reason.toString()));
    this.#beat();
    if (o.foreign) o.foreign.connected(this);
    else
      this.#helloTimer = o.context.setTimer(
        () => this.close(CLOSE.policy, "no hello within 5 s"),
        HELLO_TIMEOUT,
      );
  }

  /** In the form in which the client speaks. A client that does not read is left behind, never waited for. */
  send(message: IngestMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN || this.#socket.bufferedAmount > 1_000_000) return;
    this.#socket.send(this.#text ? formatMessage(message) : encodeMessage(message));
  }

  replace(): void {
    this.close(CLOSE.replaced, "replaced by a newer connection of the same device");
  }

  close(code: number, reason: string): void {
    if (this.#ended) return;
    this.#reason ||= reason;
    this.#socket.close(code, closeReason(reason));
    // nothing that it sends counts any more, and a peer that does not answer the closing handshake is cut off
    const patience = this.#context.setTimer(() => this.#socket.terminate(), CLOSING_TIMEOUT);
    this.#socket.once("close", () => patience.cancel());
    this.#end();
  }

  #received(data: RawData, isBinary: boolean): void {
    const at = this.#context.now();
    if (this.#ended) return;
    const bytes = data as Buffer;
    if (!this.#budget.spend(Math.max(LEAST_COST_BYTES, bytes.length), at)) {
      this.close(CLOSE.overloaded, "more than 16 MB or 16,384 messages a second");
      return;
    }
    if (this.#client && this.#client.format !== "attune") {
      this.#judge(isBinary ? bad("not a text frame") : this.#client.foreign(bytes.toString(), at));
      return;
    }
    this.#text = !isBinary;
    const message = isBinary ? decodeMessage(bytes) : parseMessage(bytes.toString());
    this.#judge(this.#take(message, at));
  }

  #take(message: IngestMessage | Malformed, at: Seconds): Complaint | undefined {
    if (message.kind === "malformed") return bad(message.reason);
    if (message.kind === "hello") return this.#greet(message);
    if (!this.#client) return { kind: "policy", reason: `${message.kind} before hello` };
    switch (message.kind) {
      case "ping":
        this.send({ kind: "pong", t0: message.t0, t1: at, t2: this.#context.now() });
        return undefined;
      case "pong":
        this.#probe.answer(message, at);
        return undefined;
      case "bye":
        this.close(1000, message.reason || "the client said bye");
        return undefined;
      case "welcome":
        return bad("a client does not say welcome");
      default:
        return this.#welcomed ? this.#client.message(message, at) : bad(`${message.kind} before the welcome`);
    }
  }

  #greet(hello: Hello): Complaint | undefined {
    if (this.#hello) return { kind: "policy", reason: "a second hello" };
    const client = this.#findClient(hello.device);
    if (client?.format !== "attune")
      return { kind: "policy", reason: `this session expects no device "${hello.device.slice(0, 60)}"` };
    const complaint = client.hello(hello);
    if (complaint) return complaint;
    this.#hello = hello;
    this.#client = client;
    this.#helloTimer?.cancel();
    client.connected(this);
    if (hello.clockId === "") this.#welcome();
    else this.#probe.wave();
    return undefined;
  }

  /** The first measurement comes before the welcome, so that no chunk arrives whose time cannot be placed. */
  #clockMeasured(measurement: Parameters<IngestClient["clockMeasured"]>[0] | undefined): void {
    if (measurement) this.#client?.clockMeasured(measurement);
    if (!this.#welcomed && !measurement) {
      this.close(CLOSE.policy, "the client names a clock and answers no ping");
      return;
    }
    if (!this.#welcomed) this.#welcome();
    this.#waveTimer = this.#context.setTimer(() => this.#probe.wave(), BETWEEN_WAVES);
  }

  #welcome(): void {
    this.#welcomed = true;
    const sessionId = this.#client?.sessionId ?? "";
    this.send({ kind: "welcome", sessionId, serverTime: this.#context.now() });
    this.#client?.welcomed();
  }

  #judge(complaint: Complaint | undefined): void {
    if (!complaint) return;
    if (complaint.kind === "policy") {
      this.close(CLOSE.policy, complaint.reason);
      return;
    }
    this.#client?.badFrame(complaint.reason);
    if (++this.#strikes >= MAX_STRIKES)
      this.close(CLOSE.unsupported, `${MAX_STRIKES} bad frames, the last one: ${complaint.reason}`);
  }

  #beat(): void {
    this.#heartbeat = this.#context.setTimer(() => {
      if (this.#unanswered >= MAX_MISSED_HEARTBEATS) {
        this.#reason = `no answer to ${MAX_MISSED_HEARTBEATS} heartbeats`;
        this.#socket.terminate();
        this.#end();
        return;
      }
      this.#unanswered++;
      this.#socket.ping();
      this.#beat();
    }, HEARTBEAT);
  }

  #closed(code: number, reason: string): void {
    this.#reason ||= reason || `connection closed with code ${code}`;
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const timer of [this.#heartbeat, this.#helloTimer, this.#waveTimer]) timer?.cancel();
    this.#probe.cancel();
    this.#client?.disconnected(this, this.#reason);
  }
}

/** A close frame holds 123 bytes of reason (RFC 6455). */
function closeReason(reason: string): string {
  return reason.replace(/[^\x20-\x7e]/g, "?").slice(0, 123);
}

function bad(reason: string): Complaint {
  return { kind: "bad-frame", reason };
}

/** Largest message that a socket takes; ws closes it with 1009 above. */
export const MAX_PAYLOAD_BYTES = WIRE_LIMITS.messageBytes;
