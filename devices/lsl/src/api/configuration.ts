export type ResolveScope = "machine" | "link" | "site" | "organization" | "global";

/**
 * Settings under the names of `lsl_api.cfg` (sections ports, multicast, lab, tuning), every one optional, and four of our
 * own: `bindAddress`, `loopbackOnly`, `limits`. What is left out has liblsl's default.
 */
export interface LslConfiguration {
  readonly ports?: {
    /** UDP port of discovery. Default 16571. */
    readonly multicastPort?: number;
    /** First port of the service range. Default 16572. */
    readonly basePort?: number;
    /** Number of ports in the service range. Default 32. */
    readonly portRange?: number;
    /** Take any free port when the range is full. Default true. */
    readonly allowRandomPorts?: boolean;
    /** Default "allow". */
    readonly ipv6?: "allow" | "disable" | "force";
  };
  readonly multicast?: {
    /** Each scope adds to the smaller one. Default "site". */
    readonly resolveScope?: ResolveScope;
    readonly machineAddresses?: readonly string[];
    readonly linkAddresses?: readonly string[];
    readonly siteAddresses?: readonly string[];
    readonly organizationAddresses?: readonly string[];
    readonly globalAddresses?: readonly string[];
    /** Last 112 bits of the IPv6 groups. Default 113D:6FDD:2C17:A643:FFE2:1BD1:3CD2. */
    readonly ipv6MulticastGroup?: string;
    /** Replaces all the addresses above when not empty. */
    readonly addressesOverride?: readonly string[];
    /** Replaces the hop limit of the scope; -1 keeps it. */
    readonly ttlOverride?: number;
    /** Address that the discovery responder binds; empty is every address. */
    readonly listenAddress?: string;
    /** Addresses of the interfaces to use for multicast; empty is every interface that is up. */
    readonly interfaces?: readonly string[];
  };
  readonly lab?: {
    /** Hosts that are asked directly, on every port of the range. */
    readonly knownPeers?: readonly string[];
    /** Streams of other sessions are neither found nor offered. Default "default". */
    readonly sessionId?: string;
  };
  readonly tuning?: Partial<LslTuning>;
  /**
   * Address that service sockets bind, unlike liblsl, which always binds every address. Default: every address.
   */
  readonly bindAddress?: string;
  /** Nothing but 127.0.0.1 is bound, asked or answered; overrides scope, addresses, peers and IPv6. Default false. */
  readonly loopbackOnly?: boolean;
  readonly limits?: Partial<LslLimits>;
}

/** Intervals and counts, by the names and defaults of liblsl 1.17 (section `tuning` of `lsl_api.cfg`). */
export interface LslTuning {
  /** 15 s */
  readonly watchdogCheckIntervalSeconds: number;
  /** 15 s */
  readonly watchdogTimeThresholdSeconds: number;
  /** 0.5 s */
  readonly multicastMinRttSeconds: number;
  /** 3 s */
  readonly multicastMaxRttSeconds: number;
  /** 0.75 s */
  readonly unicastMinRttSeconds: number;
  /** 5 s */
  readonly unicastMaxRttSeconds: number;
  /** 0.5 s */
  readonly continuousResolveIntervalSeconds: number;
  /** 2 s */
  readonly timeUpdateIntervalSeconds: number;
  /** 6 */
  readonly timeUpdateMinProbes: number;
  /** 8 */
  readonly timeProbeCount: number;
  /** 0.064 s */
  readonly timeProbeIntervalSeconds: number;
  /** 0.128 s */
  readonly timeProbeMaxRttSeconds: number;
  /** 100 */
  readonly maxCachedQueries: number;
  /** 90 s */
  readonly smoothingHalftimeSeconds: number;
  /** false: stamp every sample on arrival with the local clock instead of the sender's stamp */
  readonly forceDefaultTimestamps: boolean;
  /** 0.5 s between attempts to reconnect */
  readonly recoveryRetrySeconds: number;
}

/** Bounds on what a peer can make us hold. */
export interface LslLimits {
  /** Request or answer head of one TCP connection. Default 65536. */
  readonly maximumHeaderBytes: number;
  /** A stream's XML document. Default 16 MiB. */
  readonly maximumInfoBytes: number;
  /** One string value. Default 16 MiB. */
  readonly maximumStringBytes: number;
  /** One sample, all channels. Default 64 MiB. */
  readonly maximumSampleBytes: number;
  /** Channels of a stream. Default 65536. */
  readonly maximumChannelCount: number;
  /** TCP connections of one outlet. Default 256. */
  readonly maximumConnections: number;
  /** Streams that one resolver keeps. Default 1024. */
  readonly maximumStreams: number;
  /** A predicate. Default 8192. */
  readonly maximumQueryBytes: number;
}
