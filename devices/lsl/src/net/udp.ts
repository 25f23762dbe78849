import { createSocket, type Socket } from "node:dgram";

export type Family = "v4" | "v6";

/** Binds a UDP socket; rejects with the system's error when that fails. */
export function bindUdp(options: {
  readonly family: Family;
  readonly address: string;
  readonly port: number;
  /** Several programs share the port: discovery. */
  readonly shared?: boolean;
}): Promise<Socket> {
  const socket = createSocket({
    type: options.family === "v4" ? "udp4" : "udp6",
    reuseAddr: options.shared ?? false,
    ipv6Only: options.family === "v6",
  });
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      closeUdp(socket);
      reject(error);
    };
    socket.once("error", failed);
    socket.bind({ address: options.address, port: options.port, exclusive: true }, () => {
      socket.off("error", failed);
      // A datagram that the system could not deliver is a lost datagram; discovery and time measurement repeat.
      socket.on("error", () => {});
      resolve(socket);
    });
  });
}

/** The first free port of the range, else any when that is allowed. */
export async function bindUdpInRange(options: {
  readonly family: Family;
  readonly address: string;
  readonly basePort: number;
  readonly portRange: number;
  readonly allowRandomPorts: boolean;
}): Promise<Socket | undefined> {
  const { family, address } = options;
  for (let k = 0; k < options.portRange; k++) {
    try {
      return await bindUdp({ family, address, port: options.basePort + k });
    } catch (error) {
      if (!isPortTaken(error)) return undefined;
    }
  }
  if (!options.allowRandomPorts) return undefined;
  return bindUdp({ family, address, port: 0 }).catch(() => undefined);
}

/** Sends one datagram; a failure is a lost datagram. */
export function sendUdp(
  socket: Socket,
  message: string | Uint8Array,
  port: number,
  address: string,
): Promise<void> {
  return new Promise((resolve) => {
    try {
      socket.send(message, port, address, () => resolve());
    } catch {
      resolve();
    }
  });
}

export function closeUdp(socket: Socket): void {
  try {
    socket.close();
  } catch {
    // closed already
  }
}

/** Whether another program has the port (or may have it: Windows says EACCES for reserved ones). */
export function isPortTaken(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "EADDRINUSE" || code === "EACCES";
}
