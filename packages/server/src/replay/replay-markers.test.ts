import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scripted } from "../live/scripted-session.test-support.ts";
import { openFacts } from "./replay-facts.ts";

test("markers that tell states are states in a replay, as they were live; those of nobody's are neither", async () => {
  const folder = await mkdtemp(join(tmpdir(), "attune-markers-"));
  try {
    const lab = scripted(folder, "markers: [{ device: adult-cap, layers: [adult.gaze] }]");
    const { session } = lab;
    await session.connect();
    const cap = lab.devices.get("adult-cap")!;
    const markers = { ...cap.stream, id: "adult-cap/markers", name: "Gaze", type: "Markers" };
    cap.streams.next([
      cap.stream,
      {
        ...markers,
        channels: [{ label: "marker", unit: "" }],
        nominalSamplingRate: 0,
        sampleFormat: "string",
      },
    ]);
    const { path } = await session.begin().then(() => session.recording!);
    const offset = 300;
    cap.output.next({
      kind: "clock-offset",
      streamId: markers.id,
      collectedAt: lab.time.context.now() - offset,
      offset,
    });
    await lab.flow(2);
    const texts = [
      '{"person":"adult","layer":"gaze","state":"direct"}',
      '{"person":"infant-2","layer":"gaze","state":"direct"}',
      '{"person":"adult","layer":"gaze","state":"averted"}',
      "door",
    ];
    for (const [k, text] of texts.entries()) {
      cap.output.next({
        kind: "text",
        streamId: markers.id,
        firstSample: k,
        nSamples: 1,
        text: [text],
        deviceTime: Float64Array.of(lab.time.context.now() - offset),
        receivedAt: lab.time.context.now(),
      });
      await lab.flow(1);
    }
    session.note("hello");
    await session.end("done");
    const facts = await openFacts(path, {}, {});
    await facts.recording.close();
    const gaze = facts.states.filter(({ layer }) => layer === "gaze");
    expect(
      gaze.map(({ person, state }) => `${person} ${state}`).filter((each) => !/unknown/.test(each)),
    ).toEqual(["adult direct", "adult averted"]);
    expect(facts.events.map(({ label }) => label)).toEqual(["door", "note hello", "done"]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
