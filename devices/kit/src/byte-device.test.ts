import type { Observable } from "rxjs";
import { describe, expect, test } from "vitest";
import { DeviceError } from "./errors.ts";
import { toyBench, worstMisnumbering } from "./test-support/bench.ts";

describe("a byte device", () => {
  test("connects, streams, stops, streams again and closes; each step is idempotent", async () => {
    const bench = toyBench();
    await bench.time.until(Promise.all([bench.device.connect(), bench.device.connect()]));
    expect(bench.protocol.nHandshakes).toBe(1);
    await bench.time.until(Promise.all([bench.device.start(), bench.device.start()]));
    await bench.time.advance(2);
    await bench.time.until(Promise.all([bench.device.stop(), bench.device.stop()]));
    const nFirst = bench.nSamples();
    expect(nFirst).toBeGreaterThan(490);
    await bench.time.advance(3);
    expect(bench.nSamples()).toBe(nFirst);
    await bench.time.until(bench.device.start());
    await bench.time.advance(2);
    await bench.time.until(bench.device.close());
    await bench.time.until(bench.device.close());
    expect(bench.states).toEqual(
      "idle connecting configuring ready streaming stopping ready streaming stopping closed".split(" "),
    );
    expect(bench.losses()).toEqual([]);
    expect(bench.device.statistics().streams[0]).toMatchObject({ nLost: 0 });
    // The pause is no loss, and the numbers went on over it: 3 s of 250, and the handshakes around it.
    const pause = bench.chunks.find(({ firstSample }) => firstSample > nFirst)!;
    expect(Math.abs(pause.firstSample - nFirst - 750)).toBeLessThanOrEqual(25);
    expect(bench.board.received.at(-1)).toBe("s");
    await bench.close();
    expect(bench.time.nTimers).toBe(0);
    expect(bench.transport.nObservers).toBe(0);
  });

  test("streams are known after connect, and output, events and lifecycle complete on close", async () => {
    const bench = toyBench();
    const seen: string[] = [];
    bench.device.streams.subscribe((streams) =>
      seen.push(streams.map((s) => `${s.id}:${s.channels.length}`).join()),
    );
    const completed: string[] = [];
    const { output, events, lifecycle, streams } = bench.device;
    for (const [name, observable] of Object.entries({ output, events, lifecycle, streams }))
      (observable as Observable<unknown>).subscribe({ complete: () => completed.push(name) });
    await bench.start();
    await bench.close();
    expect(seen).toEqual(["", "toy:2"]);
    expect(completed.sort()).toEqual(["events", "lifecycle", "output", "streams"]);
    await expect(bench.device.connect()).rejects.toThrow(/toy is closed/);
  });

  test("a board that is silent rejects with what was awaited, and can be tried again", async () => {
    const bench = toyBench();
    bench.board.dead = true;
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(
      /\/dev\/ttyTOY did not send text that matches \/\\\$\/ within 1 s \(nothing came\)/,
    );
    expect(bench.states.at(-1)).toBe("idle");
    expect(bench.transport.isOpen).toBe(false);
    bench.board.dead = false;
    await bench.start();
    expect(bench.states.at(-1)).toBe("streaming");
    await bench.close();
  });

  test("the wrong device fails for good, until somebody connects again", async () => {
    const bench = toyBench();
    bench.board.reply = "MODEM OK$";
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(/no toy board/);
    expect(bench.states).toEqual(["idle", "connecting", "configuring", "failed"]);
    bench.board.reply = "TOY 1 nch=2$";
    await bench.start();
    expect(bench.states.at(-1)).toBe("streaming");
    await bench.close();
  });

  test("a board that streams already is stopped and set up like any other", async () => {
    const bench = toyBench();
    bench.board.begin(bench.time.now);
    await bench.time.advance(1);
    await bench.start();
    await bench.time.advance(1);
    expect(bench.losses()).toEqual([]);
    expect(bench.nSamples()).toBeGreaterThan(240);
    expect(worstMisnumbering(bench)).toBe(0);
    await bench.close();
  });

  test("an aborted connect rejects at once and leaves the device idle; close cuts a handshake short", async () => {
    const bench = toyBench();
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
    await bench.close();
    expect(bench.time.now - before).toBeLessThan(0.2);
    await expect(again).rejects.toThrow(DeviceError);
    expect(bench.states.at(-1)).toBe("closed");
  });

  test("a write that fails rejects `start`; the connection is given up and can be made again", async () => {
    const bench = toyBench();
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
    await bench.close();
  });

  test("a subscriber that throws is reported and does not disturb the others; unsubscribing stops nothing", async () => {
    const bench = toyBench();
    bench.device.output.subscribe(() => {
      throw new Error("a clumsy subscriber");
    });
    const subscription = bench.device.output.subscribe(() => undefined);
    await bench.start();
    await bench.time.advance(0.5);
    subscription.unsubscribe();
    await bench.time.advance(1);
    expect(bench.nSamples()).toBeGreaterThan(360);
    expect(bench.events.some((e) => e.kind === "error" && /clumsy/.test(e.error.message) && !e.fatal)).toBe(
      true,
    );
    expect(bench.states.at(-1)).toBe("streaming");
    await bench.close();
  });

  test("impedance comes once a second while it is switched on, and only then", async () => {
    const bench = toyBench({ counts: true });
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
    expect(bench.losses()).toEqual([]);
    expect(worstMisnumbering(bench)).toBe(0);
    await bench.close();
  });

  test("chunks last 20 ms, none spans a loss, and the clock offsets come before the first and then every second", async () => {
    const bench = toyBench();
    const kinds: string[] = [];
    bench.device.output.subscribe((output) => kinds.push(output.kind));
    await bench.start();
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
    await bench.close();
  });
});
