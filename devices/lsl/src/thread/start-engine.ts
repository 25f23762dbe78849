import { Worker } from "node:worker_threads";
import type { EngineLink } from "./engine.ts";
import { createEngine, type EngineName, type EngineTypes } from "./engines.ts";

type AnyEvent = EngineTypes[EngineName]["event"];

export type ToWorker =
  | {
      readonly kind: "start";
      readonly id: number;
      readonly engine: EngineName;
      readonly options: EngineTypes[EngineName]["options"];
    }
  | { readonly kind: "command"; readonly id: number; readonly command: unknown };

export interface FromWorker {
  readonly id: number;
  readonly event: AnyEvent;
}

/** Starts an engine in the shared worker thread, or in this one. Events come until "closed" or "failed". */
export function startEngine<Name extends EngineName>(
  name: Name,
  options: EngineTypes[Name]["options"],
  onEvent: (event: EngineTypes[Name]["event"]) => void,
  inWorker: boolean,
): EngineLink<EngineTypes[Name]["command"]> {
  const listener = onEvent as (event: AnyEvent) => void;
  if (inWorker) {
    shared ??= new SharedWorker();
    return shared.start(name, options, listener);
  }
  const engine = createEngine(name, options, listener);
  return { send: (command) => engine.handle(command) };
}

let shared: SharedWorker | undefined;

/** One worker per process. It keeps the process alive only while an inlet or outlet is open. */
class SharedWorker {
  readonly #worker: Worker;
  readonly #listeners = new Map<number, (event: AnyEvent) => void>();
  #lastId = 0;

  constructor() {
    // Compiled to JavaScript the worker starts directly; as TypeScript it needs a loader.
    const file = import.meta.url.endsWith(".ts") ? "./boot.mjs" : "./worker.js";
    // The parent's own loader flags would be applied a second time without the empty list.
    this.#worker = new Worker(new URL(file, import.meta.url), { execArgv: [], name: "lsl" });
    this.#worker.unref();
    this.#worker.on("message", ({ id, event }: FromWorker) => {
      const listener = this.#listeners.get(id);
      if (event.kind === "closed" || event.kind === "failed") this.#forget(id);
      listener?.(event);
    });
    this.#worker.on("error", (error) => this.#died(error.message));
    this.#worker.on("exit", (code) => this.#died(`exit code ${code}`));
  }

  start(
    engine: EngineName,
    options: EngineTypes[EngineName]["options"],
    listener: (event: AnyEvent) => void,
  ): EngineLink<unknown> {
    this.#lastId++;
    const id = this.#lastId;
    this.#listeners.set(id, listener);
    this.#worker.ref();
    this.#worker.postMessage({ kind: "start", id, engine, options } satisfies ToWorker);
    return {
      send: (command, transfer) =>
        this.#worker.postMessage(
          { kind: "command", id, command } satisfies ToWorker,
          transfer as ArrayBuffer[] | undefined,
        ),
    };
  }

  #forget(id: number): void {
    this.#listeners.delete(id);
    if (this.#listeners.size === 0) this.#worker.unref();
  }

  #died(reason: string): void {
    if (shared === this) shared = undefined;
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const listener of listeners)
      listener({
        kind: "failed",
        error: "connection",
        message: `The thread that serves LSL sockets ended (${reason}); open the stream again.`,
      });
  }
}
