// Node 20 cannot start a worker on TypeScript: this file is plain JavaScript and teaches the worker's loader.
import { register } from "tsx/esm/api";

register();
await import("./worker.ts");
