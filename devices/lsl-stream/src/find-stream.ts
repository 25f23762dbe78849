import { DeviceError } from "@attune/device-kit";
import { type LslConfiguration, resolveStreams, type StreamInfo } from "@attune/lsl";
import { chooseOne, notFound, predicateOf } from "./selection.ts";
import type { LslStreamSettings } from "./settings.ts";

/** A search runs in slices, so that one that is called off leaves no sockets behind for long. */
const SLICE_SECONDS = 2;
/** After the first answer others of the same description get so long: two waves of queries. */
const OTHERS_SECONDS = 1;

/**
 * The one stream that the settings mean.
 *
 * @throws DeviceError when none answers in time (naming what was seen), when several do, when the predicate is no XPath,
 *   and when the signal aborts
 */
export async function findStream(
  settings: LslStreamSettings,
  configuration: LslConfiguration | undefined,
  signal: AbortSignal,
): Promise<StreamInfo> {
  const predicate = predicateOf(settings);
  const resolve = (options: { predicate?: string; timeoutSeconds: number; minimum?: number }) =>
    untilAborted(resolveStreams({ ...options, ...(configuration && { configuration }) }), signal);
  let found: StreamInfo[] = [];
  try {
    for (let left = settings.timeoutSeconds; found.length === 0 && left > 0; left -= SLICE_SECONDS)
      found = await resolve({ predicate, timeoutSeconds: Math.min(left, SLICE_SECONDS), minimum: 1 });
  } catch (error) {
    if (error instanceof DeviceError) throw error;
    throw new DeviceError(
      `The search for an LSL stream with ${predicate} failed: ${error instanceof Error ? error.message : error}`,
      { cause: error, retryable: false },
    );
  }
  if (found.length === 0) {
    const seen = await resolve({ timeoutSeconds: OTHERS_SECONDS });
    throw notFound(settings, settings.timeoutSeconds, seen);
  }
  const all = new Map(found.map((info) => [info.uid, info]));
  for (const info of await resolve({ predicate, timeoutSeconds: OTHERS_SECONDS, minimum: 2 }))
    all.set(info.uid, info);
  return chooseOne([...all.values()], settings);
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new DeviceError("The search for the LSL stream was called off."));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
