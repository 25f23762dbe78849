import { z } from "zod";
import { CONVERTERS } from "./converters/index.ts";

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);
const formats = ["attune", ...(Object.keys(CONVERTERS) as (keyof typeof CONVERTERS)[])] as const;

export const attuneWsSettings = z
  .object({
    host: z
      .string()
      .default("127.0.0.1")
      .describe("Address to listen on. Anything wider than loopback needs `allowRemote` and `token`."),
    port: z.int().min(0).max(65_535).default(7650).describe("TCP port; 0 takes a free one."),
    allowRemote: z.boolean().default(false).describe("Confirms that other machines may connect."),
    token: z
      .string()
      .min(16, "the token is shorter than 16 characters")
      .optional()
      .describe("Secret that every client must show; the same for all devices on one port."),
    allowedOrigins: z
      .array(z.string())
      .default([])
      .describe("Web pages that may connect, such as `http://localhost:5173`; any other page is refused."),
    client: z
      .string()
      .min(1)
      .optional()
      .describe("Name under which the client says hello; the id of the device in the session by default."),
    format: z
      .enum(formats)
      .default("attune")
      .describe(
        "What the client speaks; all but `attune` connect to `ws://host:port/<client>` and send JSON.",
      ),
    streams: z
      .array(
        z.object({
          name: z
            .string()
            .min(1)
            .describe("As the client names it; one stream, `samples`, for other formats."),
          type: z.string().min(1).default("EEG").describe("Content type: `EEG`, `ECG`, `Gaze` ..."),
          channels: z
            .array(z.object({ label: z.string().min(1), unit: z.string() }))
            .min(1)
            .describe("Labels and units, in the order in which they come."),
          nominalSamplingRate: z.number().min(0).describe("Samples per second; 0 for an irregular stream."),
        }),
      )
      .optional()
      .describe("What is expected; a client that announces anything else is refused."),
    connectTimeoutSeconds: z
      .number()
      .positive()
      .default(60)
      .describe("How long to wait for the client before the session is told."),
  })
  .superRefine((settings, context) => {
    if (LOOPBACK.has(settings.host)) return;
    if (settings.allowRemote && settings.token !== undefined) return;
    context.addIssue({
      code: "custom",
      path: ["host"],
      message: `Listening on ${settings.host} lets other machines in; set both allowRemote: true and a token, or use 127.0.0.1.`,
    });
  });

/** Settings of the ingest under `devices:` in a session file. */
export type AttuneWsSettings = z.infer<typeof attuneWsSettings>;
