// Workers do not inherit tsx: the sources are TypeScript, so it is registered here first.
import { register } from "tsx/esm/api";

register();
await import("./analysis-worker.ts");
