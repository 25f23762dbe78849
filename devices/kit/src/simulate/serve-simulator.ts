import type { Duplex } from "node:stream";
import type { DeviceContext } from "../device-type.ts";
import type { BoardSimulator } from "./board-simulator.ts";

/** Pace of the simulated wire: between the 1 ms and 16 ms at which USB adapters hand over. */
const PACE_SECONDS = 0.004;
/** A wire holds little: what its reader does not take is lost, as on a board without flow control. */
const WIRE_BYTES = 16_384;

/** Runs a simulated board in real time behind an open byte stream (a socket, a serial port), until it closes. */
export function serveSimulator({
  simulator,
  stream,
  context,
}: {
  simulator: BoardSimulator;
  stream: Duplex;
  context: DeviceContext;
}): { stop(): void } {
  let timer = context.setTimer(tick, PACE_SECONDS);
  const send = (bytes: Uint8Array): void => {
    if (bytes.length > 0 && stream.writable && stream.writableLength < WIRE_BYTES) stream.write(bytes);
  };
  const onData = (bytes: Uint8Array): void => send(simulator.receive(bytes, context.now()));
  function tick(): void {
    timer = context.setTimer(tick, PACE_SECONDS);
    send(simulator.produce(context.now()));
  }
  const stop = (): void => {
    timer.cancel();
    stream.off("data", onData).off("close", stop);
  };
  // What was due before somebody was there to read it.
  simulator.produce(context.now());
  stream.on("data", onData);
  stream.on("close", stop);
  // A reader that goes away ends the stream; there is nothing else to do about it.
  stream.on("error", () => undefined);
  return { stop };
}
