import { parentPort } from "node:worker_threads";
import type { Engine } from "./engine.ts";
import { createEngine } from "./engines.ts";
import type { FromWorker, ToWorker } from "./start-engine.ts";

/** The worker's side: one engine per id, alive until its "closed" or "failed" event. */
const engines = new Map<number, Engine<unknown>>();
const port = parentPort;

port?.on("message", (message: ToWorker) => {
  if (message.kind === "command") {
    engines.get(message.id)?.handle(message.command);
    return;
  }
  const { id, engine, options } = message;
  engines.set(
    id,
    createEngine(engine, options, (event, transfer) => {
      port.postMessage({ id, event } satisfies FromWorker, transfer as ArrayBuffer[] | undefined);
      if (event.kind === "closed" || event.kind === "failed") engines.delete(id);
    }),
  );
});
