import { bootSecondsField, declaredLatencyField, usbPortField, vrefVoltsField } from "@attune/device-kit";
import { z } from "zod";
import type { P2Scale } from "./codec.ts";
import { P2_CHANNELS, P2_COUNTS, P2_MIDSCALE } from "./frame.ts";

export const p2Settings = z.strictObject({
  port: usbPortField,
  baudRate: z
    .number()
    .int()
    .positive()
    .default(57_600)
    .describe("57600 in the original OpenEEG firmware; 115200 in some Olimex sketches."),
  samplingRate: z
    .number()
    .positive()
    .max(4000)
    .describe(
      "Samples per second that the firmware was built for (256 in the original). The board does not announce it: it is measured at the start and compared.",
    ),
  rateCheckSeconds: z
    .number()
    .min(0)
    .max(60)
    .default(5)
    .describe("How long to measure the sampling rate at the first connection; 0 trusts the setting."),
  channels: z
    .array(z.string().min(1))
    .min(1)
    .max(P2_CHANNELS)
    .default(["A1", "A2", "A3", "A4", "A5", "A6"])
    .refine((labels) => new Set(labels).size === labels.length, "two channels have the same label")
    .describe("Labels of the inputs in use, from the first on; a frame always carries six."),
  type: z
    .enum(["EEG", "ECG", "EMG"])
    .default("EEG")
    .describe("What the electrodes see. EEG is delivered in uV, the others in mV."),
  vrefVolts: vrefVoltsField,
  gain: z
    .number()
    .positive()
    .optional()
    .describe(
      "Gain of the amplifier in front of the converter. About 2848 is quoted for the Olimex shield; it has a trimmer, so measure it with the shield's 10 Hz calibration signal. When absent, volts at the converter are delivered.",
    ),
  bootSeconds: bootSecondsField,
  declaredLatencySeconds: declaredLatencyField,
});

export type P2Settings = z.infer<typeof p2Settings>;

/**
 * `(adc - 512) / 1024 * vref / gain` in uV or mV; `adc / 1024 * vref` in V at the converter when the gain is not known.
 */
export function p2Scale({
  vrefVolts,
  gain,
  type,
}: Pick<P2Settings, "vrefVolts" | "gain" | "type">): P2Scale & { readonly unit: string } {
  const voltsPerCount = vrefVolts / P2_COUNTS;
  if (gain === undefined) return { unit: "V", zeroCount: 0, unitsPerCount: voltsPerCount };
  const perVolt = type === "EEG" ? 1e6 : 1e3;
  return {
    unit: type === "EEG" ? "uV" : "mV",
    zeroCount: P2_MIDSCALE,
    unitsPerCount: (voltsPerCount / gain) * perVolt,
  };
}
