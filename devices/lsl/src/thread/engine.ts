/**
 * An engine owns the sockets of one inlet or outlet. It is driven by commands and answers with events, both plain data, so
 * that it runs in the worker thread or in the caller's without knowing which.
 */
export interface Engine<Command> {
  handle(command: Command): void;
}

/** Hands an event to the facade; the buffers named move with it and must not be used again. */
export type Emit<Event> = (event: Event, transfer?: readonly ArrayBuffer[]) => void;

/** The facade's end. */
export interface EngineLink<Command> {
  send(command: Command, transfer?: readonly ArrayBuffer[]): void;
}

/** A failure as plain data: which error class, and its sentence. */
export interface EngineFailure {
  readonly kind: "failed";
  readonly error: "connection" | "protocol" | "stream";
  readonly message: string;
}
