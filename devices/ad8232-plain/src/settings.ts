import { bootSecondsField, declaredLatencyField, usbPortField, vrefVoltsField } from "@attune/device-kit";
import { z } from "zod";
import type { PlainScale } from "./codec.ts";

export const plainSettings = z.strictObject({
  port: usbPortField,
  baudRate: z.number().int().positive().default(9600).describe("9600 in SparkFun's example."),
  samplingRate: z
    .number()
    .positive()
    .max(1000)
    .optional()
    .describe(
      "Lines per second to announce; measured at the first connection when absent. At 9600 baud it is about 190, and drifts with the number of digits.",
    ),
  channels: z
    .tuple([z.string().min(1)])
    .default(["ecg"])
    .describe("Label of the one channel."),
  measureSeconds: z
    .number()
    .positive()
    .max(60)
    .default(5)
    .describe("How long to measure the rate, where samplingRate is absent."),
  bits: z
    .number()
    .int()
    .min(8)
    .max(12)
    .default(10)
    .describe("Resolution of analogRead: 10 on an Uno, 12 on an ESP32."),
  vrefVolts: vrefVoltsField,
  gain: z
    .number()
    .positive()
    .optional()
    .describe(
      "Gain of the AD8232 board, where it was measured; when absent, volts at the converter are delivered.",
    ),
  bootSeconds: bootSecondsField,
  declaredLatencySeconds: declaredLatencyField,
});

export type PlainSettings = z.infer<typeof plainSettings>;

/** mV at the electrodes, `(adc - 2^(bits - 1)) * vref / 2^bits / gain * 1000`, or V at the converter without a gain. */
export function plainScale({
  bits,
  vrefVolts,
  gain,
}: Pick<PlainSettings, "bits" | "vrefVolts" | "gain">): PlainScale & { readonly unit: string } {
  const steps = 2 ** bits;
  const volts = vrefVolts / steps;
  if (gain === undefined) return { unit: "V", zeroCount: 0, unitsPerCount: volts, highestCount: steps - 1 };
  return { unit: "mV", zeroCount: steps / 2, unitsPerCount: (volts / gain) * 1000, highestCount: steps - 1 };
}
