import { type FileHandle, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { readBytes } from "../bytes/byte-source.ts";
import { openFileSource } from "../bytes/file-source.ts";
import { sniffCompression } from "../bytes/inflate.ts";
import type { DamageEntry } from "../damage.ts";
import { RecordingError } from "../errors.ts";
import { openRecording } from "../open-recording.ts";
import { type JournalRepair, journalOf } from "../recorder/journal.ts";
import { machineFiles } from "../recorder/recording-files.ts";
import { spanOf } from "./find-interrupted.ts";
import { readJournal } from "./journal-state.ts";
import { newEnding } from "./new-ending.ts";

/** What a repair did. */
export interface RepairReport {
  readonly path: string;
  /** False when there was nothing to do. */
  readonly changed: boolean;
  /** Bytes at the end that were no whole chunk. */
  readonly removedBytes: number;
  /** Where those bytes are kept; undefined when none were removed. */
  readonly damagedTail: string | undefined;
  /** Samples that stood whole in the removed bytes and were written again. */
  readonly nSamplesSaved: number;
  readonly nFootersWritten: number;
  /** From the first sample to the last. */
  readonly durationSeconds: number;
  readonly streams: readonly { readonly id: string; readonly name: string; readonly nSamples: number }[];
  /** What is still wrong inside the file; a repair does not touch it. */
  readonly damage: readonly DamageEntry[];
}

/**
 * Finish a recording that was interrupted: cut off the torn end, write the whole samples of it again, add the footers that are
 * missing, remove the journal. The bytes that are cut off are kept beside the recording in `<file>.damaged-tail`. Works on any
 * uncompressed XDF file. Done twice it changes nothing the second time; killed at any moment it loses nothing: what it
 * takes away is durable elsewhere first, and the journal says how to go back.
 *
 * @throws RecordingError when the recording is still being made, is compressed, or holds nothing that can be kept
 */
export async function repairRecording(
  path: string,
  options: { readonly wallClock?: () => Date } = {},
): Promise<RepairReport> {
  const journal = await readJournal(path, (options.wallClock ?? (() => new Date()))());
  if (journal?.isLive)
    throw new RecordingError(`${path} is still being recorded; end that session first.`, { misuse: true });
  await refuseOtherFormats(path);
  if (journal?.repair !== undefined) await undo(path, journal.repair);
  const ending = await newEnding(path);
  const { wholeEnd, size } = ending;
  let damagedTail: string | undefined;
  if (size > wholeEnd || ending.bytes.length > 0) {
    if (size > wholeEnd) damagedTail = await keepTail(path, wholeEnd, size);
    const tail = damagedTail === undefined ? "" : basename(damagedTail);
    await announce(path, { repair: { from: wholeEnd, length: size - wholeEnd, tail } });
    await replaceEnd(path, wholeEnd, ending.bytes);
  }
  await rm(journalOf(path), { force: true });
  await machineFiles.syncFolder(dirname(path));
  const { durationSeconds, streams, damage } = await describe(path);
  return {
    path,
    changed: journal !== undefined || size > wholeEnd || ending.bytes.length > 0,
    removedBytes: size - wholeEnd,
    damagedTail,
    nSamplesSaved: ending.nSamplesSaved,
    nFootersWritten: ending.nFooters,
    durationSeconds,
    streams,
    damage,
  };
}

async function refuseOtherFormats(path: string): Promise<void> {
  const source = await openFileSource(path);
  const head = await readBytes(source, 0, 4);
  await source.close();
  if (sniffCompression(head) !== undefined)
    throw new RecordingError(`${path} is compressed and cannot be repaired; unpack it first.`, {
      misuse: true,
    });
  if (new TextDecoder().decode(head) !== "XDF:")
    throw new RecordingError(`${path} is no XDF recording; only those can be repaired.`, { misuse: true });
}

/** Put back what a repair that was killed may have changed. */
async function undo(path: string, { from, length, tail }: JournalRepair["repair"]): Promise<void> {
  const bytes = length > 0 ? await readFile(join(dirname(path), basename(tail))) : new Uint8Array(0);
  if (bytes.length !== length)
    throw new RecordingError(`${path} cannot be repaired: ${tail} is not the end that was cut off from it.`);
  await replaceEnd(path, from, bytes);
}

async function replaceEnd(path: string, from: number, bytes: Uint8Array): Promise<void> {
  await withFile(path, "r+", async (handle) => {
    await writeAt(handle, bytes, from);
    await handle.truncate(from + bytes.length);
    await handle.sync();
  });
}

/** Copy the end of the file to a file of its own, durably; one that holds the same already will do. */
async function keepTail(path: string, from: number, size: number): Promise<string> {
  const bytes = await withFile(path, "r", async (handle) => {
    const tail = new Uint8Array(size - from);
    let got = 0;
    while (got < tail.length) {
      const { bytesRead } = await handle.read(tail, got, tail.length - got, from + got);
      if (bytesRead === 0) throw new RecordingError(`${path} became shorter while it was repaired.`);
      got += bytesRead;
    }
    return tail;
  });
  for (let n = 1; ; n++) {
    const kept = `${path}.damaged-tail${n === 1 ? "" : `-${n}`}`;
    const there = await stat(kept).catch(() => undefined);
    if (there !== undefined) {
      if (there.size === bytes.length && (await readFile(kept)).equals(bytes)) return kept;
      continue;
    }
    const partial = `${kept}.partial`;
    await withFile(partial, "w", async (handle) => {
      await writeAt(handle, bytes, 0);
      await handle.sync();
    });
    await rename(partial, kept);
    await machineFiles.syncFolder(dirname(path));
    return kept;
  }
}

/** Add to the journal, or begin one: from here on a repair that is killed can be undone. */
async function announce(path: string, line: JournalRepair): Promise<void> {
  const text = await readFile(journalOf(path), "utf8").catch(() => "");
  await withFile(journalOf(path), "a", async (handle) => {
    const separator = text === "" || text.endsWith("\n") ? "" : "\n";
    await handle.write(`${separator}${JSON.stringify(line)}\n`);
    await handle.sync();
  });
  await machineFiles.syncFolder(dirname(path));
}

async function describe(path: string): Promise<Pick<RepairReport, "durationSeconds" | "streams" | "damage">> {
  const recording = await openRecording(path);
  await recording.close();
  if (recording.kind !== "continuous") throw new RecordingError(`${path} is no recording of a session.`);
  const { damage } = recording;
  const streams = recording.streams.map(({ id, name, nSamples }) => ({ id, name, nSamples }));
  return { durationSeconds: spanOf(recording.streams), streams, damage };
}

async function withFile<T>(
  path: string,
  flags: string,
  work: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  const handle = await open(path, flags);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length)
    written += (await handle.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
}
