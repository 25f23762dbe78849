import { DeviceError } from "@attune/device-kit";
import type { EmotivCortexSettings } from "./settings.ts";

/** Of the Cortex app under which the licence runs. Kept in memory, sent to Cortex, written nowhere. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** @throws DeviceError naming the environment variable that is not set */
export function readCredentials(settings: EmotivCortexSettings): Credentials {
  const read = (variable: string) => {
    const value = process.env[variable];
    if (value) return value;
    throw new DeviceError(
      `The environment variable ${variable} is not set; put the client id and secret of your Cortex app into ${settings.clientIdVariable} and ${settings.clientSecretVariable}.`,
      { retryable: false },
    );
  };
  return { clientId: read(settings.clientIdVariable), clientSecret: read(settings.clientSecretVariable) };
}
