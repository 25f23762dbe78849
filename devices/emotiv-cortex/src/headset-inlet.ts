import {
  type DeviceEvent,
  FRAME_FLAGS,
  type FrameBatch,
  type StreamStatistics,
  StreamWriter,
} from "@attune/device-kit";
import type { DeviceOutput, Seconds, Stream } from "@attune/signal";
import type { SampleColumns } from "./columns.ts";

/**
 * One stream of a headset across its sessions. `COUNTER` begins anew every second and `time` tells whole
 * seconds; after a break, when the headset may count from anywhere, `time` alone says how many samples are
 * missing.
 */
export class HeadsetInlet {
  readonly stream: Stream;
  readonly #columns: SampleColumns;
  readonly #writer: StreamWriter;
  /** One sample, as each message holds one. */
  readonly #batch: FrameBatch;
  constructor(o: {
    stream: Stream;
    columns: SampleColumns;
    declaredLatencySeconds: Seconds;
    emit: (output: DeviceOutput) => void;
    report: (event: DeviceEvent) => void;
  }) {
    this.stream = o.stream;
    this.#columns = o.columns;
    this.#writer = new StreamWriter({
      stream: o.stream,
      ...(o.columns.hasCounter ? { counterModulus: o.stream.nominalSamplingRate } : {}),
      hasDeviceClock: true,
      declaredLatencySeconds: o.declaredLatencySeconds,
      emit: o.emit,
      report: o.report,
    });
    this.#batch = {
      nFrames: 1,
      values: new Float64Array(o.columns.channels.length),
      counter: new Float64Array(1),
      deviceTime: new Float64Array(1),
      flags: new Uint8Array(1),
    };
  }

  /** @returns a sentence when it is no sample of this stream; then nothing of it was taken */
  write(sample: readonly unknown[], time: Seconds, at: Seconds): string | undefined {
    const batch = this.#batch;
    const read = this.#columns.read(sample, batch.values);
    if (typeof read === "string") return read;
    batch.counter[0] = read.counter;
    batch.deviceTime[0] = time;
    batch.flags[0] = (read.invented ? FRAME_FLAGS.invented : 0) | (read.marker ? FRAME_FLAGS.marker : 0);
    this.#writer.write(batch, at);
    return undefined;
  }

  /**
   * The flow of data was broken, by a lost session or (`paused`) on purpose; the headset may count from
   * anywhere.
   */
  interrupted({ paused }: { paused: boolean }): void {
    this.#writer.interrupted({ paused });
  }

  flush(): void {
    this.#writer.flush();
  }

  statistics(): StreamStatistics {
    return this.#writer.statistics();
  }
}
