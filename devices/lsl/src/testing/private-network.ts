import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import type { LslConfiguration } from "../api/configuration.ts";

/** A configuration for one test file: loopback only, on ports that nobody else uses at the moment. */
export async function privateNetwork(more: Omit<LslConfiguration, "ports"> = {}): Promise<LslConfiguration> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const base = 20_000 + 40 * Math.floor(((process.pid * 7919 + attempt * 104_729) % 30_000) / 40);
    const range = Array.from({ length: 13 }, (_, k) => base + k);
    const free = await Promise.all(range.map(isFree));
    if (free.every((one) => one))
      return {
        loopbackOnly: true,
        ports: { multicastPort: base, basePort: base + 1, portRange: 12 },
        ...more,
      };
  }
  throw new Error("No block of 13 free ports was found from 20000 to 50000.");
}

async function isFree(port: number): Promise<boolean> {
  const udp = createSocket("udp4");
  const udpFree = await new Promise<boolean>((resolve) => {
    udp.once("error", () => resolve(false));
    udp.bind(port, "127.0.0.1", () => resolve(true));
  });
  await new Promise<void>((resolve) => (udpFree ? udp.close(() => resolve()) : resolve()));
  if (!udpFree) return false;
  const tcp = createServer();
  return new Promise((resolve) => {
    tcp.once("error", () => resolve(false));
    tcp.listen(port, "127.0.0.1", () => tcp.close(() => resolve(true)));
  });
}
