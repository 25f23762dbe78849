import { connect, type Socket } from "node:net";
import type { LslLimits } from "../api/configuration.ts";
import type { Endpoint, StreamInfo } from "../api/stream-info.ts";
import { type DecodedSamples, SampleDecoder } from "../wire/sample-decoder.ts";
import { readStreamFeedAnswer, streamFeedRequest } from "../wire/stream-feed.ts";
import { differsFromTestPattern, patternOffsets } from "../wire/test-pattern.ts";

export interface FeedOptions {
  readonly info: StreamInfo;
  readonly endpoint: Endpoint;
  readonly maximumBufferSamples: number;
  readonly maximumChunkSamples: number;
  readonly limits: LslLimits;
}

/** How a feed ended: `lost` may be mended by looking for the stream again, `refused` may not. */
export interface FeedEnd {
  readonly kind: "lost" | "refused";
  readonly reason: string;
}

export interface FeedEvents {
  readonly onOpen: () => void;
  /** The arrays are the decoder's and live until the call returns. */
  readonly onSamples: (samples: DecodedSamples) => void;
  /** Once, unless {@link FeedConnection.close} came first. */
  readonly onEnd: (end: FeedEnd) => void;
}

const connectSeconds = 5;
const readBytes = 1 << 17;

/** One TCP connection to a stream's samples: request, answer, test samples, data. */
export class FeedConnection {
  readonly #options: FeedOptions;
  readonly #events: FeedEvents;
  readonly #socket: Socket;
  #head: Buffer = Buffer.alloc(0);
  #decoder: SampleDecoder | undefined;
  #patternsSeen = 0;
  #ended = false;

  constructor(options: FeedOptions, events: FeedEvents) {
    this.#options = options;
    this.#events = events;
    const { address, dataPort } = options.endpoint;
    const socket = connect({
      host: address,
      port: dataPort,
      noDelay: true,
      // One buffer for all reads: every read is decoded before the next.
      onread: {
        buffer: new Uint8Array(readBytes),
        callback: (nBytes, buffer) => {
          this.#read(buffer.subarray(0, nBytes));
          return true;
        },
      },
    });
    this.#socket = socket;
    const where = `${address} port ${dataPort}`;
    socket.setTimeout(connectSeconds * 1000, () =>
      this.#end("lost", `${where} did not answer within ${connectSeconds} s`),
    );
    socket.on("connect", () => {
      // Finds out about a peer that vanished without a word.
      socket.setKeepAlive(true, 10_000);
      socket.write(streamFeedRequest(this.#wish()));
    });
    socket.on("error", (error) => this.#end("lost", `${where}: ${error.message}`));
    socket.on("end", () => this.#peerEnded());
    socket.on("close", () => this.#end("lost", `${where} closed the connection`));
  }

  close(): void {
    this.#ended = true;
    this.#socket.destroy();
  }

  #wish(): Parameters<typeof streamFeedRequest>[0] {
    const { info, maximumBufferSamples, maximumChunkSamples } = this.#options;
    const maximum = { maximumBufferSamples, maximumChunkSamples };
    return { ...maximum, ...info };
  }

  #read(bytes: Uint8Array): void {
    if (this.#ended) return;
    if (!this.#decoder) {
      this.#readHead(bytes);
      return;
    }
    this.#decoder.append(bytes);
    this.#decode(this.#decoder);
  }

  #readHead(bytes: Uint8Array): void {
    this.#head = Buffer.concat([this.#head, bytes]);
    const end = this.#head.indexOf("\r\n\r\n");
    if (end < 0) {
      if (this.#head.length > this.#options.limits.maximumHeaderBytes)
        this.#end("lost", "the answer's head does not end");
      return;
    }
    const { info, limits } = this.#options;
    const answer = readStreamFeedAnswer(this.#head.toString("utf8", 0, end), info.uid);
    if (answer.kind !== "ok") {
      this.#end(answer.kind === "gone" ? "lost" : "refused", answer.reason);
      return;
    }
    const rest = this.#head.subarray(end + 4);
    this.#head = Buffer.alloc(0);
    this.#decoder = new SampleDecoder({ ...info, ...answer, ...limits });
    this.#decoder.append(rest);
    this.#decode(this.#decoder);
  }

  #decode(decoder: SampleDecoder): void {
    const { channelFormat, channelCount } = this.#options.info;
    while (this.#patternsSeen < patternOffsets.length) {
      const samples = decoder.decode(1);
      if (samples.nSamples === 0) {
        if (decoder.error !== undefined) this.#end("refused", `test samples: ${decoder.error}`);
        return;
      }
      if (differsFromTestPattern(samples, channelFormat, channelCount, patternOffsets[this.#patternsSeen]!)) {
        this.#end("refused", "the test samples do not match: the sender encodes this format otherwise");
        return;
      }
      this.#patternsSeen++;
      if (this.#patternsSeen < patternOffsets.length) continue;
      decoder.resetTimestamps();
      this.#socket.setTimeout(0);
      this.#events.onOpen();
    }
    if (this.#ended) return;
    const samples = decoder.decode();
    if (samples.nSamples > 0) this.#events.onSamples(samples);
    if (decoder.error !== undefined) this.#end("lost", decoder.error);
  }

  #peerEnded(): void {
    // Refusals come without a line end.
    if (!this.#decoder && this.#head.length > 0) {
      const answer = readStreamFeedAnswer(this.#head.toString("utf8"), this.#options.info.uid);
      if (answer.kind === "refused") {
        this.#end("refused", answer.reason);
        return;
      }
    }
    this.#end("lost", "the sender ended the feed");
  }

  #end(kind: FeedEnd["kind"], reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.destroy();
    this.#events.onEnd({ kind, reason });
  }
}
