import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { ServerBench } from "./server-bench.test-support.ts";

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
    expect(bench.server.observerUrl).toContain(`?token=${LOOK}`);
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
});
