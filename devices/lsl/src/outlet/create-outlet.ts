import type { Outlet, OutletOptions, StreamDeclaration } from "../api/outlet.ts";
import type { StreamInfo } from "../api/stream-info.ts";
import { bufferSamples } from "../buffer-samples.ts";
import { settingsFor } from "../configuration/load-configuration.ts";
import { LslConnectionError, LslStreamError } from "../errors.ts";
import { readInfo } from "../info/xml-read.ts";
import { checkDeclaration, writeInfo } from "../info/xml-write.ts";
import { FlowWindow } from "../thread/flow-window.ts";
import { startEngine } from "../thread/start-engine.ts";
import type { OutletEvent } from "./outlet-engine.ts";
import { SampleOutlet } from "./sample-outlet.ts";

/**
 * Offers a stream. Resolves when its sockets are open; from then on it can be found.
 *
 * @throws LslStreamError for an impossible declaration, LslConnectionError when no port is free, LslConfigurationError
 */
export async function createOutlet(
  declaration: StreamDeclaration,
  options: OutletOptions = {},
): Promise<Outlet> {
  checkDeclaration(declaration);
  // Writing it once here lets text that XML cannot carry throw to the caller and not in the worker.
  const noPorts = { dataPort: 0, servicePort: 0 };
  const draft = { uid: "-", createdAt: 1, sessionId: "", hostname: "", v4: noPorts, v6: noPorts };
  writeInfo(declaration, draft);
  const settings = settingsFor(options.configuration);
  if (declaration.channelCount > settings.limits.maximumChannelCount)
    throw new LslStreamError(
      `Stream "${declaration.name}" has ${declaration.channelCount} channels, more than limits.maximumChannelCount (${settings.limits.maximumChannelCount}).`,
    );
  const maximumBufferSamples = bufferSamples(
    options.maxBufferSeconds ?? 360,
    declaration.nominalSamplingRate,
  );
  const flow = FlowWindow.allocate();
  const consumers = new SharedArrayBuffer(4);

  return new Promise((resolve, reject) => {
    let outlet: SampleOutlet | undefined;
    const onEvent = (event: OutletEvent): void => {
      if (outlet) {
        outlet.handle(event);
        return;
      }
      if (event.kind === "failed") reject(new LslConnectionError(event.message));
      if (event.kind !== "ready") return;
      const address = settings.ipv4 ? loopbackFor(settings.bindV4) : loopbackFor(settings.bindV6);
      const source = { address, family: settings.ipv4 ? "v4" : "v6" } as const;
      const info = readInfo(event.fullXml, source, settings.limits) as StreamInfo;
      outlet = new SampleOutlet(
        { declaration, options, info, maximumBufferSamples, flow, consumers },
        (command, transfer) => link.send(command, transfer),
      );
      resolve(outlet);
    };
    const link = startEngine(
      "outlet",
      {
        declaration,
        settings,
        maximumBufferSamples,
        chunkLength: Math.max(0, Math.trunc(options.chunkSize ?? 0)),
        clockOffsetSeconds: options.clockOffsetSeconds ?? 0,
        clockDriftPpm: options.clockDriftPpm ?? 0,
        flow,
        consumers,
      },
      onEvent,
      options.worker ?? true,
    );
  });
}

/** Where this process reaches its own outlet. */
function loopbackFor(bound: string): string {
  if (bound === "0.0.0.0") return "127.0.0.1";
  return bound === "::" ? "::1" : bound;
}
