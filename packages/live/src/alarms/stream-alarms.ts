import type { Seconds } from "@attune/signal";
import type { LogEntry } from "../session/session-log.ts";
import { type AlarmLimits, type Limit, LOST_OVER_SECONDS } from "./limits.ts";

/** A regular stream as it stands now. */
export interface WatchedStream {
  readonly streamId: string;
  /** Since the last sample. */
  readonly silentSeconds: Seconds;
  /** NaN where it is not known. */
  readonly recentLostPercent: number;
  /** Its device has said itself that it is gone: there is nothing to add. */
  readonly isKnownToBeGone: boolean;
}

type Say = (level: LogEntry["level"], streamId: string, message: string) => void;
type Level = 0 | 1 | 2;

interface Spell {
  silent: Level;
  lossy: Level;
}

/** Below this share of the amber limit a spell of losses is over. */
const RECOVERED = 0.5;

/**
 * Says when a stream falls silent or loses too many samples: a warning at amber, an alarm at red, each once a spell, and when it is
 * over.
 */
export class StreamAlarms {
  readonly #limits: AlarmLimits;
  readonly #say: Say;
  readonly #spells = new Map<string, Spell>();

  constructor(limits: AlarmLimits, say: Say) {
    this.#limits = limits;
    this.#say = say;
  }

  look(streams: readonly WatchedStream[]): void {
    for (const stream of streams) {
      const spell = this.#spells.get(stream.streamId) ?? { silent: 0, lossy: 0 };
      this.#spells.set(stream.streamId, spell);
      this.#lookForSilence(stream, spell);
      this.#lookForLosses(stream, spell);
    }
  }

  #lookForSilence({ streamId, silentSeconds, isKnownToBeGone }: WatchedStream, spell: Spell): void {
    const level = levelOf(silentSeconds, this.#limits.silentSeconds);
    if (level === 0 && spell.silent !== 0) this.#say("info", streamId, "samples are flowing again");
    else if (level > spell.silent && !isKnownToBeGone) {
      const message = `no samples for ${silentSeconds.toFixed(1)} s`;
      if (level === 2) this.#say("alarm", streamId, `${message}: check cable, battery and distance`);
      else this.#say("warning", streamId, message);
    }
    spell.silent = level;
  }

  #lookForLosses({ streamId, recentLostPercent }: WatchedStream, spell: Spell): void {
    const level = levelOf(recentLostPercent, this.#limits.lostPercent);
    if (level > spell.lossy) {
      spell.lossy = level;
      this.#say(
        level === 2 ? "alarm" : "warning",
        streamId,
        `${recentLostPercent.toFixed(1)} % of its samples were lost in the last ${LOST_OVER_SECONDS} s: bring the receiver nearer, or free the USB port`,
      );
    } else if (spell.lossy !== 0 && recentLostPercent < RECOVERED * this.#limits.lostPercent.amber) {
      spell.lossy = 0;
      this.#say("info", streamId, "hardly any samples are lost any more");
    }
  }
}

function levelOf(value: number, { amber, red }: Limit): Level {
  if (value >= red) return 2;
  return value >= amber ? 1 : 0;
}
