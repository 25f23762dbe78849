import { Worker } from "node:worker_threads";
import type { AnalysisMessage, AnalysisTask } from "./messages.ts";

/** The thread that analyses a recording once. It ends by itself. */
export class ReplayAnalysis {
  /** Resolves when everything is analysed and surveyed, when it failed, or when it was closed. Never rejects. */
  readonly finished: Promise<void>;
  readonly #worker: Worker;
  #isClosed = false;

  constructor(task: AnalysisTask, onMessage: (message: AnalysisMessage) => void) {
    this.#worker = new Worker(new URL("./boot.mjs", import.meta.url), { workerData: task });
    this.#worker.on("message", (message: AnalysisMessage) => {
      if (!this.#isClosed) onMessage(message);
    });
    this.finished = new Promise((resolve) => {
      this.#worker.once("error", (error) => {
        if (!this.#isClosed) onMessage({ kind: "analysed", error: error.message });
        resolve();
      });
      this.#worker.once("exit", () => resolve());
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker.terminate();
    await this.finished;
  }
}
