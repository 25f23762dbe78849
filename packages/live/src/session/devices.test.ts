import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRecording } from "@attune/recording";
import type { DeviceOutput, SessionInput } from "@attune/signal";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SessionError } from "../errors.ts";
import { replaySession } from "../replay/replay-session.ts";
import { eegStream } from "./scripted-device.test-support.ts";
import { flow, pairSession, type Scripted, scripted } from "./scripted-session.test-support.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "attune-devices-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const refusal = (make: () => unknown): SessionError => {
  try {
    make();
  } catch (error) {
    if (error instanceof SessionError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};

describe("the devices of a session", () => {
  test("a kind that does not exist is misuse, and the kinds that do are named", () => {
    const error = refusal(() => scripted(pairSession().replace("kind: scripted", "kind: telepathy")));
    expect(error.misuse).toBe(true);
    expect(error.message).toBe(
      'devices.adult-cap: there is no kind of device called "telepathy"; there are scripted.',
    );
  });

  test("a setting that the kind does not take is misuse, and named", () => {
    const error = refusal(() => scripted(pairSession("", { adult: "markers: 3" })));
    expect(error.misuse).toBe(true);
    expect(error.message).toMatch(/^devices\.adult-cap\.markers is not right for scripted: /);
  });

  test("one that fails to connect says why, and the others connect", async () => {
    const { session } = scripted(pairSession("", { adult: "refuses: The cap is off" }));
    await session.connect();
    expect(session.devices.map(({ failure }) => failure)).toEqual(["The cap is off", undefined]);
    expect(session.devices[1]!.lifecycle).toBe("streaming");
    await expect(session.begin()).rejects.toThrow(/cannot begin without adult-cap \(The cap is off\)/);
    await session.end();
  });

  test("a session may begin without an optional one", async () => {
    const { session, about } = scripted(
      pairSession("", { adult: "optional: true, refuses: The cap is off" }),
      { analyse: true },
    );
    await session.connect();
    expect(session.assignments().map(({ assignment }) => assignment.person)).toEqual(["infant"]);
    await session.begin();
    expect(session.stage).toBe("running");
    expect(about("session")).toEqual([
      "fewer than two people have EEG: the session is recorded and not analysed",
    ]);
    await session.end();
  });
});

describe("who wears what", () => {
  const assign = async (text: string): Promise<SessionError> => {
    const { session } = scripted(text);
    await session.connect();
    const error = refusal(() => session.assignments());
    await session.end();
    return error;
  };
  const two = { adult: "streams: [eeg, ecg]" };

  test("a device with several streams needs to be told which", async () => {
    const error = await assign(pairSession("", two));
    expect(error.message).toBe(
      `adult's eeg should come from "adult-cap", which delivers "eeg", "ecg": name one with stream:.`,
    );
    expect(error.misuse).toBe(true);
  });

  test("streams of one name are told apart by their ids", async () => {
    const { session, device } = scripted(pairSession("", two));
    await session.connect();
    const named = device("adult-cap").layout.map((stream) => ({ ...stream, name: "cap" }));
    device("adult-cap").outlets.streams.next(named);
    expect(refusal(() => session.assignments()).message).toContain(`"adult-cap/eeg", "adult-cap/ecg"`);
    await session.end();
  });

  test("a channel that is not there is named with those that are", async () => {
    const error = await assign(pairSession().replace("[C3, C4] }\n", "[C3, Cz] }\n"));
    expect(error.message).toMatch(/has no channel Cz for adult: it has C3, C4/);
  });

  test("one stream for two people is found although it is named in two ways", async () => {
    const text = pairSession()
      .replace(
        "person: infant, signal: eeg, device: infant-cap",
        "person: infant, signal: eeg, device: adult-cap",
      )
      .replace(
        "device: adult-cap, channels: [C3, C4] }\n  - { person: infant",
        "device: adult-cap, stream: eeg, channels: [C3, C4] }\n  - { person: infant",
      );
    const error = await assign(text);
    expect(error.message).toMatch(/channel C3 of "eeg" is given to adult and infant/);
  });

  test("a device that could not be connected is said to be the reason", async () => {
    const error = await assign(pairSession("", { adult: "refuses: off" }));
    expect(error.message).toBe(`adult's eeg should come from "adult-cap", which could not be connected.`);
    expect(error.misuse).toBe(false);
  });

  test("montages name people, streams and channels; a missing site is the study's sentence", async () => {
    const { session } = scripted(pairSession());
    await session.connect();
    expect(
      session.montages()!.map(({ person, streamId, channels }) => [person.id, streamId, channels.length]),
    ).toEqual([
      ["adult", "adult-cap/eeg", 2],
      ["infant", "infant-cap/eeg", 2],
    ]);
    await session.end();
  });
});

describe("what devices do to a session", () => {
  const recordedIn = (name: string) => ({ folder: join(folder, name), analyse: true });

  test("a stream that changes its rate is an alarm, and is recorded on under another name with its owner", async () => {
    const it = scripted(pairSession(), recordedIn("rate"));
    await it.session.connect();
    await it.session.begin();
    await flow(it, 2);
    const cap = it.device("infant-cap");
    cap.layout[0] = eegStream("infant-cap/eeg", { name: "eeg", nominalSamplingRate: 200 });
    cap.outlets.streams.next(cap.layout);
    await flow(it, 3);
    expect(it.about("infant-cap/eeg")).toEqual([
      expect.stringMatching(/^it changed from 2 channels at 100 Hz to 2 at 200 Hz: .* coupling stops/),
    ]);
    // What is shown is what arrives now.
    expect(it.session.pulse("infant-cap/eeg")!.measuredSamplingRate).toBeCloseTo(200, 0);
    expect(it.session.nOffsets("infant-cap/eeg")).toBe(3);
    const { path } = it.session.recording!;
    await it.session.end();
    const opened = await openRecording(path);
    await opened.close();
    if (opened.kind !== "continuous") throw new Error("not a session");
    const caps = opened.streams.filter(({ id }) => id.startsWith("infant-cap"));
    expect(caps.map(({ nSamples }) => nSamples)).toEqual([200, 600]);
    expect(caps.map(({ person }) => person)).toEqual(["infant", "infant"]);
  });

  test("a stream that changed before the session began is the one that is analysed", async () => {
    const { session, device } = scripted(pairSession());
    await session.connect();
    const cap = device("infant-cap");
    cap.outlets.streams.next([eegStream("infant-cap/eeg", { name: "eeg", nominalSamplingRate: 200 })]);
    const [, infant] = session.montages()!;
    expect(infant).toMatchObject({ streamId: "infant-cap/eeg#2", nominalSamplingRate: 200 });
    await session.end();
  });

  test("chunks with a wrong number of channels are an alarm once, reach nobody, and the rest goes on", async () => {
    const it = scripted(pairSession(), recordedIn("shape"));
    await it.session.connect();
    await it.session.begin();
    await flow(it, 1);
    for (let n = 0; n < 5; n++)
      it.device("adult-cap").samples("adult-cap/eeg", 10, { data: new Float64Array(30) });
    it.device("adult-cap").say({
      kind: "samples",
      streamId: "adult-cap/ghost",
      firstSample: 0,
      nSamples: 1,
      data: new Float64Array(2),
      deviceTime: new Float64Array(1),
    });
    await flow(it, 1);
    expect(it.about("adult-cap/eeg").filter((message) => !message.includes("were lost"))).toEqual([
      "it delivers chunks that do not have the 2 channels that it announced: they are left out; restart the device",
    ]);
    expect(it.about("adult-cap/ghost")).toEqual([
      "it delivers data and was never announced: they are left out; restart the device",
    ]);
    // Scripted time runs ahead of the thread: being behind is no failure.
    expect(it.about("analysis").filter((message) => message.includes("stopped"))).toEqual([]);
    const { path } = it.session.recording!;
    await it.session.end();
    const opened = await openRecording(path);
    if (opened.kind !== "continuous") throw new Error("not a session");
    expect(opened.streams.find(({ id }) => id === "adult-cap/eeg")!.nSamples).toBe(200);
    expect(await opened.session!.check()).toMatchObject({ isExact: true });
    await opened.close();
  });

  test("a clock that jumps is an alarm with its size", async () => {
    const it = scripted(pairSession());
    await it.session.connect();
    await it.session.begin();
    it.device("adult-cap").offset("adult-cap/eeg", 1000);
    it.device("adult-cap").offset("adult-cap/eeg", 1000.004);
    it.device("adult-cap").offset("adult-cap/eeg", 998.5);
    expect(it.about("adult-cap/eeg")).toEqual([
      expect.stringMatching(/^its clock jumped by -1504 ms against this computer's: windows are left out/),
    ]);
    await it.session.end();
  });

  test("a clock that begins anew with a reconnect is told as that, and raises no alarm", async () => {
    const it = scripted(pairSession());
    await it.session.connect();
    await it.session.begin();
    await flow(it, 5);
    const cap = it.device("adult-cap");
    cap.outlets.machine.to("reconnecting", "it went away");
    await it.time.advance(5);
    cap.outlets.machine.to("streaming", "connected again");
    cap.offset("adult-cap/eeg", 1990);
    // It counts on, and its samples of ten seconds ago are missing.
    for (let n = 0; n < 30; n++) {
      cap.samples("adult-cap/eeg", 10, { firstSample: 1000 + 10 * n });
      await it.time.advance(0.1);
    }
    expect(it.about("adult-cap/eeg")).toEqual([
      expect.stringMatching(/^its clock began anew/),
      expect.stringMatching(/^was silent for \d\.\d s: samples are flowing again$/),
    ]);
    const spell = it.log.filter(({ source }) => source.startsWith("adult-cap")).map((entry) => entry.spell);
    expect(spell).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      { id: 1, isOver: false },
      undefined,
      undefined,
      { id: 1, isOver: true },
    ]);
    await it.session.end();
  });

  test("a computer that stood still is told once, and no device is blamed for it", async () => {
    const leap = { seconds: 0 };
    const it = scripted(pairSession(), {}, leap);
    await it.session.connect();
    await it.session.begin();
    await flow(it, 3);
    leap.seconds += 10;
    expect(it.session.pulse("adult-cap/eeg")!.silentSeconds).toBeLessThan(0.5);
    await flow(it, 3);
    expect(it.about("computer")).toEqual([
      expect.stringMatching(/^this computer stood still for (9\.9|10\.\d) s: /),
    ]);
    expect(it.log.filter(({ message }) => message.includes("no samples"))).toEqual([]);
    // A stream that stays silent afterwards is told of as ever.
    await it.time.advance(4);
    expect(it.about("adult-cap/eeg").at(-1)).toMatch(/^no samples for 3\.\d s/);
    await it.session.end();
  });

  test("a computer that slept while its session clock stood still is told by the time of day, once", async () => {
    const slept = { seconds: 0 };
    const it: Scripted = scripted(pairSession(), { wallClock: () => 1.7e9 + it.time.now + slept.seconds });
    await it.session.connect();
    await it.session.begin();
    await flow(it, 3);
    expect(it.about("computer")).toEqual([]);
    slept.seconds += 600;
    await flow(it, 3);
    slept.seconds -= 3600;
    await flow(it, 3);
    const told = it.log.filter(({ source }) => source === "computer");
    expect(told.map(({ level, message }) => [level, message])).toEqual([
      [
        "alarm",
        expect.stringMatching(
          /^the time of day went (599\.9|600\.\d) s further than this computer ran: it slept/,
        ),
      ],
      ["warning", expect.stringMatching(/set back by (3600\.\d|3599\.9) s/)],
    ]);
    // The clock of the network corrects by little.
    slept.seconds += 0.5;
    await flow(it, 1);
    expect(it.about("computer")).toHaveLength(2);
    await it.session.end();
  });

  test("counts of streams and of the passport begin with the session", async () => {
    const it = scripted(pairSession());
    const cap = it.device("adult-cap");
    const count = (nSamples: number, nLost: number, nReconnects: number): void => {
      cap.counted = {
        nReconnects,
        streams: [
          {
            streamId: "adult-cap/eeg",
            nSamples,
            nLost,
            measuredSamplingRate: 3368.5,
            driftPpm: 0,
            jitterRms: 0.001,
            nOffsets: 99,
            lastOffset: 1000,
            offsetUncertainty: 0.0001,
            lastReceivedAt: 0,
          },
        ],
      };
    };
    await it.session.connect();
    await flow(it, 20);
    count(2000, 300, 2);
    await it.session.begin();
    await flow(it, 10);
    count(3000, 300, 2);
    expect(it.session.pulse("adult-cap/eeg")).toMatchObject({ nSamples: 1000, nLost: 0, lostPercent: 0 });
    const { durationSeconds, streams } = it.session.passport();
    expect(durationSeconds).toBeCloseTo(10, 6);
    expect(streams[0]).toMatchObject({
      nSamples: 1000,
      nLost: 0,
      nReconnects: 0,
      nOffsets: 10,
      measuredSamplingRate: expect.closeTo(100, 6),
      remarks: [],
    });
    await it.session.end();
    expect(it.session.passport().durationSeconds).toBeCloseTo(10, 6);
  });

  test("states of people and layers that the file does not name are recorded, told once, and become none", async () => {
    const it = scripted(
      pairSession("markers: [{ device: adult-cap, layers: [adult.gaze] }]\n"),
      recordedIn("undeclared"),
    );
    const entered: DeviceOutput[] = [];
    await it.session.connect();
    await it.session.begin();
    it.session.outputs.subscribe((output) => entered.push(output));
    const cap = it.device("adult-cap");
    cap.offset("adult-cap/markers", 1000);
    await flow(it, 1);
    for (const text of ["adult.gaze=direct", "infant-2.gaze=direct", "infant-2.gaze=away", "adult.hands=up"])
      cap.marker(text, 0.5);
    cap.say({ kind: "state", person: "infant-2", layer: "gaze", state: "direct", at: it.time.now });
    await flow(it, 1);
    const states = entered.filter((each) => each.kind === "state");
    expect(states).toMatchObject([{ person: "adult", layer: "gaze", state: "direct" }]);
    expect(entered.filter((each) => each.kind === "event")).toEqual([]);
    expect(it.about("states")).toEqual([
      expect.stringMatching(/^states of infant-2\.gaze are told, which the session file does not name/),
      expect.stringMatching(/^states of adult\.hands are told/),
    ]);
    const { path } = it.session.recording!;
    await it.session.end();
    const opened = await openRecording(path);
    if (opened.kind !== "continuous") throw new Error("not a session");
    const labels = (await opened.events()).map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(["infant-2.gaze=away", "adult.hands=up"]));
    expect((await opened.stateChanges()).some(({ person }) => person === "infant-2")).toBe(false);
    await opened.close();
  });

  test("states that were told before it began hold from its beginning", async () => {
    const it = scripted(
      pairSession("coding: { layers: [{ person: adult, layer: gaze, states: { direct: d } }] }"),
    );
    const entered: DeviceOutput[] = [];
    await it.session.connect();
    for (const state of ["averted", "direct"])
      it.device("adult-cap").say({ kind: "state", person: "adult", layer: "gaze", state, at: it.time.now });
    await it.time.advance(5);
    it.session.outputs.subscribe((output) => entered.push(output));
    await it.session.begin();
    const gaze = entered.filter((each) => each.kind === "state" && each.layer === "gaze");
    expect(gaze.at(-1)).toEqual({ kind: "state", person: "adult", layer: "gaze", state: "direct", at: 5 });
    await it.session.end();
  });

  test("ending while it begins ends it when it has begun", async () => {
    const it = scripted(pairSession(), recordedIn("race"));
    await it.session.connect();
    const beginning = it.session.begin();
    const ending = it.session.end("quit at once");
    await Promise.all([beginning, ending]);
    expect(it.session.stage).toBe("ended");
    expect(it.session.recording!.health.state).toBe("closed");
    expect(it.time.nTimers).toBe(0);
  });

  test("an analysis that is a minute behind is given up aloud, and recording goes on", async () => {
    const it = scripted(pairSession(), recordedIn("hopeless"));
    await it.session.connect();
    await it.session.begin();
    await flow(it, 1);
    // Work for longer than it takes to let a minute pass.
    for (const id of ["adult-cap", "infant-cap"]) it.device(id).samples(`${id}/eeg`, 150_000);
    await it.time.advance(61);
    await flow(it, 2);
    expect(it.about("analysis")).toContain(
      "it has stopped: it was 60 s behind and has been given up; recording goes on",
    );
    expect(it.session.recording!.health.state).toBe("recording");
    const { path } = it.session.recording!;
    await it.session.end();
    const opened = await openRecording(path);
    await opened.close();
    if (opened.kind !== "continuous") throw new Error("not a session");
    expect(opened.streams.find(({ id }) => id === "adult-cap/eeg")!.nSamples).toBe(150_300);
  });

  test("markers, early ones too, come again from the recording in the order in which they became known", async () => {
    const it = scripted(pairSession("markers: [adult-cap]\n"), recordedIn("markers"));
    const known: SessionInput[] = [];
    const take = (output: DeviceOutput): void => {
      if (it.session.stage === "running" && output.kind !== "text") known.push(output);
    };
    await it.session.connect();
    const cap = it.device("adult-cap");
    await it.session.begin();
    it.session.outputs.subscribe(take);
    await flow(it, 1);
    // Nobody knows their clock yet: they wait for it.
    cap.marker("adult.gaze=direct", 1);
    cap.marker("door", 1.5);
    await flow(it, 1);
    cap.offset("adult-cap/markers", 1000);
    await flow(it, 1);
    cap.marker("adult.gaze=averted", 2.5);
    cap.marker("", 2.6);
    it.session.note("still there");
    await flow(it, 1);
    const { path } = it.session.recording!;
    await it.session.end();

    const again: SessionInput[] = [];
    await replaySession(path, { onInput: (input) => again.push(input) });
    const first = again.findIndex((input) => input.kind === "samples");
    const places = (inputs: readonly SessionInput[]) => inputs.filter(({ kind }) => kind !== "analysis-lag");
    const start = known.findIndex((input) => input.kind === "samples");
    expect(places(again.slice(first))).toEqual(places(known.slice(start)));
    const states = again.filter((each) => each.kind === "state" && each.layer === "gaze");
    // 1000 s of host time are 0 s of the session.
    expect(states).toMatchObject([
      { state: "direct", at: 1 },
      { state: "averted", at: 2.5 },
    ]);
  });
});
