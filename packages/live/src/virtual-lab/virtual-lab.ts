import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LineSimulator } from "@attune/device-attune-line";
import type { AttuneClient } from "@attune/device-attune-ws";
import { type DeviceContext, type ServedPty, servePty, systemContext, type Timer } from "@attune/device-kit";
import { CytonSimulator } from "@attune/device-openbci-cyton";
import { simulateDyad } from "@attune/device-simulated";
import { createOutlet, type LslConfiguration, type Outlet } from "@attune/lsl";
import type { SampleChunk, Seconds, SessionInput } from "@attune/signal";
import { LabBehaviour } from "./lab-behaviour.ts";
import { dueAt, sampleMajor } from "./lab-chunks.ts";
import { CLOCK_OFFSETS, clockOf, DRIFT_PPM, onClockOf } from "./lab-clocks.ts";
import { labHeadset } from "./lab-headset.ts";
import { heartTruth, labHearts, plantedBeats } from "./lab-hearts.ts";
import { LabMarkers } from "./lab-markers.ts";
import { LAB, labSession } from "./lab-session.ts";
import { SampleQueue } from "./sample-queue.ts";

export interface VirtualLabOptions {
  /** Session file, truth and the links of serial ports go here. */
  readonly folder: string;
  readonly seed: number;
  readonly minutes: number;
  /** Strength of adult -> infant under direct gaze; 0 for none. */
  readonly coupling: number;
  readonly websocketPort: number;
  readonly lsl?: LslConfiguration;
  readonly context?: DeviceContext;
  /** Told what could not be had here, one sentence each. */
  readonly onMissing?: (sentence: string) => void;
}

/** A laboratory of simulated devices on real transports. */
export interface VirtualLab {
  readonly sessionPath: string;
  readonly truthPath: string;
  /** What runs, for people: one line each. */
  readonly devices: readonly string[];
  close(): Promise<void>;
}

const CHUNK_SECONDS = 0.04;
const LINE_RATE = 500;
const VREF = 3.3;
const AD8232_GAIN = 1100;

/**
 * Everything that a technician would plug in, without hardware: two EEG headsets over Lab Streaming Layer on clocks that drift
 * apart; over it too the adult's ECG, two respiration belts, two microphones, gaze and touch as markers; the infant's ECG and a Cyton
 * on serial ports (pseudo-terminals), a headset over WebSocket. The truth stands beside the session file: a lab certifies its own
 * rig with it. A part that cannot be had on this machine is left out and said.
 */
export async function openVirtualLab(options: VirtualLabOptions): Promise<VirtualLab> {
  const lab = new Lab(options);
  try {
    await lab.open();
  } catch (error) {
    await lab.close();
    throw error;
  }
  return lab;
}

class Lab implements VirtualLab {
  readonly sessionPath: string;
  readonly truthPath: string;
  readonly devices: string[] = [];
  readonly #options: VirtualLabOptions;
  readonly #context: DeviceContext;
  readonly #dyad: ReturnType<typeof simulateDyad>;
  readonly #outlets = new Map<string, Outlet>();
  readonly #ptys: ServedPty[] = [];
  readonly #cytonSamples = new SampleQueue(LAB.eeg.length);
  readonly #hearts: ReturnType<typeof labHearts>;
  /** Host time of the first sample of the infant's ECG, since it was last started. */
  #ecgStartedAt: Seconds = Number.NaN;
  #gaze: LabMarkers | undefined;
  #behaviour: LabBehaviour | undefined;
  #client: AttuneClient | undefined;
  #feed: Iterator<SessionInput> | undefined;
  #next: SessionInput | undefined;
  #origin: Seconds = Number.NaN;
  #timer: Timer | undefined;

  constructor(options: VirtualLabOptions) {
    this.#options = options;
    this.#hearts = labHearts(options.seed);
    this.#context = options.context ?? systemContext;
    this.sessionPath = join(options.folder, "session.yaml");
    this.truthPath = join(options.folder, "truth.json");
    // Clocks are those of the transports; the dyad itself is told in true time.
    const device = {
      clockOffsetSeconds: 0,
      driftPpm: 0,
      jitterSeconds: 0,
      lossesPerMinute: 0,
      startSeconds: 0,
    };
    this.#dyad = simulateDyad({
      seed: options.seed,
      durationSeconds: 60 * options.minutes,
      persons: [
        { id: "adult", role: "adult", channels: LAB.eeg, device: { ...device, nominalSamplingRate: 500 } },
        { id: "infant", role: "infant", channels: LAB.eeg, device: { ...device, nominalSamplingRate: 250 } },
        {
          id: "infant-2",
          role: "infant",
          channels: LAB.eeg,
          device: { ...device, nominalSamplingRate: 250 },
        },
        { id: "teacher", role: "adult", channels: LAB.eeg, device: { ...device, nominalSamplingRate: 256 } },
      ],
      coupling:
        options.coupling > 0
          ? [{ from: "adult", to: "infant", strength: options.coupling, gazeState: "direct" }]
          : [],
    });
  }

  async open(): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true });
    const { folder, websocketPort, lsl } = this.#options;
    await this.#openOutlets();
    const serial = await this.#openPorts();
    this.#openClient();
    const session = labSession({ folder, websocketPort, serial, ...(lsl === undefined ? {} : { lsl }) });
    await writeFile(this.sessionPath, session);
    this.#feed = this.#dyad.inputs({ chunkSeconds: CHUNK_SECONDS, withSessionTime: true })[Symbol.iterator]();
    this.#next = this.#feed.next().value as SessionInput | undefined;
    this.#origin = this.#context.now();
    await writeFile(this.truthPath, `${JSON.stringify(this.#truth(), null, 2)}\n`);
    const beats = plantedBeats(this.#options.seed, 60 * this.#options.minutes);
    await writeFile(join(folder, "beats.json"), `${JSON.stringify(beats)}\n`);
    this.#deliver();
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#client?.close();
    const markers = [this.#gaze, this.#behaviour].filter((each) => each !== undefined);
    const all = [...this.#outlets.values(), ...this.#ptys, ...markers];
    await Promise.allSettled(all.map((each) => each.close()));
  }

  /** Time of a sample of the infant's ECG since the laboratory opened, by the clock of its board. */
  #heartTime(sampleIndex: number): Seconds {
    if (sampleIndex === 0) this.#ecgStartedAt = this.#context.now();
    return this.#ecgStartedAt - this.#origin + sampleIndex / (LINE_RATE * (1 + DRIFT_PPM.ecg * 1e-6));
  }

  async #openOutlets(): Promise<void> {
    await this.#openAdultEcg();
    for (const person of ["adult", "infant"] as const) {
      const rate = person === "adult" ? 500 : 250;
      const outlet = await createOutlet(
        {
          name: LAB[person],
          type: "EEG",
          channelCount: LAB.eeg.length,
          nominalSamplingRate: rate,
          channelFormat: "float32",
          sourceId: `virtual-${person}-eeg`,
          channels: LAB.eeg.map((label) => ({ label, unit: "microvolts", type: "EEG" })),
        },
        {
          ...onClockOf(person),
          ...(this.#options.lsl === undefined ? {} : { configuration: this.#options.lsl }),
        },
      );
      this.#outlets.set(person, outlet);
      this.devices.push(
        `LSL outlet "${LAB[person]}": ${LAB.eeg.length} channels at ${rate} Hz, drifting by ${DRIFT_PPM[person]} ppm`,
      );
    }
    const { seed, minutes, lsl } = this.#options;
    this.#gaze = await LabMarkers.open(LAB.gaze, "virtual-gaze", this.#context, lsl);
    this.devices.push(`LSL outlet "${LAB.gaze}": where everybody looks, as markers`);
    this.#behaviour = await LabBehaviour.open({
      seed,
      seconds: 60 * minutes,
      gaze: this.#dyad.truth.states,
      context: this.#context,
      lsl,
    });
    this.devices.push(...this.#behaviour.devices);
  }

  async #openAdultEcg(): Promise<void> {
    const outlet = await createOutlet(
      {
        name: LAB.adultEcg,
        type: "ECG",
        channelCount: 1,
        nominalSamplingRate: 500,
        channelFormat: "float32",
        sourceId: "virtual-adult-ecg",
        channels: [{ label: "ecg", unit: "millivolts", type: "ECG" }],
      },
      {
        ...onClockOf("adult"),
        ...(this.#options.lsl === undefined ? {} : { configuration: this.#options.lsl }),
      },
    );
    this.#outlets.set("adult-ecg", outlet);
    this.devices.push(
      `LSL outlet "${LAB.adultEcg}": the adult's heart at 500 Hz, on the clock of the adult's EEG`,
    );
  }

  async #openPorts(): Promise<{ readonly cyton?: string; readonly ecg?: string }> {
    const { folder, onMissing } = this.#options;
    const cyton = new CytonSimulator({
      driftPpm: DRIFT_PPM.cyton,
      signal: (_, out) => this.#cytonSamples.shift(out),
    });
    const middle = 512;
    const ecg = new LineSimulator({
      driftPpm: DRIFT_PPM.ecg,
      header: {
        samplingRate: LINE_RATE,
        channels: ["ecg"],
        unit: "adc",
        vrefVolts: VREF,
        bits: 10,
        gain: AD8232_GAIN,
      },
      sample: (sampleIndex, out) => {
        const volts = (this.#hearts.infant.at(this.#heartTime(sampleIndex)) / 1000) * AD8232_GAIN;
        out[0] = Math.max(0, Math.min(1023, Math.round(middle + (volts / VREF) * 1024)));
      },
    });
    try {
      const ports = [
        await servePty({ simulator: cyton, link: join(folder, "cyton"), context: this.#context }),
        await servePty({ simulator: ecg, link: join(folder, "ecg"), context: this.#context }),
      ] as const;
      this.#ptys.push(...ports);
      this.devices.push(
        `OpenBCI Cyton on ${ports[0].path}: a second infant`,
        `attune-line ECG on ${ports[1].path}: the infant's heart`,
      );
      return { cyton: ports[0].path, ecg: ports[1].path };
    } catch (error) {
      onMissing?.(`Serial devices are left out: ${(error as Error).message}`);
      return {};
    }
  }

  #openClient(): void {
    const { websocketPort } = this.#options;
    this.#client = labHeadset(websocketPort, this.#context);
    // It waits for the session to listen, however long that takes.
    this.#client.open().catch((error: Error) => this.#options.onMissing?.(error.message));
    this.devices.push(`WebSocket headset for ws://127.0.0.1:${websocketPort}: a teacher`);
  }

  #deliver(): void {
    const now = this.#context.now();
    while (this.#next !== undefined && this.#origin + dueAt(this.#next) <= now) {
      this.#send(this.#next);
      this.#next = this.#feed!.next().value as SessionInput | undefined;
    }
    this.#behaviour!.deliver(this.#origin, now);
    if (this.#next === undefined) return;
    this.#timer = this.#context.setTimer(() => this.#deliver(), this.#origin + dueAt(this.#next) - now);
  }

  #send(input: SessionInput): void {
    if (input.kind === "state") this.#gaze!.send(input, this.#origin + input.at);
    if (input.kind !== "samples") return;
    if (input.streamId === "adult-eeg") this.#sendLsl("adult", input);
    else if (input.streamId === "infant-eeg") this.#sendLsl("infant", input);
    else if (input.streamId === "infant-2-eeg") this.#cytonSamples.push(input);
    else this.#sendWebSocket(input);
  }

  #sendLsl(person: "adult" | "infant", chunk: SampleChunk): void {
    const stamps = chunk.sessionTime!.map((at) => clockOf(person, this.#origin + at));
    this.#outlets.get(person)!.pushChunk(Float32Array.from(sampleMajor(chunk)), stamps);
    // The adult's ECG is taken at the same moments, by another amplifier of the same computer.
    if (person === "adult")
      this.#outlets.get("adult-ecg")!.pushChunk(
        Float32Array.from(chunk.sessionTime!, (at) => this.#hearts.adult.at(at)),
        stamps,
      );
  }

  #sendWebSocket(chunk: SampleChunk): void {
    const deviceTime = chunk.sessionTime!.map((at) => this.#origin + at);
    this.#client!.sendChunk("eeg", Float32Array.from(sampleMajor(chunk)), deviceTime);
  }

  #truth(): unknown {
    const { truth } = this.#dyad;
    return {
      seed: truth.seed,
      startedAtHostSeconds: this.#origin,
      coupling: truth.coupling,
      links: truth.links,
      directions: truth.directions,
      states: [...truth.states, ...this.#behaviour!.states].sort((a, b) => a.onset - b.onset),
      behaviour: this.#behaviour!.planted,
      driftPpm: DRIFT_PPM,
      clockOffsetSeconds: CLOCK_OFFSETS,
      hearts: heartTruth,
    };
  }
}
