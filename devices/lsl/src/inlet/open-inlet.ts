import type { Inlet, InletOptions, StreamQuery } from "../api/inlet.ts";
import type { StreamInfo } from "../api/stream-info.ts";
import { settingsFor } from "../configuration/load-configuration.ts";
import { LslConnectionError, LslProtocolError, LslTimeoutError } from "../errors.ts";
import { checkPredicate, sessionQuery } from "../info/predicate.ts";
import { resolveQuery } from "../resolver/resolve-streams.ts";
import { FlowWindow } from "../thread/flow-window.ts";
import { startEngine } from "../thread/start-engine.ts";
import type { InletEvent } from "./inlet-messages.ts";
import { SampleInlet } from "./sample-inlet.ts";

/**
 * Receives a stream. Resolves when the connection stands and its test samples were right.
 *
 * @param stream a resolved info, or a query whose first answer is taken
 * @throws LslTimeoutError when the stream is not found or not reached in time, LslConnectionError when it cannot be reached
 *   and may not be recovered, LslProtocolError when the sender speaks only protocol 1.00 or encodes otherwise
 */
export async function openInlet(
  stream: StreamInfo | StreamQuery,
  options: InletOptions = {},
): Promise<Inlet> {
  const settings = settingsFor(options.configuration);
  let info: StreamInfo;
  if ("uid" in stream) info = stream;
  else {
    checkPredicate(stream.predicate, settings.limits.maximumQueryBytes);
    const timeoutSeconds = stream.timeoutSeconds ?? 5;
    const query = sessionQuery(settings.sessionId, stream.predicate);
    const [first] = await resolveQuery(settings, query, { timeoutSeconds, minimum: 1 });
    if (!first)
      throw new LslTimeoutError(
        `No stream fits ${stream.predicate} (waited ${timeoutSeconds} s); check that it is running, in session "${settings.sessionId}" and on this network.`,
      );
    info = first;
  }
  const flow = FlowWindow.allocate();
  const timeoutSeconds = options.timeoutSeconds ?? 10;

  return new Promise((resolve, reject) => {
    let inlet: SampleInlet | undefined;
    const onEvent = (event: InletEvent): void => {
      if (inlet) {
        inlet.handle(event);
        return;
      }
      if (event.kind === "failed") {
        clearTimeout(timer);
        reject(
          event.error === "protocol"
            ? new LslProtocolError(event.message)
            : new LslConnectionError(event.message),
        );
      } else if (event.kind === "state" && event.state === "connected") {
        clearTimeout(timer);
        inlet = new SampleInlet({ info: event.info, options, settings, flow }, (command) =>
          link.send(command),
        );
        resolve(inlet);
      }
    };
    const link = startEngine(
      "inlet",
      {
        info,
        settings,
        maxBufferSeconds: options.maxBufferSeconds ?? 360,
        maximumChunkSamples: Math.max(0, Math.trunc(options.maxChunkLength ?? 0)),
        recover: options.recover ?? true,
        postProcessing: options.postProcessing ?? {},
        flow,
      },
      onEvent,
      options.worker ?? true,
    );
    const timer = setTimeout(() => {
      link.send({ kind: "close" });
      reject(
        new LslTimeoutError(
          `Stream "${info.name}" was not reached within ${timeoutSeconds} s; resolve it again.`,
        ),
      );
    }, timeoutSeconds * 1000);
  });
}
