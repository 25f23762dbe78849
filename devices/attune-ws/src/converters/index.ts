import type { Converter } from "./converted.ts";
import { convertEegPipes } from "./eeg-pipes.ts";
import { convertNeurosity } from "./neurosity.ts";
import { convertOpenbciGui } from "./openbci-gui.ts";
import { convertTimefluxUi } from "./timeflux-ui.ts";

/** Messages of other programs that the ingest understands, by the name that settings give them. */
export const CONVERTERS = {
  neurosity: convertNeurosity,
  "openbci-gui": convertOpenbciGui,
  "eeg-pipes": convertEegPipes,
  "timeflux-ui": convertTimefluxUi,
} as const satisfies Readonly<Record<string, Converter>>;
