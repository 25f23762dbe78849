import { randomUUID } from "node:crypto";
import { mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { findInterrupted } from "@attune/recording";
import type { Stream } from "@attune/signal";
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

/** Whether the recording has a place, room and a name. */
export async function checkFolder(loaded: LoadedSession, streams: readonly Stream[]): Promise<Check[]> {
  const folder = loaded.recordingFolder;
  const probe = join(folder, `.attune-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, "test", { flag: "wx", flush: true });
    await rm(probe);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    return [red("folder", folder, `cannot be written to (${why}): choose another under recording.folder`)];
  }
  const { bavail, bsize } = await statfs(folder);
  const minutes = (bavail * bsize) / bytesPerSecond(streams) / 60;
  const least = loaded.file.recording.minimumDiskMinutes;
  const room = minutes > 6000 ? "more than 100 hours" : `${Math.floor(minutes)} minutes`;
  const path = await nextRecordingPath(loaded);
  const isFirst = !/_run-\d+\.xdf$/.test(path);
  const interrupted = await findInterrupted(folder);
  return [
    green("folder", folder, "a test file was written and removed"),
    minutes >= least
      ? green("disk", folder, `room for ${room} at the rate of these streams`)
      : red("disk", folder, `room for ${room} only, ${least} asked for: free space or choose another disk`),
    isFirst
      ? green("name", basename(path), "free")
      : amber("name", basename(path), "earlier recordings of this session exist: this one is a further run"),
    ...interrupted.map(({ path: broken }) =>
      amber("interrupted", basename(broken), `was interrupted: "attune repair ${broken}" restores its end`),
    ),
  ];
}
