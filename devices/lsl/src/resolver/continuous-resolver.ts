import type { ContinuousResolver, ContinuousResolverOptions, StreamsChange } from "../api/resolver.ts";
import type { StreamInfo } from "../api/stream-info.ts";
import { settingsFor } from "../configuration/load-configuration.ts";
import type { Settings } from "../configuration/settings.ts";
import { checkPredicate, sessionQuery } from "../info/predicate.ts";
import { Listeners } from "../listeners.ts";
import { localClock } from "../local-clock.ts";
import { QuerySender } from "./query-sender.ts";
import { addAnswer } from "./stream-table.ts";

/**
 * Watches the network until it is closed. A stream disappears when it has not answered for `forgetAfterSeconds`.
 *
 * @throws LslStreamError for a predicate that is not XPath 1.0
 */
export function continuousResolver(options: ContinuousResolverOptions = {}): ContinuousResolver {
  const settings = settingsFor(options.configuration);
  const predicate = options.predicate ?? "";
  checkPredicate(predicate, settings.limits.maximumQueryBytes);
  return new Watcher(
    settings,
    sessionQuery(settings.sessionId, predicate),
    Math.max(0.1, options.forgetAfterSeconds ?? 5),
  );
}

class Watcher implements ContinuousResolver {
  readonly #settings: Settings;
  readonly #forgetAfterSeconds: number;
  readonly #streams = new Map<string, StreamInfo>();
  readonly #lastSeen = new Map<string, number>();
  readonly #listeners = new Listeners<StreamsChange>();
  readonly #sender: QuerySender;
  readonly #opening: Promise<unknown>;
  readonly #forgetTimer: NodeJS.Timeout;
  #waveTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(settings: Settings, query: string, forgetAfterSeconds: number) {
    this.#settings = settings;
    this.#forgetAfterSeconds = forgetAfterSeconds;
    this.#sender = new QuerySender(settings, query, (info) => this.#heard(info));
    this.#opening = this.#sender.open().then(() => this.#wave());
    this.#forgetTimer = setInterval(() => this.#forget(), Math.min(500, forgetAfterSeconds * 250));
  }

  streams(): StreamInfo[] {
    this.#forget();
    return [...this.#streams.values()];
  }

  changes(listener: (change: StreamsChange) => void): () => void {
    return this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#forgetTimer);
    clearTimeout(this.#waveTimer);
    this.#listeners.clear();
    this.#sender.close();
    await this.#opening;
  }

  #wave(): void {
    if (this.#closed) return;
    const { multicastMinRttSeconds, unicastMinRttSeconds, continuousResolveIntervalSeconds } =
      this.#settings.tuning;
    void this.#sender.askAround();
    this.#waveTimer = setTimeout(() => {
      void this.#sender.askPeers();
      const pause =
        continuousResolveIntervalSeconds + (this.#settings.knownPeers.length > 0 ? unicastMinRttSeconds : 0);
      this.#waveTimer = setTimeout(() => this.#wave(), pause * 1000);
    }, multicastMinRttSeconds * 1000);
  }

  #heard(info: StreamInfo): void {
    if (this.#closed) return;
    const isNew = addAnswer(this.#streams, info, this.#settings.limits.maximumStreams);
    const known = this.#streams.get(info.uid);
    if (!known) return;
    this.#lastSeen.set(info.uid, localClock());
    if (isNew) this.#listeners.call({ appeared: [known], disappeared: [] });
  }

  #forget(): void {
    const oldest = localClock() - this.#forgetAfterSeconds;
    const disappeared: StreamInfo[] = [];
    for (const [uid, seen] of this.#lastSeen) {
      if (seen >= oldest) continue;
      const stream = this.#streams.get(uid);
      this.#lastSeen.delete(uid);
      this.#streams.delete(uid);
      if (stream) disappeared.push(stream);
    }
    if (disappeared.length > 0) this.#listeners.call({ appeared: [], disappeared });
  }
}
