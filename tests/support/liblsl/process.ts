/** The child process that holds the real liblsl and does what it is told over IPC. Started by `peer.ts`. */
import type { SampleFormat } from "@attune/signal";
import { FORMATS, Library, type Pointer, STRING_CODE } from "./library.ts";
import type {
  PeerFlowOptions,
  PeerInletOptions,
  PeerMethods,
  PeerOutletOptions,
  PeerRequest,
  PeerStamps,
  PeerStreamInfo,
  PeerValues,
  PulledSamples,
} from "./messages.ts";

type Numbers = Exclude<PeerValues, readonly unknown[]>;

interface Opened {
  readonly pointer: Pointer;
  readonly format: SampleFormat;
  readonly channelCount: number;
}
interface Flow {
  next: number;
  readonly timer: NodeJS.Timeout;
}

const library = new Library(process.argv[2]!);
const handles = new Map<number, Opened>();
const flows = new Map<number, Flow>();
const errorCode = new Int32Array(1);
let nextHandle = 1;

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function opened(handle: number): Opened {
  const found = handles.get(handle);
  if (found === undefined) throw new Error(`The peer knows no handle ${handle}`);
  return found;
}

function keep(entry: Opened): number {
  handles.set(nextHandle, entry);
  return nextHandle++;
}

/** `lsl_error_code_t`: -1 timeout, -2 lost, -3 argument, -4 internal. */
function check(what: string): void {
  if (errorCode[0] !== 0) throw new Error(`${what}: liblsl error ${errorCode[0]}`);
}

function describe(info: Pointer): PeerStreamInfo {
  return {
    name: library.infoText(info, "name"),
    type: library.infoText(info, "type"),
    channelCount: library.infoNumber(info, "channel_count"),
    nominalSamplingRate: library.infoNumber(info, "nominal_srate"),
    sourceId: library.infoText(info, "source_id"),
    uid: library.infoText(info, "uid"),
    hostname: library.infoText(info, "hostname"),
    createdAt: library.infoNumber(info, "created_at"),
    xml: library.infoText(info, "xml"),
  };
}

async function resolve(predicate: string, minimum: number, timeoutSeconds: number): Promise<Pointer[]> {
  const results: Pointer[] = new Array(256).fill(null);
  const n = await library.resolveByPredicate(results, results.length, predicate, minimum, timeoutSeconds);
  return results.slice(0, Math.max(0, n));
}

function createOutlet(options: PeerOutletOptions): number {
  const { channelFormat: format, channelCount } = options;
  const info = library.createStreaminfo(
    options.name,
    options.type,
    channelCount,
    options.nominalSamplingRate,
    format === "string" ? STRING_CODE : FORMATS[format].code,
    options.sourceId,
  );
  if (options.channels !== undefined) {
    const channels = library.appendChild(library.desc(info), "channels");
    for (const { label, unit, type } of options.channels) {
      const channel = library.appendChild(channels, "channel");
      library.appendChildValue(channel, "label", label);
      library.appendChildValue(channel, "unit", unit);
      library.appendChildValue(channel, "type", type);
    }
  }
  const pointer = library.createOutlet(info, options.chunkSize ?? 0, options.maxBuffered ?? 360);
  library.destroyStreaminfo(info);
  if (!pointer) throw new Error(`liblsl did not create the outlet ${options.name}`);
  return keep({ pointer, format, channelCount });
}

function push(handle: number, values: PeerValues, stamps: PeerStamps): void {
  const { pointer, format, channelCount } = opened(handle);
  const nSamples = values.length / channelCount;
  if (format === "string") {
    const bytes = (values as readonly (string | Uint8Array)[]).map((text) => Buffer.from(text as string));
    const lengths = Uint32Array.from(bytes, (text) => text.length);
    // koffi takes no pointer of an empty buffer.
    const data = bytes.map((text) => (text.length === 0 ? Buffer.alloc(1) : text));
    if (stamps.kind === "last") library.pushStringsLast(pointer, data, lengths, data.length, stamps.stamp, 1);
    else if (stamps.kind === "each")
      library.pushStringsEach(pointer, data, lengths, data.length, stamps.stamps, 1);
    else
      for (let n = 0; n < nSamples; n++) {
        const [from, to] = [n * channelCount, (n + 1) * channelCount];
        const part = lengths.slice(from, to);
        library.pushStringSample(pointer, data.slice(from, to), part, stamps.stamps[n]!, 1);
      }
    return;
  }
  const numbers = values as Numbers;
  const calls = library.numeric(format);
  if (stamps.kind === "last") calls.pushChunkLast(pointer, numbers, numbers.length, stamps.stamp, 1);
  else if (stamps.kind === "each") calls.pushChunkEach(pointer, numbers, numbers.length, stamps.stamps, 1);
  else
    for (let n = 0; n < nSamples; n++)
      calls.pushSample(
        pointer,
        numbers.slice(n * channelCount, (n + 1) * channelCount),
        stamps.stamps[n]!,
        1,
      );
}

/** What channel `c` of sample `i` of a flow holds: `i + c`; text of the same where the stream is text. */
function counted(first: number, nSamples: number, { format, channelCount }: Opened): PeerValues {
  const at = (k: number) => first + Math.floor(k / channelCount) + (k % channelCount);
  const n = nSamples * channelCount;
  if (format === "string") return Array.from({ length: n }, (_, k) => String(at(k)));
  const values = FORMATS[format].make(n);
  if (values instanceof BigInt64Array) for (let k = 0; k < n; k++) values[k] = BigInt(at(k));
  else for (let k = 0; k < n; k++) values[k] = at(k);
  return values;
}

function startFlow({ outlet, chunkSamples, intervalSeconds, firstSample = 0 }: PeerFlowOptions): void {
  const timer = setInterval(() => {
    const values = counted(flow.next, chunkSamples, opened(outlet));
    push(outlet, values, { kind: "last", stamp: library.clock() });
    flow.next += chunkSamples;
  }, intervalSeconds * 1000);
  const flow: Flow = { next: firstSample, timer };
  flows.set(outlet, flow);
}

async function pull(handle: number, nSamples: number, timeoutSeconds: number): Promise<PulledSamples> {
  const { pointer, format, channelCount } = opened(handle);
  const stamps = new Float64Array(nSamples);
  const until = library.clock() + timeoutSeconds;
  let have = 0;
  const numbers = format === "string" ? undefined : FORMATS[format].make(nSamples * channelCount);
  const texts: Uint8Array[] = [];
  // Never a blocking pull: flows and other commands go on meanwhile.
  for (;;) {
    const room = (nSamples - have) * channelCount;
    const [pulledStamps, nStamps] = [stamps.subarray(have), nSamples - have];
    let n: number;
    if (numbers === undefined || format === "string") {
      const pointers: Pointer[] = new Array(room).fill(null);
      const lengths = new Uint32Array(room);
      n = library.pullStrings(pointer, pointers, lengths, pulledStamps, room, nStamps, 0, errorCode);
      for (let k = 0; k < n; k++) texts.push(library.takeString(pointers[k]!, lengths[k]!));
    } else {
      const into = numbers.subarray(have * channelCount) as Numbers;
      n = library.numeric(format).pullChunk(pointer, into, pulledStamps, room, nStamps, 0, errorCode);
    }
    check("pull");
    have += n / channelCount;
    if (have === nSamples || library.clock() >= until) break;
    await sleep(0.002);
  }
  const values = numbers === undefined ? texts : (numbers.slice(0, have * channelCount) as Numbers);
  return { values, stamps: stamps.slice(0, have) };
}

async function openInlets(options: PeerInletOptions): Promise<Record<string, number>> {
  const {
    predicate,
    minimum = 1,
    timeoutSeconds = 10,
    maxBuffered = 360,
    maxChunk = 0,
    recover = true,
  } = options;
  const infos = await resolve(predicate, minimum, timeoutSeconds);
  if (infos.length < minimum) throw new Error(`liblsl found ${infos.length} streams with ${predicate}`);
  const inlets: Record<string, number> = {};
  for (const info of infos) {
    const name = library.infoText(info, "name");
    const format = /<channel_format>(\w+)</.exec(library.infoText(info, "xml"))?.[1] as SampleFormat;
    const channelCount = library.infoNumber(info, "channel_count");
    const pointer = library.createInlet(info, maxBuffered, maxChunk, recover ? 1 : 0);
    library.destroyStreaminfo(info);
    library.openStream(pointer, timeoutSeconds, errorCode);
    check(`open ${name}`);
    inlets[name] = keep({ pointer, format, channelCount });
  }
  return inlets;
}

const methods: { [M in keyof PeerMethods]: (...given: Parameters<PeerMethods[M]>) => unknown } = {
  version: () => ({ library: library.version(), protocol: library.protocol() }),
  clock: () => library.clock(),
  createOutlet,
  push,
  startFlow,
  stopFlow(outlet) {
    const flow = flows.get(outlet);
    if (flow === undefined) throw new Error(`Outlet ${outlet} has no flow`);
    clearInterval(flow.timer);
    flows.delete(outlet);
    return flow.next;
  },
  hasConsumers: (outlet) => library.haveConsumers(opened(outlet).pointer) !== 0,
  destroyOutlet(outlet) {
    clearInterval(flows.get(outlet)?.timer);
    flows.delete(outlet);
    library.destroyOutlet(opened(outlet).pointer);
    handles.delete(outlet);
  },
  async resolve(predicate, minimum, timeoutSeconds) {
    const infos = await resolve(predicate, minimum, timeoutSeconds);
    return infos.map((info) => {
      const described = describe(info);
      library.destroyStreaminfo(info);
      return described;
    });
  },
  async openInlet(options) {
    const [first, ...others] = Object.values(await openInlets(options));
    if (first === undefined || others.length > 0)
      throw new Error(`liblsl found ${others.length + 1} streams with ${options.predicate}`);
    return first;
  },
  openInlets,
  pull,
  timeCorrection(inlet, timeoutSeconds) {
    const correction = library.timeCorrection(opened(inlet).pointer, timeoutSeconds, errorCode);
    check("time_correction");
    return correction;
  },
  fullInfo(inlet) {
    const info = library.fullInfo(opened(inlet).pointer, 10, errorCode);
    check("get_fullinfo");
    return describe(info);
  },
  closeInlet(inlet) {
    library.destroyInlet(opened(inlet).pointer);
    handles.delete(inlet);
  },
  flood(outlet, nChunks, chunkSamples) {
    const target = opened(outlet);
    if (target.format === "string") throw new Error("flood is for numbers");
    const { pushChunkLast } = library.numeric(target.format);
    const values = counted(0, chunkSamples, target) as Numbers;
    const startedAt = library.clock();
    for (let k = 0; k < nChunks; k++)
      pushChunkLast(target.pointer, values, values.length, library.clock(), 1);
    return { nSamples: nChunks * chunkSamples, startedAt, endedAt: library.clock() };
  },
  drain(inlet, nSamples, chunkSamples, timeoutSeconds) {
    const { pointer, format, channelCount } = opened(inlet);
    if (format === "string") throw new Error("drain is for numbers");
    const { pullChunk } = library.numeric(format);
    const values = FORMATS[format].make(chunkSamples * channelCount);
    const stamps = new Float64Array(chunkSamples);
    const take = (timeout: number) =>
      pullChunk(pointer, values, stamps, values.length, chunkSamples, timeout, errorCode) / channelCount;
    const startedAt = library.clock();
    let have = 0;
    while (have < nSamples && library.clock() < startedAt + timeoutSeconds) have += take(0.1);
    return { nSamples: have, startedAt, endedAt: library.clock() };
  },
  async pace(outlet, nSamples, intervalSeconds) {
    const target = opened(outlet);
    if (target.format === "string") throw new Error("pace is for numbers");
    const { pushSample } = library.numeric(target.format);
    const values = counted(0, 1, target) as Numbers;
    const start = library.clock();
    for (let n = 0; n < nSamples; ) {
      await sleep(intervalSeconds / 2);
      for (; n < nSamples && start + n * intervalSeconds <= library.clock(); n++)
        pushSample(target.pointer, values, library.clock(), 1);
    }
  },
  lags(inlet, nSamples, timeoutSeconds) {
    const { pointer, format, channelCount } = opened(inlet);
    if (format === "string") throw new Error("lags is for numbers");
    const { pullChunk } = library.numeric(format);
    const values = FORMATS[format].make(channelCount);
    const stamp = new Float64Array(1);
    const lags = new Float64Array(nSamples);
    const until = library.clock() + timeoutSeconds;
    let have = 0;
    while (have < nSamples && library.clock() < until)
      if (pullChunk(pointer, values, stamp, channelCount, 1, 0.1, errorCode) > 0)
        lags[have++] = library.clock() - stamp[0]!;
    return lags.slice(0, have);
  },
};

process.on("message", async (request: PeerRequest) => {
  try {
    const method = methods[request.method] as (...given: readonly unknown[]) => unknown;
    const result = await method(...request.arguments);
    process.send?.({ id: request.id, result });
  } catch (error) {
    process.send?.({ id: request.id, error: String(error) });
  }
});
// The parent is gone: so are we, without waiting for liblsl's threads.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.send?.({ id: 0, result: "ready" });
