import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LiveSession, type LiveSessionOptions, parseSession } from "@attune/live";
import { type ScriptedDevice, scriptedDevices } from "@attune/live/testing";
import { livePage, openSessionServer, pageAssets } from "@attune/server";

type Context = NonNullable<LiveSessionOptions["context"]>;

/** So much faster than real time: a window of covariation takes its time. */
const SPEED = 10;
const RATE = 250;
/** Session clock less the devices'. */
const OFFSET = 300;
const PEOPLE = {
  adult: { interval: 0.85, width: 0.011 },
  infant: { interval: 0.46, width: 0.0065 },
} as const;
type Person = keyof typeof PEOPLE;

const SESSION = `
session: dyad-001
people:
  - { id: adult, role: adult }
  - { id: infant, role: infant }
devices:
  adult-heart: { kind: scripted, streams: [ecg] }
  infant-heart: { kind: scripted, streams: [ecg] }
streams:
  - { person: adult, signal: ecg, device: adult-heart }
  - { person: infant, signal: ecg, device: infant-heart }
coding:
  layers:
    - { person: adult, layer: touch, initial: none, states: { touching: t } }
    - { person: adult, layer: voice, mode: hold, initial: silent, states: { speaking: s } }
    - { person: infant, layer: voice, mode: hold, initial: silent, states: { vocalising: v } }
analysis:
  hearts:
    layers: [adult.touch]
    interbeat: { windowSeconds: 20, stepSeconds: 5, maxLagSeconds: 3 }
    rsa: { windowSeconds: 20, stepSeconds: 10, maxLagSeconds: 5 }
`;

/** A session of two hearts on devices whose hands are a test's, begun, served to browsers as it is in a laboratory. */
export interface BeatingHearts {
  readonly session: LiveSession;
  readonly url: string;
  /** Waits until so many seconds of the session have passed since it began. */
  until(seconds: number): Promise<void>;
  /** A heart that is lost is a flat line. */
  setLost(person: Person, isLost: boolean): void;
  /** No device delivers any more; resolves when everything that came is analysed. */
  fallSilent(): Promise<void>;
  close(): Promise<void>;
}

export async function openBeatingHearts(): Promise<BeatingHearts> {
  const folder = await mkdtemp(join(tmpdir(), "attune-hearts-"));
  const context = hastyContext();
  const { type, made } = scriptedDevices();
  const loaded = {
    path: join(folder, "session.yaml"),
    file: parseSession(SESSION, "session.yaml"),
    recordingFolder: folder,
  };
  const session = new LiveSession(loaded, { record: false, analyse: true, devices: [type], context });
  const devices = (Object.keys(PEOPLE) as Person[]).map((person) => {
    const device = made.get(`${person}-heart`)!;
    beEcg(device);
    return { person, device, heart: ecg(PEOPLE[person].interval, PEOPLE[person].width) };
  });
  const source = livePage(session, { record: false });
  const server = await openSessionServer({ source, assets: await pageAssets() });
  await session.connect();
  await session.begin();
  const beginning = context.now();
  const lost = new Set<Person>();
  let nSent = 0;
  const deliver = (): void => {
    const nDue = Math.floor((context.now() - beginning) * RATE) - nSent;
    const isNewSecond = nSent === 0 || Math.floor(nSent / RATE) !== Math.floor((nSent + nDue) / RATE);
    for (const { person, device, heart } of devices) {
      const { id } = device.layout[0]!;
      if (isNewSecond) device.offset(id, OFFSET);
      device.samples(id, nDue, {
        data: Float64Array.from({ length: nDue }, (_, k) =>
          lost.has(person) ? 0 : heart((nSent + k) / RATE),
        ),
        deviceTime: Float64Array.from({ length: nDue }, (_, k) => beginning - OFFSET + (nSent + k) / RATE),
      });
    }
    nSent += nDue;
  };
  const timer = setInterval(deliver, 20);
  return {
    session,
    url: server.url,
    until: async (seconds) => {
      while (context.now() - beginning < seconds) await pause();
    },
    setLost: (person, isLost) => {
      if (isLost) lost.add(person);
      else lost.delete(person);
    },
    fallSilent: async () => {
      clearInterval(timer);
      while (session.analysisDelay > 0) await pause();
    },
    close: async () => {
      clearInterval(timer);
      await session.end("the test is over");
      await server.close();
      await source.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** A clock and timers that run faster than the world. */
function hastyContext(): Context {
  const now = (): number => (SPEED * performance.now()) / 1000 + 1000;
  return {
    now,
    uniform: () => 0.5,
    setTimer: (callback, seconds) => {
      const timer = setTimeout(callback, (1000 * seconds) / SPEED);
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

/** A device of one channel of ecg. */
function beEcg(device: ScriptedDevice): void {
  device.layout[0] = {
    ...device.layout[0]!,
    type: "ECG",
    channels: [{ label: "ecg", unit: "mV" }],
    nominalSamplingRate: RATE,
  };
}

/** Millivolts: an R and a T wave a beat; the intervals follow a slow wave that both hearts share, and one for breathing. */
function ecg(interval: number, width: number): (at: number) => number {
  const beats = [0.4];
  while (beats.at(-1)! < 600) {
    const at = beats.at(-1)!;
    beats.push(at + interval * (1 + 0.04 * Math.sin(0.5 * at) + 0.02 * Math.sin((1.2 / interval) * at)));
  }
  let first = 0;
  return (at) => {
    while (beats[first]! < at - 1) first++;
    let sum = 0;
    for (let b = first; beats[b]! < at + 1; b++) {
      sum += Math.exp(-0.5 * ((at - beats[b]!) / width) ** 2);
      sum += 0.25 * Math.exp(-0.5 * ((at - beats[b]! - 0.3 * interval) / (4 * width)) ** 2);
    }
    return sum;
  };
}
