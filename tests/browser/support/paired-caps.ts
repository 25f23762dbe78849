import { systemContext } from "@attune/device-kit";
import type { LiveSession } from "@attune/live";
import { type ScriptedDevice, scriptedDevices } from "@attune/live/testing";
import { type ServedSession, type ServedSessionOptions, serveSession } from "./served-session.ts";

const RATE = 100;
const CAPS = ["adult-cap", "infant-cap"] as const;
export type Cap = (typeof CAPS)[number];

const SESSION = `
session: dyad-001
people:
  - { id: adult, role: adult }
  - { id: infant, role: infant }
devices:
  adult-cap: { kind: scripted }
  infant-cap: { kind: scripted }
streams:
  - { person: adult, signal: eeg, device: adult-cap, channels: [C3, C4] }
  - { person: infant, signal: eeg, device: infant-cap, channels: [C3, C4] }
coding:
  layers:
    - { person: adult, layer: gaze, states: { direct: d, averted: a } }
    - { person: infant, layer: gaze, mode: hold, initial: away, states: { partner: p, object: o } }
    - { person: session, layer: noise, mode: hold, initial: none, states: { loud: l } }
phases:
  - { name: baseline, plannedSeconds: 60 }
  - { name: free-play, plannedSeconds: 150 }
`;

/** A live session of two caps that deliver in real time. */
export interface PairedCaps extends ServedSession {
  /** A finger on an electrode: a burst of 0.3 s, ten times what is usual. */
  tap(cap: Cap): void;
  /** While it is unplugged a cap delivers nothing. */
  setPlugged(cap: Cap, isPlugged: boolean): void;
}

export async function openPairedCaps(
  options: Omit<ServedSessionOptions, "devices"> = {},
): Promise<PairedCaps> {
  const { type, made } = scriptedDevices();
  const served = await serveSession(SESSION, { ...options, devices: [type] });
  const hands = new CapHands(served.session, (id) => made.get(id)!);
  return {
    ...served,
    tap: (cap) => hands.tap(cap),
    setPlugged: (cap, isPlugged) => hands.setPlugged(cap, isPlugged),
    close: async () => {
      hands.stop();
      await served.close();
    },
  };
}

/** Delivers as many samples as are due, twenty times a second. */
class CapHands {
  readonly #session: LiveSession;
  readonly #device: (id: string) => ScriptedDevice;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #beginning: number;
  readonly #offset: number;
  readonly #unplugged = new Set<string>();
  readonly #tappedUntil = new Map<string, number>();
  #nSent = 0;

  constructor(session: LiveSession, device: (id: string) => ScriptedDevice) {
    this.#session = session;
    this.#device = device;
    this.#beginning = session.now();
    this.#offset = systemContext.now() - DEVICE_ZERO;
    this.#timer = setInterval(() => this.#deliver(), 50);
  }

  tap(cap: string): void {
    this.#tappedUntil.set(cap, this.#session.now() + 0.3);
  }

  setPlugged(cap: string, isPlugged: boolean): void {
    if (isPlugged) this.#unplugged.delete(cap);
    else this.#unplugged.add(cap);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #deliver(): void {
    const now = this.#session.now();
    const nDue = Math.floor((now - this.#beginning) * RATE) - this.#nSent;
    if (nDue <= 0 || this.#session.stage === "ended") return;
    const first = this.#nSent;
    const isNewSecond = Math.floor(first / RATE) !== Math.floor((first + nDue) / RATE) || first === 0;
    this.#nSent += nDue;
    for (const cap of CAPS) {
      if (this.#unplugged.has(cap)) continue;
      const device = this.#device(cap);
      const { id } = device.layout[0]!;
      if (isNewSecond) device.offset(id, this.#offset);
      const gain = now < (this.#tappedUntil.get(cap) ?? 0) ? 10 : 1;
      device.samples(id, nDue, {
        firstSample: first,
        data: Float64Array.from({ length: 2 * nDue }, (_, i) => {
          const n = first + (i % nDue);
          return Math.fround(gain * (12 * Math.sin(n / 3) + 6 * Math.sin(n / 7 + (i < nDue ? 0 : 1))));
        }),
        deviceTime: Float64Array.from({ length: nDue }, (_, i) => DEVICE_ZERO + (first + i) / RATE),
      });
    }
  }
}

/** What the caps' own clocks showed when they began. */
const DEVICE_ZERO = 5000;
