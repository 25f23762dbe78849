import type { LslConfiguration, LslTuning } from "@attune/lsl";
import { afterAll, beforeAll } from "vitest";
import {
  type Peer,
  type PeerOptions,
  type PortRange,
  reservePorts,
  startPeer,
} from "../../support/liblsl/index.ts";

/** What a test uses of the network: ports of its own, peers, and whatever else has to be closed. */
export interface Loopback {
  /** For `@attune/lsl`: this machine, these ports. */
  configuration(tuning?: Partial<LslTuning>): LslConfiguration;
  peer(options?: Omit<PeerOptions, "ports">): Promise<Peer>;
  /** Closed at the end, last first. Gives back what it is given. */
  use<T extends { close(): Promise<void> }>(closable: T): T;
  readonly ports: PortRange;
}

/** A loopback for the tests of one `describe`. */
export function loopback(): Loopback {
  let ports: PortRange | undefined;
  const endings: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    ports = await reservePorts();
  });
  afterAll(async () => {
    for (const end of endings.reverse()) await end();
    await ports?.release();
  });
  const reserved = () => {
    if (ports === undefined) throw new Error("The ports are reserved when the tests begin.");
    return ports;
  };
  return {
    get ports() {
      return reserved();
    },
    configuration: (tuning = {}) => ({
      ports: {
        multicastPort: reserved().discovery,
        basePort: reserved().base,
        portRange: reserved().count,
        ipv6: "disable",
      },
      loopbackOnly: true,
      tuning,
    }),
    async peer(options = {}) {
      const peer = await startPeer({ ports: reserved(), ...options });
      endings.push(() => peer.kill());
      return peer;
    },
    use(closable) {
      endings.push(() => closable.close());
      return closable;
    },
  };
}
