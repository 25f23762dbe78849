import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostNamed, type Interfaces, placesAt } from "./page-addresses.ts";
import { drawToken, isToken } from "./tokens.ts";

const laboratory: Interfaces = {
  lo: [
    { address: "127.0.0.1", internal: true },
    { address: "::1", internal: true },
  ],
  spare: [{ address: "169.254.7.7", internal: false }],
  eth0: [
    { address: "fe80::fc:ff:fe00:1", internal: false },
    { address: "2001:db8::2", internal: false },
    { address: "192.0.2.2", internal: false },
  ],
  wlan0: [{ address: "198.51.100.9", internal: false }],
  radio: [{ address: "fe80::1", internal: false }],
};

describe("the host that a person names", () => {
  test("is an address of this machine, all of them, or the first of an interface", () => {
    const cases = {
      "127.0.0.1": "127.0.0.1",
      "127.0.0.2": "127.0.0.2",
      localhost: "localhost",
      "::1": "::1",
      "[::1]": "::1",
      "0.0.0.0": "0.0.0.0",
      "::": "::",
      "[0:0::0]": "::",
      "192.0.2.2": "192.0.2.2",
      "2001:DB8:0:0::2": "2001:db8::2",
      " eth0 ": "192.0.2.2",
      spare: "169.254.7.7",
    };
    for (const [name, host] of Object.entries(cases)) expect(hostNamed(name, laboratory), name).toBe(host);
  });

  test("must be here, and must be something that a browser takes", () => {
    for (const name of [
      "192.0.2.3",
      "2001:db8::3",
      "eth7",
      "",
      "lab.example",
      "192.0.2.2:80",
      "0",
      "192.0.2",
    ])
      expect(() => hostNamed(name, laboratory), name).toThrow(
        /no address or interface .*192\.0\.2\.2 \(eth0\), 198\.51\.100\.9 \(wlan0\).* or 0\.0\.0\.0/,
      );
    for (const name of ["fe80::fc:ff:fe00:1", "fe80::fc:ff:fe00:1%eth0"])
      expect(() => hostNamed(name, laboratory), name).toThrow(/one link only/);
    expect(() => hostNamed("radio", laboratory)).toThrow(expect.objectContaining({ misuse: true }));
  });
});

describe("where a browser finds it", () => {
  test("is each address that can be typed in: of every interface, those that nobody gave out last", () => {
    expect(placesAt("0.0.0.0", laboratory)).toEqual([
      { interface: "eth0", address: "192.0.2.2" },
      { interface: "wlan0", address: "198.51.100.9" },
      { interface: "spare", address: "169.254.7.7" },
    ]);
    expect(placesAt("::", laboratory).map(({ address }) => address)).toEqual([
      "192.0.2.2",
      "198.51.100.9",
      "2001:db8::2",
      "169.254.7.7",
    ]);
    expect(placesAt("192.0.2.2", laboratory)).toEqual([{ interface: undefined, address: "192.0.2.2" }]);
  });

  test("is loopback where there is no network", () => {
    for (const host of ["0.0.0.0", "::"])
      expect(placesAt(host, { lo: laboratory.lo })).toEqual([{ interface: undefined, address: "127.0.0.1" }]);
  });
});

test("drawn tokens are tokens, never the same, and hold no letters that look alike", () => {
  const drawn = Array.from({ length: 500 }, drawToken);
  expect(new Set(drawn).size).toBe(500);
  for (const token of drawn) expect(token).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
  expect(drawn.every(isToken)).toBe(true);
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      // It goes into an address and a cookie as it is.
      if (isToken(text)) expect(encodeURIComponent(text)).toBe(text);
      if (text.length < 16) expect(isToken(text)).toBe(false);
    }),
  );
});
