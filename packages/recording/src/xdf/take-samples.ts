import type { IndexPass } from "./build-index.ts";
import { type ChunkHeader, canBeChunk } from "./chunk-header.ts";
import type { XdfStreamIndex } from "./stream-index.ts";
import { readLength, type SampleWalk, walkSamples } from "./walk-samples.ts";

/** Largest step between the stamps of one chunk that is believed although the chunk's length is wrong. */
const SEAMLESS_SECONDS = 1;

/**
 * Take the samples of one chunk into the index, as far as they can be verified.
 *
 * Whole and right: the samples fill the chunk's length exactly and are as many as it says. Where one of the two
 * numbers lies, the other and a chunk that can begin behind decide. A chunk cut off by the end of the file gives its
 * whole samples. Anything else is left out.
 *
 * @returns where the next chunk begins; undefined when that is not known
 */
export async function takeSamples(pass: IndexPass, header: ChunkHeader): Promise<number | undefined> {
  const { reader, streams, draft } = pass;
  const { position, content, end, streamId } = header;
  const leave = async (what: string): Promise<number | undefined> => {
    if (end > reader.size || !(await canBeChunk(reader, end, streams))) return undefined;
    pass.lose(position, end, what, streams.has(streamId) ? streamId : undefined);
    return end;
  };
  const stream = streams.get(streamId);
  if (stream === undefined) return leave("samples of a stream without a header");
  const width = reader.bytes[content - reader.start] ?? 0;
  if ((width !== 1 && width !== 4 && width !== 8) || content + 1 + width > reader.size)
    return leave("a sample chunk without a sample count");
  const count = readLength(reader.view, content + 1 - reader.start, width);
  const first = content + 1 + width;
  const walk = (limit: number, lenient = false): Promise<SampleWalk> =>
    walkSamples(reader, stream, first, limit, count, draft, lenient);
  const note = (what: string, samplesLost = 0): void =>
    pass.damage.add({ offset: position, bytes: 0, streamId: String(streamId), samplesLost, what });

  if (end <= reader.size) {
    let found = await walk(end);
    let exact = found.end === end && found.nSamples === count;
    if (!exact && found.stopped === "invalid") {
      // A single flipped bit in the byte that announces a stamp: the length tells that the stamp is there.
      found = await walk(end, true);
      const one = found.end === end && found.nSamples === count && draft.oddMarks === 1;
      exact = one && staysNear(pass, stream) && (await canBeChunk(reader, end, streams));
      if (exact) note("a stamp that is announced by a wrong number");
    }
    if (exact) {
      for (const { from, to } of draft.holes) note("samples that a block of zeros overwrote", to - from + 1);
      const trusted = await canBeChunk(reader, end, streams);
      accept(stream, pass, trusted ? found.nSamples : await beforeDamage(pass, first, found), end);
      return end;
    }
    if (found.end === end && found.stopped === "limit" && (await canBeChunk(reader, end, streams))) {
      note("a sample chunk that holds fewer samples than it says");
      accept(stream, pass, found.nSamples, end);
      return end;
    }
  }
  const toTheEnd = await walk(reader.size);
  const plausible = toTheEnd.nSamples === 0 || staysNear(pass, stream);
  // Bytes missing in the middle can join two chunks into one of the right count: its stamps then leap.
  const seamless = toTheEnd.nSamples === 0 || staysNear(pass, stream, SEAMLESS_SECONDS);
  if (toTheEnd.nSamples === count && seamless && (await canBeChunk(reader, toTheEnd.end, streams))) {
    note("a sample chunk with a wrong length");
    accept(stream, pass, count, toTheEnd.end);
    return toTheEnd.end;
  }
  const cutOff = end > reader.size && (toTheEnd.stopped === "short" || toTheEnd.stopped === "limit");
  if (cutOff && plausible) {
    const missing = Math.max(
      0,
      Math.min(count, Math.ceil((end - first) / Math.max(1, stream.sampleBytes + 1))),
    );
    accept(stream, pass, toTheEnd.nSamples, toTheEnd.end);
    note("the file ends inside a sample chunk", Math.max(0, missing - toTheEnd.nSamples));
    return reader.size;
  }
  return leave("a sample chunk whose content does not fit its length");
}

/** Put the first `nSamples` of the draft into the stream's index. */
function accept(stream: XdfStreamIndex, { draft }: IndexPass, nSamples: number, end: number): void {
  const { stamps, runPosition, runFirst, runPrevious, firstExplicit } = draft;
  if (nSamples === 0) return;
  const rate = stream.header.nominalSamplingRate;
  let shift = 0;
  if (stream.lostBefore && firstExplicit > 0 && rate > 0) {
    // Deduced from a stamp before the loss: count back from the first stamp that stands here instead.
    const deduced = stamps.at(firstExplicit) - firstExplicit / rate;
    shift = deduced - stamps.at(0);
    for (let k = 0; k < Math.min(firstExplicit, nSamples); k++) stamps.set(k, deduced + k / rate);
  }
  stream.lostBefore = false;
  let from = 0;
  for (const hole of [...draft.holes, { from: nSamples, to: nSamples }]) {
    const until = Math.min(hole.from, nSamples);
    if (until > from) acceptPiece(from, until);
    from = hole.to + 1;
  }

  /** Samples `[from, until)` of the draft. Each piece begins at the start of a run. */
  function acceptPiece(first: number, until: number): void {
    const nRuns = runPosition.length;
    for (let r = 0; r < nRuns; r++) {
      const runFrom = runFirst.at(r);
      if (runFrom < first || runFrom >= until) continue;
      const runEnd = r + 1 < nRuns ? runPosition.at(r + 1) : end;
      stream.runPosition.push(runPosition.at(r));
      stream.runBytes.push(runEnd - runPosition.at(r));
      stream.runFirst.push(stream.nSamples + runFrom - first);
      stream.runPrevious.push(runPrevious.at(r) + (runFrom < firstExplicit ? shift : 0));
    }
    for (let k = first; k < until; k++) stream.stamps?.push(stamps.at(k));
    stream.nSamples += until - first;
    stream.lastStamp = stamps.at(until - 1);
  }
}

/**
 * The chunk is right by itself but what follows is damaged, and the damage may begin in its last samples: keep only
 * those before the last one, and before a run of equal bytes that leads into the damage.
 */
async function beforeDamage(pass: IndexPass, first: number, found: SampleWalk): Promise<number> {
  const { reader } = pass;
  const n = found.nSamples;
  if (n === 0) return 0;
  if (!reader.has(found.end - 1, 1) || reader.start > first) await reader.load(first);
  let p = found.end;
  const same = reader.bytes[found.end - 1 - reader.start];
  while (p > Math.max(first, reader.start) && reader.bytes[p - 1 - reader.start] === same) p--;
  let lost = 1;
  if (found.end - p >= 16) {
    const average = (found.end - first) / n;
    lost = Math.min(n, Math.ceil((found.end - p) / Math.max(1, average)) + 1);
  }
  pass.lose(found.lastSample, found.end, "samples next to damage", undefined);
  return n - lost;
}

/** Whether the draft's stamps could be this stream's: a regular stream does not leap within one chunk. */
function staysNear({ draft }: IndexPass, stream: XdfStreamIndex, leapSeconds = 3600): boolean {
  const { stamps } = draft;
  const rate = stream.header.nominalSamplingRate;
  if (rate === 0) return true;
  for (let k = 1; k < stamps.length; k++)
    if (Math.abs(stamps.at(k) - stamps.at(k - 1)) > leapSeconds + 1 / rate) return false;
  return true;
}
