import { AttuneClient, type WebSocketConstructor } from "@attune/device-attune-ws";
import type { DeviceContext } from "@attune/device-kit";
import { WebSocket } from "ws";
import { LAB } from "./lab-session.ts";

/** A headset that sends over WebSocket to a session on this computer, once it listens. */
export function labHeadset(port: number, context: DeviceContext): AttuneClient {
  return new AttuneClient({
    url: `ws://127.0.0.1:${port}`,
    device: LAB.teacher,
    streams: [
      {
        name: "eeg",
        type: "EEG",
        channels: LAB.eeg.map((label) => ({ label, unit: "uV" })),
        nominalSamplingRate: 256,
        sampleFormat: "float32",
        declaredLatency: 0,
        sourceId: "virtual-teacher",
      },
    ],
    clock: { id: "virtual-teacher", now: () => context.now() },
    WebSocket: WebSocket as unknown as WebSocketConstructor,
  });
}
