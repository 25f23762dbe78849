import type { Coupling, HeartOutput } from "@attune/signal";

/** Where results of a running session go beside the screen. It never blocks and never throws into the session. */
export interface CouplingOutput {
  /** For messages: `OSC to 127.0.0.1:9000`. */
  readonly name: string;
  send(coupling: Coupling): void;
  /** Only where the output has a place for hearts. */
  sendHeart?(output: HeartOutput): void;
  close(): Promise<void>;
}
