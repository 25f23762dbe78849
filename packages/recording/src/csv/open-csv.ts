import { createReadStream } from "node:fs";
import { parse } from "csv-parse";
import { sha256OfFile } from "../bytes/file-source.ts";
import { RecordingError } from "../errors.ts";
import { type Playable, playRecording } from "../play.ts";
import type { ContinuousRecording, OpenOptions, RecordedStream, SampleWindow } from "../recording.ts";

const ROWS_PER_BLOCK = 4096;
/** Cells that mean "no value". */
const MISSING = new Set(["", "nan", "n/a", "na", "null"]);

/**
 * Open a table: a header row of channel names, one row per sample, separated by tabs, semicolons or commas. Sample
 * `n` lies at `n / samplingRate`. Empty cells and NaN are missing values. The table has no time axis of its own, so
 * `samplingRate` must be given. The values are held in memory (8 bytes each).
 *
 * @throws RecordingError naming row and column for text where a number belongs and for rows of another length
 */
export async function openCsv(path: string, { samplingRate }: OpenOptions): Promise<ContinuousRecording> {
  if (samplingRate === undefined)
    throw new RecordingError(
      `${path} is a table without a time axis: give samplingRate, in samples per second.`,
      { misuse: true },
    );
  if (!(samplingRate > 0) || !Number.isFinite(samplingRate))
    throw new RecordingError(`samplingRate must be above 0, got ${samplingRate}.`, { misuse: true });
  const { labels, blocks, nSamples } = await readTable(path);
  const last = (nSamples - 1) / samplingRate;
  const stream: RecordedStream = {
    id: "table",
    name: path.split(/[\\/]/).at(-1) ?? path,
    type: "",
    channels: labels.map((label) => ({ label, unit: "" })),
    nominalSamplingRate: samplingRate,
    nSamples,
    firstTime: nSamples > 0 ? 0 : Number.NaN,
    lastTime: nSamples > 0 ? last : Number.NaN,
    effectiveSamplingRate: samplingRate,
    gaps: [],
    clock: { model: "none", offset: 0, driftPpm: 0, nOffsets: 0, residual: 0, nResets: 0 },
    format: "double64",
  };
  const nChannels = labels.length;
  const read = async (
    streamId: string,
    { fromSample, nSamples: wanted }: { fromSample: number; nSamples: number },
  ): Promise<SampleWindow> => {
    if (streamId !== stream.id)
      throw new RecordingError(`${path} has no stream "${streamId}"; it has table.`, { misuse: true });
    const first = Math.max(0, Math.min(nSamples, Math.floor(fromSample)));
    const n = Math.max(0, Math.min(Math.floor(wanted), nSamples - first));
    const data = new Float64Array(nChannels * n);
    const sessionTime = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      const row = first + k;
      const block = blocks[Math.floor(row / ROWS_PER_BLOCK)]!;
      const at = (row % ROWS_PER_BLOCK) * nChannels;
      for (let c = 0; c < nChannels; c++) data[c * n + k] = block[at + c]!;
      sessionTime[k] = row / samplingRate;
    }
    return { data, deviceTime: sessionTime.slice(), sessionTime };
  };
  const playable: Playable = {
    path,
    streams: [stream],
    read,
    clockOffsets: () => ({ times: Float64Array.of(-1), values: Float64Array.of(0) }),
  };
  return {
    kind: "continuous",
    path,
    format: "CSV",
    streams: [stream],
    damage: [],
    epochSeconds: 0,
    durationSeconds: Math.max(0, last),
    read,
    events: async () => [],
    stateChanges: async () => [],
    play: (options) => playRecording(playable, options),
    sha256: () => sha256OfFile(path),
    close: async () => {},
  };
}

interface Table {
  readonly labels: readonly string[];
  /** Blocks of 4096 rows, row by row. */
  readonly blocks: readonly Float64Array[];
  readonly nSamples: number;
}

async function readTable(path: string): Promise<Table> {
  const parser = parse({
    bom: true,
    delimiter: await separatorOf(path),
    relax_column_count: true,
    skip_empty_lines: false,
    trim: true,
    info: true,
  });
  const input = createReadStream(path, { highWaterMark: 1 << 18 });
  input.on("error", (error) => parser.destroy(error));
  let labels: string[] | undefined;
  const blocks: Float64Array[] = [];
  let nSamples = 0;
  let blankLine = 0;
  try {
    for await (const item of input.pipe(parser)) {
      const { record: cells, info } = item as { record: string[]; info: { lines: number } };
      if (labels === undefined) {
        labels = headerRow(path, cells);
        continue;
      }
      if (cells.length === 1 && cells[0] === "" && labels.length > 1) {
        blankLine ||= info.lines;
        continue;
      }
      if (blankLine > 0) throw new RecordingError(`${path}, row ${blankLine}: the row is empty.`);
      if (cells.length !== labels.length)
        throw new RecordingError(
          `${path}, row ${info.lines}: ${cells.length} cells where the header has ${labels.length} columns.`,
        );
      const inBlock = nSamples % ROWS_PER_BLOCK;
      if (inBlock === 0) blocks.push(new Float64Array(ROWS_PER_BLOCK * labels.length));
      const block = blocks[blocks.length - 1]!;
      for (let c = 0; c < cells.length; c++)
        block[inBlock * labels.length + c] = cellValue(path, info.lines, labels[c]!, cells[c]!);
      nSamples++;
    }
  } catch (error) {
    if (error instanceof RecordingError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new RecordingError(`${path} cannot be read as a table: ${reason}.`, { cause: error });
  } finally {
    input.destroy();
  }
  if (labels === undefined) throw new RecordingError(`${path} is empty: a table begins with a header row.`);
  if (nSamples === 0) throw new RecordingError(`${path} has a header row but no samples.`);
  return { labels, blocks, nSamples };
}

function headerRow(path: string, cells: readonly string[]): string[] {
  if (cells.some((cell) => cell === ""))
    throw new RecordingError(
      `${path}, row 1: column ${cells.indexOf("") + 1} has no name; the first row must name every channel.`,
    );
  if (cells.every((cell) => Number.isFinite(Number(cell))))
    throw new RecordingError(
      `${path}, row 1: there are numbers where a header row of channel names is expected.`,
    );
  const twice = cells.find((cell, c) => cells.indexOf(cell) !== c);
  if (twice !== undefined)
    throw new RecordingError(`${path}, row 1: the channel name "${twice}" stands twice.`);
  return [...cells];
}

function cellValue(path: string, row: number, column: string, cell: string): number {
  const value = Number(cell);
  if (cell !== "" && Number.isFinite(value)) return value;
  if (MISSING.has(cell.toLowerCase())) return Number.NaN;
  throw new RecordingError(
    `${path}, row ${row}, column "${column}": "${cell.slice(0, 40)}" is not a number.`,
  );
}

/** The separator that the header row holds most of. */
async function separatorOf(path: string): Promise<string> {
  let head = "";
  for await (const block of createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 16 })) {
    head += block as string;
    if (head.includes("\n")) break;
  }
  const header = head.split(/\r?\n/)[0] ?? "";
  const counts = ["\t", ";", ","].map((separator) => header.split(separator).length);
  return ["\t", ";", ","][counts.indexOf(Math.max(...counts))] ?? ",";
}
