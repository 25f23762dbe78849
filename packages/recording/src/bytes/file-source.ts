import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { RecordingError } from "../errors.ts";
import type { ByteSource } from "./byte-source.ts";

/** A file on disk as a source of bytes. */
export async function openFileSource(path: string): Promise<ByteSource> {
  const handle = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "there is no such file" : cause.message;
    throw new RecordingError(`Cannot open ${path}: ${reason}.`, { cause });
  });
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw new RecordingError(`Cannot read ${path}: it is not a file.`);
  }
  let isOpen = true;
  return {
    size: stat.size,
    read: async (target, position) => {
      let got = 0;
      while (got < target.length) {
        const { bytesRead } = await handle.read(target, got, target.length - got, position + got);
        if (bytesRead === 0) break;
        got += bytesRead;
      }
      return got;
    },
    close: async () => {
      if (isOpen) await handle.close();
      isOpen = false;
    },
  };
}

/** SHA-256 of a file, hexadecimal, read in blocks. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const block of createReadStream(path, { highWaterMark: 1 << 20 }))
    hash.update(block as Uint8Array);
  return hash.digest("hex");
}
