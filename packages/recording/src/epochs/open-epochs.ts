import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { readBytes } from "../bytes/byte-source.ts";
import { openFileSource, sha256OfFile } from "../bytes/file-source.ts";
import { RecordingError } from "../errors.ts";
import type { EpochRecording, OpenOptions, PersonEpochs } from "../recording.ts";

/** A sidecar as it stands in the JSON file. */
interface Sidecar {
  readonly shape: readonly [number, number, number];
  readonly sfreq: number;
  readonly channels: readonly string[];
  readonly unit: string;
  readonly tmin: number;
  readonly dataFile: string;
}

/**
 * Open windows that were cut elsewhere. Each person has a JSON file beside a float32 little-endian file
 * `[epoch][channel][sample]` of the same name (`.f32`, or the one that `"file"` names):
 *
 *     { "shape": [nEpochs, nChannels, nSamples], "sfreq": 500, "channels": ["Fp1", …], "unit": "uV", "tmin": -0.5 }
 *
 * `options.files` gives the file of each person, `{ adult: "a.json", infant: "i.json" }`; so does a JSON file that
 * holds `{ "persons": { "adult": "a.json", "infant": "i.json" } }`, relative to itself. A single sidecar is
 * the recording of one person, `person`. All persons must have the same number of epochs.
 */
export async function openEpochs(path: string, options: OpenOptions = {}): Promise<EpochRecording> {
  const files = options.files ?? (await personFiles(path));
  const sidecars = new Map<string, Sidecar>();
  for (const [person, file] of Object.entries(files)) sidecars.set(person, await readSidecar(file));
  const counts = [...sidecars].map(([person, { shape }]) => ({ person, nEpochs: shape[0] }));
  const [first] = counts;
  if (first === undefined) throw new RecordingError(`${path} names no persons.`);
  const other = counts.find(({ nEpochs }) => nEpochs !== first.nEpochs);
  if (other !== undefined)
    throw new RecordingError(
      `${path}: ${first.person} has ${first.nEpochs} epochs and ${other.person} has ${other.nEpochs}; they must be the same ones.`,
    );
  const load = async (): Promise<ReadonlyMap<string, PersonEpochs>> => {
    const all = new Map<string, PersonEpochs>();
    for (const [person, sidecar] of sidecars) all.set(person, await readPerson(person, sidecar));
    return all;
  };
  let loaded: Promise<ReadonlyMap<string, PersonEpochs>> | undefined;
  return {
    kind: "epochs",
    path,
    format: "epochs",
    damage: [],
    persons: [...sidecars.keys()],
    nEpochs: first.nEpochs,
    epochs: () => {
      loaded ??= load();
      return loaded;
    },
    sha256: async () => {
      const hashes = await Promise.all([...sidecars.values()].map(({ dataFile }) => sha256OfFile(dataFile)));
      return hashes.length === 1 ? hashes[0]! : hashes.join("-");
    },
    close: async () => {},
  };
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "there is no such file" : cause.message;
    throw new RecordingError(`Cannot open ${path}: ${reason}.`, { cause });
  });
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch (cause) {
    throw new RecordingError(`${path} is not valid JSON: ${(cause as Error).message}.`, { cause });
  }
  throw new RecordingError(`${path} must hold a JSON object that describes epochs.`);
}

async function personFiles(path: string): Promise<Record<string, string>> {
  const { persons } = await readJson(path);
  if (persons === undefined) return { person: path };
  if (
    typeof persons !== "object" ||
    persons === null ||
    !Object.values(persons).every((f) => typeof f === "string")
  )
    throw new RecordingError(
      `${path}: "persons" must map a person to a file, such as { "adult": "a.json" }.`,
    );
  const entries = Object.entries(persons as Record<string, string>);
  return Object.fromEntries(entries.map(([person, file]) => [person, resolve(dirname(path), file)]));
}

async function readSidecar(path: string): Promise<Sidecar> {
  const json = await readJson(path);
  const { shape, sfreq, channels, unit = "", tmin = 0, file } = json;
  const counts =
    Array.isArray(shape) && shape.length === 3 && shape.every((n) => Number.isInteger(n) && n > 0);
  if (!counts)
    throw new RecordingError(`${path} describes no epochs: "shape" must be [epochs, channels, samples].`);
  const dimensions = shape as [number, number, number];
  if (typeof sfreq !== "number" || !(sfreq > 0))
    throw new RecordingError(
      `${path}: "sfreq" must be the sampling rate in Hz, got ${JSON.stringify(sfreq)}.`,
    );
  if (
    !Array.isArray(channels) ||
    channels.length !== dimensions[1] ||
    !channels.every((c) => typeof c === "string")
  )
    throw new RecordingError(`${path}: "channels" must name all ${dimensions[1]} channels.`);
  const dataFile =
    typeof file === "string" ? join(dirname(path), file) : `${path.replace(/\.json$/i, "")}.f32`;
  return {
    shape: dimensions,
    sfreq,
    channels: channels as string[],
    unit: String(unit),
    tmin: Number(tmin) || 0,
    dataFile,
  };
}

async function readPerson(person: string, sidecar: Sidecar): Promise<PersonEpochs> {
  const [nEpochs, nChannels, nSamples] = sidecar.shape;
  const source = await openFileSource(sidecar.dataFile);
  try {
    const expected = nEpochs * nChannels * nSamples * 4;
    if (source.size !== expected)
      throw new RecordingError(
        `${sidecar.dataFile} has ${source.size} bytes, but ${nEpochs} x ${nChannels} x ${nSamples} float32 need ${expected}.`,
      );
    const epochs: Float64Array[] = [];
    const size = nChannels * nSamples;
    for (let e = 0; e < nEpochs; e++) {
      const bytes = await readBytes(source, e * size * 4, size * 4);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const epoch = new Float64Array(size);
      for (let i = 0; i < size; i++) epoch[i] = view.getFloat32(i * 4, true);
      epochs.push(epoch);
    }
    return {
      person,
      samplingRate: sidecar.sfreq,
      channels: sidecar.channels.map((label) => ({ label, unit: sidecar.unit })),
      nSamples,
      firstSampleSeconds: sidecar.tmin,
      epochs,
    };
  } finally {
    await source.close();
  }
}
