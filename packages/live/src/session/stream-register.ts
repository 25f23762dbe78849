import type { DeviceOutput, SampleChunk, Stream, TextChunk } from "@attune/signal";

/**
 * Which streams the session knows. A stream whose rate or channels change while it runs is another stream from then on: its
 * samples fit neither the recording's header nor the analysis any more.
 */
export class StreamRegister {
  readonly #streams = new Map<string, Stream>();
  /** Device's stream id -> the id under which its data go on. */
  readonly #current = new Map<string, string>();

  /** @returns the stream under its present id when it is new or another one, and the stream that it replaces */
  add(stream: Stream): { readonly stream: Stream; readonly replaces?: Stream } | undefined {
    const id = this.#current.get(stream.id) ?? stream.id;
    const known = this.#streams.get(id);
    if (known !== undefined && isSame(known, stream)) return undefined;
    const count = [...this.#streams.keys()].filter(
      (each) => each === stream.id || each.startsWith(`${stream.id}#`),
    ).length;
    const present = count === 0 ? stream : { ...stream, id: `${stream.id}#${count + 1}` };
    this.#streams.set(present.id, present);
    this.#current.set(stream.id, present.id);
    return known === undefined ? { stream: present } : { stream: present, replaces: known };
  }

  get(streamId: string): Stream | undefined {
    return this.#streams.get(this.#current.get(streamId) ?? streamId);
  }

  /** The output under the present id of its stream. */
  rename<Output extends DeviceOutput>(output: Output): Output {
    if (!("streamId" in output)) return output;
    const id = this.#current.get(output.streamId);
    return id === undefined || id === output.streamId ? output : { ...output, streamId: id };
  }
}

/** Whether a chunk has the shape that its stream announces. One that has not fits neither the recording nor the analysis. */
export function fits(stream: Stream, chunk: SampleChunk | TextChunk): boolean {
  const { nSamples, deviceTime } = chunk;
  const nValues = chunk.kind === "samples" ? chunk.data.length : chunk.text.length;
  return nValues === stream.channels.length * nSamples && deviceTime.length === nSamples;
}

const isSame = (a: Stream, b: Stream): boolean =>
  a.nominalSamplingRate === b.nominalSamplingRate &&
  a.sampleFormat === b.sampleFormat &&
  a.channels.length === b.channels.length &&
  a.channels.every(({ label, unit }, c) => label === b.channels[c]!.label && unit === b.channels[c]!.unit);
