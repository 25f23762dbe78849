import { declaredLatencyField, usbPortField } from "@attune/device-kit";
import { z } from "zod";

export const lineSettings = z.strictObject({
  port: usbPortField,
  baudRate: z
    .number()
    .int()
    .positive()
    .default(230_400)
    .describe("As in the sketch. A clone with a CH340 chip wants 250000 on both sides."),
  type: z.string().min(1).default("ECG").describe("Content type of the stream: ECG, EMG, Respiration ..."),
  channels: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Labels instead of those that the board announces, one for each of its channels."),
  gain: z
    .number()
    .positive()
    .optional()
    .describe(
      "Gain between electrodes and converter, in place of the board's own word. When neither knows it, volts at the converter are delivered.",
    ),
  vrefVolts: z
    .number()
    .positive()
    .max(10)
    .optional()
    .describe("Measured reference of the converter, in place of the board's own word."),
  declaredLatencySeconds: declaredLatencyField,
});

export type LineSettings = z.infer<typeof lineSettings>;
