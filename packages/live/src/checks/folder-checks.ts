import { randomUUID } from "node:crypto";
import { rm, statfs, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { findInterrupted } from "@attune/recording";
import type { Stream } from "@attune/signal";
import { makeFolder } from "../session/make-folder.ts";
import { nextRecordingPath } from "../session/recording-path.ts";
import type { LoadedSession } from "../session-file/read-session.ts";
import { amber, type Check, green, red } from "./check.ts";

/** Stamp and order record of a sample, bytes; XDF stores a stamp with every sample. */
const STAMP_BYTES = 9;
const valueBytes = { float32: 4, double64: 8, int8: 1, int16: 2, int32: 4, int64: 8, string: 16 } as const;

/** Bytes that a recording of these streams grows by in a second. */
export const bytesPerSecond = (streams: readonly Stream[]): number =>
  streams.reduce(
    (sum, { channels, nominalSamplingRate, sampleFormat = "double64" }) =>
      sum + nominalSamplingRate * (STAMP_BYTES + channels.length * valueBytes[sampleFormat]),
    2000,
  );

/** How long so many bytes last, minutes. */
export const diskMinutes = (freeBytes: number, streams: readonly Stream[]): number =>
  freeBytes / bytesPerSecond(streams) / 60;

/** Whether the recording has a place, room and a name. */
export async function checkFolder(loaded: LoadedSession, streams: readonly Stream[]): Promise<Check[]> {
  const folder = loaded.recordingFolder;
  const problem = await tryWriting(folder);
  if (problem !== undefined)
    return [
      red("folder", folder, `cannot be written to (${problem}): choose another under recording.folder`),
    ];
  return [
    green("folder", folder, "a test file was written and removed"),
    await checkRoom(folder, streams, loaded.file.recording.minimumDiskMinutes),
    await checkName(loaded),
    ...(await checkInterrupted(folder)),
  ];
}

async function tryWriting(folder: string): Promise<string | undefined> {
  const probe = join(folder, `.attune-${randomUUID()}`);
  try {
    await makeFolder(folder);
    await writeFile(probe, "test", { flag: "wx", flush: true });
    return undefined;
  } catch (error) {
    return codeOf(error);
  } finally {
    // Also what a full disk left of it.
    await rm(probe, { force: true }).catch(() => {});
  }
}

async function checkRoom(folder: string, streams: readonly Stream[], least: number): Promise<Check> {
  const found = await statfs(folder).catch((error: unknown) => codeOf(error));
  if (typeof found === "string")
    return amber("disk", folder, `how much room there is cannot be known (${found}): look at it yourself`);
  const minutes = diskMinutes(found.bavail * found.bsize, streams);
  const room = minutes > 6000 ? "more than 100 hours" : `${Math.floor(minutes)} minutes`;
  return minutes >= least
    ? green("disk", folder, `room for ${room} at the rate of these streams`)
    : red("disk", folder, `room for ${room} only, ${least} asked for: free space or choose another disk`);
}

async function checkName(loaded: LoadedSession): Promise<Check> {
  try {
    const name = basename(await nextRecordingPath(loaded));
    return /_run-\d+\.xdf$/.test(name)
      ? amber("name", name, "earlier recordings of this session exist: this one is a further run")
      : green("name", name, "free");
  } catch (error) {
    return red("name", loaded.file.recording.name, error instanceof Error ? error.message : String(error));
  }
}

async function checkInterrupted(folder: string): Promise<Check[]> {
  try {
    return (await findInterrupted(folder)).map(({ path }) =>
      amber(
        "interrupted",
        basename(path),
        `was interrupted: the next session repairs it, or "attune repair ${path}"`,
      ),
    );
  } catch (error) {
    return [amber("interrupted", folder, `could not be looked through (${codeOf(error)})`)];
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
