import type { SampleChunk } from "@attune/signal";
import { ToyBoard, type ToyOptions, ToyProtocol } from "../simulate/toy-board.ts";
import { type DeviceBench, onBench } from "../testing/device-bench.ts";

export interface ToyBench extends DeviceBench {
  readonly board: ToyBoard;
  readonly protocol: ToyProtocol;
}

/** A toy board on a port in memory, read every 16 ms. */
export function toyBench(options: Partial<ToyOptions> = {}): ToyBench {
  const toy = { nChannels: 2, samplingRate: 250, ...options };
  const board = new ToyBoard(toy);
  const protocol = new ToyProtocol(toy);
  const bench = onBench({ board, protocol, id: "toy", port: "/dev/ttyTOY", readEverySeconds: 0.016 });
  return { ...bench, board, protocol };
}

/** The same, streaming. */
export async function streamingToy(options: Partial<ToyOptions> = {}): Promise<ToyBench> {
  const bench = toyBench(options);
  await bench.start();
  return bench;
}

/** Number of the board's own sample against the number that the host gave it; one entry a sample. */
function numbering(chunks: readonly SampleChunk[]): { board: number; host: number }[] {
  return chunks.flatMap((chunk) =>
    Array.from({ length: chunk.nSamples }, (_, n) => ({
      board: chunk.data[n]!,
      host: chunk.firstSample + n,
    })),
  );
}

/** The most by which a sample's number misses its place in time, up to the constant that the first one sets. */
export function worstMisnumbering({ chunks }: DeviceBench): number {
  const numbers = numbering(chunks);
  const shift = numbers[0]!.host - numbers[0]!.board;
  return numbers.reduce((worst, { board, host }) => {
    // The board's numbers start anew after 10 000.
    const off = host - board - shift;
    return Math.max(worst, Math.abs(off - 10_000 * Math.round(off / 10_000)));
  }, 0);
}
