import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { openInlet } from "../index.ts";
import { fakeSender } from "../testing/fake-sender.ts";
import { privateNetwork } from "../testing/private-network.ts";
import { streamFeedAnswer } from "../wire/stream-feed.ts";
import { encodedTestPattern } from "../wire/test-pattern.ts";

const CHANNELS = 16;
const N_SAMPLES = 2000;
const PIECE_BYTES = 23;

/** A stamp of 1000, then deduced ones; value c of sample n is n * 16 + c. */
function samples(): Buffer {
  const rowBytes = 4 * CHANNELS;
  const bytes = Buffer.alloc(8 + N_SAMPLES * (1 + rowBytes));
  let at = 0;
  for (let n = 0; n < N_SAMPLES; n++) {
    at = bytes.writeUInt8(n === 0 ? 2 : 1, at);
    if (n === 0) at = bytes.writeDoubleLE(1000, at);
    for (let c = 0; c < CHANNELS; c++) at = bytes.writeFloatLE(n * CHANNELS + c, at);
  }
  return bytes;
}

test.each([true, false])(
  "a flood of small segments is gathered, and all of it has come when the stream is lost (worker %s)",
  async (worker) => {
    const configuration = await privateNetwork();
    const answer = async (socket: Socket, uid: string): Promise<void> => {
      socket.setNoDelay(true);
      socket.write(streamFeedAnswer(uid, false));
      socket.write(encodedTestPattern("float32", CHANNELS));
      const bytes = samples();
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        socket.write(bytes.subarray(at, at + PIECE_BYTES));
        // Each piece leaves by itself.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      socket.end();
    };
    const declaration = {
      name: "small",
      type: "Test",
      channelCount: CHANNELS,
      nominalSamplingRate: 256,
      channelFormat: "float32",
    } as const;
    const sender = await fakeSender(declaration, (socket, uid) => void answer(socket, uid));
    const inlet = await openInlet(sender.info, { configuration, recover: false, worker });
    try {
      const values: number[] = [];
      const timestamps: number[] = [];
      // Ends only because the stream is lost.
      for (;;) {
        const chunk = await inlet.pullChunk({ timeoutSeconds: 30 });
        if (chunk === undefined) break;
        values.push(...(chunk.data as Float32Array));
        timestamps.push(...chunk.timestamps);
      }
      expect(inlet.state).toBe("lost");
      expect(inlet.samplesDropped).toBe(0);
      expect(values).toEqual(Array.from({ length: N_SAMPLES * CHANNELS }, (_, k) => k));
      expect(timestamps).toEqual(Array.from({ length: N_SAMPLES }, (_, n) => 1000 + n / 256));
    } finally {
      await inlet.close();
      await sender.close();
    }
  },
);
