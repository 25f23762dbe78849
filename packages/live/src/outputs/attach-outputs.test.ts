import { createServer } from "node:net";
import { ManualTime } from "@attune/device-kit";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { LiveSession } from "../session/live-session.ts";
import { pairSession, scripted } from "../session/scripted-session.test-support.ts";
import type { LogEntry } from "../session/session-log.ts";
import { parseSession } from "../session-file/read-session.ts";
import { attachOutputs } from "./attach-outputs.ts";

const simulated = (outputs: string): string => `
session: dyad-001
people: [{ id: adult, role: adult }, { id: infant, role: infant }]
devices: { dyad: { kind: simulated, seed: 3, artefactsPerMinute: 0, lossesPerMinute: 0 } }
streams:
  - { person: adult, signal: eeg, device: dyad, stream: dyad/adult-eeg }
  - { person: infant, signal: eeg, device: dyad, stream: dyad/infant-eeg }
outputs: ${outputs}
`;

describe("outputs of a running session", () => {
  test("every coupling of the session arrives; one output that cannot be opened stops neither it nor the session", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", () => resolve()));
    const { port } = taken.address() as { port: number };
    const log: LogEntry[] = [];
    const time = new ManualTime();
    const start = (outputs: string): LiveSession =>
      new LiveSession(
        { path: "s.yaml", file: parseSession(simulated(outputs), "s.yaml"), recordingFolder: "/nowhere" },
        { record: false, analyse: true, context: time.context },
      );

    const refused = start(`{ websocket: { port: ${port} }, osc: { port: 9 } }`);
    await refused.connect();
    await refused.begin();
    const rest = await attachOutputs(refused, (entry) => log.push(entry));
    expect(log.map(({ level, message }) => `${level} ${message}`)).toEqual([
      expect.stringMatching(
        /^alarm websocket could not be opened, the session goes on without it: .*EADDRINUSE/,
      ),
      "info coupling goes to OSC to 127.0.0.1:9",
    ]);
    expect(refused.stage).toBe("running");
    await rest.close();
    await refused.end();
    await new Promise((resolve) => taken.close(resolve));

    log.length = 0;
    const session = start("{ websocket: { port: 0 } }");
    const couplings: unknown[] = [];
    session.couplings.subscribe((coupling) => couplings.push(JSON.parse(JSON.stringify(coupling))));
    await session.connect();
    await session.begin();
    const outputs = await attachOutputs(session, (entry) => log.push(entry));
    const url = /ws:\S+/.exec(log[0]!.message)![0];
    const socket = new WebSocket(url);
    const received: unknown[] = [];
    socket.on("message", (data) => received.push(JSON.parse(String(data))));
    await new Promise((resolve) => socket.once("open", resolve));
    for (let s = 0; s < 15; s++) {
      await time.advance(1);
      for (let i = 0; i < 2000 && session.analysisDelay > 0; i++)
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (let i = 0; i < 2000 && received.length < couplings.length; i++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(couplings.length).toBeGreaterThan(5);
    expect(received).toEqual(couplings);
    await session.end();
    await outputs.close();
    if (socket.readyState !== socket.CLOSED) await new Promise((resolve) => socket.once("close", resolve));
  });

  test("a session that is not analysed says that its outputs get nothing", async () => {
    const it = scripted(pairSession("outputs: { osc: { port: 9 } }"));
    await it.session.connect();
    await it.session.begin();
    const outputs = await attachOutputs(it.session, (entry) => it.log.push(entry));
    expect(it.about("outputs")).toEqual(["nothing is analysed, so no output gets anything"]);
    await outputs.close();
    await it.session.end();
  });
});
