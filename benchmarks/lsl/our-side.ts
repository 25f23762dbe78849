/** A process with our own LSL that sends or receives as it is told over IPC, with the methods of the liblsl peer. */
import { createOutlet, type Inlet, localClock, type Outlet, openInlet, resolveStreams } from "@attune/lsl";
import type { OutletShape, Side, Throughput } from "./side.ts";

const ports = JSON.parse(process.argv[2]!) as { discovery: number; base: number; count: number };
const configuration = {
  ports: {
    multicastPort: ports.discovery,
    basePort: ports.base,
    portRange: ports.count,
    ipv6: "disable",
  },
  loopbackOnly: true,
} as const;
/** Chunks between two turns of the event loop: a sender that never lets go of it would starve its own worker's answers. */
const CHUNKS_PER_TURN = 16;

const outlets: (Outlet & { channelCount: number })[] = [];
const inlets: Inlet[] = [];
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const side: Side = {
  async createOutlet({ name, type, channelCount, nominalSamplingRate, sourceId, maxBuffered }: OutletShape) {
    const outlet = await createOutlet(
      { name, type, channelCount, nominalSamplingRate, channelFormat: "float32", sourceId },
      { configuration, maxBufferSeconds: maxBuffered },
    );
    return outlets.push(Object.assign(outlet, { channelCount })) - 1;
  },
  async hasConsumers(handle) {
    return outlets[handle]!.consumerCount > 0;
  },
  async destroyOutlet(handle) {
    await outlets[handle]!.close();
  },
  async openInlet({ predicate, maxBuffered }) {
    const [info] = await resolveStreams({ predicate, minimum: 1, timeoutSeconds: 10, configuration });
    if (info === undefined) throw new Error(`We found no stream with ${predicate}`);
    return inlets.push(await openInlet(info, { configuration, maxBufferSeconds: maxBuffered })) - 1;
  },
  async closeInlet(handle) {
    await inlets[handle]!.close();
  },
  async flood(handle, nChunks, chunkSamples) {
    const outlet = outlets[handle]!;
    const { channelCount } = outlet;
    const values = Float32Array.from(
      { length: chunkSamples * channelCount },
      (_, k) => Math.floor(k / channelCount) + (k % channelCount),
    );
    const startedAt = localClock();
    for (let k = 0; k < nChunks; k++) {
      outlet.pushChunk(values, localClock());
      if (k % CHUNKS_PER_TURN === 0) await turn();
    }
    if (outlet.samplesDropped > 0) throw new Error(`Our outlet dropped ${outlet.samplesDropped} samples`);
    return { nSamples: nChunks * chunkSamples, startedAt, endedAt: localClock() };
  },
  drain(handle, nSamples, _chunkSamples, timeoutSeconds) {
    const inlet = inlets[handle]!;
    return new Promise<Throughput>((resolve) => {
      const startedAt = localClock();
      let have = 0;
      const end = () => {
        clearTimeout(timer);
        off();
        resolve({ nSamples: have, startedAt, endedAt: localClock() });
      };
      const off = inlet.onChunk((chunk) => {
        have += chunk.nSamples;
        if (have >= nSamples) end();
      });
      const timer = setTimeout(end, timeoutSeconds * 1000);
    });
  },
  async pace(handle, nSamples, intervalSeconds) {
    const outlet = outlets[handle]!;
    const values = new Float32Array(outlet.channelCount);
    const start = localClock();
    for (let n = 0; n < nSamples; ) {
      await new Promise((resolve) => setTimeout(resolve, (1000 * intervalSeconds) / 2));
      for (; n < nSamples && start + n * intervalSeconds <= localClock(); n++)
        outlet.pushSample(values, localClock());
    }
  },
  lags(handle, nSamples, timeoutSeconds) {
    const inlet = inlets[handle]!;
    return new Promise<Float64Array>((resolve) => {
      const lags = new Float64Array(nSamples);
      let have = 0;
      const end = () => {
        clearTimeout(timer);
        off();
        resolve(lags.slice(0, have));
      };
      const off = inlet.onChunk((chunk) => {
        const now = localClock();
        for (let n = 0; n < chunk.nSamples && have < nSamples; n++) lags[have++] = now - chunk.timestamps[n]!;
        if (have === nSamples) end();
      });
      const timer = setTimeout(end, timeoutSeconds * 1000);
    });
  },
};

interface Request {
  readonly id: number;
  readonly method: keyof Side;
  readonly arguments: readonly unknown[];
}

process.on("message", async ({ id, method, arguments: given }: Request) => {
  try {
    const result = await (side[method] as (...given: readonly unknown[]) => Promise<unknown>)(...given);
    process.send?.({ id, result });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
});
process.on("disconnect", () => process.exit(0));
process.send?.({ id: 0, result: "ready" });
