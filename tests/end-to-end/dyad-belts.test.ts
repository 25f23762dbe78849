import { simulateHearts } from "@attune/device-simulated";
import type { DyadResult } from "@attune/study";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bench } from "./attune-process.ts";

const bench = new Bench();
afterAll(() => bench.remove());

const SECONDS = 240;

/** Two ECGs and two belts in a table; some of the adult's breathing in the infant's ECG or belt. */
function writeTable(name: string, inEcg: number, inBelt: number): void {
  const hearts = simulateHearts({ seed: 11, durationSeconds: SECONDS });
  const rows = ["mother,baby,mb,bb"];
  for (let block = 0; block < SECONDS; block++) {
    const [a, b] = [hearts.ecg("adult", block), hearts.ecg("infant", block)];
    const [ba, bb] = [hearts.belt("adult", block), hearts.belt("infant", block)];
    for (let n = 0; n < a.length; n++)
      rows.push(
        [a[n]!, b[n]! + inEcg * ba[n]!, ba[n]!, bb[n]! + inBelt * ba[n]!]
          .map((value) => value.toFixed(5))
          .join(","),
      );
  }
  bench.write(name, `${rows.join("\n")}\n`);
}

async function dyad(file: string, rest: string): Promise<DyadResult> {
  const { code, stdout, stderr } = await bench.attune(
    `dyad ${file} --sampling-rate 250 --adult-ecg mother --infant-ecg baby ${rest} --surrogates 99 --json`,
  );
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as DyadResult;
}

describe("belts", () => {
  beforeAll(() => {
    writeTable("apart.csv", 0, 0);
    writeTable("lap.csv", 0.15, 0);
    writeTable("belt.csv", 0, 0.5);
  }, 60_000);

  test.each([
    ["apart.csv", "none-found", /^$/],
    ["lap.csv", "suspected", /The adult's breathing in infant's ECG baseline/],
    ["belt.csv", "suspected", /The adult's breathing in infant's belt/],
  ])(
    "of %s: cross-talk is %s",
    async (file, verdict, reason) => {
      const { crossTalk } = await dyad(file, "--adult-belt mb --infant-belt bb");
      expect(crossTalk.verdict).toBe(verdict);
      expect(crossTalk.reasons.join(" ")).toMatch(reason);
      expect(crossTalk.stretches[0]!.breathing.map(({ source, seenIn }) => `${source} in ${seenIn}`)).toEqual(
        ["belt in ecg", "belt in ecg", "belt in belt", "belt in belt"],
      );
    },
    60_000,
  );

  test("states of people whom nobody named are refused in one sentence", async () => {
    bench.write("people.tsv", "onset\tduration\tperson\tlayer\tstate\n3\t9\tMother\ttouch\tstatic\n");
    const { code, stderr } = await bench.attune(
      "dyad apart.csv --sampling-rate 250 --adult-ecg mother --infant-ecg baby --states people.tsv --json",
    );
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain("The coded states are of Mother");
  }, 60_000);
});
