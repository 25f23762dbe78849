import { RecordingError } from "../errors.ts";
import { FileRecorder } from "./file-recorder.ts";
import { Journal, machineMark } from "./journal.ts";
import type { Recorder } from "./recorder.ts";
import type { RecorderOptions } from "./recorder-options.ts";
import { machineFiles } from "./recording-files.ts";

/**
 * Create a recording and its journal.
 *
 * @throws RecordingError when the file exists already (a recording is never overwritten) or cannot be created
 */
export async function openRecorder(options: RecorderOptions): Promise<Recorder> {
  const { path, files = machineFiles } = options;
  const started = (options.wallClock ?? (() => new Date()))().toISOString();
  const file = await files.create(path, { replace: false }).catch((cause: NodeJS.ErrnoException) => {
    const misuse = cause.code === "EEXIST";
    const reason = misuse ? "the file is there already, choose another name" : cause.message;
    throw new RecordingError(`Cannot record to ${path}: ${reason}.`, { cause, misuse });
  });
  let journal: Journal | undefined;
  try {
    journal = await Journal.create(
      path,
      {
        attuneJournal: 1,
        session: options.session.id,
        started,
        processId: process.pid,
        machine: machineMark(),
      },
      files,
    );
    const recorder = new FileRecorder(options, files, file, journal);
    await recorder.begin(started);
    return recorder;
  } catch (cause) {
    await file.close().catch(() => {});
    await journal?.remove().catch(() => {});
    await files.remove(path).catch(() => {});
    if (cause instanceof RecordingError) throw cause;
    throw new RecordingError(`Cannot record to ${path}: ${(cause as Error).message}.`, { cause });
  }
}
