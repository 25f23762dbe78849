import {
  type ContactQuality,
  decodeMessage,
  encodeMessage,
  formatMessage,
  INGEST_SUBPROTOCOL,
  type IngestMessage,
  parseMessage,
  type StreamDescription,
  type Welcome,
} from "@attune/wire";

/** The part of a browser's `WebSocket` that the client uses; the one of `ws` has it too. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  binaryType: string;
  send(data: Uint8Array | string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { code: number; reason: string }) => void): void;
}

export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

export interface AttuneClientOptions {
  /** `ws://127.0.0.1:7650` */
  readonly url: string;
  /** Name under which the session waits for this client. */
  readonly device: string;
  readonly streams: readonly StreamDescription[];
  /**
   * The clock that `deviceTime` and `time` count on, in seconds, with a name that changes when it begins
   * anew; absent: none.
   */
  readonly clock?: { readonly id: string; readonly now: () => number };
  readonly token?: string;
  /** Default `binary`. */
  readonly encoding?: "binary" | "json";
  /** Default: the global one, which browsers and Node >= 22 have. */
  readonly WebSocket?: WebSocketConstructor;
  /** Whether to come back by itself after a break; default true. */
  readonly reconnect?: boolean;
  /** Told of every change: for a line on the page. */
  readonly onState?: (state: AttuneClientState, reason: string) => void;
  /** Default: `setTimeout`. */
  readonly setTimer?: (callback: () => void, seconds: number) => { cancel(): void };
}

export type AttuneClientState = "idle" | "connecting" | "open" | "waiting" | "closed";

/**
 * A sender must not queue without end: above this, chunks are dropped, and counted as lost by the other side.
 */
const MAX_BUFFERED_BYTES = 1_000_000;
const FIRST_RETRY_SECONDS = 0.25;
const LONGEST_RETRY_SECONDS = 5;
/** Codes after which coming back cannot help: not understood, not agreed to, replaced by another connection. */
const FINAL_CODES = new Set([1003, 1008, 4001]);

/**
 * A sender of samples, states and events to the ingest of a session, for pages, scripts and simulators; it
 * needs no Node. It says hello, answers clock probes, comes back after a break and goes on counting, so that
 * what was not sent meanwhile is counted as lost.
 */
export class AttuneClient {
  readonly #options: AttuneClientOptions;
  readonly #sequence = new Map<string, number>();
  readonly #setTimer: NonNullable<AttuneClientOptions["setTimer"]>;
  #socket: WebSocketLike | undefined;
  #state: AttuneClientState = "idle";
  #retry: { cancel(): void } | undefined;
  #nRetries = 0;
  #nDropped = 0;
  #opening: { resolve: (welcome: Welcome) => void; reject: (error: Error) => void } | undefined;

  constructor(options: AttuneClientOptions) {
    this.#options = options;
    this.#setTimer = options.setTimer ?? systemTimer;
    for (const stream of options.streams) this.#sequence.set(stream.name, 0);
  }

  get state(): AttuneClientState {
    return this.#state;
  }

  /** Samples that were not sent: while there was no connection, or while it was too slow. */
  get nDropped(): number {
    return this.#nDropped;
  }

  /**
   * Connects; resolves with the session's first welcome. @throws Error when the session refuses; not for want
   * of a server
   */
  open(): Promise<Welcome> {
    if (this.#state !== "idle") throw new Error(`An AttuneClient opens once; this one is ${this.#state}.`);
    return new Promise((resolve, reject) => {
      this.#opening = { resolve, reject };
      this.#connect();
    });
  }

  /**
   * Sends samples; they count whether or not they could be sent.
   *
   * @param data `[nSamples, nChannels]`, sample-major
   * @param deviceTime `[nSamples]`, seconds on the client's clock; must be there when there is a clock
   * @returns whether they were sent
   */
  sendChunk(stream: string, data: Float32Array | Float64Array, deviceTime?: Float64Array): boolean {
    const description = this.#options.streams.find((one) => one.name === stream);
    if (!description) throw new Error(`This client announced no stream "${stream}".`);
    const nChannels = description.channels.length;
    const nSamples = data.length / nChannels;
    if (!Number.isInteger(nSamples) || nSamples < 1)
      throw new Error(`"${stream}" has ${nChannels} channels; ${data.length} values are no whole samples.`);
    const sequence = this.#sequence.get(stream)!;
    this.#sequence.set(stream, (sequence + nSamples) % 2 ** 32);
    const chunk = { kind: "chunk", stream, sequence, nSamples, nChannels, data } as const;
    const sent = this.#send(deviceTime ? { ...chunk, deviceTime } : chunk);
    if (!sent) this.#nDropped += nSamples;
    return sent;
  }

  /** Counts samples that the source itself lost, so that the session counts them too. */
  skip(stream: string, nSamples: number): void {
    const sequence = this.#sequence.get(stream);
    if (sequence !== undefined) this.#sequence.set(stream, (sequence + nSamples) % 2 ** 32);
  }

  /**
   * @param when `time` on the client's clock (default: on arrival), `latency` seconds that are known to have
   *    passed before it
   */
  sendEvent(label: string, when: { time?: number; latency?: number } = {}): boolean {
    return this.#send({ kind: "event", label, ...when });
  }

  sendState(
    person: string,
    layer: string,
    state: string,
    when: { time?: number; latency?: number } = {},
  ): boolean {
    return this.#send({ kind: "state", person, layer, state, ...when });
  }

  sendQuality(
    stream: string,
    o: {
      channels?: readonly ContactQuality[];
      kilohms?: readonly number[];
      batteryPercent?: number;
    },
  ): boolean {
    return this.#send({ kind: "quality", stream, channels: [], kilohms: [], ...o });
  }

  /** Says bye and does not come back. */
  close(reason = "done"): void {
    if (this.#state === "closed") return;
    this.#retry?.cancel();
    this.#send({ kind: "bye", reason });
    this.#to("closed", reason);
    this.#socket?.close(1000, reason.slice(0, 60));
    this.#opening?.reject(new Error(`The client was closed before the session welcomed it: ${reason}.`));
    this.#opening = undefined;
  }

  #connect(): void {
    const Socket = this.#options.WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
    if (!Socket) throw new Error("There is no global WebSocket here; pass one to AttuneClient.");
    this.#to("connecting", this.#options.url);
    const { url, token } = this.#options;
    const address = token === undefined ? url : `${url}?token=${encodeURIComponent(token)}`;
    const socket = new Socket(address, [INGEST_SUBPROTOCOL]);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () =>
      this.#transmit({
        kind: "hello",
        device: this.#options.device,
        clockId: this.#options.clock?.id ?? "",
        streams: this.#options.streams,
      }),
    );
    socket.addEventListener("message", ({ data }) => this.#received(data));
    // a close event follows every error and says all that there is to know
    socket.addEventListener("error", () => undefined);
    socket.addEventListener("close", ({ code, reason }) => this.#closed(socket, code, reason));
  }

  #received(data: unknown): void {
    const at = this.#options.clock?.now() ?? 0;
    const message =
      typeof data === "string" ? parseMessage(data) : decodeMessage(new Uint8Array(data as ArrayBuffer));
    if (message.kind === "ping")
      this.#transmit({ kind: "pong", t0: message.t0, t1: at, t2: this.#options.clock?.now() ?? 0 });
    if (message.kind === "welcome") {
      this.#nRetries = 0;
      this.#to("open", `welcome to session ${message.sessionId}`);
      this.#opening?.resolve(message);
      this.#opening = undefined;
    }
  }

  #closed(socket: WebSocketLike, code: number, reason: string): void {
    if (socket !== this.#socket || this.#state === "closed") return;
    const why = reason || `connection closed with code ${code}`;
    if (FINAL_CODES.has(code) || this.#options.reconnect === false) {
      this.#to("closed", why);
      this.#opening?.reject(new Error(`The session refused "${this.#options.device}": ${why}.`));
      this.#opening = undefined;
      return;
    }
    this.#to("waiting", why);
    const seconds = Math.min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** this.#nRetries++);
    this.#retry = this.#setTimer(() => this.#connect(), seconds);
  }

  #send(message: IngestMessage): boolean {
    if (this.#state !== "open" || (this.#socket?.bufferedAmount ?? 0) > MAX_BUFFERED_BYTES) return false;
    return this.#transmit(message);
  }

  #transmit(message: IngestMessage): boolean {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(this.#options.encoding === "json" ? formatMessage(message) : encodeMessage(message));
    return true;
  }

  #to(state: AttuneClientState, reason: string): void {
    this.#state = state;
    this.#options.onState?.(state, reason);
  }
}

function systemTimer(callback: () => void, seconds: number) {
  const timer = setTimeout(callback, seconds * 1000);
  return { cancel: () => clearTimeout(timer) };
}
