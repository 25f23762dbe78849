import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Task, TaskResult } from "./tasks.ts";

/** Runs every task in as many processes as there are cores; results come back in the order of the tasks. */
export function runTasks(tasks: readonly Task[], onDone: (done: number) => void): Promise<TaskResult[]> {
  const results: TaskResult[] = new Array(tasks.length);
  let next = 0;
  let done = 0;
  return new Promise((resolve, reject) => {
    if (tasks.length === 0) resolve(results);
    for (let w = 0; w < Math.min(availableParallelism(), tasks.length); w++) {
      const worker = fork(join(import.meta.dirname, "worker.ts"), { execArgv: ["--import", "tsx"] });
      let current = next++;
      worker.on("message", (result: TaskResult) => {
        results[current] = result;
        onDone(++done);
        current = next++;
        if (current < tasks.length) worker.send(tasks[current]!);
        else worker.disconnect();
        if (done === tasks.length) resolve(results);
      });
      worker.on("error", reject);
      worker.on("exit", (code) => {
        if (code !== 0) reject(new Error(`A validation process ended with code ${code}.`));
      });
      worker.send(tasks[current]!);
    }
  });
}
