import { open, rm, statfs } from "node:fs/promises";

/** A file that grows at its end. */
export interface AppendFile {
  /** Write all of it. A rejected promise says nothing about how much was written. */
  append(bytes: Uint8Array): Promise<void>;
  datasync(): Promise<void>;
  /** False when the file was deleted while it is open: what is written then goes nowhere. */
  isLinked(): Promise<boolean>;
  close(): Promise<void>;
}

/** What a recorder needs of the file system. */
export interface RecordingFiles {
  /** @param options `replace`: an existing file is emptied; otherwise it is an error with the code `EEXIST` */
  create(path: string, options: { readonly replace: boolean }): Promise<AppendFile>;
  remove(path: string): Promise<void>;
  /** Make it durable that files were created or removed in a folder. */
  syncFolder(folder: string): Promise<void>;
  /** Bytes that may still be written there; NaN where that cannot be known. */
  freeBytes(folder: string): Promise<number>;
}

/** The file system of this machine. Only Linux is tested; the calls are Node's portable ones. */
export const machineFiles: RecordingFiles = {
  create: async (path, { replace }) => {
    const handle = await open(path, replace ? "w" : "wx");
    return {
      append: async (bytes) => {
        let written = 0;
        while (written < bytes.length)
          written += (await handle.write(bytes, written, bytes.length - written)).bytesWritten;
      },
      datasync: () => handle.datasync().catch(unlessUnsupported),
      // Windows does not let an open file be deleted, so a count of 0 means the same everywhere.
      isLinked: async () => (await handle.stat()).nlink > 0,
      close: () => handle.close(),
    };
  },
  remove: (path) => rm(path, { force: true }),
  syncFolder: async (folder) => {
    // Windows cannot open a folder and does not need to.
    const handle = await open(folder, "r").catch(() => undefined);
    await handle?.sync().catch(() => {});
    await handle?.close();
  },
  freeBytes: async (folder) => {
    const found = await statfs(folder).catch(() => undefined);
    return found === undefined ? Number.NaN : found.bavail * found.bsize;
  },
};

/** Some network and user-space file systems have no such call: there, what is written is as safe as it gets. */
function unlessUnsupported(error: NodeJS.ErrnoException): void {
  if (error.code !== "EINVAL" && error.code !== "ENOTSUP" && error.code !== "ENOSYS") throw error;
}
