import type { DeviceType } from "@attune/device-kit";
import { AttuneWsDevice } from "./attune-ws-device.ts";
import { type AttuneWsSettings, attuneWsSettings } from "./settings.ts";

/** The WebSocket ingest: each device is one client that connects to this machine. */
export const attuneWs: DeviceType<AttuneWsSettings> = {
  name: "attune-ws",
  title: "WebSocket ingest (browser pages, bridges, scripts)",
  settings: attuneWsSettings,
  create: (id, settings, context) => new AttuneWsDevice(id, settings, context),
};
