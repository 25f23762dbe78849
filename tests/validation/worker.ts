import { runTask, type Task } from "./tasks.ts";

process.on("message", async (task: Task) => {
  process.send!(await runTask(task));
});
