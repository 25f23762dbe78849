import { declaredLatencyField } from "@attune/device-kit";
import { z } from "zod";
import { TICKS_PER_SECOND } from "./commands.ts";
import { EXG_GAINS } from "./exg.ts";
import { EXG_SOURCES } from "./packet-layout.ts";

const channel = z.strictObject({
  source: z.enum(EXG_SOURCES).describe("Channel 1 or 2 of ExG chip 1 or 2."),
  label: z.string().min(1).describe("Name in the recording."),
});

/** As the sensor's ECG leads are wired (Shimmer ECG user guide). */
const ECG_LEADS: z.infer<typeof channel>[] = [
  { source: "exg1-ch1", label: "LL-RA" },
  { source: "exg1-ch2", label: "LA-RA" },
  { source: "exg2-ch2", label: "Vx-RL" },
];

/** What a session file says about a Shimmer3. */
export const shimmer3Settings = z.strictObject({
  port: z.string().min(1).describe("Serial port of the paired sensor, such as /dev/rfcomm0 or COM7."),
  samplingRate: z
    .number()
    .min(10)
    .max(1024)
    .default(512)
    .describe(
      "Wanted samples per second; the sensor takes the nearest 32768 / whole number: 512, 256, 504.1 ...",
    ),
  channels: z
    .array(channel)
    .min(1)
    .max(4)
    .refine((list) => new Set(list.map((c) => c.source)).size === list.length, "a source is listed twice")
    .refine((list) => new Set(list.map((c) => c.label)).size === list.length, "a label is given twice")
    .default(ECG_LEADS)
    .describe("ExG channels to deliver, in mV; by default the leads LL-RA, LA-RA and Vx-RL."),
  configuration: z
    .enum(["ecg", "as-set"])
    .default("ecg")
    .describe("ecg writes the chips' registers for ECG; as-set leaves them as another program has set them."),
  gain: z
    .union(EXG_GAINS.map((value) => z.literal(value)))
    .default(6)
    .describe(
      "Amplification that ecg writes: 1, 2, 3, 4, 6, 8 or 12. The scale follows what the sensor then says.",
    ),
  checksum: z
    .boolean()
    .default(true)
    .describe("Ask for a checksum on each packet where the firmware has it (LogAndStream 0.13.7 and later)."),
  declaredLatencySeconds: declaredLatencyField,
});

export type Shimmer3Settings = z.infer<typeof shimmer3Settings>;

/** The divider of the crystal's 32768 Hz that comes nearest to a rate. */
export function dividerOf(samplingRate: number): number {
  return Math.round(TICKS_PER_SECOND / samplingRate);
}
