import { type LslConfiguration, loadConfiguration } from "@attune/lsl";
import type { LslStreamSettings } from "./settings.ts";

/** The machine's own `lsl_api.cfg` with what a session file changes of it; undefined where it changes nothing. */
export function networkConfiguration(network: LslStreamSettings["network"]): LslConfiguration | undefined {
  if (network === undefined) return undefined;
  const { sessionId, knownPeers, discoveryPort, basePort, portRange, loopbackOnly } = network;
  const machine = loadConfiguration();
  return {
    ...machine,
    ports: {
      ...machine.ports,
      ...(discoveryPort === undefined ? {} : { multicastPort: discoveryPort }),
      ...(basePort === undefined ? {} : { basePort }),
      ...(portRange === undefined ? {} : { portRange }),
    },
    lab: {
      ...machine.lab,
      ...(sessionId === undefined ? {} : { sessionId }),
      ...(knownPeers === undefined ? {} : { knownPeers }),
    },
    ...(loopbackOnly === undefined ? {} : { loopbackOnly }),
  };
}
