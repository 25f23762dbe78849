import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { XdfWriter } from "@attune/recording";
import type { Coupling } from "@attune/signal";
import { analyseRecording, profileNamed } from "@attune/study";
import { encodePageFrame, type Traces } from "@attune/wire/page";
import { afterAll, beforeAll, expect, test } from "vitest";
import { known } from "../live/known.ts";
import { HandTime } from "../live/scripted-session.test-support.ts";
import { recordExample, toldOf, writer } from "./recorded-session.test-support.ts";
import { type ReplayPage, type ReplayPageOptions, replayPage } from "./replay-page.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "attune-foreign-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Four channels of noise at 200 Hz, the infant's after the adult's. */
async function table(
  name: string,
  seconds: number,
  labels = ["A3", "A4", "I3", "I4"],
  rate = 200,
): Promise<string> {
  const rows = [labels.join(",")];
  let seed = 7;
  const noise = (): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return 20 * (seed / 2147483648 - 0.5);
  };
  let before = noise();
  for (let n = 0; n < seconds * rate; n++) {
    const adult = noise();
    rows.push(labels.map((_, c) => (c < 2 ? adult + noise() : 0.6 * before + noise()).toFixed(3)).join(","));
    before = adult;
  }
  const path = join(folder, name);
  await writeFile(path, `${rows.join("\n")}\n`);
  return path;
}

const gaze =
  "onset\tduration\tperson\tlayer\tstate\n0\t20\tadult\tgaze\tdirect\n20\t20\tadult\tgaze\taverted\n";
const people = [
  { id: "adult", role: "adult", channels: ["A3", "A4"] },
  { id: "infant", role: "infant", channels: ["I3", "I4"] },
] as const;

async function opened(path: string, options: ReplayPageOptions): Promise<ReplayPage> {
  const page = await replayPage(path, { context: new HandTime().context, ...options });
  page.updates.subscribe((update) => encodePageFrame(update));
  await page.analysed;
  return page;
}

test("a table with people and coded gaze gives the running estimate of every other replay, to the last bit", async () => {
  const path = await table("pair.csv", 40);
  const statesPath = join(folder, "gaze.tsv");
  await writeFile(statesPath, gaze);
  const { settings, name: profile } = profileNamed("recommended");
  const running = {
    forgettingSeconds: 30,
    solveEverySeconds: 0.5,
    nullEverySeconds: 5,
    nSurrogates: 19,
    bankWindows: 60,
  };
  const open = { samplingRate: 200 };
  const page = await opened(path, { open, people, statesPath, running });
  await page.take({ do: "seek", id: 1, to: 40 }, writer);
  const { values } = toldOf(page, "evidence");
  const pooled = new Map<string, Coupling>();
  await analyseRecording({
    path,
    open,
    statesPath,
    people,
    profile,
    settings: { ...settings, nSurrogates: 19, eventLocked: false, otherMeasures: false },
    live: running,
    onCoupling: (coupling) => {
      if (coupling.scope === "pooled") pooled.set(coupling.condition, coupling);
    },
  });
  expect([...pooled.keys()]).toEqual(["direct", "averted"]);
  expect(values.map(({ condition, value, nullMean }) => [condition, value, nullMean])).toEqual(
    [...pooled.values()].flatMap((coupling) =>
      coupling.values.map(({ value, nullMean }) => [coupling.condition, known(value), known(nullMean)]),
    ),
  );
  expect(values.some(({ nullMean }) => nullMean !== null)).toBe(true);
  const { streams, people: shown, coding } = page.hello();
  expect(shown.map(({ id }) => id)).toEqual(["adult", "infant"]);
  expect(streams[0]!.channels.map(({ person, signal }) => `${person} ${signal}`)).toEqual([
    "adult eeg",
    "adult eeg",
    "infant eeg",
    "infant eeg",
  ]);
  // Keys of a dyad, where nobody said others.
  expect(coding.layers.map(({ person, layer }) => `${person} ${layer}`)).toContain("infant gaze");
  await page.take({ do: "seek", id: 1, to: 25 }, writer);
  expect(toldOf(page, "evidence").condition).toBe("averted");
  await page.close();
});

test("where nobody says who is who, traces and states are shown without coupling, and the log says why", async () => {
  const path = await table("nobody.csv", 12);
  const statesPath = join(folder, "gaze.tsv");
  await writeFile(statesPath, gaze);
  const page = await opened(path, { open: { samplingRate: 200 }, statesPath });
  const { people: shown, streams, analysis } = page.hello();
  expect({ shown, analysis }).toEqual({ shown: [], analysis: null });
  expect(streams[0]!.channels.every(({ person }) => person === null)).toBe(true);
  expect(toldOf(page, "evidence")).toBeUndefined();
  expect(toldOf(page, "summary")).toBeUndefined();
  expect(
    toldOf(page, "log")
      .entries.map(({ message }) => message)
      .join(),
  ).toMatch(/there is no coupling: All channels are in one stream .* --adult A,B --infant C,D/);
  expect(toldOf(page, "timeline").intervals).toHaveLength(3);
  await page.take({ do: "seek", id: 1, to: 5 }, writer);
  expect(toldOf(page, "standing").states).toEqual([
    { person: "adult", layer: "gaze", state: "direct", since: 0 },
  ]);
  expect((await page.past(2, 3))[0]).toMatchObject({ nSamples: 200, nChannels: 4 });
  await page.close();
});

test("people who are asked for and are not there are a mistake of the command, and epochs cannot be played", async () => {
  const path = await table("few.csv", 3);
  const wrong = [{ ...people[0], channels: ["A3", "X9"] }, people[1]];
  await expect(replayPage(path, { open: { samplingRate: 200 }, people: wrong })).rejects.toThrow(
    /no channel "X9"/,
  );
  await expect(replayPage(path)).rejects.toThrow(/samplingRate/);
  const epochs = join(folder, "epochs.json");
  await writeFile(join(folder, "epochs.f32"), new Float32Array(200));
  await writeFile(
    epochs,
    JSON.stringify({ shape: [2, 1, 100], sfreq: 100, channels: ["C3"], dtype: "float32" }),
  );
  await expect(replayPage(epochs)).rejects.toThrow(/epochs without a time axis/);
});

/** Two streams at 200 Hz, one of them with a gap of a second and a half, on recorder time that is far from 0. */
async function recorderFile(name: string, type: string): Promise<string> {
  const path = join(folder, name);
  const writer = await XdfWriter.create(path);
  const channels = [
    { label: "C3", unit: "microvolts" },
    { label: "C4", unit: "microvolts" },
  ];
  for (const [streamId, person] of [
    [1, "Mother"],
    [2, "Baby"],
  ] as const) {
    const info = {
      name: `${person} ${type}`,
      type,
      channels,
      nominalSamplingRate: 200,
      format: "float32",
    } as const;
    await writer.addStream(streamId, info);
    for (let second = 0; second < 12; second++) {
      if (streamId === 2 && second === 6) continue;
      const stamps = Float64Array.from({ length: 200 }, (_, n) => 5000 + second + n / 200);
      const data = Float64Array.from(
        { length: 400 },
        (_, i) => 10 * Math.sin(i * i * 1.3 + second + streamId),
      );
      await writer.writeSamples(streamId, stamps, { data });
    }
    await writer.writeClockOffset(streamId, 5000, 0);
  }
  await writer.close();
  return path;
}

test("a recorder's file of two named caps needs nobody to say who is who; two hearts are not coupled unasked", async () => {
  const page = await opened(await recorderFile("caps.xdf", "EEG"), {});
  expect(page.hello().people).toEqual([
    { id: "adult", role: "adult" },
    { id: "infant", role: "infant" },
  ]);
  expect(page.hello().streams.map(({ channels }) => channels[0]!.person)).toEqual(["adult", "infant"]);
  expect(toldOf(page, "timeline").gaps).toEqual([
    expect.objectContaining({ streamId: page.hello().streams[1]!.id, nLost: 200 }),
  ]);
  await page.take({ do: "seek", id: 1, to: 6.9 }, writer);
  const [adult, infant] = toldOf(page, "standing").streams;
  expect(adult).toMatchObject({ nLost: 0, recentLostPercent: 0 });
  expect(adult!.silentSeconds).toBeLessThan(0.01);
  expect(infant!.silentSeconds).toBeCloseTo(0.9, 1);
  expect(infant!.nLost).toBeGreaterThan(170);
  const lights = page.newest().flatMap((each) => (each.kind === "quality" ? [each.channels[0]!.light] : []));
  expect(lights).toHaveLength(2);
  await page.take({ do: "seek", id: 1, to: 12 }, writer);
  expect(toldOf(page, "standing").windows.nWindows).toBeGreaterThan(8);
  await page.close();

  const hearts = await opened(await recorderFile("hearts.xdf", "ECG"), {});
  expect(hearts.hello().analysis).toBeNull();
  await hearts.close();
});

test("a recorded session with people said anew is analysed anew, with its own keys", async () => {
  const { path } = await recordExample(join(folder, "session"), 12);
  const page = await opened(path, {
    people: [
      { id: "adult", role: "adult", stream: "dyad/adult-eeg", channels: ["C3"] },
      { id: "infant", role: "infant", stream: "dyad/infant-eeg", channels: ["C4"] },
    ],
  });
  const { coding, streams, session } = page.hello();
  expect(session).toBe("dyad-001");
  expect(coding.layers.map(({ layer, mode }) => [layer, mode])).toEqual([
    ["gaze", "toggle"],
    ["voice", "hold"],
  ]);
  expect(streams[0]!.channels.map(({ person }) => person)).toEqual(["adult", "adult"]);
  await page.take({ do: "seek", id: 1, to: 12 }, writer);
  expect(toldOf(page, "standing").windows.nWindows).toBeGreaterThan(5);
  await page.close();
});

test("of long stretches there are envelopes over the whole recording", async () => {
  const labels = Array.from({ length: 24 }, (_, c) => `C${c}`);
  const path = await table("wide.csv", 240, labels, 100);
  const page = await opened(path, { open: { samplingRate: 100 } });
  let past: readonly Traces[] = [];
  for (let n = 0; n < 500 && past.length === 0; n++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    past = await page.past(0, 240);
  }
  expect(past.every(({ isEnvelope, isPast }) => isEnvelope && isPast)).toBe(true);
  expect(past[0]!.start).toBe(0);
  const last = past.at(-1)!;
  expect(last.start + last.nSamples * last.step).toBeGreaterThan(239);
  // Within the first stretch: least and greatest of its samples.
  const [samples] = await page.past(0, past[0]!.step);
  const first = [...samples!.data.subarray(0, samples!.nSamples)];
  const row = past[0]!;
  expect([row.data[0], row.data[row.nSamples]]).toEqual([Math.min(...first), Math.max(...first)]);
  await page.close();
});
