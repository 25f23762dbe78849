import { isIPv4, isIPv6 } from "node:net";
import type { LslConfiguration, LslLimits, LslTuning, ResolveScope } from "../api/configuration.ts";
import { LslConfigurationError } from "../errors.ts";

/** A configuration with every question answered; plain data, so that it can be sent to the worker. */
export interface Settings {
  readonly discoveryPort: number;
  readonly basePort: number;
  readonly portRange: number;
  readonly allowRandomPorts: boolean;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly discoveryV4: readonly string[];
  readonly discoveryV6: readonly string[];
  readonly hops: number;
  /** Where discovery responders listen. */
  readonly listenV4: string;
  readonly listenV6: string;
  /** Where service sockets listen. */
  readonly bindV4: string;
  readonly bindV6: string;
  readonly interfaces: readonly string[];
  readonly knownPeers: readonly string[];
  readonly sessionId: string;
  readonly loopbackOnly: boolean;
  readonly tuning: LslTuning;
  readonly limits: LslLimits;
}

/** liblsl 1.17, `api_config.cpp`. */
export const defaultTuning: LslTuning = {
  watchdogCheckIntervalSeconds: 15,
  watchdogTimeThresholdSeconds: 15,
  multicastMinRttSeconds: 0.5,
  multicastMaxRttSeconds: 3,
  unicastMinRttSeconds: 0.75,
  unicastMaxRttSeconds: 5,
  continuousResolveIntervalSeconds: 0.5,
  timeUpdateIntervalSeconds: 2,
  timeUpdateMinProbes: 6,
  timeProbeCount: 8,
  timeProbeIntervalSeconds: 0.064,
  timeProbeMaxRttSeconds: 0.128,
  maxCachedQueries: 100,
  smoothingHalftimeSeconds: 90,
  forceDefaultTimestamps: false,
  recoveryRetrySeconds: 0.5,
};

export const defaultLimits: LslLimits = {
  maximumHeaderBytes: 1 << 16,
  maximumInfoBytes: 1 << 24,
  maximumStringBytes: 1 << 24,
  maximumSampleBytes: 1 << 26,
  maximumChannelCount: 1 << 16,
  maximumConnections: 256,
  maximumStreams: 1024,
  maximumQueryBytes: 8192,
};

/** Each scope adds its addresses to those of the smaller ones and has its own hop limit. */
const scopes: readonly { name: ResolveScope; v4: readonly string[]; v6: string; hops: number }[] = [
  { name: "machine", v4: ["127.0.0.1"], v6: "", hops: 0 },
  { name: "link", v4: ["255.255.255.255", "224.0.0.1", "224.0.0.183"], v6: "FF02", hops: 1 },
  { name: "site", v4: ["239.255.172.215"], v6: "FF05", hops: 24 },
  { name: "organization", v4: [], v6: "FF08", hops: 32 },
  { name: "global", v4: [], v6: "FF0E", hops: 255 },
];

const defaultGroup = "113D:6FDD:2C17:A643:FFE2:1BD1:3CD2";

/** Fills in defaults and checks. Throws {@link LslConfigurationError} for values that cannot be meant. */
export function resolveSettings(configuration: LslConfiguration = {}): Settings {
  const { ports = {}, multicast = {}, lab = {} } = configuration;
  const discoveryPort = port("ports.multicastPort", ports.multicastPort ?? 16571);
  const basePort = port("ports.basePort", ports.basePort ?? 16572);
  const portRange = ports.portRange ?? 32;
  if (!Number.isInteger(portRange) || portRange < 1 || basePort + portRange > 65536)
    throw new LslConfigurationError(
      `ports.portRange must be a whole number of at least 1 that keeps basePort + portRange below 65537, got ${portRange}.`,
    );

  const common = {
    discoveryPort,
    basePort,
    portRange,
    allowRandomPorts: ports.allowRandomPorts ?? true,
    sessionId: lab.sessionId ?? "default",
    tuning: { ...defaultTuning, ...configuration.tuning },
    limits: { ...defaultLimits, ...configuration.limits },
  };
  if (configuration.loopbackOnly)
    return {
      ...common,
      ipv4: true,
      ipv6: false,
      discoveryV4: ["127.0.0.1"],
      discoveryV6: [],
      hops: 0,
      listenV4: "127.0.0.1",
      listenV6: "::1",
      bindV4: "127.0.0.1",
      bindV6: "::1",
      interfaces: ["127.0.0.1"],
      knownPeers: (lab.knownPeers ?? []).filter((peer) => peer.startsWith("127.") && isIPv4(peer)),
      loopbackOnly: true,
    };

  const { addresses, hops } = discoveryAddresses(multicast);
  const bind = configuration.bindAddress ?? "";
  if (bind !== "" && !isIPv4(bind) && !isIPv6(bind))
    throw new LslConfigurationError(`bindAddress must be an IPv4 or IPv6 address, got "${bind}".`);
  const listen = multicast.listenAddress ?? "";
  const family = ports.ipv6 ?? "allow";
  const override = multicast.ttlOverride ?? -1;
  return {
    ...common,
    ipv4: family !== "force" && !isIPv6(bind),
    ipv6: family !== "disable" && !isIPv4(bind),
    discoveryV4: addresses.filter((address) => isIPv4(address)),
    discoveryV6: addresses.filter((address) => isIPv6(address)),
    hops: override >= 0 ? override : hops,
    listenV4: isIPv4(listen) ? listen : "0.0.0.0",
    listenV6: isIPv6(listen) ? listen : "::",
    bindV4: isIPv4(bind) ? bind : "0.0.0.0",
    bindV6: isIPv6(bind) ? bind : "::",
    interfaces: multicast.interfaces ?? [],
    knownPeers: lab.knownPeers ?? [],
    loopbackOnly: false,
  };
}

function discoveryAddresses(multicast: NonNullable<LslConfiguration["multicast"]>): {
  addresses: readonly string[];
  hops: number;
} {
  const wanted = multicast.resolveScope ?? "site";
  const last = scopes.findIndex((scope) => scope.name === wanted);
  if (last < 0)
    throw new LslConfigurationError(
      `multicast.resolveScope must be machine, link, site, organization or global, got "${wanted}".`,
    );
  const hops = scopes[last]!.hops;
  if (multicast.addressesOverride && multicast.addressesOverride.length > 0)
    return { addresses: multicast.addressesOverride, hops };
  const group = multicast.ipv6MulticastGroup ?? defaultGroup;
  const configured: Readonly<Record<ResolveScope, readonly string[] | undefined>> = {
    machine: multicast.machineAddresses,
    link: multicast.linkAddresses,
    site: multicast.siteAddresses,
    organization: multicast.organizationAddresses,
    global: multicast.globalAddresses,
  };
  const addresses = scopes
    .slice(0, last + 1)
    .flatMap((scope) => [
      ...(configured[scope.name] ?? scope.v4),
      ...(scope.v6 === "" ? [] : [`${scope.v6}:${group}`]),
    ]);
  return { addresses, hops };
}

function port(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0 && value < 65536) return value;
  throw new LslConfigurationError(`${name} must be a port number from 1 to 65535, got ${value}.`);
}
