import { z } from "zod";

/** Which stream a session takes from Lab Streaming Layer, and how. */
export const lslStreamSettings = z
  .object({
    name: z.string().min(1).optional().describe("Name of the stream, exactly as its sender gives it."),
    type: z.string().min(1).optional().describe("Content type of the stream: EEG, ECG, Gaze, Markers ..."),
    sourceId: z
      .string()
      .min(1)
      .optional()
      .describe("What the sender calls itself across restarts (source_id): mostly a serial number."),
    hostname: z.string().min(1).optional().describe("Name of the computer that sends."),
    predicate: z
      .string()
      .min(1)
      .optional()
      .describe(
        "XPath 1.0 on the stream's <info>, in addition to the fields above: starts-with(name,'Tobii') and channel_count=8.",
      ),
    timeoutSeconds: z
      .number()
      .positive()
      .default(10)
      .describe("How long to look for the stream before giving up, seconds."),
    declaredLatencySeconds: z
      .number()
      .min(0)
      .default(0)
      .describe(
        "How long after the event its sample is stamped by the sender, seconds: measured once with a shared trigger. Session times are earlier by it.",
      ),
    stalledAfterSeconds: z
      .number()
      .positive()
      .default(2)
      .describe("A stream with a rate that is silent for so long counts as stalled, seconds."),
    network: z
      .object({
        sessionId: z.string().optional().describe("session_id of Lab Streaming Layer (lab.SessionID)."),
        knownPeers: z
          .array(z.string().min(1))
          .optional()
          .describe("Computers to ask directly where multicast does not pass, by name or address."),
        discoveryPort: z
          .int()
          .min(1)
          .max(65_535)
          .optional()
          .describe("UDP port of discovery; LSL's is 16571."),
        basePort: z.int().min(1).max(65_535).optional().describe("First service port; LSL's is 16572."),
        portRange: z.int().min(1).max(1000).optional().describe("How many service ports; LSL's are 32."),
        loopbackOnly: z.boolean().optional().describe("Look on this computer only."),
      })
      .optional()
      .describe("Only where a lab changed LSL's own lsl_api.cfg."),
  })
  .refine((s) => [s.name, s.type, s.sourceId, s.hostname, s.predicate].some((given) => given !== undefined), {
    message: "say which stream: name, type, sourceId, hostname or predicate",
  });

export type LslStreamSettings = z.output<typeof lslStreamSettings>;
