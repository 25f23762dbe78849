import { isIP } from "node:net";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { isLoopback } from "@attune/live";
import { ServerError } from "./errors.ts";

/** What the operating system says about its network: by interface, its addresses. */
export type Interfaces = Readonly<
  Record<string, readonly Pick<NetworkInterfaceInfo, "address" | "internal">[] | undefined>
>;

/** An address that can be typed into a browser, and the interface that has it where there is more than one. */
export interface Place {
  readonly interface: string | undefined;
  readonly address: string;
}

const ALL_IPV4 = "0.0.0.0";
const ALL = "::";

/**
 * The address to listen on for what a person names: an address of this machine, `0.0.0.0` or `::` for all of them, or an interface
 * (`eth0`), of which the first address is taken, IPv4 before IPv6.
 *
 * @throws ServerError (misuse) for what this machine does not have, and for IPv6 addresses of one link: no browser takes their zone
 */
export function hostNamed(name: string, interfaces: Interfaces = networkInterfaces()): string {
  const host = withoutBrackets(name.trim());
  if (host === "localhost" || isLoopback(host)) return host;
  const places = placesOf(interfaces);
  if (isIP(host) !== 0) {
    const address = normal(host);
    if (address === ALL_IPV4 || address === ALL || places.some((place) => place.address === address))
      return address;
    if (isLinkLocalIpv6(address))
      throw new ServerError(`${host} holds on one link only and no browser takes it: ${instead(places)}.`, {
        misuse: true,
      });
  }
  const own = places.filter((place) => place.interface === host).map(({ address }) => address);
  const address = own.find((each) => isIP(each) === 4) ?? own[0];
  if (address !== undefined) return address;
  throw new ServerError(`This machine has no address or interface "${host}" now: ${instead(places)}.`, {
    misuse: true,
  });
}

/**
 * Where a browser finds what listens on a host: for all addresses those of every interface, else itself. On a machine without a
 * network that is loopback.
 */
export function placesAt(host: string, interfaces: Interfaces = networkInterfaces()): readonly Place[] {
  if (host !== ALL && host !== ALL_IPV4) return [{ interface: undefined, address: host }];
  const places = placesOf(interfaces).filter(({ address }) => host === ALL || isIP(address) === 4);
  return places.length > 0 ? places : [{ interface: undefined, address: loopbackOf(host) }];
}

/** The address by which a browser of this machine reaches it whatever happens to the network. */
export const loopbackOf = (host: string): string => (host === ALL || host === ALL_IPV4 ? "127.0.0.1" : host);

/** An address as it stands in a URL. */
export const inUrl = (address: string): string => (address.includes(":") ? `[${address}]` : address);

/** Those that other machines can use, such as nobody gave out (169.254) last. */
function placesOf(interfaces: Interfaces): Place[] {
  const places = Object.entries(interfaces)
    .flatMap(([name, addresses = []]) =>
      addresses
        .filter(({ internal }) => !internal)
        .map(({ address }) => ({ interface: name, address: normal(address) })),
    )
    .filter(({ address }) => !isLinkLocalIpv6(address));
  const isLast = ({ address }: Place): number => Number(address.startsWith("169.254."));
  return places.sort((a, b) => isLast(a) - isLast(b) || isIP(a.address) - isIP(b.address));
}

const instead = (places: readonly Place[]): string => {
  const own = places.map((place) => `${place.address} (${place.interface})`).join(", ");
  return `choose ${own === "" ? "127.0.0.1" : own} or ${ALL_IPV4} for all of it`;
};

const withoutBrackets = (text: string): string => text.replace(/^\[(.*)\]$/, "$1");

/** One way of writing each address. A zone (`%eth0`) has no place in it. */
const normal = (address: string): string =>
  isIP(address) === 6 && !address.includes("%")
    ? withoutBrackets(new URL(`http://[${address}]`).hostname)
    : address;

const isLinkLocalIpv6 = (address: string): boolean => /^fe[89ab][\da-f]:/i.test(address);
