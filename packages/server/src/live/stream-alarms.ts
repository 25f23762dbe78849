import type { LiveSession } from "@attune/live";
import type { LossWatch } from "./loss-watch.ts";

const WARNING_SECONDS = 1;
const ALARM_SECONDS = 3;
const MOST_LOST_PERCENT = 2;
/** Below this a spell of losses is over. */
const RECOVERED_PERCENT = 0.5;

interface Spell {
  silent: "no" | "warned" | "alarmed";
  isLossy: boolean;
}

/**
 * Says when a stream falls silent (after 1 s a warning, after 3 s an alarm) or loses too many samples (over 10 s), once a spell, and
 * when it is over. Devices say themselves when they reconnect or fail: then there is nothing to add.
 */
export class StreamAlarms {
  readonly #spells = new Map<string, Spell>();

  look(session: LiveSession, losses: LossWatch): void {
    const now = session.now();
    for (const { lifecycle, streams } of session.devices)
      for (const { id, nominalSamplingRate } of streams) {
        const pulse = nominalSamplingRate > 0 ? session.pulse(id) : undefined;
        if (pulse === undefined) continue;
        const { streamId } = pulse;
        const spell = this.#spells.get(streamId) ?? { silent: "no", isLossy: false };
        this.#spells.set(streamId, spell);
        const isKnown = lifecycle === "reconnecting" || lifecycle === "failed" || lifecycle === "closed";
        lookForSilence(session, streamId, spell, pulse.silentSeconds, isKnown);
        lookForLosses(session, streamId, spell, losses.lostPercent(streamId, now));
      }
  }
}

function lookForSilence(
  session: LiveSession,
  streamId: string,
  spell: Spell,
  silentSeconds: number,
  isKnown: boolean,
): void {
  const seconds = silentSeconds.toFixed(1);
  if (silentSeconds >= ALARM_SECONDS && spell.silent !== "alarmed") {
    spell.silent = "alarmed";
    if (!isKnown)
      session.say("alarm", streamId, `no samples for ${seconds} s: check cable, battery and distance`);
  } else if (silentSeconds >= WARNING_SECONDS && spell.silent === "no") {
    spell.silent = "warned";
    if (!isKnown) session.say("warning", streamId, `no samples for ${seconds} s`);
  } else if (silentSeconds < WARNING_SECONDS && spell.silent !== "no") {
    spell.silent = "no";
    session.say("info", streamId, "samples are flowing again");
  }
}

function lookForLosses(session: LiveSession, streamId: string, spell: Spell, percent: number): void {
  if (percent > MOST_LOST_PERCENT && !spell.isLossy) {
    spell.isLossy = true;
    session.say(
      "alarm",
      streamId,
      `${percent.toFixed(1)} % of its samples were lost in the last 10 s: bring the receiver nearer, or free the USB port`,
    );
  } else if (percent < RECOVERED_PERCENT && spell.isLossy) {
    spell.isLossy = false;
    session.say("info", streamId, "hardly any samples are lost any more");
  }
}
