import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { LslConfiguration, LslTuning, ResolveScope } from "../api/configuration.ts";
import { LslConfigurationError } from "../errors.ts";
import { type IniValues, parseIni, parseSet } from "./ini.ts";
import { resolveSettings, type Settings } from "./settings.ts";

/** Keys of the section `tuning` that we know, by their names in the file. */
const tuningKeys: Readonly<Record<string, keyof LslTuning>> = {
  watchdogcheckinterval: "watchdogCheckIntervalSeconds",
  watchdogtimethreshold: "watchdogTimeThresholdSeconds",
  multicastminrtt: "multicastMinRttSeconds",
  multicastmaxrtt: "multicastMaxRttSeconds",
  unicastminrtt: "unicastMinRttSeconds",
  unicastmaxrtt: "unicastMaxRttSeconds",
  continuousresolveinterval: "continuousResolveIntervalSeconds",
  timeupdateinterval: "timeUpdateIntervalSeconds",
  timeupdateminprobes: "timeUpdateMinProbes",
  timeprobecount: "timeProbeCount",
  timeprobeinterval: "timeProbeIntervalSeconds",
  timeprobemaxrtt: "timeProbeMaxRttSeconds",
  maxcachedqueries: "maxCachedQueries",
  smoothinghalftime: "smoothingHalftimeSeconds",
};

/**
 * Finds and reads `lsl_api.cfg` in liblsl's order: the path in `$LSLAPICFG`, then `lsl_api.cfg` in the working folder, in
 * `~/lsl_api` and in `/etc/lsl_api`. Without any file the result is empty: all defaults.
 * Throws {@link LslConfigurationError} when the file found cannot be used.
 */
export function loadConfiguration(): LslConfiguration {
  const candidates = [
    process.env.LSLAPICFG ?? "",
    "lsl_api.cfg",
    join(homedir(), "lsl_api", "lsl_api.cfg"),
    "/etc/lsl_api/lsl_api.cfg",
  ];
  const path = candidates.find((candidate) => candidate !== "" && existsSync(candidate));
  return path === undefined ? {} : parseConfiguration(readFileSync(path, "utf8"), path);
}

/** Reads the text of an `lsl_api.cfg`. Unknown keys are left alone; `where` names the text in errors. */
export function parseConfiguration(text: string, where = "lsl_api.cfg"): LslConfiguration {
  const values = parseIni(text, where);
  const read = new Reader(values, where);
  if ((read.number("tuning.useprotocolversion") ?? 110) < 110)
    throw new LslConfigurationError(
      `${where}: tuning.UseProtocolVersion asks for a protocol older than 1.10, which is not spoken here; remove the line.`,
    );
  const tuning: { -readonly [key in keyof LslTuning]?: number | boolean } = {};
  for (const [key, name] of Object.entries(tuningKeys)) {
    const value = read.number(`tuning.${key}`);
    if (value !== undefined) tuning[name] = value;
  }
  const force = read.boolean("tuning.forcedefaulttimestamps");
  if (force !== undefined) tuning.forceDefaultTimestamps = force;
  return {
    ports: given({
      multicastPort: read.number("ports.multicastport"),
      basePort: read.number("ports.baseport"),
      portRange: read.number("ports.portrange"),
      allowRandomPorts: read.boolean("ports.allowrandomports"),
      ipv6: read.oneOf("ports.ipv6", ["allow", "disable", "force"] as const),
    }),
    multicast: given({
      resolveScope: read.oneOf("multicast.resolvescope", scopeNames),
      machineAddresses: read.set("multicast.machineaddresses"),
      linkAddresses: read.set("multicast.linkaddresses"),
      siteAddresses: read.set("multicast.siteaddresses"),
      organizationAddresses: read.set("multicast.organizationaddresses"),
      globalAddresses: read.set("multicast.globaladdresses"),
      ipv6MulticastGroup: values.get("multicast.ipv6multicastgroup"),
      addressesOverride: read.set("multicast.addressesoverride"),
      ttlOverride: read.number("multicast.ttloverride"),
      listenAddress: values.get("multicast.listenaddress"),
      interfaces: read.set("multicast.interfaces"),
    }),
    lab: given({ knownPeers: read.set("lab.knownpeers"), sessionId: values.get("lab.sessionid") }),
    tuning: tuning as Partial<LslTuning>,
  };
}

/** The settings of a call: of the object given, else of the file, which is read once a process as liblsl does. */
export function settingsFor(configuration: LslConfiguration | undefined): Settings {
  if (configuration) return resolveSettings(configuration);
  fromFile ??= resolveSettings(loadConfiguration());
  return fromFile;
}

let fromFile: Settings | undefined;

const scopeNames: readonly ResolveScope[] = ["machine", "link", "site", "organization", "global"];

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}

class Reader {
  readonly #values: IniValues;
  readonly #where: string;

  constructor(values: IniValues, where: string) {
    this.#values = values;
    this.#where = where;
  }

  number(key: string): number | undefined {
    const text = this.#values.get(key);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    throw this.#error(key, "a number", text);
  }

  boolean(key: string): boolean | undefined {
    const text = this.#values.get(key)?.toLowerCase();
    if (text === undefined) return undefined;
    if (["1", "true", "yes", "on"].includes(text)) return true;
    if (["0", "false", "no", "off"].includes(text)) return false;
    throw this.#error(key, "true or false", text);
  }

  oneOf<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const text = this.#values.get(key)?.toLowerCase();
    if (text === undefined) return undefined;
    const choice = choices.find((candidate) => candidate === text);
    if (choice !== undefined) return choice;
    throw this.#error(key, choices.join(", "), text);
  }

  set(key: string): string[] | undefined {
    const text = this.#values.get(key);
    return text === undefined ? undefined : parseSet(text);
  }

  #error(key: string, expected: string, got: string): LslConfigurationError {
    return new LslConfigurationError(`${this.#where}: ${key} must be ${expected}, got "${got}".`);
  }
}
