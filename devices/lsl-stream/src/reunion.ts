import type { DeviceContext, Timer } from "@attune/device-kit";
import { type LslConfiguration, resolveStreams, type StreamInfo } from "@attune/lsl";
import { describeInfo, identityOf } from "./selection.ts";
import type { LslStreamSettings } from "./settings.ts";

const INTERVAL_SECONDS = 2;
const LOOK_SECONDS = 1;

export interface ReunionOptions {
  /** The stream as it was. */
  readonly info: StreamInfo;
  readonly settings: LslStreamSettings;
  readonly configuration: LslConfiguration | undefined;
  readonly context: DeviceContext;
  readonly warn: (message: string) => void;
  /** The inlet has given up: only a new one can help. */
  readonly isLost: () => boolean;
  /** The inlet has given up, and this one stream is what it was. */
  readonly found: (info: StreamInfo) => void;
}

/** A stream can go on under another description only with the same channels and values. */
export const isSameShape = (a: StreamInfo, b: StreamInfo): boolean =>
  a.channelCount === b.channelCount && a.channelFormat === b.channelFormat;

/**
 * Looks around while a stream is gone. The inlet finds it again by its source id; this sees what the inlet cannot: that it came
 * back with other channels, that several now claim to be it, and, where it has no source id, that it is there again.
 */
export class Reunion {
  readonly #o: ReunionOptions;
  readonly #said = new Set<string>();
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: ReunionOptions) {
    this.#o = options;
    if (options.info.sourceId === "")
      this.#warnOnce(
        `"${options.info.name}" is gone and has no source id; it is looked for by its name and type. Give its sender a source id to be sure.`,
      );
    this.#wait();
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #wait(): void {
    const { setTimer, uniform } = this.#o.context;
    this.#timer = setTimer(() => void this.#look(), INTERVAL_SECONDS * (0.75 + 0.5 * uniform()));
  }

  async #look(): Promise<void> {
    const { info, settings, configuration } = this.#o;
    let seen: StreamInfo[] = [];
    try {
      seen = await resolveStreams({
        predicate: identityOf(settings, info),
        timeoutSeconds: LOOK_SECONDS,
        ...(configuration && { configuration }),
      });
    } catch {
      // No network at the moment; the next look may have one.
    }
    if (this.#isClosed) return;
    const same = seen.filter((other) => isSameShape(other, info));
    const changed = seen.find((other) => !isSameShape(other, info));
    if (same.length === 0 && changed !== undefined)
      this.#warnOnce(
        `"${info.name}" came back as ${describeInfo(changed)} with ${changed.channelFormat} values instead of ${info.channelCount} channels of ${info.channelFormat}: that is another stream; set the sender back, or start the session anew.`,
      );
    if (same.length > 1)
      this.#warnOnce(
        `${same.length} streams now claim to be ${describeInfo(info)}: end all but one of the senders.`,
      );
    if (same.length === 1 && this.#o.isLost()) this.#o.found(same[0]!);
    this.#wait();
  }

  #warnOnce(message: string): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.#o.warn(message);
  }
}
