import { readBytes } from "./bytes/byte-source.ts";
import { openFileSource, sha256OfFile } from "./bytes/file-source.ts";
import { inflateToTemporaryFile, sniffCompression } from "./bytes/inflate.ts";
import { openCsv } from "./csv/open-csv.ts";
import { openEpochs } from "./epochs/open-epochs.ts";
import { RecordingError } from "./errors.ts";
import type { OpenOptions, Recording } from "./recording.ts";
import { openXdf } from "./xdf/open-xdf.ts";

/** First bytes of a file, decompressed, and its name: what a format recognises itself by. */
export interface Sniffed {
  readonly path: string;
  readonly head: Uint8Array;
  /** `head` as text; undefined when it is not UTF-8 text. */
  readonly text: string | undefined;
}

interface Format {
  readonly name: string;
  /** What a person would call it, with its extensions. */
  readonly label: string;
  recognises(file: Sniffed): boolean;
  open(file: Sniffed, options: OpenOptions): Promise<Recording>;
}

const startsWith = (head: Uint8Array, ascii: string): boolean =>
  head.length >= ascii.length && [...ascii].every((letter, i) => head[i] === letter.charCodeAt(0));

/** Every format that can be read, in the order in which they are tried. One line a format. */
const FORMATS: readonly Format[] = [
  {
    name: "XDF",
    label: "XDF (.xdf, .xdfz, .xdf.gz)",
    recognises: ({ head }) => startsWith(head, "XDF:"),
    open: openXdfFile,
  },
  {
    name: "epochs",
    label: "epochs (a .json that describes float32 files)",
    recognises: ({ text }) => /^\s*\{/.test(text ?? ""),
    open: (f, o) => openEpochs(f.path, o),
  },
  {
    name: "CSV",
    label: "tables (.csv, .tsv) with a header row of channel names",
    recognises: looksLikeTable,
    open: (f, o) => openCsv(f.path, o),
  },
];

/**
 * Open any recording that Attune can read. The content decides what it is, not the name.
 *
 * @throws RecordingError when the file is missing, empty or of a format that is not in the table
 */
export async function openRecording(path: string, options: OpenOptions = {}): Promise<Recording> {
  const source = await openFileSource(path);
  const head = await readBytes(source, 0, 4096);
  await source.close();
  if (source.size === 0) throw new RecordingError(`${path} is empty; ${readable()}.`);
  const compression = sniffCompression(head);
  if (compression !== undefined) return openXdfFile({ path, head, text: undefined }, options);
  const file: Sniffed = { path, head, text: decodeText(head, source.size) };
  const format = FORMATS.find((candidate) => candidate.recognises(file));
  if (format === undefined)
    throw new RecordingError(`${path} is not a recording that can be read; ${readable()}.`);
  return format.open(file, options);
}

const readable = (): string => `Attune reads ${FORMATS.map((format) => format.label).join("; ")}`;

/** UTF-8 text without control characters, or undefined. A character may be cut at the end of the head. */
function decodeText(head: Uint8Array, size: number): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: head.length < size });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary from text
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? undefined : text.replace(/^\uFEFF/, "");
  } catch {
    return undefined;
  }
}

function looksLikeTable({ text, path }: Sniffed): boolean {
  if (text === undefined || /^\s*[{[<]/.test(text)) return false;
  const [first = "", second = ""] = text.split(/\r?\n/);
  const separator = first.includes("\t") ? "\t" : ",";
  const columns = first.split(separator).length;
  return /\.(csv|tsv|txt)$/i.test(path)
    ? first.trim() !== ""
    : columns > 1 && second.split(separator).length === columns;
}

async function openXdfFile({ path, head }: Sniffed, { timing }: OpenOptions): Promise<Recording> {
  const sha256 = (): Promise<string> => sha256OfFile(path);
  const compression = sniffCompression(head);
  const common = timing === undefined ? { sha256 } : { timing, sha256 };
  if (compression === undefined) {
    const plain = await openFileSource(path);
    try {
      return await openXdf(plain, path, common);
    } catch (error) {
      await plain.close();
      throw error;
    }
  }
  const { source, problem } = await inflateToTemporaryFile(path, compression);
  try {
    if (!startsWith(await readBytes(source, 0, 4), "XDF:"))
      throw new RecordingError(`${path} is compressed but holds no XDF recording; ${readable()}.`);
    const recording = await openXdf(source, path, common);
    if (problem === undefined) return recording;
    const broken = {
      offset: source.size,
      bytes: 0,
      what: `the compressed data breaks off here (${problem})`,
    };
    return { ...recording, damage: [...recording.damage, broken] };
  } catch (error) {
    await source.close();
    throw error;
  }
}
