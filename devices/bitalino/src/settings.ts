import { declaredLatencyField } from "@attune/device-kit";
import { z } from "zod";
import { bitsAt } from "./frame.ts";
import { type Scale, SENSOR_KINDS, type SensorKind, scaleOf } from "./scale.ts";

const INPUTS = ["A1", "A2", "A3", "A4", "A5", "A6"] as const;

const channel = z
  .strictObject({
    input: z.enum(INPUTS).describe("Analog input of the board."),
    label: z.string().min(1).optional().describe("Name in the recording; the name of the input by default."),
    kind: z
      .enum(SENSOR_KINDS)
      .default("raw")
      .describe(
        "Sensor on the input: ecg and emg give mV, eeg uV, eda uS, voltage V, acceleration g, raw counts.",
      ),
    gain: z.number().positive().optional().describe("Gain of the sensor where it is not the data sheet's."),
    calibration: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe("Counts at -1 g and at +1 g, as measured by turning the sensor; needed for acceleration."),
  })
  .refine((c) => c.kind !== "acceleration" || (c.calibration && c.calibration[0] !== c.calibration[1]), {
    message: "acceleration needs calibration: [counts at -1 g, counts at +1 g]",
    path: ["calibration"],
  });

/** What a session file says about a BITalino. */
export const bitalinoSettings = z.strictObject({
  port: z.string().min(1).describe("Serial port, such as /dev/rfcomm0, COM5 or /dev/tty.BITalino-XX-XX."),
  samplingRate: z
    .union([z.literal(1), z.literal(10), z.literal(100), z.literal(1000)])
    .default(1000)
    .describe("Samples per second: 1, 10, 100 or 1000."),
  channels: z
    .array(channel)
    .min(1)
    .max(6)
    .refine((list) => new Set(list.map((c) => c.input)).size === list.length, "an input is listed twice")
    .refine(
      (list) => new Set(list.map((c) => c.label ?? c.input)).size === list.length,
      "a label is given twice",
    )
    .describe("Inputs to read. The fifth and sixth in the order A1 to A6 have 6 bits instead of 10."),
  digitalInputs: z.boolean().default(false).describe("Deliver I1 and I2 as two more channels, 0 or 1."),
  simulated: z
    .boolean()
    .default(false)
    .describe("Let the board send its own test signals instead of its inputs."),
  declaredLatencySeconds: declaredLatencyField,
});

export type BitalinoSettings = z.infer<typeof bitalinoSettings>;

/** One analog channel as the board sends it. */
export interface AnalogChannel {
  /** 0 to 5: A1 to A6. */
  readonly input: number;
  readonly label: string;
  readonly kind: SensorKind;
  readonly scale: Scale;
}

/** The channels in the order in which the board sends them, A1 first. */
export function analogChannels(settings: Pick<BitalinoSettings, "channels">): readonly AnalogChannel[] {
  return settings.channels
    .map((c) => ({ ...c, index: INPUTS.indexOf(c.input) }))
    .sort((a, b) => a.index - b.index)
    .map((c, place) => ({
      input: c.index,
      label: c.label ?? c.input,
      kind: c.kind,
      scale: scaleOf({ kind: c.kind, bits: bitsAt(place), gain: c.gain, calibration: c.calibration }),
    }));
}
