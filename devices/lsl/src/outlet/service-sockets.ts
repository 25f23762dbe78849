import type { Socket as UdpSocket } from "node:dgram";
import type { Server, Socket } from "node:net";
import type { Settings } from "../configuration/settings.ts";
import { isMulticast, multicastInterfaces } from "../net/interfaces.ts";
import { listenTcp } from "../net/tcp.ts";
import { bindUdp, bindUdpInRange, closeUdp, type Family, isPortTaken } from "../net/udp.ts";

/** The service sockets of one address family. */
export interface ServiceSockets {
  readonly udp: UdpSocket;
  readonly tcp: Server;
  readonly servicePort: number;
  readonly dataPort: number;
}

/**
 * Binds UDP service and TCP data to the same number of the port range: inlets of 2017 to 2018 send their time probes to the
 * data port. Only when no number is free for both do they differ. Undefined when the family is not to be had.
 */
export async function openServiceSockets(
  settings: Settings,
  family: Family,
  onConnection: (socket: Socket) => void,
): Promise<ServiceSockets | undefined> {
  const address = family === "v4" ? settings.bindV4 : settings.bindV6;
  const listen = (port: number): Promise<Server> =>
    listenTcp({ address, port, maximumConnections: settings.limits.maximumConnections, onConnection });
  const together = async (port: number): Promise<ServiceSockets | undefined> => {
    const udp = await bindUdp({ family, address, port });
    try {
      return pair(udp, await listen(udp.address().port));
    } catch (error) {
      closeUdp(udp);
      throw error;
    }
  };
  const range = Array.from({ length: settings.portRange }, (_, k) => settings.basePort + k);
  for (const port of range) {
    try {
      return await together(port);
    } catch (error) {
      if (!isPortTaken(error)) return undefined;
    }
  }
  if (settings.allowRandomPorts) {
    for (let attempt = 0; attempt < 8; attempt++) {
      const sockets = await together(0).catch(() => undefined);
      if (sockets) return sockets;
    }
  }
  const udp = await bindUdpInRange({ ...settings, family, address });
  if (!udp) return undefined;
  for (const port of settings.allowRandomPorts ? [...range, 0] : range) {
    const tcp = await listen(port).catch(() => undefined);
    if (tcp) return pair(udp, tcp);
  }
  closeUdp(udp);
  return undefined;
}

/** Listens for queries on the discovery port, which all outlets of a host share. Undefined when that is not possible. */
export async function openDiscoverySocket(
  settings: Settings,
  family: Family,
): Promise<UdpSocket | undefined> {
  const groups = (family === "v4" ? settings.discoveryV4 : settings.discoveryV6).filter(isMulticast);
  const address = family === "v4" ? settings.listenV4 : settings.listenV6;
  let socket: UdpSocket;
  try {
    socket = await bindUdp({ family, address, port: settings.discoveryPort, shared: true });
  } catch {
    return undefined;
  }
  const interfaces = multicastInterfaces(settings, family);
  for (const group of groups)
    for (const one of interfaces.length > 0 ? interfaces : [undefined]) {
      try {
        socket.addMembership(group, one);
      } catch {
        // an interface without multicast
      }
    }
  return socket;
}

function pair(udp: UdpSocket, tcp: Server): ServiceSockets {
  const bound = tcp.address();
  const dataPort = bound !== null && typeof bound === "object" ? bound.port : 0;
  return { udp, tcp, servicePort: udp.address().port, dataPort };
}
