import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { defaultDyadSettings } from "../request.ts";
import { sharedTime } from "../shared-time.ts";
import { readBeatTable } from "./beat-table.ts";
import type { ReadHeart } from "./read-hearts.ts";

const folder = mkdtempSync(join(tmpdir(), "attune-units-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function table(column: string, values: readonly number[]): ReturnType<typeof readBeatTable> {
  const path = join(folder, `${column}.tsv`);
  writeFileSync(path, `${column}\n${values.join("\n")}\n`);
  return readBeatTable(path, "adult");
}
const beats = Array.from({ length: 100 }, (_, k) => 0.4 + 0.7 * k);

test("intervals in seconds and beats in milliseconds are recognised and refused", async () => {
  await expect(
    table(
      "ibi",
      beats.map(() => 0.7),
    ),
  ).rejects.toThrow(/median of the column "ibi" is 0.7, .* seconds: multiply by 1000/);
  await expect(
    table(
      "onset",
      beats.map((time) => Math.round(1000 * time)),
    ),
  ).rejects.toThrow(/700 apart \(median\), .* in ms: divide by 1000/);
  expect(
    (
      await table(
        "ibi",
        beats.map(() => 700),
      )
    ).beats.times,
  ).toHaveLength(101);
  expect((await table("onset", beats)).beats.times).toHaveLength(100);
});

const heart = (first: number, last: number, interval: number): ReadHeart =>
  ({
    beats: {
      times: Float64Array.from({ length: 20 }, (_, k) => first + k * interval),
      firstTime: first,
      lastTime: last,
    },
  }) as ReadHeart;

test("a recording of 300 s is 300 s long although its last sample and beat come before the end", () => {
  const whole = [heart(0.003, 299.996, 0.8), heart(0, 299.996, 0.45)];
  expect(sharedTime(whole, defaultDyadSettings)).toMatchObject({ start: 0, end: 300 });
  const tables = [heart(0.6, 59.4, 0.8), heart(0.2, 59.7, 0.45)];
  expect(sharedTime(tables, defaultDyadSettings)).toMatchObject({ start: 0, end: 60 });
});

test("more than a beat is not made up, and what was asked for is kept", () => {
  expect(sharedTime([heart(1.5, 298, 0.8), heart(0, 300, 0.45)], defaultDyadSettings)).toMatchObject({
    start: 1,
    end: 298,
  });
  expect(
    sharedTime([heart(0, 300, 0.8), heart(0, 300, 0.45)], { ...defaultDyadSettings, from: 20, to: 120 }),
  ).toMatchObject({ start: 20, end: 120 });
  expect(() => sharedTime([heart(0, 50, 0.8), heart(0, 300, 0.45)], defaultDyadSettings)).toThrow(
    /60 s or more/,
  );
});
