import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGunzip, createInflate } from "node:zlib";
import type { ByteSource } from "./byte-source.ts";
import { openFileSource } from "./file-source.ts";

/** `gzip` starts with 1f 8b, `zlib` with 78 and a header whose 16 bits divide by 31. */
export function sniffCompression(head: Uint8Array): "gzip" | "zlib" | undefined {
  const [a = 0, b = 0] = head;
  if (a === 0x1f && b === 0x8b) return "gzip";
  if (a === 0x78 && (a * 256 + b) % 31 === 0) return "zlib";
  return undefined;
}

export interface Inflated {
  readonly source: ByteSource;
  /** Set when the compressed data broke off or was damaged; what came before it is in the source. */
  readonly problem: string | undefined;
}

/**
 * Decompress a file into a temporary one, which `close` removes. Compressed data cannot be read at random places.
 */
export async function inflateToTemporaryFile(path: string, kind: "gzip" | "zlib"): Promise<Inflated> {
  const temporary = join(tmpdir(), `attune-${randomUUID()}.inflated`);
  const input = createReadStream(path, { highWaterMark: 1 << 18 });
  const inflate = kind === "gzip" ? createGunzip() : createInflate();
  const output = createWriteStream(temporary, { mode: 0o600 });
  let problem: string | undefined;
  input.on("error", (error) => inflate.destroy(error));
  input.pipe(inflate);
  try {
    for await (const block of inflate) {
      if (!output.write(block)) await new Promise<void>((resolve) => output.once("drain", resolve));
    }
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  input.destroy();
  await new Promise<void>((resolve, reject) => output.once("error", reject).end(resolve));
  const source = await openFileSource(temporary);
  const close = async (): Promise<void> => {
    await source.close();
    await rm(temporary, { force: true });
  };
  return { source: { size: source.size, read: source.read, close }, problem };
}
