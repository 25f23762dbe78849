import { networkInterfaces } from "node:os";
import type { Settings } from "../configuration/settings.ts";
import type { Family } from "./udp.ts";

/**
 * Interfaces that multicast is joined and sent on: those of the configuration, else every one that is up and not loopback
 * (Node does not tell which can multicast; joining one that cannot fails and is skipped). For IPv6 as `::%name`.
 */
export function multicastInterfaces(settings: Settings, family: Family): string[] {
  if (settings.interfaces.length > 0)
    return settings.interfaces.filter((address) => address.includes(":") === (family === "v6"));
  const found: string[] = [];
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    for (const { address, family: its, internal } of addresses ?? []) {
      if (internal || its !== (family === "v4" ? "IPv4" : "IPv6")) continue;
      const entry = family === "v4" ? address : `::%${name}`;
      if (!found.includes(entry)) found.push(entry);
    }
  }
  return found;
}

export function isMulticast(address: string): boolean {
  if (address.includes(":")) return /^ff/i.test(address);
  const first = Number(address.split(".")[0]);
  return first >= 224 && first <= 239;
}
