import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { LslConfigurationError } from "../errors.ts";
import { loadConfiguration, parseConfiguration } from "./load-configuration.ts";
import { resolveSettings } from "./settings.ts";

afterEach(() => vi.unstubAllEnvs());

describe("an empty configuration", () => {
  const settings = resolveSettings({});

  test("has liblsl's ports, scope site and session", () => {
    expect(settings).toMatchObject({
      discoveryPort: 16571,
      basePort: 16572,
      portRange: 32,
      allowRandomPorts: true,
      ipv4: true,
      ipv6: true,
      hops: 24,
      sessionId: "default",
      bindV4: "0.0.0.0",
    });
    expect(settings.discoveryV4).toEqual([
      "127.0.0.1",
      "255.255.255.255",
      "224.0.0.1",
      "224.0.0.183",
      "239.255.172.215",
    ]);
    const group = "113D:6FDD:2C17:A643:FFE2:1BD1:3CD2";
    expect(settings.discoveryV6).toEqual([`FF02:${group}`, `FF05:${group}`]);
  });
});

test("a file in liblsl's dialect is read", () => {
  const configuration = parseConfiguration(`
; a comment
[ports]
MulticastPort = 20000
IPv6 = disable   ; not here
AllowRandomPorts = false
[multicast]
ResolveScope = machine
AddressesOverride = {127.0.0.1, 224.0.0.1}
TTLOverride = 3
[lab]
KnownPeers = {lab-1, 10.0.0.2}
SessionID = pilot
[tuning]
TimeProbeCount = 4
WatchdogCheckInterval = 1.5
[log]
level = 3
`);
  expect(resolveSettings(configuration)).toMatchObject({
    discoveryPort: 20000,
    ipv6: false,
    allowRandomPorts: false,
    discoveryV4: ["127.0.0.1", "224.0.0.1"],
    hops: 3,
    knownPeers: ["lab-1", "10.0.0.2"],
    sessionId: "pilot",
    tuning: { timeProbeCount: 4, watchdogCheckIntervalSeconds: 1.5, timeProbeIntervalSeconds: 0.064 },
  });
});

test.each([
  "[ports]\nMulticastPort =\n",
  "[ports]\nMulticastPort\n",
  "[ports]\nMulticastPort = many\n",
  "[ports]\nIPv6 = perhaps\n",
  "[multicast]\nResolveScope = galaxy\n",
  "[tuning]\nUseProtocolVersion = 100\n",
])("%j is an error that names its place", (text) => {
  expect(() => parseConfiguration(text, "a.cfg")).toThrow(LslConfigurationError);
  expect(() => parseConfiguration(text, "a.cfg")).toThrow(/a\.cfg/);
});

test("the file that LSLAPICFG names comes first", () => {
  const folder = mkdtempSync(join(tmpdir(), "lsl-"));
  try {
    const path = join(folder, "mine.cfg");
    writeFileSync(path, "[lab]\nSessionID = from-file\n");
    vi.stubEnv("LSLAPICFG", path);
    expect(loadConfiguration().lab?.sessionId).toBe("from-file");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("loopbackOnly leaves nothing but 127.0.0.1", () => {
  const settings = resolveSettings({
    loopbackOnly: true,
    multicast: { resolveScope: "global" },
    lab: { knownPeers: ["10.0.0.1", "127.0.0.5"] },
  });
  expect(settings).toMatchObject({
    ipv6: false,
    discoveryV4: ["127.0.0.1"],
    discoveryV6: [],
    bindV4: "127.0.0.1",
    listenV4: "127.0.0.1",
    interfaces: ["127.0.0.1"],
    knownPeers: ["127.0.0.5"],
  });
});

test("an address to bind decides the family; nonsense is refused", () => {
  expect(resolveSettings({ bindAddress: "127.0.0.1" })).toMatchObject({ ipv4: true, ipv6: false });
  expect(resolveSettings({ bindAddress: "::1" })).toMatchObject({ ipv4: false, ipv6: true });
  expect(resolveSettings({ ports: { ipv6: "force" } })).toMatchObject({ ipv4: false, ipv6: true });
  expect(() => resolveSettings({ bindAddress: "here" })).toThrow(LslConfigurationError);
  expect(() => resolveSettings({ ports: { portRange: 0 } })).toThrow(LslConfigurationError);
  expect(() => resolveSettings({ ports: { multicastPort: 70000 } })).toThrow(LslConfigurationError);
});
