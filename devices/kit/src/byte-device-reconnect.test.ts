import { describe, expect, test } from "vitest";
import { streamingToy, toyBench, worstMisnumbering } from "./test-support/bench.ts";

describe("a byte device whose data or connection end", () => {
  test("unplugged within a frame and plugged in again: samples go on with their true numbers and one loss", async () => {
    const bench = await streamingToy();
    await bench.time.advance(10);
    // Half a frame, then nothing.
    bench.transport.deliver(Uint8Array.of(0xa5, 1, 2), bench.time.now);
    bench.transport.present = false;
    bench.transport.unplug();
    expect(bench.states.at(-1)).toBe("reconnecting");
    await bench.time.advance(7.3);
    bench.transport.present = true;
    await bench.time.advance(10);
    expect(bench.states.at(-1)).toBe("streaming");
    expect(bench.losses()).toHaveLength(1);
    expect(bench.losses()[0]).toMatchObject({ cause: "time", streamId: "toy" });
    expect(bench.device.statistics()).toMatchObject({ nReconnects: 1 });
    // The board began anew at `b`; what counts is where samples lie in time: within half a sample and the clock's error.
    const { offset } = bench.offsets.at(-1)!;
    expect(Math.abs(offset - bench.offsets[5]!.offset)).toBeLessThan(2.5e-3);
    const newest = bench.chunks.at(-1)!;
    expect(newest.receivedAt! - (newest.deviceTime.at(-1)! + offset)).toBeLessThan(0.02);
    expect(bench.protocol.nHandshakes).toBe(2);
    const errors = bench.events.filter((event) => event.kind === "error");
    expect(errors).toHaveLength(1);
    await bench.close();
  });

  test("data that stop on an open port are `stalled` after 1 s and reconnected after 3 s more", async () => {
    const bench = await streamingToy();
    await bench.time.advance(5);
    bench.board.streaming = false;
    await bench.time.advance(0.95);
    expect(bench.states.at(-1)).toBe("streaming");
    await bench.time.advance(0.1);
    expect(bench.states.at(-1)).toBe("stalled");
    bench.board.begin(bench.time.now);
    await bench.time.advance(0.1);
    expect(bench.states.at(-1)).toBe("streaming");
    bench.board.streaming = false;
    await bench.time.advance(4.2);
    expect(bench.states.slice(-2)).toEqual(["stalled", "reconnecting"]);
    await bench.time.advance(2);
    expect(bench.states.at(-1)).toBe("streaming");
    await bench.close();
    expect(bench.time.nTimers).toBe(0);
  });

  test("a host that slept through the watchdog reads what waits before it calls the device stalled", async () => {
    const bench = await streamingToy();
    await bench.time.advance(5);
    bench.flow(false);
    await bench.time.advance(0.7);
    bench.flow(true);
    await bench.time.advance(5);
    expect(bench.states).not.toContain("stalled");
    expect(bench.losses()).toEqual([]);
    expect(worstMisnumbering(bench)).toBe(0);
    await bench.close();
  });

  test("reconnects are tried after 0.25, 0.5, 1, 2, 4, 5, 5 ... s without a limit, and one error is reported once", async () => {
    const bench = await streamingToy();
    bench.transport.present = false;
    const tries: number[] = [];
    const open = bench.transport.open.bind(bench.transport);
    bench.transport.open = async (signal) => {
      tries.push(bench.time.now);
      return open(signal);
    };
    const since = bench.time.now;
    bench.transport.unplug();
    await bench.time.advance(60);
    const delays = tries.map((t, k) => Math.round((t - (tries[k - 1] ?? since)) * 1000) / 1000);
    expect(delays.slice(0, 8)).toEqual([0.25, 0.5, 1, 2, 4, 5, 5, 5]);
    expect(bench.events.filter((event) => event.kind === "error")).toHaveLength(1);
    bench.transport.present = true;
    await bench.time.advance(6);
    expect(bench.states.at(-1)).toBe("streaming");
    await bench.close();
  });

  test("a reconnect that finds another board fails for good; another layout is refused and tried again", async () => {
    const bench = await streamingToy();
    bench.board.reply = "TOY 1 nch=8$";
    bench.transport.unplug();
    await bench.time.advance(2);
    expect(bench.states.at(-1)).toBe("reconnecting");
    expect(bench.events.findLast((event) => event.kind === "error")).toMatchObject({
      error: { message: expect.stringMatching(/8 channels at 250 Hz instead of 2 channels/) },
      fatal: false,
    });
    bench.board.reply = "TOY 1 nch=2$";
    await bench.time.advance(6);
    expect(bench.states.at(-1)).toBe("streaming");
    bench.board.reply = "MODEM$";
    bench.transport.unplug();
    await bench.time.advance(2);
    expect(bench.states.at(-1)).toBe("failed");
    expect(bench.events.findLast((event) => event.kind === "error")).toMatchObject({ fatal: true });
    await bench.close();
  });

  test("stop and close end a reconnect", async () => {
    const bench = await streamingToy();
    bench.transport.present = false;
    bench.transport.unplug();
    await bench.time.advance(1);
    await bench.time.until(bench.device.stop());
    expect(bench.states.at(-1)).toBe("idle");
    bench.transport.present = true;
    await bench.time.until(bench.device.start());
    expect(bench.states.at(-1)).toBe("streaming");
    bench.transport.present = false;
    bench.transport.unplug();
    await bench.time.advance(1);
    await bench.close();
    expect(bench.states.at(-1)).toBe("closed");
    expect(bench.time.nTimers).toBe(0);
  });

  test("unplugged while ready, it comes back ready; `start` meanwhile makes it stream", async () => {
    const bench = toyBench();
    await bench.time.until(bench.device.connect());
    bench.transport.unplug();
    await bench.time.advance(1);
    expect(bench.states.slice(-2)).toEqual(["reconnecting", "ready"]);
    bench.transport.unplug();
    await bench.time.until(bench.device.start());
    await bench.time.advance(1);
    expect(bench.states.slice(-2)).toEqual(["reconnecting", "streaming"]);
    await bench.close();
  });

  test("100 reconnects leave no listener, no timer and no drift of the numbers", async () => {
    const bench = await streamingToy();
    await bench.time.advance(10);
    for (let k = 0; k < 100; k++) {
      bench.transport.unplug();
      await bench.time.advance(2);
    }
    expect(bench.states.at(-1)).toBe("streaming");
    expect(bench.device.statistics().nReconnects).toBe(100);
    // Pump and watchdog.
    expect(bench.time.nTimers).toBe(2);
    expect(bench.losses()).toHaveLength(100);
    const newest = bench.chunks.at(-1)!;
    const late = newest.receivedAt! - (newest.deviceTime.at(-1)! + bench.offsets.at(-1)!.offset);
    expect(Math.abs(late)).toBeLessThan(0.02);
    await bench.close();
    expect(bench.transport.nObservers).toBe(0);
    expect(bench.time.nTimers).toBe(0);
  });
});
