import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { ServerBench } from "./server-bench.test-support.ts";
import { logOf, summaryOf, tracesAt } from "./socket.test-support.ts";

const TOKEN = "a-token-of-some-length";
const LOOK = "another-token-to-look";

const bench = new ServerBench();
afterEach(() => bench.close());
afterAll(() => bench.remove());

describe("the page over HTTP", () => {
  test("is served with a policy that lets nothing else in, and files that never change are kept", async () => {
    await bench.open();
    const page = await bench.ask("/");
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining("Attune") });
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["cache-control"]).toBe("no-store");
    expect(page.headers["x-content-type-options"]).toBe("nosniff");
    expect(page.headers["referrer-policy"]).toBe("no-referrer");
    const policy = page.headers["content-security-policy"]!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${bench.server.port}`);
    expect(policy).not.toMatch(/unsafe|\*|data:/);
    const script = await bench.ask("/assets/index-B3x9_kQz.js");
    expect(script.headers["cache-control"]).toContain("immutable");
    expect(script.headers["content-type"]).toContain("text/javascript");
    const head = await bench.ask("/", {}, "HEAD");
    expect(head).toMatchObject({ status: 200, body: "" });
    expect(Number(head.headers["content-length"])).toBe(page.body.length);
  });

  test("nothing outside its folder, no link, and no other kind of file can be had, and nothing can be sent", async () => {
    await bench.open();
    for (const path of [
      "/../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "//secret.txt",
      "/linked.txt",
      "/program.sh",
      "/assets",
      "/assets/",
      "/%00",
      "/%",
      "/session",
    ])
      expect(await bench.ask(path), path).toMatchObject({ status: 404 });
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"])
      expect(await bench.ask("/", {}, method)).toMatchObject({ status: 405 });
  });

  test("a page that was built anew is found without a restart", async () => {
    await bench.open();
    expect((await bench.ask("/late.html")).status).toBe(404);
    writeFileSync(join(bench.assets, "late.html"), "late");
    await expect.poll(async () => (await bench.ask("/late.html")).status, { timeout: 4000 }).toBe(200);
  });
});

describe("who comes in", () => {
  test("on loopback needs no token; foreign names of this machine and foreign pages are refused", async () => {
    await bench.open();
    await bench.enter().opened();
    expect((await bench.ask("/", { host: "evil.example" })).status).toBe(403);
    expect((await bench.ask("/", { host: `localhost:${bench.server.port}` })).status).toBe(200);
    const own = `http://127.0.0.1:${bench.server.port}`;
    await bench.enter("/session", { origin: own }).opened();
    for (const origin of [
      "http://evil.example",
      "null",
      "http://127.0.0.1:1",
      `https://127.0.0.1:${bench.server.port}`,
      `http://localhost:${bench.server.port}`,
    ])
      expect(await bench.refusal("/session", { origin }), origin).toBe(403);
    expect(await bench.refusal("/session", { headers: { host: "evil.example" } })).toBe(403);
    expect(await bench.refusal("/elsewhere")).toBe(404);
  });

  test("on any other address needs a token that cannot be guessed", async () => {
    await expect(bench.open({ host: "0.0.0.0" })).rejects.toMatchObject({
      code: "ATTUNE_SERVER",
      misuse: true,
    });
    await expect(bench.open({ host: "0.0.0.0", token: "short" })).rejects.toThrow(/16/);
    await expect(bench.open({ token: TOKEN, observerToken: TOKEN })).rejects.toThrow(/second screen/);
    await bench.open({ host: "0.0.0.0", token: TOKEN });
    expect((await bench.ask("/")).status).toBe(401);
    expect((await bench.ask("/?token=wrong-but-long-enough")).status).toBe(401);
    expect(await bench.refusal("/session")).toBe(401);
    // A number cannot be pointed elsewhere by a name server; a name can.
    expect((await bench.ask(`/?token=${TOKEN}`, { host: "192.0.2.7:80" })).status).toBe(200);
    expect((await bench.ask(`/?token=${TOKEN}`, { host: "evil.example" })).status).toBe(403);
    await bench.enter(`/session?token=${TOKEN}`).opened();
  });

  test("brings the token once and a cookie from then on, which scripts and other sites do not see", async () => {
    await bench.open({ token: TOKEN, observerToken: LOOK });
    expect(bench.server.url).toContain(`?token=${TOKEN}`);
    expect(bench.server.observerUrl).toContain(`/observer/?token=${LOOK}`);
    const first = await bench.ask(`/?token=${TOKEN}`);
    const [cookie] = first.headers["set-cookie"]!;
    expect(cookie).toMatch(/^attune-\d+=.*; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(first.body).toContain('content="0; url=/"');
    expect(first.body).not.toContain(TOKEN);
    const own = { cookie: `other=1; ${cookie!.split(";")[0]}` };
    expect(await bench.ask("/", own)).toMatchObject({ status: 200, body: expect.stringContaining("Attune") });
    const page = await bench.enter("/session", { headers: own }).opened();
    expect(page.newest("hello")!.seat).toBe("writer");
    expect((await bench.ask("/", { cookie: own.cookie.replace("a-token", "b-token") })).status).toBe(401);
  });

  test("with the second token looks and cannot do anything else", async () => {
    await bench.open({ token: TOKEN, observerToken: LOOK });
    const look = await bench.enter(`/session?token=${LOOK}`).opened();
    expect(look.newest("hello")).toMatchObject({ seat: "observer", writerPresent: false });
    expect(await look.ask({ do: "take-seat", seat: "writer" })).toMatchObject({ ok: false });
    expect(await look.ask({ do: "end", reason: "why not" })).toMatchObject({ ok: false });
    expect(bench.source.asked).toEqual([]);
    expect(await look.ask({ do: "timing" })).toMatchObject({ ok: true });
  });

  test("below the observers' path looks, whatever it could do elsewhere", async () => {
    await bench.open();
    expect(bench.server.observerUrl).toBe(`http://127.0.0.1:${bench.server.port}/observer/`);
    expect((await bench.ask("/observer")).body).toContain('content="0; url=/observer/"');
    expect((await bench.ask("/observer/")).body).toContain("<title>Attune</title>");
    expect(await bench.ask("/observer/assets/index-B3x9_kQz.js")).toMatchObject({ status: 200 });
    expect(await bench.ask("/observer/../secret.txt")).toMatchObject({ status: 404 });
    const look = await bench.enter("/observer/session").opened();
    expect(look.newest("hello")).toMatchObject({ seat: "observer", writerPresent: false });
    for (const seat of ["writer", "second-coder"] as const)
      expect(await look.ask({ do: "take-seat", seat, coder: "anna" })).toMatchObject({
        ok: false,
        message: "this address is for looking only",
      });
    expect(await look.ask({ do: "play" })).toMatchObject({ message: "this address is for looking only" });
    expect(bench.source.asked).toEqual([]);
    await bench.close();
    await bench.open({ token: TOKEN, observerToken: LOOK });
    for (const token of [TOKEN, LOOK]) {
      const page = await bench.enter(`/observer/session?token=${token}`).opened();
      expect(await page.ask({ do: "take-seat", seat: "writer" })).toMatchObject({ ok: false });
    }
    expect(await bench.refusal("/observer/session")).toBe(401);
    expect((await bench.ask("/observer/")).status).toBe(401);
  });

  test("keeps both screens of one browser apart: each has a cookie of its own", async () => {
    await bench.open({ token: TOKEN, observerToken: LOOK });
    const cookieAt = async (path: string): Promise<string> => {
      const { headers, body } = await bench.ask(path);
      expect(body).not.toMatch(/token|once/);
      expect(body).toContain(path.includes(LOOK) ? 'url=/observer/"' : 'url=/"');
      return headers["set-cookie"]![0]!;
    };
    const writing = await cookieAt(`/?token=${TOKEN}`);
    const looking = await cookieAt(`/observer/?token=${LOOK}`);
    for (const path of ["/", "/observer"]) expect(await cookieAt(`${path}?token=${LOOK}`)).toBe(looking);
    expect((await bench.ask(`/observer?token=${TOKEN}`)).body).toContain('url=/observer/"');
    expect(writing).toMatch(/Path=\/$/);
    expect(looking).toMatch(/SameSite=Strict; Path=\/observer$/);
    expect(looking.split("=")[0]).not.toBe(writing.split("=")[0]);
    const bare = (cookie: string): string => cookie.split(";")[0]!;
    // What a browser that has both sends: the one with the longer path first, and only where it belongs.
    const both = `${bare(looking)}; ${bare(writing)}`;
    const look = await bench.enter("/observer/session", { headers: { cookie: both } }).opened();
    const page = await bench.enter("/session", { headers: { cookie: bare(writing) } }).opened();
    expect(look.newest("hello")!.seat).toBe("observer");
    expect(page.newest("hello")!.seat).toBe("writer");
    // A cookie that was carried to the other path writes no more than where it was given.
    const carried = await bench.enter("/session", { headers: { cookie: bare(looking) } }).opened();
    expect(await carried.ask({ do: "take-seat", seat: "writer" })).toMatchObject({ ok: false });
    const renamed = bare(looking).replace("-observer=", "=");
    const disguised = await bench.enter("/session", { headers: { cookie: renamed } }).opened();
    expect(await disguised.ask({ do: "take-seat", seat: "writer" })).toMatchObject({ ok: false });
  });

  test("from this machine's own browser with a word that comes in once and is no token", async () => {
    await bench.open();
    expect(bench.server.ownUrl()).toBe(bench.server.url);
    await bench.close();
    await bench.open({ host: "0.0.0.0", token: TOKEN });
    const own = new URL(bench.server.ownUrl());
    expect(own.hostname).toBe("127.0.0.1");
    expect(own.search).not.toContain(TOKEN);
    expect(await bench.refusal(`/session${own.search}`)).toBe(401);
    const first = await bench.ask(`/${own.search}`);
    expect(first.status).toBe(200);
    const cookie = first.headers["set-cookie"]![0]!.split(";")[0]!;
    expect((await bench.enter("/session", { headers: { cookie } }).opened()).newest("hello")!.seat).toBe(
      "writer",
    );
    expect((await bench.ask(`/${own.search}`)).status).toBe(401);
    expect((await bench.ask("/?once=")).status).toBe(401);
  });

  test("by a second address of this machine is a host of its own: its pages are foreign to the first", async () => {
    await bench.open({ host: "0.0.0.0", token: TOKEN, observerToken: LOOK });
    const { port } = bench.server;
    const headers = { host: `127.0.0.2:${port}` };
    const path = `/observer/session?token=${LOOK}`;
    await bench.enter(path, { headers, origin: `http://127.0.0.2:${port}` }).opened();
    expect(await bench.refusal(path, { headers, origin: `http://127.0.0.1:${port}` })).toBe(403);
    expect(await bench.refusal(path, { headers, origin: "http://evil.example" })).toBe(403);
    const rebound = { host: `evil.example:${port}` };
    expect(await bench.refusal(path, { headers: rebound, origin: `http://evil.example:${port}` })).toBe(403);
    for (const host of [`[2001:db8::2]:${port}`, `192.0.2.2:${port}`])
      await bench.enter(path, { headers: { host }, origin: `http://${host}` }).opened();
  });

  test("finds room where it runs the session, however many look on", async () => {
    await bench.open();
    const onlookers = Array.from({ length: 24 }, () => bench.enter("/observer/session").opened());
    await Promise.all(onlookers);
    expect(await bench.refusal("/observer/session")).toBe(503);
    await bench.enter().opened();
  });
});

describe("who looks by the observers' address", () => {
  test("is told what is measured and nothing that people wrote", async () => {
    await bench.open();
    const events = [{ at: 1, label: "fuss", source: "page" }];
    const timeline = { kind: "timeline", isWhole: true, from: 0, to: 1, events } as const;
    const rows = { intervals: [], gaps: [], couplings: [], rejected: [] };
    bench.source.latest = [
      logOf(1),
      { ...timeline, ...rows },
      { kind: "checks", at: 1, checks: [], taps: [] },
      { kind: "coding", rows: [], agreement: [] },
      { kind: "evidence", at: 1, condition: null, values: [], comparisons: [] },
      summaryOf(1),
    ];
    const look = await bench.enter("/observer/session").opened();
    const page = await bench.enter().opened();
    await page.until(() => page.newest("summary") !== undefined, "the summary");
    bench.source.updates.next(logOf(2));
    bench.source.updates.next({ ...timeline, ...rows, isWhole: false });
    bench.source.updates.next(tracesAt(1, 5));
    await look.until(() => look.traces.length === 1, "samples");
    await page.until(() => page.traces.length === 1, "samples");
    expect(look.frames.map(({ kind }) => kind)).toEqual([
      "hello",
      "timeline",
      "evidence",
      ...(look.all("hello").length > 1 ? ["hello"] : []),
      "timeline",
      "traces",
    ]);
    expect(look.all("timeline").flatMap((each) => each.events)).toEqual([]);
    expect(page.all("timeline").flatMap((each) => each.events)).toEqual([...events, ...events]);
    expect(page.all("log")).toHaveLength(2);
    // Whoever may write and only looks sees what the writer sees.
    const other = await bench.enter().opened();
    expect(other.newest("hello")!.seat).toBe("observer");
    await other.until(() => other.newest("summary") !== undefined, "the summary");
  });

  test("is told the name of the recording, not where it lies", async () => {
    await bench.open();
    const { source } = bench;
    const hello = source.hello();
    source.hello = () => ({ ...hello, recording: join(bench.folder, "dyad-012.xdf") });
    expect((await bench.enter("/observer/session").opened()).newest("hello")!.recording).toBe("dyad-012.xdf");
    expect((await bench.enter().opened()).newest("hello")!.recording).toBe(
      join(bench.folder, "dyad-012.xdf"),
    );
  });
});
