export * from "./attune-client.ts";
export { AttuneWsDevice } from "./attune-ws-device.ts";
export * from "./converters/converted.ts";
export { CONVERTERS } from "./converters/index.ts";
export { attuneWs } from "./device-type.ts";
export { type AttuneWsSettings, attuneWsSettings } from "./settings.ts";
