export { lslStream } from "./device-type.ts";
export { discover } from "./discover.ts";
export { type LslStreamSettings, lslStreamSettings } from "./settings.ts";
