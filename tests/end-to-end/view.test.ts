import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualTime } from "@attune/device-kit";
import { LiveSession, parseSession } from "@attune/live";
import {
  decodePageFrame,
  encodeCommand,
  type PageDocument,
  type PageRequest,
  type Reply,
  type Traces,
} from "@attune/wire/page";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Bench } from "./attune-process.ts";
import { LiveBench, type LiveProcess, simulatedSession } from "./live-process.ts";

const bench = new LiveBench();
const tables = new Bench();
const folder = mkdtempSync(join(tmpdir(), "attune-view-"));
let recording: string;
let nAccepted: number;
beforeAll(async () => {
  const time = new ManualTime();
  const session = new LiveSession(
    {
      path: "session.yaml",
      file: parseSession(simulatedSession("viewed"), "session.yaml"),
      recordingFolder: folder,
    },
    { record: true, analyse: true, context: time.context },
  );
  await session.connect();
  await time.advance(1);
  await session.begin();
  for (let second = 0; second < 40; second++) {
    await time.advance(1);
    for (let n = 0; n < 2000 && session.analysisDelay > 0; n++)
      await new Promise((resolve) => setTimeout(resolve, 3));
  }
  recording = session.recording!.path;
  await session.end("quit");
  nAccepted = session.totals.nAccepted;
});
afterAll(async () => {
  await bench.remove();
  tables.remove();
  rmSync(folder, { recursive: true, force: true });
});

type Kind = PageDocument["kind"];

/** A page without a browser. */
class Page {
  readonly documents: PageDocument[] = [];
  readonly traces: Traces[] = [];
  readonly #socket: WebSocket;
  #id = 0;

  private constructor(address: string) {
    this.#socket = new WebSocket(`${address.replace("http", "ws")}session`, { origin: address.slice(0, -1) });
    this.#socket.on("message", (data: Buffer) => {
      const frame = decodePageFrame(data);
      if (frame.kind === "malformed") throw new Error(frame.reason);
      if (frame.kind === "traces") this.traces.push(frame);
      else this.documents.push(frame);
    });
  }

  static async at(address: string): Promise<Page> {
    const page = new Page(address);
    await page.until(() => page.newest("standing") !== undefined);
    return page;
  }

  newest<K extends Kind>(kind: K): Extract<PageDocument, { kind: K }> | undefined {
    return this.documents.findLast((each): each is Extract<PageDocument, { kind: K }> => each.kind === kind);
  }

  async until(satisfied: () => boolean): Promise<void> {
    const limit = Date.now() + 20_000;
    while (!satisfied()) {
      if (Date.now() > limit) throw new Error(`it did not come: ${satisfied.toString()}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async ask(request: PageRequest): Promise<Reply> {
    const id = ++this.#id;
    this.#socket.send(encodeCommand({ ...request, id } as Parameters<typeof encodeCommand>[0]));
    const reply = (): Reply | undefined =>
      this.documents.find((each): each is Reply => each.kind === "reply" && each.to === id);
    await this.until(() => reply() !== undefined);
    return reply()!;
  }

  close(): void {
    this.#socket.close();
  }
}

async function addressOf(running: LiveProcess): Promise<string> {
  await running.prints(/\}\n/);
  return (JSON.parse(running.stdout) as { address: string }).address;
}

describe.concurrent("a recording in the browser", () => {
  test("attune view serves a recorded session with its own numbers, plays, seeks, codes, and ends on an interrupt", async () => {
    const running = bench.attune("view", recording, "--json", "--speed", "8");
    const page = await Page.at(await addressOf(running));
    expect(page.newest("hello")).toMatchObject({
      mode: "replay",
      session: "viewed",
      seat: "writer",
      recording,
    });
    await page.until(() => page.newest("standing")?.replay?.isAnalysed === true);
    const { replay } = page.newest("standing")!;
    expect(replay).toMatchObject({ isPlaying: false, speed: 8 });
    expect((await page.ask({ do: "seek", to: replay!.to })).ok).toBe(true);
    await page.until(() => page.newest("standing")?.replay?.position === replay!.to);
    expect(page.newest("standing")!.windows.nAccepted).toBe(nAccepted);
    expect(page.newest("evidence")!.values.length).toBeGreaterThan(0);
    expect(page.newest("timeline")).toBeDefined();

    await page.ask({ do: "seek", to: 10 });
    page.traces.length = 0;
    await page.ask({ do: "play" });
    await page.until(() => (page.newest("standing")?.replay?.position ?? 0) > 14);
    await page.until(() => page.traces.some(({ start }) => start > 12));
    expect(page.traces.every(({ start }) => start > 9)).toBe(true);
    const pressed = await page.ask({ do: "key-down", key: "v" });
    expect(pressed).toMatchObject({ ok: true, message: "infant voice: voicing", undoSeconds: 5 });
    const rows = readFileSync(recording.replace(/\.xdf$/, ".coding-replay.tsv"), "utf8");
    const row = rows.split("\n").find((line) => line.includes("voicing"))!;
    expect(Number(row.split("\t")[8])).toBeGreaterThan(13);
    expect(Number(row.split("\t")[8])).toBeLessThanOrEqual(pressed.at);
    expect((await page.ask({ do: "end", reason: "quit" })).message).toMatch(/this is a recording/);
    running.child.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(code, stderr).toBe(0);
    expect(readFileSync(recording.replace(/\.xdf$/, ".coding-replay.tsv"), "utf8")).toContain("auto-close");
  });

  test("attune replay --page plays a table at once, with the people that are named", async () => {
    tables.writeTable("pair", { seed: 5, durationSeconds: 30 });
    const options = ["--sampling-rate", "200", "--adult", "A3,A4", "--infant", "I3,I4", "--order", "6"];
    const states = ["--states", tables.path("pair.tsv")];
    const running = bench.attune(
      "replay",
      tables.path("pair.csv"),
      "--page",
      "--json",
      ...options,
      ...states,
    );
    const page = await Page.at(await addressOf(running));
    expect(page.newest("hello")!.people.map(({ id }) => id)).toEqual(["adult", "infant"]);
    await page.until(() => (page.newest("standing")?.replay?.position ?? 0) > 1);
    expect(page.newest("standing")!.replay!.isPlaying).toBe(true);
    await page.until(() => page.newest("standing")?.replay?.isAnalysed === true);
    await page.ask({ do: "seek", to: 29 });
    await page.until(() => (page.newest("standing")?.windows.nWindows ?? 0) > 20);
    page.close();
    running.child.kill("SIGTERM");
    expect((await running.ended).code).toBe(0);
    expect(existsSync(tables.path("pair.csv.coding-replay.tsv"))).toBe(false);
  });

  test("what cannot be shown is one clear sentence and an exit code", async () => {
    tables.write("note.bin", new Uint8Array([1, 2, 3, 4]));
    const taken = bench.attune("view", recording, "--json");
    const port = new URL(await addressOf(taken)).port;
    const cases = [
      ["view", 2, /missing required argument 'file'/],
      ["view nothing.xdf", 2, /There is no file nothing.xdf/],
      ["view note.bin", 1, /is not a recording that can be read/],
      [`view ${recording} --speed 100`, 2, /at most 32/],
      [`view ${recording} --adult-stream nobody`, 2, /no stream "nobody"/],
      [`view ${recording} --port ${port}`, 2, /choose another with --port/],
      [`replay ${recording} --page --session`, 2, /leave --session out/],
      [`replay ${recording} --page --speed max`, 2, /0\.1 to 32/],
    ] as const;
    await Promise.all(
      cases.map(async ([line, code, sentence]) => {
        const ended = await tables.attune(line);
        expect(ended.code, `${line}: ${ended.stderr}`).toBe(code);
        expect(ended.stderr.trim().split("\n")).toHaveLength(1);
        expect(ended.stderr).toMatch(sentence);
      }),
    );
    taken.child.kill("SIGINT");
    expect((await taken.ended).code).toBe(0);
  });
});
