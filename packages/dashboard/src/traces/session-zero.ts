import type { SessionView } from "../session/session-view.ts";

const zeros = new WeakMap<SessionView, number>();
/** What the zero may wander by without being moved. */
const TOLERANCE_SECONDS = 0.5;

/** Session time that a page calls 0:00: the beginning of the recording, before it that of what is known, in a replay that of the file. */
export function sessionZero(view: SessionView): number {
  const standing = view.standing.value;
  const timeline = view.timeline.value;
  const wanted =
    standing?.replay?.from ??
    (standing !== undefined && standing.elapsedSeconds !== null
      ? standing.at - standing.elapsedSeconds
      : timeline.from);
  const known = zeros.get(view);
  if (known !== undefined && Math.abs(known - wanted) < TOLERANCE_SECONDS) return known;
  zeros.set(view, wanted);
  return wanted;
}

/** `m:ss`, `h:mm:ss` from an hour on. */
export function clockText(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds) + 1e-6);
  const two = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  return seconds < 0 && whole > 0 ? `-${text}` : text;
}
