import type { ResolveOptions } from "../api/resolver.ts";
import type { StreamInfo } from "../api/stream-info.ts";
import { settingsFor } from "../configuration/load-configuration.ts";
import type { Settings } from "../configuration/settings.ts";
import { LslConnectionError } from "../errors.ts";
import { checkPredicate, sessionQuery } from "../info/predicate.ts";
import { QuerySender } from "./query-sender.ts";
import { addAnswer } from "./stream-table.ts";

/**
 * Finds the streams on the network that fit. Uses the whole time, or returns as soon as `minimum` streams are known; fewer
 * than that is not an error.
 *
 * @throws LslStreamError for a predicate that is not XPath 1.0, LslConnectionError when no socket can be opened
 */
export async function resolveStreams(options: ResolveOptions = {}): Promise<StreamInfo[]> {
  const settings = settingsFor(options.configuration);
  const predicate = options.predicate ?? "";
  checkPredicate(predicate, settings.limits.maximumQueryBytes);
  return resolveQuery(settings, sessionQuery(settings.sessionId, predicate), {
    timeoutSeconds: options.timeoutSeconds ?? 1,
    minimum: options.minimum ?? Number.POSITIVE_INFINITY,
  });
}

export interface QueryLimits {
  readonly timeoutSeconds: number;
  readonly minimum: number;
  /** Listen for at least so long, to hear of a second stream that fits as well. */
  readonly minimumSeconds?: number;
  readonly signal?: AbortSignal;
}

/** One question, in waves: discovery addresses and this host at once, known peers after `multicastMinRtt`, then again. */
export async function resolveQuery(
  settings: Settings,
  query: string,
  limits: QueryLimits,
): Promise<StreamInfo[]> {
  const streams = new Map<string, StreamInfo>();
  const { multicastMinRttSeconds, unicastMinRttSeconds } = settings.tuning;
  const minimumSeconds = limits.minimumSeconds ?? 0;
  if (limits.signal?.aborted) return [];

  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let mayEnd = minimumSeconds <= 0;
  const endIfEnough = (): void => {
    if (mayEnd && streams.size >= limits.minimum) finish();
  };
  const sender = new QuerySender(settings, query, (info) => {
    addAnswer(streams, info, settings.limits.maximumStreams);
    endIfEnough();
  });
  const timers = new Set<NodeJS.Timeout>();
  const after = (seconds: number, action: () => void): void => {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        action();
      },
      Math.max(0, seconds * 1000),
    );
    timers.add(timer);
  };
  limits.signal?.addEventListener("abort", finish, { once: true });
  try {
    const { opened } = await sender.open();
    if (!opened)
      throw new LslConnectionError(
        `No UDP socket could be opened for discovery in ports ${settings.basePort} to ${settings.basePort + settings.portRange - 1}; check bindAddress and the firewall.`,
      );
    after(limits.timeoutSeconds, finish);
    if (!mayEnd)
      after(minimumSeconds, () => {
        mayEnd = true;
        endIfEnough();
      });
    const wave = (): void => {
      void sender.askAround();
      after(multicastMinRttSeconds, () => {
        void sender.askPeers();
        after(settings.knownPeers.length > 0 ? unicastMinRttSeconds : 0, wave);
      });
    };
    wave();
    await finished;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    limits.signal?.removeEventListener("abort", finish);
    sender.close();
  }
  return [...streams.values()];
}
