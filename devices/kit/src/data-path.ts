import type { DeviceOutput, Stream } from "@attune/signal";
import type { ByteProtocol, Layout } from "./byte-protocol.ts";
import type { CodecCounters } from "./codec.ts";
import { DataWatchdog } from "./data-watchdog.ts";
import type { DeviceEvent, DeviceStatistics } from "./device.ts";
import type { DeviceContext } from "./device-type.ts";
import { DeviceError } from "./errors.ts";
import { ImpedanceMeter } from "./impedance-meter.ts";
import { StreamWriter } from "./stream-writer.ts";
import type { Received } from "./transport.ts";

const STALLED_AFTER_SECONDS = 1;
const STALLED_AFTER_SAMPLES = 20;
const RECONNECT_AFTER_STALLED_SECONDS = 3;

export interface DataPathOptions {
  readonly id: string;
  readonly context: DeviceContext;
  readonly chunkSeconds?: number;
  readonly emit: (output: DeviceOutput) => void;
  readonly report: (event: DeviceEvent) => void;
  /** No samples for max(1 s, 20 sample periods); samples again; none for 3 s more. */
  readonly onQuiet: (seconds: number) => void;
  readonly onData: () => void;
  readonly onLost: (seconds: number) => void;
}

/** From bytes to chunks: the codec, the stream writer and the watchdog of one device, across its connections. */
export class DataPath {
  readonly #options: DataPathOptions;
  #layout: Layout | undefined;
  /** What the codecs of earlier connections met. */
  #codecBefore: CodecCounters | undefined;
  #stream: Stream | undefined;
  #writer: StreamWriter | undefined;
  #watchdog: DataWatchdog | undefined;
  #meter: ImpedanceMeter | undefined;

  constructor(options: DataPathOptions) {
    this.#options = options;
  }

  get stream(): Stream | undefined {
    return this.#stream;
  }

  get isMeasuringImpedance(): boolean {
    return this.#meter !== undefined;
  }

  /**
   * What a handshake found. The same streams as before go on where they were.
   * @returns whether the streams are others than before
   * @throws DeviceError when they are and `mustMatch`
   */
  adopt(layout: Layout, { mustMatch }: { mustMatch: boolean }): boolean {
    const { id, chunkSeconds, emit, report } = this.#options;
    const { declaredLatencySeconds } = layout;
    const description = { ...layout.stream.description, declaredLatencySeconds };
    const stream: Stream = { ...layout.stream, id, description };
    const before = this.#stream;
    const isSame = before !== undefined && factsOf(before) === factsOf(stream);
    if (mustMatch && !isSame)
      throw new DeviceError(
        `${id} came back with ${describe(stream)} instead of ${before ? describe(before) : "nothing"}; check the board, or stop and connect again to use it so.`,
      );
    if (this.#layout && this.#layout.codec !== layout.codec)
      this.#codecBefore = sumOf(this.#codecBefore, this.#layout.codec.counters);
    this.#layout = layout;
    layout.codec.reset();
    if (isSame) return false;
    this.#stream = stream;
    this.#writer = new StreamWriter({
      stream,
      hasDeviceClock: layout.hasDeviceClock,
      declaredLatencySeconds,
      ...(layout.counterModulus !== undefined && { counterModulus: layout.counterModulus }),
      ...(chunkSeconds !== undefined && { chunkSeconds }),
      emit: (output) => {
        if (output.kind === "samples") this.#meter?.add(output);
        emit(output);
      },
      report,
    });
    this.#watchdog?.stop();
    this.#watchdog = stream.nominalSamplingRate > 0 ? this.#makeWatchdog(stream) : undefined;
    return true;
  }

  /** Whether only time can tell that samples are missing. */
  get infersLosses(): boolean {
    return this.#layout?.counterModulus === undefined && this.#layout?.hasDeviceClock === false;
  }

  /** The next bytes begin at a frame. */
  reset(): void {
    this.#layout?.codec.reset();
  }

  /** Samples are due from now on. */
  watch(): void {
    this.#watchdog?.start();
  }

  decode({ bytes, at }: Received): void {
    const codec = this.#layout!.codec;
    try {
      const batch = codec.push(bytes);
      if (batch.nFrames === 0) return;
      this.#watchdog?.feed();
      this.#writer!.write(batch, at);
    } catch (error) {
      // A codec must not throw. One that does costs this read, not the session.
      codec.reset();
      const reported = error instanceof Error ? error : new Error(String(error));
      this.#options.report({
        kind: "error",
        error: reported,
        fatal: false,
        at: this.#options.context.now(),
      });
    }
  }

  /** The data end here, for a while (`paused`: on purpose) or for good. */
  interrupt({ paused }: { paused: boolean }): void {
    this.#writer?.interrupted({ paused });
    this.#watchdog?.stop();
    this.#meter = undefined;
  }

  /** Frames may be missing, or counted anew, after commands that some boards pause for. */
  resume(): void {
    this.#writer?.interrupted({ paused: false });
  }

  measureImpedance(impedance: NonNullable<ByteProtocol["impedance"]> | undefined): void {
    const stream = this.#stream;
    this.#meter =
      impedance &&
      stream &&
      new ImpedanceMeter(stream.channels.length, stream.nominalSamplingRate, (values, nSamples) =>
        this.#options.report({
          kind: "impedance",
          streamId: stream.id,
          kilohms: impedance.kilohms(values, nSamples),
          at: this.#options.context.now(),
        }),
      );
  }

  statistics(): Omit<DeviceStatistics, "nReconnects"> {
    return {
      streams: this.#writer ? [this.#writer.statistics()] : [],
      ...(this.#layout && { codec: sumOf(this.#codecBefore, this.#layout.codec.counters) }),
    };
  }

  #makeWatchdog(stream: Stream): DataWatchdog {
    const limitSeconds = Math.max(STALLED_AFTER_SECONDS, STALLED_AFTER_SAMPLES / stream.nominalSamplingRate);
    const { context, onQuiet, onData, onLost } = this.#options;
    return new DataWatchdog(
      context,
      { limitSeconds, lostSeconds: RECONNECT_AFTER_STALLED_SECONDS },
      {
        onQuiet: () => onQuiet(limitSeconds),
        onData,
        onLost: () => onLost(limitSeconds + RECONNECT_AFTER_STALLED_SECONDS),
      },
    );
  }
}

function sumOf(a: CodecCounters | undefined, b: CodecCounters): CodecCounters {
  return {
    framesOk: b.framesOk + (a?.framesOk ?? 0),
    bytesSkipped: b.bytesSkipped + (a?.bytesSkipped ?? 0),
    resyncs: b.resyncs + (a?.resyncs ?? 0),
    checksumErrors: b.checksumErrors + (a?.checksumErrors ?? 0),
    duplicates: b.duplicates + (a?.duplicates ?? 0),
  };
}

/** What must stay as it is for a stream to go on. */
const factsOf = ({ name, type, channels, nominalSamplingRate, sampleFormat }: Stream): string =>
  JSON.stringify([name, type, nominalSamplingRate, sampleFormat, channels]);

const describe = ({ channels, nominalSamplingRate }: Stream): string =>
  `${channels.length} channels at ${nominalSamplingRate} Hz`;
