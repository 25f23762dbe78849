import { expect, test } from "vitest";
import { defaultLimits } from "../configuration/settings.ts";
import { readInfo } from "../info/xml-read.ts";
import { writeInfo } from "../info/xml-write.ts";
import { FlowWindow } from "../thread/flow-window.ts";
import type { OutletCommand } from "./outlet-engine.ts";
import { SampleOutlet } from "./sample-outlet.ts";

const declaration = {
  name: "pushed",
  type: "Test",
  channelCount: 1,
  nominalSamplingRate: 100,
  channelFormat: "int16",
} as const;

/** An outlet with one receiver and a sending thread that does nothing until the test lets it. */
function outletWithIdleThread(maximumBufferSamples: number) {
  const noPorts = { dataPort: 1, servicePort: 1 };
  const facts = { uid: "u", createdAt: 1, sessionId: "default", hostname: "", v4: noPorts, v6: noPorts };
  const info = readInfo(writeInfo(declaration, facts).full, undefined, defaultLimits)!;
  const flow = FlowWindow.allocate();
  const consumers = new SharedArrayBuffer(4);
  new Int32Array(consumers)[0] = 1;
  const sent: OutletCommand[] = [];
  const parts = { declaration, options: {}, info, maximumBufferSamples, flow, consumers };
  const outlet = new SampleOutlet(parts, (command) => sent.push(command));
  return { outlet, sent, consumers, thread: new FlowWindow(flow, 0) };
}

test("what is pushed in one run of the program leaves as one batch", async () => {
  const { outlet, sent } = outletWithIdleThread(1000);
  for (let k = 0; k < 10; k++) outlet.pushSample([k]);
  expect(sent).toHaveLength(0);
  await Promise.resolve();
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ kind: "batch", batch: { nSamples: 10, releasedSamples: 10 } });
});

test("a sending thread that falls behind by more than the buffer costs the oldest samples, counted", async () => {
  const { outlet, sent, thread } = outletWithIdleThread(50);
  const pushes = 64 + 80;
  for (let k = 0; k < pushes; k++) {
    outlet.pushSample([k]);
    await Promise.resolve();
  }
  expect(sent).toHaveLength(64);
  expect(outlet.samplesDropped).toBe(30);
  for (let k = 0; k < 64; k++) if (thread.received()) outlet.handle({ kind: "room" });
  for (let k = 0; k < 64; k++) if (thread.received()) outlet.handle({ kind: "room" });
  const values = sent.map((command) => (command.kind === "batch" ? command.batch.bytes.at(-2)! : -1));
  expect(values).toEqual([
    ...Array.from({ length: 64 }, (_, k) => k),
    ...Array.from({ length: 50 }, (_, k) => pushes - 50 + k),
  ]);
});

test("without receivers nothing is kept", async () => {
  const { outlet, sent, consumers } = outletWithIdleThread(50);
  new Int32Array(consumers)[0] = 0;
  outlet.pushSample([1]);
  await Promise.resolve();
  expect(sent).toHaveLength(0);
});

test("closing passes on what is left first", async () => {
  const { outlet, sent } = outletWithIdleThread(50);
  outlet.pushSample([1], 0, false);
  const closed = outlet.close();
  expect(sent.map((command) => command.kind)).toEqual(["batch", "close"]);
  outlet.handle({ kind: "closed" });
  await closed;
  expect(outlet.haveConsumers()).toBe(false);
});
