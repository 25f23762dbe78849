// Builds the page, where it must be, in a process of its own: a running session is not held up by it.
import { register } from "tsx/esm/api";

register();
const { buildAlone } = await import("./build-alone.ts");
process.stdout.write(await buildAlone());
