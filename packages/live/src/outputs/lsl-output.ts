import { createOutlet, type LslConfiguration } from "@attune/lsl";
import type { SessionSettings } from "@attune/pipeline";
import type { Coupling, Seconds } from "@attune/signal";
import { hashOf } from "@attune/study";
import { channelLabel, couplingChannels, valuesOf } from "./coupling-channels.ts";
import type { CouplingOutput } from "./output.ts";

export interface LslOutputOptions {
  readonly session: string;
  readonly settings: SessionSettings;
  /** States of the layer that decides the condition, as far as the session file says them: numbered from 0. */
  readonly conditions: readonly string[];
  /** A condition that the stream's description does not list has got the next number. */
  readonly onNewCondition?: (condition: string, number: number) => void;
  /** Session time -> the host's clock, on which outlets count. */
  readonly hostTime: (at: Seconds) => Seconds;
  readonly configuration?: LslConfiguration;
}

/**
 * Pooled coupling as a stream of type `Coupling`: one sample a solution, stamped with the end of its newest window. The first
 * channel is the number of the condition, in the order of `desc/conditions` from 0 (one that is not listed gets the next
 * number, and `onNewCondition` says so); the others say in their label from whom, to whom, band and field. NaN stands for a
 * number that is not to be trusted yet. `desc/settings` holds what the analysis runs with, as JSON.
 */
export async function openLslOutput(options: LslOutputOptions): Promise<CouplingOutput> {
  const { session, settings, hostTime, configuration, onNewCondition } = options;
  const channels = couplingChannels(settings);
  const labels = ["condition", ...channels.map(channelLabel)];
  const conditions = [...options.conditions];
  const outlet = await createOutlet(
    {
      name: `Attune ${session}`,
      type: "Coupling",
      channelCount: labels.length,
      nominalSamplingRate: 0,
      channelFormat: "double64",
      sourceId: `attune-coupling-${session}`,
      channels: labels.map((label, c) => ({ label, unit: c === 0 ? "index" : "", type: "Coupling" })),
      description: [
        { name: "measure", value: "gpdcSquared" },
        { name: "settings_hash", value: hashOf(settings) },
        { name: "settings", value: JSON.stringify(settings) },
        {
          name: "conditions",
          children: options.conditions.map((value) => ({ name: "condition", value })),
        },
      ],
    },
    configuration === undefined ? {} : { configuration },
  );
  return {
    name: "Lab Streaming Layer",
    send: (coupling: Coupling) => {
      if (coupling.scope !== "pooled") return;
      if (!conditions.includes(coupling.condition)) {
        conditions.push(coupling.condition);
        onNewCondition?.(coupling.condition, conditions.length - 1);
      }
      const values = [conditions.indexOf(coupling.condition), ...valuesOf(coupling, channels)];
      outlet.pushSample(Float64Array.from(values), hostTime(coupling.at));
    },
    close: () => outlet.close(),
  };
}
