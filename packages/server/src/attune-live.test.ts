import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openRecording } from "@attune/recording";
import { afterAll, describe, expect, test } from "vitest";
import { AttuneBench } from "./attune-process.test-support.ts";
import { TestPage } from "./socket.test-support.ts";

const bench = new AttuneBench();
const { folder } = bench;
bench.writeSession("gate");
afterAll(() => bench.remove());

describe("attune live with its page", () => {
  test("--gate waits without recording until the page begins it, and the page ends it properly", async () => {
    const live = bench.attune(["live", "gate.yaml", "--gate"]);
    const [, address] = await live.says(/begin the session on (http:\S+)/);
    const html = await (await fetch(address!)).text();
    expect(html).toContain("<script");
    const page = await new TestPage(`${address!.replace("http", "ws")}session`).opened();
    await page.until(() => page.newest("checks") !== undefined, "checks");
    expect(page.newest("standing")).toMatchObject({ stage: "monitoring", recording: null });
    expect(existsSync(join(folder, "recordings", "gate.xdf"))).toBe(false);
    expect(await page.ask({ do: "begin", overrides: [] })).toMatchObject({ ok: false, message: /tap adult/ });
    const overrides = ["adult", "infant"].map((about) => ({ check: "tap", about, reason: "simulated" }));
    await page.until(
      () => page.newest("checks")!.checks.every(({ verdict }) => verdict !== "red"),
      "everything in order",
    );
    expect(await page.ask({ do: "begin", overrides })).toMatchObject({ ok: true, message: "recording" });
    await live.says(/recording into/);
    await page.ask({ do: "phase" });
    await page.until(() => page.all("evidence").length > 0, "evidence");
    expect(await page.ask({ do: "end", reason: "enough" })).toMatchObject({ ok: true });
    await page.until(() => page.newest("summary") !== undefined, "the summary");
    expect(page.newest("summary")).toMatchObject({ isComplete: true });
    expect(await page.closed).toMatchObject({ code: 1001 });
    expect(await live.ended).toBe(0);
    const path = join(folder, "recordings", "gate.xdf");
    const recording = await openRecording(path);
    await recording.close();
    const log = readFileSync(join(folder, "recordings", "gate.log.tsv"), "utf8");
    expect(log).toContain("override tap adult: simulated");
    expect(log).toMatch(/\tenough\t\d+\.\d{3}\tn\/a\tn\/a\n/);
  });

  test("a gate that nobody opens ends with the program, and nothing was recorded", async () => {
    bench.writeSession("other");
    const live = bench.attune(["live", "other.yaml", "--gate"]);
    await live.says(/begin the session on/);
    live.child.kill("SIGINT");
    expect(await live.ended).toBe(0);
    expect(live.stderr).toContain("nothing was recorded");
    expect(existsSync(join(folder, "recordings", "other.xdf"))).toBe(false);
  });

  test("a gate without a page is a misunderstanding", async () => {
    const live = bench.attune(["live", "gate.yaml", "--gate", "--no-page"]);
    expect(await live.ended).toBe(2);
    expect(live.stderr).toMatch(/--gate waits for the page/);
  });
});
