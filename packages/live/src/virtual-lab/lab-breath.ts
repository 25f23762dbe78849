import type { Seconds } from "@attune/signal";

/** Somebody's breath: how fast as a rule, and where they pant. */
export interface LabBreath {
  readonly hertz: number;
  readonly panting?: {
    readonly hertz: number;
    /** The first bout begins so late, lasts so long, and comes again after so long. */
    readonly firstSeconds: Seconds;
    readonly durationSeconds: Seconds;
    readonly everySeconds: Seconds;
  };
}

/** The infant pants now and then, faster than any band in which RSA is looked for. */
export const LAB_BREATHS = {
  adult: { hertz: 13 / 60 },
  infant: {
    hertz: 0.6,
    panting: { hertz: 1.25, firstSeconds: 150, durationSeconds: 40, everySeconds: 200 },
  },
} as const satisfies Readonly<Record<string, LabBreath>>;

/** Breaths since the beginning, at a time: whole where breathing in begins. */
export function breathsUntil({ hertz, panting }: LabBreath, at: Seconds): number {
  if (panting === undefined) return hertz * at;
  const { firstSeconds, durationSeconds, everySeconds } = panting;
  const since = Math.max(0, at - firstSeconds);
  const bouts = Math.floor(since / everySeconds);
  const panted = bouts * durationSeconds + Math.min(since - bouts * everySeconds, durationSeconds);
  return hertz * at + (panting.hertz - hertz) * panted;
}

/** A belt around the chest: highest after breathing in. */
export const beltAt = (breath: LabBreath, at: Seconds): number =>
  Math.sin(2 * Math.PI * breathsUntil(breath, at));
