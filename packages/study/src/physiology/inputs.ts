import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { ContinuousRecording } from "@attune/recording";
import type { Provenance } from "../result.ts";
import type { DyadRequest } from "./request.ts";

/** The recording and every table that the numbers rest on, with their SHA-256. */
export async function inputsOf(
  recording: ContinuousRecording | undefined,
  { path, members, statesPath }: DyadRequest,
): Promise<Provenance["inputs"]> {
  const tables = [
    ...members.map(({ beatsPath }) => beatsPath),
    ...members.map(({ pepPath }) => pepPath),
    statesPath,
  ].filter((each): each is string => each !== undefined);
  const hashed = [...new Set(tables)].map(async (table) => ({
    name: basename(table),
    sha256: createHash("sha256")
      .update(await readFile(table))
      .digest("hex"),
  }));
  return [
    ...(recording === undefined
      ? []
      : [{ name: basename(path ?? recording.path), sha256: await recording.sha256() }]),
    ...(await Promise.all(hashed)),
  ];
}
