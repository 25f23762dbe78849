import { readFileSync } from "node:fs";
import { join } from "node:path";
import { analyseDyad } from "@attune/study";
import { afterAll, expect, test } from "vitest";
import { Bench } from "./attune-process.ts";
import { root } from "./document-blocks.ts";

const folder = join(root, "fixtures/hearts");
const bench = new Bench();
afterAll(() => bench.remove());

test("the command beside the fixture makes it again, byte for byte", async () => {
  const [line] = readFileSync(join(root, "fixtures/README.md"), "utf8").match(
    /^pnpm attune simulate --hearts .*$/m,
  )!;
  const words = line.replace("pnpm attune ", "").replace("fixtures/hearts/", "").split(" ");
  const { code, stderr } = await bench.attune(words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const name of ["dyad.xdf", "dyad.states.tsv", "dyad.truth.json"])
    expect(readFileSync(bench.path(name)).equals(readFileSync(join(folder, name))), name).toBe(true);
}, 30_000);

test("every beat of the fixture is found, on session time, within 2 ms of where it was put", async () => {
  const result = await analyseDyad({
    path: join(folder, "dyad.xdf"),
    members: [
      { id: "adult", role: "adult", ecg: "ECG", belt: "RESP" },
      { id: "infant", role: "infant", ecg: "ECG", belt: "RESP" },
    ],
    settings: { nSurrogates: 99, exploratorySurrogates: 19 },
  });
  const truth = JSON.parse(readFileSync(join(folder, "dyad.truth.json"), "utf8")) as {
    beats: Record<string, number[]>;
  };
  for (const person of ["adult", "infant"]) {
    const found = Array.from(result.data.hearts.find((heart) => heart.person === person)!.beatTimes);
    const planted = truth.beats[person]!.filter((time) => time > 1 && time < 89);
    const errors = planted.map((time) =>
      found.reduce((best, each) => (Math.abs(each - time) < Math.abs(best) ? each - time : best), 1),
    );
    // Session time 0 is the first sample of the earlier device; the clocks' fit moves both by the same fraction of a sample.
    const offset = [...errors].sort((a, b) => a - b)[errors.length >> 1]!;
    expect(Math.abs(offset), person).toBeLessThan(0.004);
    const rest = errors.map((error) => Math.abs(error - offset)).sort((a, b) => a - b);
    expect(rest[Math.floor(0.99 * rest.length)], person).toBeLessThan(0.002);
    expect(found.filter((time) => time > 1 && time < 89).length).toBe(planted.length);
  }
}, 30_000);
