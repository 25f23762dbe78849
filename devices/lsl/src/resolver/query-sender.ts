import { randomInt } from "node:crypto";
import type { Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import type { StreamInfo } from "../api/stream-info.ts";
import type { Settings } from "../configuration/settings.ts";
import { readInfo } from "../info/xml-read.ts";
import { isMulticast, multicastInterfaces } from "../net/interfaces.ts";
import { bindUdpInRange, closeUdp, type Family, sendUdp } from "../net/udp.ts";
import { readShortInfoAnswer, shortInfoQuery } from "../wire/datagrams.ts";

interface Party {
  readonly family: Family;
  readonly socket: Socket;
  readonly message: string;
}

/**
 * Asks for streams and hears the answers, both on one socket per address family, so that a stateful firewall lets the
 * answers in.
 */
export class QuerySender {
  readonly #settings: Settings;
  readonly #query: string;
  readonly #queryId = String(randomInt(1, 2 ** 47));
  readonly #onAnswer: (info: StreamInfo) => void;
  #parties: Party[] = [];
  #peers: Promise<string[][]> | undefined;
  #closed = false;

  constructor(settings: Settings, query: string, onAnswer: (info: StreamInfo) => void) {
    this.#settings = settings;
    this.#query = query;
    this.#onAnswer = onAnswer;
  }

  /** Opens the sockets. Without any, nothing will be found; `opened` tells. */
  async open(): Promise<{ opened: boolean }> {
    const settings = this.#settings;
    const families: Family[] = [];
    if (settings.ipv4) families.push("v4");
    if (settings.ipv6) families.push("v6");
    for (const family of families) {
      const address = family === "v4" ? settings.bindV4 : settings.bindV6;
      const socket = await bindUdpInRange({ ...settings, family, address, allowRandomPorts: true });
      if (!socket) continue;
      if (this.#closed) {
        closeUdp(socket);
        continue;
      }
      prepare(socket, family, settings.hops);
      const message = shortInfoQuery(this.#query, socket.address().port, this.#queryId);
      this.#parties.push({ family, socket, message });
      socket.on("message", (datagram, sender) => {
        const xml = readShortInfoAnswer(datagram, this.#queryId);
        if (xml === undefined) return;
        const info = readInfo(xml, { address: sender.address, family }, settings.limits);
        if (info && (info.endpoints.v4 || info.endpoints.v6)) this.#onAnswer(info);
      });
    }
    return { opened: this.#parties.length > 0 };
  }

  /**
   * To the discovery addresses on every interface, and to every service port of this host: several outlets of one host
   * share the discovery port, and only one of them gets a datagram that is not multicast.
   */
  async askAround(): Promise<void> {
    const { discoveryPort, discoveryV4, discoveryV6 } = this.#settings;
    for (const party of this.#parties) {
      const own = party.family === "v4" ? "127.0.0.1" : "::1";
      await this.#askPortRange(party, own);
      for (const address of party.family === "v4" ? discoveryV4 : discoveryV6) {
        if (isMulticast(address)) await this.#askGroup(party, address);
        else await sendUdp(party.socket, party.message, discoveryPort, address);
      }
    }
  }

  /** Directly to the known peers, on every port that an outlet may have. Names are looked up once. */
  async askPeers(): Promise<void> {
    this.#peers ??= Promise.all(this.#settings.knownPeers.map(addressesOf));
    const addresses = (await this.#peers).flat();
    for (const party of this.#parties)
      for (const address of addresses)
        if (address.includes(":") === (party.family === "v6")) await this.#askPortRange(party, address);
  }

  close(): void {
    this.#closed = true;
    for (const { socket } of this.#parties) closeUdp(socket);
    this.#parties = [];
  }

  async #askPortRange({ socket, message }: Party, address: string): Promise<void> {
    const { basePort, portRange } = this.#settings;
    const sending: Promise<void>[] = [];
    for (let k = 0; k < portRange && !this.#closed; k++)
      sending.push(sendUdp(socket, message, basePort + k, address));
    await Promise.all(sending);
  }

  async #askGroup({ socket, message, family }: Party, group: string): Promise<void> {
    const interfaces = multicastInterfaces(this.#settings, family);
    // An empty list leaves the choice to the system, as liblsl does.
    for (const address of interfaces.length > 0 ? interfaces : [undefined]) {
      if (this.#closed) return;
      if (address !== undefined) {
        try {
          socket.setMulticastInterface(address);
        } catch {
          continue;
        }
      }
      await sendUdp(socket, message, this.#settings.discoveryPort, group);
    }
  }
}

/** All addresses of a host; none when the name is not known. */
async function addressesOf(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

function prepare(socket: Socket, family: Family, hops: number): void {
  try {
    if (family === "v4") socket.setBroadcast(true);
    // 0 keeps multicast on this machine; Node allows it for multicast only.
    socket.setMulticastTTL(hops);
    socket.setMulticastLoopback(true);
  } catch {
    // a system without multicast: known peers and this host can still be asked
  }
}
