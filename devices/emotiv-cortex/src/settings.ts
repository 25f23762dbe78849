import { z } from "zod";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

export const emotivCortexSettings = z
  .object({
    url: z
      .string()
      .default("wss://localhost:6868")
      .describe("Where the Cortex service of the EMOTIV Launcher listens.")
      .refine((url) => ["ws:", "wss:"].includes(URL.parse(url)?.protocol ?? ""), {
        message: "not an address that begins with wss://",
      })
      .refine((url) => !url.startsWith("ws:") || LOOPBACK.has(URL.parse(url)?.hostname ?? ""), {
        message: "without TLS (ws://) the client secret may travel on this machine only; use wss://",
      }),
    rootCertificate: z
      .string()
      .optional()
      .describe("Path of EMOTIV's root certificate (rootCA.pem), by which the service signs itself."),
    clientIdVariable: z
      .string()
      .min(1)
      .default("EMOTIV_CLIENT_ID")
      .describe("Environment variable that holds the client id of your Cortex app."),
    clientSecretVariable: z
      .string()
      .min(1)
      .default("EMOTIV_CLIENT_SECRET")
      .describe("Environment variable that holds its client secret; it never stands in a session file."),
    debit: z
      .int()
      .min(0)
      .default(1)
      .describe("Sessions to debit from the licence; raw EEG needs at least one."),
    headset: z
      .string()
      .min(1)
      .optional()
      .describe("Id of the headset, such as EPOCX-E2020C1A; needed where Cortex sees several."),
    streams: z
      .array(z.enum(["eeg", "mot"]))
      .min(1)
      .default(["eeg"])
      .describe("eeg: raw EEG, which needs a licence. mot: the motion sensors."),
    samplingRate: z
      .number()
      .positive()
      .optional()
      .describe("EEG samples per second, where Cortex does not say; 128 or 256 as the headset is set up."),
    declaredLatencySeconds: z
      .number()
      .min(0)
      .default(0)
      .describe("Measured delay between the electrode and the time that Cortex gives a sample."),
    accessTimeoutSeconds: z
      .number()
      .positive()
      .default(120)
      .describe("How long to wait until somebody approves this app in the EMOTIV Launcher."),
    headsetTimeoutSeconds: z
      .number()
      .positive()
      .default(30)
      .describe("How long to wait until the headset is seen, and again until it is connected."),
  })
  .strict();

/** Settings of an EMOTIV headset under `devices:` in a session file. */
export type EmotivCortexSettings = z.infer<typeof emotivCortexSettings>;
