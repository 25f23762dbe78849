import { declaredLatencyField } from "@attune/device-kit";
import { z } from "zod";
import { CYTON_GAINS, type CytonGain } from "./channel-setup.ts";

const gain = z
  .union(CYTON_GAINS.map((value) => z.literal(value)))
  .default(24)
  .describe("Amplification: 1, 2, 4, 6, 8, 12 or 24. The rails lie at 4.5 V / gain.");

const channel = z.strictObject({
  label: z
    .string()
    .min(1)
    .optional()
    .describe("Name of the channel in the recording; CH1, CH2 ... by default."),
  kind: z
    .enum(["eeg", "ecg", "off"])
    .default("eeg")
    .describe("eeg is delivered in uV, ecg in mV; an input that is off is switched off and not delivered."),
  gain,
  reference: z
    .enum(["srb2", "own-negative-input"])
    .optional()
    .describe(
      "What the input is measured against. By default SRB2 for eeg and the input's own N pin for ecg.",
    ),
  bias: z.boolean().default(true).describe("Whether the input takes part in the bias drive."),
});

/** What a session file says about a Cyton. */
export const openbciCytonSettings = z
  .strictObject({
    port: z.string().min(1).describe("Serial port of the OpenBCI dongle, such as /dev/ttyUSB0 or COM3."),
    daisy: z
      .boolean()
      .default(false)
      .describe("Use the Daisy module: 16 inputs at 125 Hz instead of 8 at 250 Hz."),
    channels: z
      .array(channel)
      .min(1)
      .max(16)
      .optional()
      .describe(
        "The inputs in their order, from N1P on; those that are not listed are off. All are eeg by default.",
      ),
    timeStamps: z
      .boolean()
      .default(false)
      .describe(
        "Let the board send its own milliseconds with each frame; acceleration then comes at 25 Hz per axis in turn.",
      ),
    declaredLatencySeconds: declaredLatencyField,
  })
  .refine((settings) => settings.daisy || (settings.channels?.length ?? 0) <= 8, {
    message: "more than 8 channels need the Daisy module: set daisy: true",
    path: ["channels"],
  })
  .refine((settings) => settings.channels?.some((c) => c.kind !== "off") ?? true, {
    message: "every channel is off: switch at least one on",
    path: ["channels"],
  })
  .refine(
    (settings) => {
      const labels = montage(settings).map((input) => input.label);
      return new Set(labels).size === labels.length;
    },
    { message: "two channels have the same label", path: ["channels"] },
  );

export type OpenbciCytonSettings = z.infer<typeof openbciCytonSettings>;

/** One input of the board after the defaults were filled in. */
export interface MontageInput {
  /** 0 to 15; from 8 on the Daisy's. */
  readonly input: number;
  readonly label: string;
  readonly kind: "eeg" | "ecg" | "off";
  readonly gain: CytonGain;
  readonly srb2: boolean;
  readonly bias: boolean;
}

/** All 8 or 16 inputs, the ones that are off included. */
export function montage(settings: {
  readonly daisy: boolean;
  readonly channels?: readonly z.infer<typeof channel>[] | undefined;
}): readonly MontageInput[] {
  return Array.from({ length: settings.daisy ? 16 : 8 }, (_, input) => {
    const given = settings.channels?.[input];
    const kind = given?.kind ?? (settings.channels === undefined ? "eeg" : "off");
    return {
      input,
      label: given?.label ?? `CH${input + 1}`,
      kind,
      gain: given?.gain ?? 24,
      srb2: (given?.reference ?? (kind === "ecg" ? "own-negative-input" : "srb2")) === "srb2",
      bias: kind !== "off" && (given?.bias ?? true),
    };
  });
}
