import { isRecord } from "./cortex-message.ts";

/** A headset as `queryHeadsets` lists it, as far as this adapter believes it. */
export interface Headset {
  readonly id: string;
  readonly status: string;
  readonly firmware: string;
  /** NaN where Cortex does not say. */
  readonly eegRate: number;
  readonly motionRate: number;
}

/** The headsets in a result of `queryHeadsets`; what is none is left out. */
export function readHeadsets(result: unknown): readonly Headset[] {
  if (!Array.isArray(result)) return [];
  return result.filter(isRecord).flatMap((one): Headset[] => {
    if (typeof one.id !== "string" || typeof one.status !== "string") return [];
    const settings = isRecord(one.settings) ? one.settings : {};
    const rate = (value: unknown) => (typeof value === "number" && value > 0 ? value : Number.NaN);
    return [
      {
        id: one.id,
        status: one.status,
        firmware: typeof one.firmware === "string" ? one.firmware : "",
        eegRate: rate(settings.eegRate),
        motionRate: rate(settings.memsRate),
      },
    ];
  });
}
