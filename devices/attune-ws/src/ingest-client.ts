import type { Seconds } from "@attune/signal";
import type { Chunk, Hello, PointMessage, QualityMessage, StateMessage } from "@attune/wire";
import type { ClockMeasurement } from "./clock-probe.ts";
import type { AttuneWsSettings } from "./settings.ts";

/**
 * What is wrong with a message. A bad frame is counted, and three end the connection; a breach of policy ends
 * it at once.
 */
export interface Complaint {
  readonly kind: "bad-frame" | "policy";
  readonly reason: string;
}

/** What a device of the session can do with the socket of its client. */
export interface IngestSocket {
  send(message: { readonly kind: "bye"; readonly reason: string }): void;
  close(code: number, reason: string): void;
  /** Another connection of the same client has taken over. */
  replace(): void;
}

/** The session's side of one client: what the ingest tells it, in this order. */
export interface IngestClient {
  /** Name that the client gives itself in its hello, or in the path of its address. */
  readonly client: string;
  readonly format: AttuneWsSettings["format"];
  readonly sessionId: string;
  /** Whether the streams are those that the session expects; nothing has changed when it complains. */
  hello(hello: Hello): Complaint | undefined;
  connected(socket: IngestSocket): void;
  clockMeasured(measurement: ClockMeasurement): void;
  welcomed(): void;
  message(message: Chunk | PointMessage | StateMessage | QualityMessage, at: Seconds): Complaint | undefined;
  /** A text frame of a client that does not speak our protocol. */
  foreign(text: string, at: Seconds): Complaint | undefined;
  badFrame(reason: string): void;
  disconnected(socket: IngestSocket, reason: string): void;
}
