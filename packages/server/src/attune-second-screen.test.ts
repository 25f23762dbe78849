import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { AttuneBench, type Running } from "./attune-process.test-support.ts";
import { TestPage } from "./socket.test-support.ts";

// Loopback has 16 million addresses: the session is on 127.0.0.2, and other machines are 127.0.0.3 and 127.0.0.4.

const MINE = "a-token-of-some-length";
const THEIRS = "another-token-to-look";

const bench = new AttuneBench();
bench.writeSession("shared");
const samples = Array.from({ length: 2000 }, (_, n) =>
  [1, 2, 3, 4].map((k) => Math.sin(n / (3 + k)).toFixed(4)),
);
writeFileSync(
  join(bench.folder, "pair.csv"),
  ["A3,A4,I3,I4", ...samples.map((row) => row.join(",")), ""].join("\n"),
);
const pair = ["pair.csv", "--sampling-rate", "200", "--adult", "A3,A4", "--infant", "I3,I4"];
afterAll(() => bench.remove());

interface Printed {
  readonly address: string;
  readonly observerAddress: string;
  readonly addresses: readonly {
    readonly interface: string | null;
    readonly address: string;
    readonly observerAddress: string;
  }[];
}

/** A browser on another machine: what it was given is what is typed in. */
function openFrom(machine: string, address: string): TestPage {
  const { origin, pathname, search } = new URL(address);
  const session = `${origin.replace("http", "ws")}${pathname}session${search}`;
  return new TestPage(session, { origin, localAddress: machine });
}

const tokenOf = (address: string): string => new URL(address).searchParams.get("token")!;

async function documentOf(running: Running): Promise<Printed> {
  await running.says(/for looking only: /);
  await expect.poll(() => running.stdout.includes('"observerAddress"')).toBe(true);
  return JSON.parse(running.stdout.split("\n").find((line) => line.includes('"observerAddress"'))!);
}

/** Arguments of the process as everybody on the machine can list them; empty where the system has no such list. */
const listed = ({ child }: Running): string =>
  existsSync(`/proc/${child.pid}/cmdline`) ? readFileSync(`/proc/${child.pid}/cmdline`, "utf8") : "";

describe("attune live on other machines", () => {
  test("one writes, one codes beside, one looks and never writes; no token is left behind anywhere", async () => {
    const live = bench.attune(["live", "shared.yaml", "--page-host", "127.0.0.2", "--json"]);
    const printed = await documentOf(live);
    const { address, observerAddress } = printed;
    expect(address).toMatch(/^http:\/\/127\.0\.0\.2:\d+\/\?token=[\w-]{19}$/);
    expect(observerAddress).toMatch(/^http:\/\/127\.0\.0\.2:\d+\/observer\/\?token=[\w-]{19}$/);
    expect(printed.addresses).toEqual([{ interface: null, address, observerAddress }]);
    expect(live.stderr).toContain(`attune: page: ${address}\n`);
    expect(live.stderr).toContain(`attune: for looking only: ${observerAddress}\n`);

    const { origin, port } = new URL(address);
    expect((await fetch(`${origin}/`)).status).toBe(401);
    expect((await fetch(`${origin}/observer/`)).status).toBe(401);
    expect((await fetch(`${origin}/?token=${"x".repeat(19)}`)).status).toBe(401);
    const elsewhere = connect(Number(port), "127.0.0.1");
    expect(((await once(elsewhere, "error")) as [NodeJS.ErrnoException])[0].code).toBe("ECONNREFUSED");

    const look = await openFrom("127.0.0.4", observerAddress).opened();
    expect(look.newest("hello")!.seat).toBe("observer");
    const writer = await openFrom("127.0.0.2", address).opened();
    expect(writer.newest("hello")!.seat).toBe("writer");
    const coder = await openFrom("127.0.0.3", address).opened();
    expect(coder.newest("hello")!.seat).toBe("observer");
    await live.says(/recording into/);
    const seat = { do: "take-seat", seat: "second-coder", coder: "anna" } as const;
    expect(await coder.ask(seat)).toMatchObject({ ok: true });
    await writer.until(() => writer.newest("standing")?.stage === "running", "the session");
    expect(await coder.ask({ do: "key-down", key: "v" })).toMatchObject({ ok: true });
    expect(await writer.ask({ do: "note", text: "the mother looks tired" })).toMatchObject({ ok: true });
    await writer.until(
      () => writer.all("log").some(({ entries }) => entries.some(({ message }) => /tired/.test(message))),
      "the note",
    );

    await writer.close();
    for (const each of [{ ...seat, seat: "writer" } as const, seat])
      expect(await look.ask(each)).toMatchObject({ ok: false, message: "this address is for looking only" });
    expect(await look.ask({ do: "end", reason: "why not" })).toMatchObject({ ok: false });
    expect(look.newest("hello")!.seat).toBe("observer");
    expect(look.all("log")).toEqual([]);
    expect(JSON.stringify(look.frames)).not.toMatch(/tired|anna/);
    const stolen = new URL(observerAddress);
    const disguised = openFrom("127.0.0.4", `${stolen.origin}/${stolen.search}`);
    expect(await (await disguised.opened()).ask({ do: "take-seat", seat: "writer" })).toMatchObject({
      ok: false,
    });

    const cmdline = listed(live);
    expect(await coder.ask({ do: "take-seat", seat: "writer" })).toMatchObject({ ok: true });
    expect(await coder.ask({ do: "end", reason: "enough" })).toMatchObject({ ok: true });
    expect(await live.ended).toBe(0);
    const files = readdirSync(join(bench.folder, "recordings"));
    expect(files).toEqual(expect.arrayContaining(["shared.xdf", "shared.log.tsv"]));
    for (const token of [tokenOf(address), tokenOf(observerAddress)]) {
      expect(cmdline).not.toContain(token);
      for (const file of files)
        expect(readFileSync(join(bench.folder, "recordings", file), "latin1"), file).not.toContain(token);
    }
  }, 60_000);
});

describe("a recording on other machines", () => {
  test("attune view takes tokens from the environment and prints where it can be typed in on each network", async () => {
    const own = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map(({ address }) => address);
    const view = bench.attune(["view", ...pair, "--host", "0.0.0.0", "--no-open", "--json"], {
      ATTUNE_PAGE_TOKEN: MINE,
      ATTUNE_PAGE_OBSERVER_TOKEN: THEIRS,
    });
    const { address, addresses } = await documentOf(view);
    expect(addresses.map((each) => new URL(each.address).hostname).sort()).toEqual(
      own.length > 0 ? own.sort() : ["127.0.0.1"],
    );
    expect([...addresses.map((each) => tokenOf(each.address))]).toEqual(addresses.map(() => MINE));
    expect([...addresses.map((each) => tokenOf(each.observerAddress))]).toEqual(addresses.map(() => THEIRS));
    const { port } = new URL(address);
    const look = await openFrom("127.0.0.3", `http://127.0.0.2:${port}/observer/?token=${THEIRS}`).opened();
    expect(await look.ask({ do: "play" })).toMatchObject({ ok: false });
    const page = await openFrom("127.0.0.2", `http://127.0.0.1:${port}/?token=${MINE}`).opened();
    expect(await page.ask({ do: "play" })).toMatchObject({ ok: true });
    expect(listed(view)).not.toMatch(new RegExp(`${MINE}|${THEIRS}`));
    view.child.kill("SIGINT");
    expect(await view.ended).toBe(0);
  }, 60_000);

  test("what attune view prints as its result holds no token; without a host nobody needs one", async () => {
    const named = bench.attune(["view", ...pair, "--host", "127.0.0.1", "--no-open"]);
    const plain = bench.attune(["view", ...pair, "--no-open"]);
    const [, address] = await named.says(/for looking only: (\S+)\n(?:.*\n)*.*Ctrl\+C/);
    expect(named.stdout.trim()).toBe("pair.csv");
    expect((await openFrom("127.0.0.3", address!).opened()).newest("hello")!.seat).toBe("observer");
    const [, looking] = await plain.says(/for looking only: (\S+)\n(?:.*\n)*.*Ctrl\+C/);
    expect(plain.stdout).toMatch(/^pair\.csv: http:\/\/127\.0\.0\.1:\d+\/\n$/);
    expect(looking).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/observer\/$/);
    expect((await openFrom("127.0.0.1", looking!).opened()).newest("hello")!.seat).toBe("observer");
    for (const { child } of [named, plain]) child.kill("SIGINT");
    expect(await Promise.all([named.ended, plain.ended])).toEqual([0, 0]);
  }, 60_000);

  const hasIpv6 = Object.values(networkInterfaces()).some((each) =>
    each?.some(({ address }) => address === "::1"),
  );
  test.skipIf(!hasIpv6)(
    "attune replay --page is found by IPv6, too",
    async () => {
      const replay = bench.attune(["replay", ...pair, "--page", "--host", "[::1]", "--no-open", "--json"]);
      const { address, observerAddress } = await documentOf(replay);
      expect(address).toMatch(/^http:\/\/\[::1\]:\d+\/\?token=/);
      expect((await openFrom("::1", observerAddress).opened()).newest("hello")!.seat).toBe("observer");
      expect((await openFrom("::1", address).opened()).newest("hello")!.seat).toBe("writer");
      const foreign = new TestPage(`${address.replace("http", "ws").replace("?", "session?")}`, {
        origin: "http://evil.example",
      });
      expect(await foreign.closed).toMatchObject({ code: 1006 });
      replay.child.kill("SIGINT");
      expect(await replay.ended).toBe(0);
    },
    30_000,
  );
});

test("what cannot be is one clear sentence and exit code 2, before anything is begun", async () => {
  const cases = [
    [["live", "shared.yaml", "--page-host", "192.0.2.250"], {}, /no address or interface "192\.0\.2\.250"/],
    [["live", "shared.yaml", "--page-host", "127.0.0.1", "--no-page"], {}, /leave --no-page out/],
    [["live", "shared.yaml", "--page-port", "70000"], {}, /below 65536/],
    [["live", "shared.yaml"], { ATTUNE_PAGE_TOKEN: "short" }, /ATTUNE_PAGE_TOKEN must be 16 to 200/],
    [["replay", ...pair, "--host", "127.0.0.1"], {}, /give --page as well/],
  ] as const;
  const before = readdirSync(bench.folder).sort();
  await Promise.all(
    cases.map(async ([args, environment, sentence]) => {
      const run = bench.attune(args, environment);
      expect(await run.ended, `${args.join(" ")}: ${run.stderr}`).toBe(2);
      expect(run.stderr.trim().split("\n")).toHaveLength(1);
      expect(run.stderr).toMatch(sentence);
    }),
  );
  expect(readdirSync(bench.folder).sort()).toEqual(before);
}, 60_000);
