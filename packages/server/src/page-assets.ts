import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ServerError } from "./errors.ts";

/**
 * Folder of the built page. Where it has to be built first, that happens in another process, so that whatever runs here goes on
 * undisturbed.
 *
 * @throws ServerError when it cannot be built
 */
export function pageAssets(signal?: AbortSignal): Promise<string> {
  const script = fileURLToPath(new URL("./build-page.mjs", import.meta.url));
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [script],
      signal === undefined ? {} : { signal, killSignal: "SIGKILL" },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else {
          const why = /^\w*Error:? .*$/m.exec(stderr)?.[0] ?? error.message.split("\n")[0];
          reject(new ServerError(`The page could not be built (${why}).`, { cause: error }));
        }
      },
    );
  });
}
