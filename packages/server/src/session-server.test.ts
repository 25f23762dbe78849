import { connect } from "node:net";
import { encodeCommand } from "@attune/wire/page";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { ServerBench } from "./server-bench.test-support.ts";
import { logOf, summaryOf, tracesAt } from "./socket.test-support.ts";

const bench = new ServerBench();
afterEach(() => bench.close());
afterAll(() => bench.remove());

describe("seats", () => {
  test("the first page writes, others look; the seat is taken over only when asked for, and both are told", async () => {
    await bench.open();
    const first = await bench.enter().opened();
    const second = await bench.enter().opened();
    expect(first.newest("hello")).toMatchObject({ seat: "writer", writerPresent: false });
    expect(second.newest("hello")).toMatchObject({ seat: "observer", writerPresent: true });
    expect(await second.ask({ do: "pause" })).toMatchObject({ ok: false, undoSeconds: null });
    expect(await first.ask({ do: "pause" })).toMatchObject({
      ok: true,
      message: "done",
      undoSeconds: 5,
      at: 12.5,
    });
    expect(await second.ask({ do: "take-seat", seat: "writer" })).toMatchObject({ ok: true });
    await first.until(() => first.newest("hello")!.seat === "observer", "the former writer's new seat");
    expect(first.newest("hello")!.writerPresent).toBe(true);
    expect(second.newest("hello")!.seat).toBe("writer");
    // Keys that the former writer held are let go.
    expect(bench.source.left).toContainEqual({ seat: "writer", coder: "second-coder" });
    expect(await first.ask({ do: "note", text: "x" })).toMatchObject({ ok: false });
    await second.close();
    await first.until(() => !first.newest("hello")!.writerPresent, "news that the seat is free");
  });

  test("a page that comes back under its name sits where it sat, and its old connection is closed", async () => {
    await bench.open();
    const first = await bench.enter("/session?page=page-one-1").opened();
    await bench.enter("/session?page=page-two-2").opened();
    const again = await bench.enter("/session?page=page-one-1").opened();
    expect(await first.closed).toMatchObject({ code: 4001 });
    expect(again.newest("hello")).toMatchObject({ seat: "writer" });
    await again.close();
    const after = await bench.enter("/session?page=page-two-2").opened();
    expect(after.newest("hello")).toMatchObject({ seat: "observer", writerPresent: false });
  });

  test("a second coder codes under his own name, and only that", async () => {
    await bench.open();
    await bench.enter().opened();
    const coder = await bench.enter().opened();
    expect(await coder.ask({ do: "take-seat", seat: "second-coder", coder: "coder" })).toMatchObject({
      ok: false,
    });
    expect(await coder.ask({ do: "take-seat", seat: "second-coder", coder: "anna" })).toMatchObject({
      ok: true,
    });
    await coder.ask({ do: "key-down", key: "d" });
    expect(bench.source.asked).toEqual([["key-down", { seat: "second-coder", coder: "anna" }]]);
    expect(await coder.ask({ do: "end", reason: "x" })).toMatchObject({ ok: false });
  });
});

describe("what pages are told", () => {
  test("a page that comes late gets everything, then what is new; samples only where it wants them", async () => {
    await bench.open();
    bench.source.latest = [summaryOf(1), logOf(1)];
    bench.source.kept = [{ ...tracesAt(3, 5), isPast: true }];
    const page = await bench.enter().opened();
    await page.until(() => page.traces.length === 1, "recent samples");
    expect(page.traces[0]!.isPast).toBe(false);
    expect(page.frames.map(({ kind }) => kind)).toEqual(["hello", "summary", "log", "traces"]);
    expect(await page.ask({ do: "traces", from: 0, to: 10 })).toMatchObject({ ok: true });
    expect(page.traces.at(-1)!.isPast).toBe(true);
    await page.ask({ do: "watch", traces: false });
    bench.source.updates.next(tracesAt(4, 5));
    bench.source.updates.next(summaryOf(2));
    await page.until(
      () => page.newest("summary")!.kind === "summary" && page.all("summary").length === 2,
      "summary",
    );
    expect(page.traces).toHaveLength(2);
    bench.source.helloChanges.next();
    await page.until(() => page.all("hello").length === 2, "hello again");
    page.socket.send(encodeCommand({ do: "ping", id: 9, sentAt: 77 }));
    await page.until(() => page.newest("pong") !== undefined, "pong");
    expect(page.newest("pong")).toEqual({ kind: "pong", sentAt: 77, at: 12.5 });
  });

  test("only the second coder sees his own track", async () => {
    await bench.open();
    const writer = await bench.enter().opened();
    const coder = await bench.enter().opened();
    await coder.ask({ do: "take-seat", seat: "second-coder", coder: "anna" });
    const state = { person: "adult", layer: "gaze", state: "direct", since: 1 };
    bench.source.updates.next({
      kind: "standing",
      at: 1,
      stage: "running",
      isPaused: false,
      elapsedSeconds: 1,
      recording: null,
      phase: null,
      analysisDelaySeconds: 0,
      states: [],
      ownStates: [state],
      streams: [],
      conditions: [],
      usable: [],
      windows: { nWindows: 0, nAccepted: 0, nLate: 0, rejected: {} },
      replay: null,
    });
    for (const page of [writer, coder])
      await page.until(() => page.newest("standing") !== undefined, "standing");
    expect(writer.newest("standing")!.ownStates).toEqual([]);
    expect(coder.newest("standing")!.ownStates).toEqual([state]);
  });

  test("a mistake of ours costs one message: it is reported, and the rest goes on", async () => {
    await bench.open();
    const page = await bench.enter().opened();
    bench.source.answer = () => Promise.reject(new Error("a mistake"));
    expect(await page.ask({ do: "pause" })).toMatchObject({ ok: false, message: /went wrong inside Attune/ });
    bench.source.updates.next(summaryOf(Number.NaN));
    bench.source.updates.next(summaryOf(3));
    await page.until(() => page.newest("summary") !== undefined, "what is right");
    expect(page.newest("summary")!.durationSeconds).toBe(3);
    expect(bench.problems).toHaveLength(2);
  });

  test("closing lets pages have the last word", async () => {
    await bench.open();
    const page = await bench.enter().opened();
    bench.source.updates.next(summaryOf(9));
    await bench.server.close();
    expect(await page.closed).toMatchObject({ code: 1001 });
    expect(page.newest("summary")!.durationSeconds).toBe(9);
  });
});

describe("bad messages and slow pages", () => {
  test("a message that is none closes its connection, and nothing else", async () => {
    await bench.open();
    const good = await bench.enter().opened();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string(), fc.constant(new Uint8Array(300_000))),
        async (message) => {
          const bad = await bench.enter().opened();
          bad.socket.send(message);
          expect([1007, 1009, 1006]).toContain((await bad.closed).code);
          expect(await good.ask({ do: "timing" })).toMatchObject({ ok: true });
        },
      ),
      { numRuns: 25 },
    );
    const damaged = encodeCommand({ do: "note", id: 1, text: "hello" });
    await fc.assert(
      fc.asyncProperty(fc.nat(damaged.length - 1), fc.integer({ min: 1, max: 255 }), async (place, flip) => {
        const bad = await bench.enter().opened();
        const bytes = damaged.slice();
        bytes[place]! ^= flip;
        bad.socket.send(bytes);
        await Promise.race([
          bad.closed,
          bad.until(() => bad.newest("reply") !== undefined, "an end or a reply"),
        ]);
        bad.socket.terminate();
        expect(await good.ask({ do: "timing" })).toMatchObject({ ok: true });
      }),
      { numRuns: 25 },
    );
  });

  test("bytes that are no HTTP cost one connection", async () => {
    await bench.open();
    for (const bytes of ["\0\0\0", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "nonsense\r\n\r\n"]) {
      const socket = connect(bench.server.port, "127.0.0.1");
      await new Promise((resolve) => {
        socket.on("error", () => {});
        socket.on("close", resolve);
        socket.on("data", () => socket.destroy());
        socket.end(bytes);
      });
    }
    expect((await bench.ask("/")).status).toBe(200);
  });

  test("a page that does not read loses samples and old documents, slows nobody, and catches up", async () => {
    await bench.open();
    const fast = await bench.enter().opened();
    const slow = await bench.enter().opened();
    slow.socket.pause();
    const nRounds = 800;
    for (let n = 1; n <= nRounds; n++) {
      bench.source.updates.next(tracesAt(n, 8000));
      bench.source.updates.next(summaryOf(n));
      bench.source.updates.next(logOf(n));
      // The fast page must be given the chance to read.
      if (n % 5 === 0) await fast.until(() => fast.newest("summary")?.durationSeconds === n, `round ${n}`);
    }
    bench.source.latest = [logOf(1000), summaryOf(nRounds)];
    expect(fast.traces).toHaveLength(nRounds);
    expect(fast.all("log")).toHaveLength(nRounds);
    // 25 MB of samples were said; what waits for the slow page here is bounded.
    expect(slow.frames.length).toBeLessThan(nRounds);
    slow.socket.resume();
    await slow.until(() => slow.newest("summary")?.durationSeconds === nRounds, "the newest summary");
    await slow.until(() => slow.newest("log")?.entries[0]?.id === 1000, "the whole log");
    expect(slow.traces.length).toBeLessThan(nRounds);
    expect(slow.all("summary").length).toBeLessThan(nRounds);
    const times = slow.traces.map(({ start }) => start);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    bench.source.updates.next(summaryOf(5000));
    bench.source.updates.next(tracesAt(5000, 10));
    await slow.until(() => slow.traces.at(-1)?.start === 5000, "samples again");
    expect(bench.problems).toEqual([]);
  });
});
