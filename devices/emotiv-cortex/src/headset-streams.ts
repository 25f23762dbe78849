import { DeviceError, type DeviceEvent, type StreamStatistics } from "@attune/device-kit";
import type { DeviceOutput, Seconds, Stream } from "@attune/signal";
import { motionUnit, SampleColumns } from "./columns.ts";
import { ContactQuality } from "./contact-quality.ts";
import type { CortexMessage, CortexStream } from "./cortex-message.ts";
import { HeadsetInlet } from "./headset-inlet.ts";
import type { CortexSession } from "./open-session.ts";
import type { EmotivCortexSettings } from "./settings.ts";

const NAMES = { eeg: "EEG", mot: "Motion" } as const;

/** What one headset delivers, in the layout of its first session; later sessions must have the same columns. */
export class HeadsetStreams {
  readonly #inlets = new Map<CortexStream, HeadsetInlet>();
  readonly #quality: ContactQuality;
  readonly #qualityStreamId: string;
  readonly #report: (event: DeviceEvent) => void;
  #session: CortexSession;
  #batteryPercent = Number.NaN;

  /** @throws DeviceError when Cortex names no rate, or columns that cannot be samples */
  constructor(o: {
    id: string;
    session: CortexSession;
    settings: EmotivCortexSettings;
    emit: (output: DeviceOutput) => void;
    report: (event: DeviceEvent) => void;
  }) {
    this.#session = o.session;
    this.#report = o.report;
    for (const name of ["eeg", "mot"] as const) {
      const cols = o.session.columns.get(name);
      if (cols) this.#inlets.set(name, makeInlet(name, cols, o));
    }
    const [first] = this.#inlets.values();
    const sensors = this.#inlets.get("eeg") ?? first;
    this.#quality = new ContactQuality(sensors?.stream.channels ?? []);
    this.#qualityStreamId = sensors?.stream.id ?? o.id;
  }

  get streams(): readonly Stream[] {
    return [...this.#inlets.values()].map((inlet) => inlet.stream);
  }

  statistics(): readonly StreamStatistics[] {
    return [...this.#inlets.values()].map((inlet) => inlet.statistics());
  }

  /**
   * A new session of the same headset. @returns how it differs, when its samples cannot go on in the same
   * streams
   */
  adopt(session: CortexSession): string | undefined {
    const { headset } = this.#session;
    if (session.headset.id !== headset.id) return `${session.headset.id} instead of ${headset.id}`;
    for (const name of this.#inlets.keys()) {
      const before = JSON.stringify(this.#session.columns.get(name));
      if (JSON.stringify(session.columns.get(name)) !== before) return `other columns of "${name}"`;
    }
    const { eegRate } = session.headset;
    if (!Number.isNaN(eegRate) && eegRate !== headset.eegRate && !Number.isNaN(headset.eegRate))
      return `${eegRate} Hz instead of ${headset.eegRate} Hz`;
    this.#session = session;
    return undefined;
  }

  interrupted(o: { paused: boolean }): void {
    for (const inlet of this.#inlets.values()) inlet.interrupted(o);
  }

  flush(): void {
    for (const inlet of this.#inlets.values()) inlet.flush();
  }

  /**
   * @param flowing whether samples are wanted; quality is told in any case
   * @returns a sentence when the message does not fit its columns; `undefined` for other sessions' data too
   */
  take(message: Extract<CortexMessage, { kind: "data" }>, flowing: boolean, at: Seconds): string | undefined {
    if (message.sessionId !== this.#session.id) return undefined;
    if (message.stream === "dev" || message.stream === "eq")
      return this.#takeQuality(message.stream, message.values, at);
    const inlet = this.#inlets.get(message.stream);
    if (!inlet || !flowing) return undefined;
    const complaint = inlet.write(message.values, message.time, at);
    return complaint === undefined ? undefined : `${message.stream}: ${complaint}`;
  }

  #takeQuality(stream: "dev" | "eq", values: readonly unknown[], at: Seconds): string | undefined {
    const cols = this.#session.columns.get(stream);
    if (!cols) return undefined;
    const complaint = this.#quality.take(stream, cols, values);
    if (complaint) return complaint;
    const { channels, batteryPercent } = this.#quality;
    this.#report({ kind: "quality", streamId: this.#qualityStreamId, channels, at });
    if (!Number.isNaN(batteryPercent) && batteryPercent !== this.#batteryPercent) {
      this.#batteryPercent = batteryPercent;
      this.#report({ kind: "battery", percent: batteryPercent, at });
    }
    return undefined;
  }
}

function makeInlet(
  name: "eeg" | "mot",
  cols: readonly unknown[],
  { id, session: { headset }, settings, emit, report }: ConstructorParameters<typeof HeadsetStreams>[0],
): HeadsetInlet {
  const columns = SampleColumns.from(cols, name === "eeg" ? () => "uV" : motionUnit);
  if (typeof columns === "string")
    throw new DeviceError(
      `Cortex describes "${name}" of ${headset.id} so that it cannot be read: ${columns}.`,
    );
  const stated = name === "eeg" ? (settings.samplingRate ?? headset.eegRate) : headset.motionRate;
  if (name === "eeg" && Number.isNaN(stated))
    throw new DeviceError(
      `Cortex does not say at which rate ${headset.id} samples; set samplingRate to 128 or 256, as the headset is set up.`,
      { retryable: false },
    );
  const { declaredLatencySeconds } = settings;
  const stream: Stream = {
    id: `${id}:${name}`,
    name: `${headset.id} ${NAMES[name]}`,
    type: name === "eeg" ? "EEG" : "MOCAP",
    channels: columns.channels,
    nominalSamplingRate: Number.isNaN(stated) ? 0 : stated,
    sampleFormat: "double64",
    sourceId: `${headset.id}/${name}`,
    description: { headset: headset.id, firmware: headset.firmware, declaredLatencySeconds },
  };
  return new HeadsetInlet({ stream, columns, declaredLatencySeconds, emit, report });
}
