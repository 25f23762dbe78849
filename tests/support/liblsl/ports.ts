import { createServer, type Server } from "node:net";

/** Ports that one test has to itself: liblsl and we look for each other on these alone. */
export interface PortRange {
  /** `ports.MulticastPort` of liblsl. */
  readonly discovery: number;
  /** `ports.BasePort` of liblsl. */
  readonly base: number;
  /** `ports.PortRange` of liblsl. */
  readonly count: number;
  release(): Promise<void>;
}

/** More than liblsl's 32: a test may have dozens of streams. */
const COUNT = 120;
const STRIDE = COUNT + 8;
/** Between the registered services and the ephemeral ports of Linux (from 32768), clear of LSL's own 16571..16603. */
const LOWEST = 18_000;
const N_RANGES = Math.floor((32_700 - LOWEST) / STRIDE);

/**
 * Reserves a range against every other test process of this machine: whoever holds the TCP port after the range holds the
 * range, and the system gives it back when the holder dies.
 */
export async function reservePorts(): Promise<PortRange> {
  const start = Math.floor(Math.random() * N_RANGES);
  for (let attempt = 0; attempt < N_RANGES; attempt++) {
    const discovery = LOWEST + ((start + attempt) % N_RANGES) * STRIDE;
    const guard = await listen(discovery + STRIDE - 1);
    if (guard === undefined) continue;
    return {
      discovery,
      base: discovery + 1,
      count: COUNT,
      release: () => new Promise((resolve) => guard.close(() => resolve())),
    };
  }
  throw new Error(`All ${N_RANGES} port ranges from ${LOWEST} are taken: end other test runs.`);
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.unref();
    server.once("error", () => resolve(undefined));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => resolve(server));
  });
}
