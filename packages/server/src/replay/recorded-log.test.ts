import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { recordedLog } from "./recorded-log.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "attune-recorded-log-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = async (table: string) => {
  await writeFile(join(folder, "dyad.log.tsv"), table);
  return recordedLog(join(folder, "dyad.xdf"));
};

test("rows about one trouble stay together in the replay, and what just happened belongs to none", async () => {
  const log = await read(
    [
      "onset\tlevel\tsource\tmessage\trecording_time\tspell\tspell_over",
      "1.000\talarm\tcap/eeg\tno samples for 3.0 s\t0.500\t4\tno",
      "2.000\tinfo\tsession\tnote asleep\t1.500\tn/a\tn/a",
      "3.000\tinfo\tcap/eeg\twas silent for 5.0 s\t2.500\t4\tyes",
      "",
    ].join("\n"),
  );
  expect(log?.map(({ spell }) => spell)).toEqual([
    { id: 4, isOver: false },
    undefined,
    { id: 4, isOver: true },
  ]);
});

test("a table without spells and one that was cut off in the middle of a row are read as far as they go", async () => {
  expect(
    await read("onset\tlevel\tsource\tmessage\trecording_time\n1.000\talarm\tcap\tgone\t0.5\n2.000\tinf"),
  ).toEqual([{ at: 1, level: "alarm", source: "cap", message: "gone" }]);
});
