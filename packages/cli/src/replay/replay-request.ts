import type { ReplayPageOptions } from "@attune/server";
import type { RecordingRequest } from "@attune/study";
import { InvalidArgumentError } from "commander";
import { MisuseError } from "../errors/misuse.ts";
import { liveSettings } from "../options/live-settings.ts";
import { numberIn } from "../options/values.ts";

const SLOWEST = 0.1;
const FASTEST = 32;

/** How fast a page plays. */
export function pageSpeed(text: string): number {
  const speed = numberIn({ least: SLOWEST })(text);
  if (speed > FASTEST)
    throw new InvalidArgumentError(`It must be at most ${FASTEST}: a page is for looking.`);
  return speed;
}

/** The same for a speed that may also be as fast as possible. */
export function checkedPageSpeed(speed: number): number {
  if (speed >= SLOWEST && speed <= FASTEST) return speed;
  throw new MisuseError(`With --page the speed is ${SLOWEST} to ${FASTEST} times real time.`);
}

/**
 * What was typed, as a replay takes it.
 *
 * @param isAsked the person said how to analyse it: a recorded session is then not shown as it was
 */
export function replayRequest(request: RecordingRequest, isAsked: boolean): ReplayPageOptions {
  const { open, people, profile, settings, statesPath } = request;
  const saysWho = people.some(({ channels, stream }) => channels !== undefined || stream !== undefined);
  return {
    ...(open === undefined ? {} : { open }),
    ...(saysWho ? { people } : {}),
    ...(isAsked ? { profile, settings, running: liveSettings } : {}),
    ...(statesPath === undefined ? {} : { statesPath }),
  };
}
