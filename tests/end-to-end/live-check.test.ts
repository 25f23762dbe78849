import { createOutlet, type Outlet } from "@attune/lsl";
import { afterAll, describe, expect, test } from "vitest";
import { LiveBench, simulatedSession } from "./live-process.ts";

const bench = new LiveBench();
const closings: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closings) await close();
  await bench.remove();
});

/** Ports of this process: tests run beside each other. */
const port = 29_000 + (process.pid % 80) * 40;
const configuration = {
  ports: { multicastPort: port, basePort: port + 1, portRange: 32, ipv6: "disable" },
  loopbackOnly: true,
} as const;
const network = `{ loopbackOnly: true, discoveryPort: ${port}, basePort: ${port + 1}, portRange: 32 }`;

/** An outlet that says 200 Hz and sends at its own rate. */
async function send(name: string, samplingRate: number, sourceId: string): Promise<Outlet> {
  const outlet = await createOutlet(
    { name, type: "EEG", channelCount: 2, nominalSamplingRate: 200, channelFormat: "float32", sourceId },
    { configuration },
  );
  const start = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - start) / 1000) * samplingRate);
    if (due > sent) outlet.pushChunk(new Float32Array(2 * (due - sent)).fill(1));
    sent = due;
  }, 20);
  closings.push(async () => {
    clearInterval(timer);
    await outlet.close();
  });
  return outlet;
}

const lslSession = (session: string, adult: string, infant: string): string => `
session: ${session}
people: [{ id: adult, role: adult }, { id: infant, role: infant }]
devices:
  adult-cap: { kind: lsl, ${adult}, timeoutSeconds: 3, network: ${network} }
  infant-cap: { kind: lsl, ${infant}, timeoutSeconds: 3, network: ${network} }
streams:
  - { person: adult, signal: eeg, device: adult-cap }
  - { person: infant, signal: eeg, device: infant-cap }
recording: { folder: rec-${session} }
`;

interface Report {
  readonly ready: boolean;
  readonly checks: readonly { check: string; about: string; verdict: string; message: string }[];
}

async function check(session: string, text: string, seconds: number) {
  bench.write(`${session}.yaml`, text);
  const ended = await bench.attune("check", `${session}.yaml`, "--seconds", String(seconds), "--json").ended;
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  const report = JSON.parse(ended.stdout) as Report;
  const of = (kind: string, about: string) =>
    report.checks.find((each) => each.check === kind && each.about.startsWith(about));
  return { ...ended, report, of };
}

describe.concurrent("attune check", () => {
  test("everything right: each thing a line, ready, exit code 0", async () => {
    const { code, report, of } = await check("good", simulatedSession("good"), 4);
    expect(report.checks.filter(({ verdict }) => verdict === "red")).toEqual([]);
    expect(report.ready).toBe(true);
    expect(code).toBe(0);
    for (const kind of ["samples", "rate", "clock"])
      for (const stream of ["dyad/adult-eeg", "dyad/infant-eeg"])
        expect(of(kind, stream), `${kind} ${stream}`).toMatchObject({ verdict: "green" });
    for (const kind of ["device", "people", "analysis", "folder", "disk", "name"])
      expect(of(kind, "")).toMatchObject({ verdict: "green" });
  });

  test("for people it is a line a check, a word with each sign, and what to do", async () => {
    bench.write("human.yaml", simulatedSession("human").replace("rec-human", "/proc/attune"));
    const { code, stdout, stderr } = await bench.attune("check", "human.yaml", "--seconds", "3").ended;
    expect(stdout).toMatch(/^ok {3}\+ device {6}dyad: Simulated adult and infant/m);
    expect(stdout).toMatch(
      /^RED {2}x folder {6}\/proc\/attune: cannot be written to \(\w+\): choose another/m,
    );
    expect(stderr).toMatch(/attune: 1 check of \d+ red: the session is not ready\./);
    expect(code).toBe(1);
  });

  test("real streams: a wrong rate, one that is found and silent, one used twice, two of one name", async () => {
    await Promise.all([
      send("good", 200, "good-1"),
      send("fast", 210, "fast-1"),
      send("silent", 0, "silent-1"),
      send("twin", 200, "twin-1"),
      send("twin", 200, "twin-2"),
    ]);
    const [rate, silent, twins] = await Promise.all([
      check("rate", lslSession("rate", "name: good", "name: fast"), 6),
      check("silent", lslSession("silent", "name: good", "name: silent"), 4),
      check("twins", lslSession("twins", "name: good", "name: twin"), 3),
    ]);
    expect(rate.of("rate", "adult-cap")).toMatchObject({ verdict: "green" });
    expect(rate.of("rate", "infant-cap")).toMatchObject({
      verdict: "red",
      message: expect.stringMatching(/2(09|10)\.\d\d Hz measured, 200 Hz announced/),
    });
    expect(rate.of("clock", "infant-cap")).toMatchObject({ verdict: "green" });
    expect(rate.code).toBe(1);
    expect(silent.of("samples", "infant-cap")).toMatchObject({
      verdict: "red",
      message: expect.stringMatching(/was found but sends no samples/),
    });
    expect(silent.code).toBe(1);
    expect(twins.of("device", "infant-cap")).toMatchObject({
      verdict: "red",
      message: expect.stringMatching(/2 LSL streams match name='twin'.*Add sourceId/),
    });

    const double = await check("double", lslSession("double", "name: good", "sourceId: good-1"), 3);
    expect(double.of("double use", "adult-cap, infant-cap")).toMatchObject({ verdict: "red" });
    expect(double.code).toBe(1);
  });
});
