import type { Observable } from "rxjs";
import { describe, expect, test } from "vitest";
import { DeviceError } from "./errors.ts";
import { Bench, numbering } from "./test-support/bench.ts";

/** Every sample has the number that its place in time gives it, up to the constant that the first one sets. */
function expectTrueNumbers(bench: Bench, tolerance = 0): void {
  const numbers = numbering(bench.chunks);
  const shift = numbers[0]!.host - numbers[0]!.board;
  for (const { board, host } of numbers) {
    // The board's numbers start anew after 10 000.
    const off = host - board - shift;
    expect(Math.abs(off - 10_000 * Math.round(off / 10_000))).toBeLessThanOrEqual(tolerance);
  }
}

describe("a byte device", () => {
  test("connects, streams, stops, streams again and closes; each step is idempotent", async () => {
    const bench = new Bench();
    await bench.time.until(Promise.all([bench.device.connect(), bench.device.connect()]));
    expect(bench.protocol.nHandshakes).toBe(1);
    await bench.time.until(Promise.all([bench.device.start(), bench.device.start()]));
    await bench.time.advance(2);
    await bench.time.until(Promise.all([bench.device.stop(), bench.device.stop()]));
    const nFirst = bench.nSamples;
    expect(nFirst).toBeGreaterThan(490);
    await bench.time.advance(3);
    expect(bench.nSamples).toBe(nFirst);
    await bench.time.until(bench.device.start());
    await bench.time.advance(2);
    await bench.time.until(bench.device.close());
    await bench.time.until(bench.device.close());
    expect(bench.states).toEqual(
      "idle connecting configuring ready streaming stopping ready streaming stopping closed".split(" "),
    );
    expect(bench.losses).toEqual([]);
    expect(bench.device.statistics().streams[0]).toMatchObject({ nLost: 0 });
    // The pause is no loss, and the numbers went on over it: 3 s of 250, and the handshakes around it.
    const pause = bench.chunks.find(({ firstSample }) => firstSample > nFirst)!;
    expect(Math.abs(pause.firstSample - nFirst - 750)).toBeLessThanOrEqual(25);
    expect(bench.board.received.at(-1)).toBe("s");
    await bench.end();
    expect(bench.time.nTimers).toBe(0);
    expect(bench.transport.nObservers).toBe(0);
  });

  test("streams are known after connect, and output, events and lifecycle complete on close", async () => {
    const bench = new Bench();
    const seen: string[] = [];
    bench.device.streams.subscribe((streams) =>
      seen.push(streams.map((s) => `${s.id}:${s.channels.length}`).join()),
    );
    const completed: string[] = [];
    const { output, events, lifecycle, streams } = bench.device;
    for (const [name, observable] of Object.entries({ output, events, lifecycle, streams }))
      (observable as Observable<unknown>).subscribe({ complete: () => completed.push(name) });
    await bench.run();
    await bench.end();
    expect(seen).toEqual(["", "toy:2"]);
    expect(completed.sort()).toEqual(["events", "lifecycle", "output", "streams"]);
    await expect(bench.device.connect()).rejects.toThrow(/toy is closed/);
  });

  test("a board that is silent rejects with what was awaited, and can be tried again", async () => {
    const bench = new Bench();
    bench.board.dead = true;
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(
      /\/dev\/ttyTOY did not send text that matches \/\\\$\/ within 1 s \(nothing came\)/,
    );
    expect(bench.states.at(-1)).toBe("idle");
    expect(bench.transport.isOpen).toBe(false);
    bench.board.dead = false;
    await bench.run();
    expect(bench.states.at(-1)).toBe("streaming");
    await bench.end();
  });

  test("the wrong device fails for good, until somebody connects again", async () => {
    const bench = new Bench();
    bench.board.reply = "MODEM OK$";
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(/no toy board/);
    expect(bench.states).toEqual(["idle", "connecting", "configuring", "failed"]);
    bench.board.reply = "TOY 1 nch=2$";
    await bench.run();
    expect(bench.states.at(-1)).toBe("streaming");
    await bench.end();
  });

  test("a board that streams already is stopped and set up like any other", async () => {
    const bench = new Bench();
    bench.board.begin(bench.time.now);
    await bench.time.advance(1);
    await bench.run();
    await bench.time.advance(1);
    expect(bench.losses).toEqual([]);
    expect(bench.nSamples).toBeGreaterThan(240);
    expectTrueNumbers(bench);
    await bench.end();
  });

  test("an aborted connect rejects at once and leaves the device idle; close cuts a handshake short", async () => {
    const bench = new Bench();
    bench.board.dead = true;
    const abort = new AbortController();
    const connecting = bench.device.connect(abort.signal);
    connecting.catch(() => undefined);
    await bench.time.advance(0.1);
    abort.abort();
    await bench.time.advance(0);
    await expect(connecting).rejects.toThrow(/given up/);
    expect(bench.states.at(-1)).toBe("idle");
    const again = bench.device.connect();
    again.catch(() => undefined);
    await bench.time.advance(0.2);
    const before = bench.time.now;
    await bench.end();
    expect(bench.time.now - before).toBeLessThan(0.2);
    await expect(again).rejects.toThrow(DeviceError);
    expect(bench.states.at(-1)).toBe("closed");
  });

  test("unplugged within a frame and plugged in again: samples go on with their true numbers and one loss", async () => {
    const bench = await new Bench().run();
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
    expect(bench.losses).toHaveLength(1);
    expect(bench.losses[0]).toMatchObject({ cause: "time", streamId: "toy" });
    expect(bench.device.statistics()).toMatchObject({ nReconnects: 1 });
    // The board began anew at `b`; what counts is where samples lie in time: within half a sample and the clock's error.
    const { offset } = bench.offsets.at(-1)!;
    expect(Math.abs(offset - bench.offsets[5]!.offset)).toBeLessThan(2.5e-3);
    const newest = bench.chunks.at(-1)!;
    expect(newest.receivedAt! - (newest.deviceTime.at(-1)! + offset)).toBeLessThan(0.02);
    expect(bench.protocol.nHandshakes).toBe(2);
    const errors = bench.events.filter((event) => event.kind === "error");
    expect(errors).toHaveLength(1);
    await bench.end();
  });

  test("data that stop on an open port are `stalled` after 1 s and reconnected after 3 s more", async () => {
    const bench = await new Bench().run();
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
    await bench.end();
    expect(bench.time.nTimers).toBe(0);
  });

  test("a host that slept through the watchdog reads what waits before it calls the device stalled", async () => {
    const bench = await new Bench().run();
    await bench.time.advance(5);
    bench.flowing = false;
    await bench.time.advance(0.7);
    bench.flowing = true;
    await bench.time.advance(5);
    expect(bench.states).not.toContain("stalled");
    expect(bench.losses).toEqual([]);
    expectTrueNumbers(bench);
    await bench.end();
  });

  test("a write that fails rejects `start`; the connection is given up and can be made again", async () => {
    const bench = new Bench();
    await bench.time.until(bench.device.connect());
    bench.transport.writeError = new DeviceError("The port takes nothing.");
    await expect(bench.time.until(bench.device.start())).rejects.toThrow(/takes nothing/);
    expect(bench.states.at(-1)).toBe("idle");
    bench.transport.writeError = undefined;
    await bench.time.until(bench.device.start());
    bench.transport.writeError = new DeviceError("The port takes nothing.");
    await bench.time.until(bench.device.stop());
    expect(bench.states.at(-1)).toBe("idle");
    expect(bench.events.some((e) => e.kind === "warning" && /did not take the stop/.test(e.message))).toBe(
      true,
    );
    await bench.end();
  });

  test("reconnects are tried after 0.25, 0.5, 1, 2, 4, 5, 5 ... s without a limit, and one error is reported once", async () => {
    const bench = await new Bench().run();
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
    await bench.end();
  });

  test("a reconnect that finds another board fails for good; another layout is refused and tried again", async () => {
    const bench = await new Bench().run();
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
    await bench.end();
  });

  test("stop and close end a reconnect", async () => {
    const bench = await new Bench().run();
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
    await bench.end();
    expect(bench.states.at(-1)).toBe("closed");
    expect(bench.time.nTimers).toBe(0);
  });

  test("unplugged while ready, it comes back ready; `start` meanwhile makes it stream", async () => {
    const bench = new Bench();
    await bench.time.until(bench.device.connect());
    bench.transport.unplug();
    await bench.time.advance(1);
    expect(bench.states.slice(-2)).toEqual(["reconnecting", "ready"]);
    bench.transport.unplug();
    await bench.time.until(bench.device.start());
    await bench.time.advance(1);
    expect(bench.states.slice(-2)).toEqual(["reconnecting", "streaming"]);
    await bench.end();
  });

  test("100 reconnects leave no listener, no timer and no drift of the numbers", async () => {
    const bench = await new Bench().run();
    await bench.time.advance(10);
    for (let k = 0; k < 100; k++) {
      bench.transport.unplug();
      await bench.time.advance(2);
    }
    expect(bench.states.at(-1)).toBe("streaming");
    expect(bench.device.statistics().nReconnects).toBe(100);
    // Pump and watchdog.
    expect(bench.time.nTimers).toBe(2);
    expect(bench.losses).toHaveLength(100);
    const newest = bench.chunks.at(-1)!;
    const late = newest.receivedAt! - (newest.deviceTime.at(-1)! + bench.offsets.at(-1)!.offset);
    expect(Math.abs(late)).toBeLessThan(0.02);
    await bench.end();
    expect(bench.transport.nObservers).toBe(0);
    expect(bench.time.nTimers).toBe(0);
  });

  test("a subscriber that throws is reported and does not disturb the others; unsubscribing stops nothing", async () => {
    const bench = new Bench();
    bench.device.output.subscribe(() => {
      throw new Error("a clumsy subscriber");
    });
    const subscription = bench.device.output.subscribe(() => undefined);
    await bench.run();
    await bench.time.advance(0.5);
    subscription.unsubscribe();
    await bench.time.advance(1);
    expect(bench.nSamples).toBeGreaterThan(360);
    expect(bench.events.some((e) => e.kind === "error" && /clumsy/.test(e.error.message) && !e.fatal)).toBe(
      true,
    );
    expect(bench.states.at(-1)).toBe("streaming");
    await bench.end();
  });

  test("sample losses are counted and placed exactly, also beyond the modulus", async () => {
    const bench = await new Bench().run();
    await bench.time.advance(20);
    for (const n of [1, 10, 255, 256, 300, 700, 900]) {
      bench.board.drop(n);
      await bench.time.advance(8);
    }
    expect(bench.losses.reduce((sum, loss) => sum + loss.nSamples, 0)).toBe(
      1 + 10 + 255 + 256 + 300 + 700 + 900,
    );
    expectTrueNumbers(bench);
    expect(bench.device.statistics().streams[0]!.nLost).toBe(2422);
    await bench.end();
  });

  test("a counter of 4 bits at 1 kHz counts every loss of 40 ms and more", async () => {
    const bench = await new Bench({ modulus: 16, samplingRate: 1000 }).run();
    await bench.time.advance(20);
    let total = 0;
    for (const n of [3, 15, 40, 47, 48, 100, 333, 1600]) {
      bench.board.drop(n);
      total += n;
      await bench.time.advance(6);
    }
    expect(bench.losses.reduce((sum, loss) => sum + loss.nSamples, 0)).toBe(total);
    expectTrueNumbers(bench);
    await bench.end();
  });

  test("a device that does not count: losses of 40 ms and more are found within 2 ms, and a warning was given", async () => {
    const bench = await new Bench({ counts: false, samplingRate: 500 }).run();
    expect(
      bench.events.some((e) => e.kind === "warning" && /does not number its samples/.test(e.message)),
    ).toBe(true);
    await bench.time.advance(20);
    for (const n of [20, 50, 200, 450]) {
      bench.board.drop(n);
      await bench.time.advance(10);
    }
    expect(bench.losses.map((loss) => loss.cause)).toEqual(["time", "time", "time", "time"]);
    expectTrueNumbers(bench, 1);
    await bench.end();
  });

  test("a stall of the host is no loss, counted or not", async () => {
    for (const options of [{}, { counts: false }, { modulus: 16, samplingRate: 1000 }]) {
      const bench = await new Bench(options).run();
      await bench.time.advance(10);
      for (const seconds of [0.05, 0.35, 0.7, 0.7, 0.9]) {
        bench.flowing = false;
        await bench.time.advance(seconds);
        bench.flowing = true;
        await bench.time.advance(2);
      }
      expect(bench.losses).toEqual([]);
      expectTrueNumbers(bench);
      await bench.end();
    }
  });

  test("impedance comes once a second while it is switched on, and only then", async () => {
    const bench = new Bench({ counts: true });
    await bench.time.until(bench.device.connect());
    await expect(bench.time.until(bench.device.impedance!(true))).rejects.toThrow(/start it first/);
    await bench.time.until(bench.device.start());
    await bench.time.advance(5);
    const measured = () => bench.events.filter((event) => event.kind === "impedance");
    await bench.time.until(bench.device.impedance!(true));
    await bench.time.until(bench.device.impedance!(true));
    expect(bench.board.received.filter((text) => text === "z")).toHaveLength(1);
    await bench.time.advance(5);
    expect(measured().length).toBeGreaterThanOrEqual(3);
    // The toy's channels count up by one a sample.
    expect(measured()[0]).toMatchObject({ streamId: "toy", kilohms: [249, 249] });
    await bench.time.until(bench.device.impedance!(false));
    expect(bench.board.received.at(-1)).toBe("Z");
    const n = measured().length;
    await bench.time.advance(3);
    expect(measured()).toHaveLength(n);
    expect(bench.losses).toEqual([]);
    expectTrueNumbers(bench);
    await bench.end();
  });

  test("damaged bytes cost their frames and nothing else", async () => {
    const bench = await new Bench().run();
    await bench.time.advance(5);
    for (let k = 0; k < 20; k++) {
      bench.transport.deliver(Uint8Array.of(0xa5, 0xff, k), bench.time.now);
      await bench.time.advance(0.3);
    }
    expectTrueNumbers(bench);
    expect(bench.device.statistics().codec!.resyncs).toBeGreaterThan(0);
    await bench.end();
  });

  test("chunks last 20 ms, none spans a loss, and the clock offsets come before the first and then every second", async () => {
    const bench = new Bench();
    const kinds: string[] = [];
    bench.device.output.subscribe((output) => kinds.push(output.kind));
    await bench.run();
    await bench.time.advance(10);
    expect(kinds[0]).toBe("clock-offset");
    expect(kinds[1]).toBe("samples");
    expect(bench.offsets.length).toBeGreaterThanOrEqual(10);
    expect(bench.offsets.length).toBeLessThanOrEqual(12);
    expect(new Set(bench.chunks.map((chunk) => chunk.nSamples))).toEqual(new Set([5]));
    for (const chunk of bench.chunks) {
      expect(chunk.data).toHaveLength(2 * chunk.nSamples);
      expect(chunk.deviceTime[0]).toBeCloseTo(chunk.firstSample / 250, 9);
      expect(chunk.data[chunk.nSamples]).toBe(chunk.data[0]! + 1);
    }
    await bench.end();
  });
});
