import type { Seconds } from "@attune/signal";
import type { LogEntry } from "../session/session-log.ts";
import { Spells } from "../session/spells.ts";
import { type AlarmLimits, type Limit, LOST_OVER_SECONDS } from "./limits.ts";

/** A regular stream as it stands now. */
export interface WatchedStream {
  readonly streamId: string;
  /** Whose stream it is: what befalls the device befalls all of its streams and is one trouble. */
  readonly device: string;
  /** Since the last sample. */
  readonly silentSeconds: Seconds;
  /** NaN where it is not known. */
  readonly recentLostPercent: number;
  /** Its device has said itself that it is gone: there is nothing to add. */
  readonly isKnownToBeGone: boolean;
}

type Say = (level: LogEntry["level"], streamId: string, message: string, spell: LogEntry["spell"]) => void;
type Level = 0 | 1 | 2;

interface Spell {
  readonly device: string;
  silent: Level;
  /** How long it has been silent at the last look. */
  silentSeconds: Seconds;
  lossy: Level;
  mostLostPercent: number;
}

/** Below this share of the amber limit a spell of losses is over. */
const RECOVERED = 0.5;

/**
 * Says when a stream falls silent or loses too many samples: a warning at amber, an alarm at red, each once a spell and never a lower
 * one after a higher one, and when it is over.
 */
export class StreamAlarms {
  readonly #limits: AlarmLimits;
  readonly #say: Say;
  readonly #troubles: Spells;
  readonly #spells = new Map<string, Spell>();

  /** @param troubles numbers of what lasts, shared with whoever else tells of devices */
  constructor(limits: AlarmLimits, say: Say, troubles = new Spells()) {
    this.#limits = limits;
    this.#say = say;
    this.#troubles = troubles;
  }

  look(streams: readonly WatchedStream[]): void {
    for (const stream of streams) {
      const { streamId, device } = stream;
      const spell = this.#spells.get(streamId) ?? {
        device,
        silent: 0,
        silentSeconds: 0,
        lossy: 0,
        mostLostPercent: 0,
      };
      this.#spells.set(streamId, spell);
      this.#lookForSilence(stream, spell);
      this.#lookForLosses(stream, spell);
    }
  }

  /** Whether a stream of the device is silent. */
  isSilent(device: string): boolean {
    return [...this.#spells.values()].some((spell) => spell.device === device && spell.silent !== 0);
  }

  #lookForSilence(stream: WatchedStream, spell: Spell): void {
    const { streamId, device, silentSeconds, isKnownToBeGone } = stream;
    const level = levelOf(silentSeconds, this.#limits.silentSeconds);
    if (level === 0 && spell.silent !== 0) {
      const lasted = spell.silentSeconds;
      spell.silent = 0;
      spell.silentSeconds = 0;
      const isLast = !this.isSilent(device);
      this.#say(
        "info",
        streamId,
        `was silent for ${lasted.toFixed(1)} s: samples are flowing again`,
        isLast ? this.#troubles.end(device) : this.#troubles.mark(device),
      );
      return;
    }
    if (level > spell.silent && !isKnownToBeGone) {
      const message = `no samples for ${silentSeconds.toFixed(1)} s`;
      const mark = this.#troubles.mark(device);
      if (level === 2) this.#say("alarm", streamId, `${message}: check cable, battery and distance`, mark);
      else this.#say("warning", streamId, message, mark);
    }
    spell.silent = level;
    spell.silentSeconds = level === 0 ? 0 : silentSeconds;
  }

  #lookForLosses({ streamId, recentLostPercent }: WatchedStream, spell: Spell): void {
    const level = levelOf(recentLostPercent, this.#limits.lostPercent);
    const about = `losses of ${streamId}`;
    if (spell.lossy !== 0 || level !== 0)
      spell.mostLostPercent = Math.max(spell.mostLostPercent, recentLostPercent || 0);
    if (level > spell.lossy) {
      spell.lossy = level;
      this.#say(
        level === 2 ? "alarm" : "warning",
        streamId,
        `${recentLostPercent.toFixed(1)} % of its samples were lost in the last ${LOST_OVER_SECONDS} s: bring the receiver nearer, or free the USB port`,
        this.#troubles.mark(about),
      );
    } else if (spell.lossy !== 0 && recentLostPercent < RECOVERED * this.#limits.lostPercent.amber) {
      spell.lossy = 0;
      const most = spell.mostLostPercent.toFixed(1);
      spell.mostLostPercent = 0;
      this.#say(
        "info",
        streamId,
        `lost up to ${most} % of its samples: hardly any samples are lost any more`,
        this.#troubles.end(about),
      );
    }
  }
}

function levelOf(value: number, { amber, red }: Limit): Level {
  if (value >= red) return 2;
  return value >= amber ? 1 : 0;
}
