import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync, readFileSync, statSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { parseSession } from "@attune/live";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { commandsOf, root } from "./document-blocks.ts";
import { attuneCommand, LiveBench, type LiveProcess } from "./live-process.ts";

// The virtual laboratory is on the default ports of Lab Streaming Layer (on loopback), as it is for who reads the pages.
// There is one in this file and in no other: two would find each other's streams.

const haveSocat = spawnSync("socat", ["-V"], { stdio: "ignore" }).status === 0;
if (!haveSocat && process.env.CI === "true") throw new Error("socat is missing, and CI needs it");

const bench = new LiveBench();
afterAll(() => bench.remove());

const written = new Set(["README.md", "docs/sessions.md"].flatMap((page) => commandsOf(page, "bash")));
const carriedOut = new Set<string>();

/** A command of the pages as a person types it in that folder, and what a test adds so that it ends. */
function run(line: string, more = ""): LiveProcess {
  carriedOut.add(line);
  // `pnpm attune` in a checkout runs the workspace's own program; here the person is in another folder.
  const pnpm = `pnpm() { shift; exec "${process.execPath}" "${attuneCommand}" "$@"; }`;
  const [command, redirection] = line.split(/(?= > )/);
  return bench.run("sh", ["-c", `${pnpm}; ${command} ${more} ${redirection ?? ""}`]);
}

async function succeed(line: string, more = ""): Promise<string> {
  const { code, stdout, stderr } = await run(line, more).ended;
  expect({ line, code, stderr: code === 0 ? "" : `${stdout}\n${stderr}` }).toEqual({
    line,
    code: 0,
    stderr: "",
  });
  return stdout;
}

const couplingsOf = (text: string): string[] =>
  text.split("\n").filter((line) => line.startsWith('{"kind":"coupling"'));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe(`every command for live use in the documents works${haveSocat ? "" : " (serial ports are left out: socat is not installed)"}`, () => {
  const ports = { lab: 0, osc: 0, websocket: 0 };
  let lab: LiveProcess;

  beforeAll(async () => {
    ports.lab = await freePort();
    ports.websocket = await freePort();
    lab = run("pnpm attune simulate live", `--port ${ports.lab} --duration 150`);
    await lab.prints(/Ctrl\+C ends the laboratory/);
    if (haveSocat) expect(lab.stdout).toMatch(/Cyton on .*ECG on /s);
  });

  test.concurrent("the virtual laboratory: check, and a live session", async () => {
    expect(await succeed("pnpm attune check virtual-lab/session.yaml", "--seconds 2")).toMatch(
      /Ready: \d+ checks/,
    );
    const printed = await succeed("pnpm attune live virtual-lab/session.yaml", "--duration 8 --json");
    const summary = JSON.parse(printed.trimEnd().split("\n").at(-1)!);
    expect(summary.totals.nWindows).toBeGreaterThan(3);
    expect(summary.timing.streams.length).toBeGreaterThanOrEqual(haveSocat ? 6 : 4);
    // Touch is told as it happens, and in eight seconds there may be none.
    for (const { nSamples, nominalSamplingRate } of summary.timing.streams)
      expect(nSamples).toBeGreaterThanOrEqual(nominalSamplingRate > 0 ? 1 : 0);
  }, 60_000);

  test.concurrent("a session of one's own: propose, check, live, record, a crash, repair, info, replay to the bit", async () => {
    expect(await succeed("pnpm attune streams --propose session.yaml")).toContain("Virtual infant EEG");
    const proposed = parseSession(readFileSync(bench.path("session.yaml"), "utf8"), "session.yaml");
    expect(proposed.streams.map(({ person, signal }) => `${person} ${signal}`).sort()).toEqual([
      "adult ecg",
      "adult eeg",
      "adult respiration",
      "infant eeg",
      "infant other",
      "infant respiration",
    ]);

    const sent = await listen();
    bench.write("session.yaml", sessionForTheLab());
    const checked = await succeed("pnpm attune check session.yaml", "--seconds 1");
    // The ECG of the example is optional and is not there.
    expect(checked).toMatch(/look ~ device +heart: No serial device at/);

    const live = run("pnpm attune live session.yaml --json > coupling.jsonl");
    await live.says(/recording into/);
    live.type("key d");
    live.type("key p");
    const webSocket = sent.connect();
    await live.until(
      () => couplingsOf(read("coupling.jsonl")).length >= 4,
      "two windows and their couplings",
    );
    live.type("quit");
    expect((await live.ended).code).toBe(0);
    expect(sent.addresses()).toContain("/attune/windows/direct");
    expect(await webSocket).toMatchObject({ kind: "coupling", condition: "direct" });
    for (const file of ["xdf", "timing.txt", "timing.json", "coding.tsv"])
      expect(existsSync(bench.path("recordings", `dyad-012.${file}`)), file).toBe(true);
    expect(existsSync(bench.path("recordings/dyad-012.xdf.journal"))).toBe(false);

    expect(await succeed("pnpm attune live session.yaml", "--duration 1")).toContain(
      "dyad-012_run-2.xdf (closed)",
    );

    const waiting = run("pnpm attune live session.yaml --gate");
    await waiting.says(/MONITORING, NOT RECORDING/);
    await expectPage(waiting.stderr);
    waiting.child.kill("SIGINT");
    expect((await waiting.ended).code).toBe(0);

    const recording = bench.path("recordings/dyad-012_run-3.xdf");
    const record = run("pnpm attune record session.yaml");
    await record.until(
      () => existsSync(recording) && statSync(recording).size > 60_000,
      "samples in the file",
    );
    record.child.kill("SIGKILL");
    await record.ended;
    expect(existsSync(`${recording}.journal`)).toBe(true);
    expect(await succeed("pnpm attune repair recordings")).toMatch(/dyad-012_run-3\.xdf: 0:0\d recovered/);
    expect(existsSync(`${recording}.journal`)).toBe(false);

    const info = await succeed("pnpm attune info recordings/dyad-012.xdf");
    expect(info).toContain("Virtual adult EEG");
    expect(info).toContain("Damage: none found");
    const view = run("pnpm attune view recordings/dyad-012.xdf");
    await view.prints(/http:/);
    await expectPage(view.stdout);
    view.child.kill("SIGINT");
    expect((await view.ended).code).toBe(0);
    const replayed = await succeed("pnpm attune replay recordings/dyad-012.xdf --session", "--jsonl");
    expect(couplingsOf(replayed)).toEqual(couplingsOf(read("coupling.jsonl")));

    const shared = run("pnpm attune live session.yaml --page-host 0.0.0.0", "--no-recording");
    await shared.says(/for looking only: http:/);
    const [, port, token] = /for looking only: http:\S+:(\d+)\/observer\/\?token=(\S+)/.exec(shared.stderr)!;
    expect((await fetch(`http://127.0.0.1:${port}/observer/`)).status).toBe(401);
    expect((await fetch(`http://127.0.0.1:${port}/observer/?token=${token}`)).status).toBe(200);
    shared.child.kill("SIGINT");
    expect((await shared.ended).code).toBe(0);
  }, 120_000);

  test("no command was left out", () => {
    expect([...carriedOut].sort()).toEqual([...written].sort());
  });

  /** The address that was printed leads to the page. */
  async function expectPage(printed: string): Promise<void> {
    const address = printed.match(/http:\/\/127\.0\.0\.1:\d+\//)?.[0];
    const response = await fetch(address ?? "no address was printed");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await response.text()).toContain("Attune");
  }

  const read = (file: string): string =>
    existsSync(bench.path(file)) ? readFileSync(bench.path(file), "utf8") : "";

  /** The example of the page, with the streams of the laboratory in place of those of a real one. */
  function sessionForTheLab(): string {
    const example = readFileSync(join(root, "docs/examples/session.yaml"), "utf8");
    const changes = [
      ["name: Adult EEG", "name: Virtual adult EEG, network: { loopbackOnly: true }"],
      ["name: Infant EEG", "name: Virtual infant EEG, network: { loopbackOnly: true }"],
      ["port: /dev/ttyACM0", "port: virtual-lab/not-there"],
      ["port: 9000", `port: ${ports.osc}`],
      ["port: 9001", `port: ${ports.websocket}`],
      // It would be seen in the whole network.
      ["lsl: true", "lsl: false"],
    ] as const;
    return changes.reduce((text, [from, to]) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    }, example);
  }

  /** Hears what the session sends by OSC, and on demand by WebSocket. */
  async function listen() {
    const heard: string[] = [];
    const socket = createSocket("udp4", (message) => heard.push(message.toString("latin1").split("\0")[0]!));
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    ports.osc = socket.address().port;
    return {
      addresses: () => {
        socket.close();
        return heard;
      },
      connect: async (): Promise<unknown> => {
        const webSocket = new WebSocket(`ws://127.0.0.1:${ports.websocket}`);
        const text = await new Promise<string>((resolve, reject) => {
          webSocket.once("message", (data) => resolve(String(data)));
          webSocket.once("error", reject);
        });
        webSocket.close();
        return JSON.parse(text);
      },
    };
  }
});
