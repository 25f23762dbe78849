import { readFileSync } from "node:fs";
import type { DyadResult } from "@attune/study";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bench } from "./attune-process.ts";

const bench = new Bench();
afterAll(() => bench.remove());

const read = (name: string): string => readFileSync(bench.path(name), "utf8");

/** A document as it was written: numbers that do not exist are null. */
async function dyad(args: string): Promise<DyadResult> {
  const { code, stdout, stderr } = await bench.attune(`dyad ${args} --json`);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as DyadResult;
}

describe("attune dyad", () => {
  beforeAll(async () => {
    const made = await Promise.all([
      bench.attune(
        "simulate --hearts --out planted.xdf --duration 600 --seed 21 --covariation 0.9 --ecg-rate 250",
      ),
      bench.attune(
        "simulate --hearts --out leak.xdf --duration 180 --seed 5 --covariation-in-touch 0 --leak 0.1 --no-contingent",
      ),
    ]);
    for (const { code, stderr } of made) expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("finds the planted lag, covariation and contingency in an XDF whose devices have clocks of their own", async () => {
    const channels = "--adult-ecg ECG --infant-ecg ECG --adult-belt RESP --infant-belt RESP";
    const { code, stdout, stderr } = await bench.attune(
      `dyad planted.xdf ${channels} --split touch --surrogates 199 --out results`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("adult leads by 3 s");
    const result = JSON.parse(read("results/result.json")) as DyadResult;
    expect(result).toMatchObject({
      format: "attune-dyad",
      formatVersion: 1,
      provenance: { alignment: "offline" },
    });
    const { primary } = result.covariation;
    expect(primary.crossCorrelation.peakLag).toBe(3);
    expect(primary.p).toBeLessThanOrEqual(0.01);
    const answered = result.behaviour.find(
      ({ measure, detail, null: kind }) =>
        measure === "delta P" &&
        kind === "circular-shift" &&
        detail.startsWith("adult answers infant's protophone, within 2 s"),
    )!;
    expect(answered.value).toBeGreaterThan(0.3);
    expect(answered.p).toBeLessThanOrEqual(0.01);
    expect(result.crossTalk.verdict).toBe("none-found");
    const touch = result.splits.find(({ isDeclared }) => isDeclared)!;
    expect(touch).toMatchObject({ person: "adult", layer: "touch", state: "any" });
    expect(touch.insideNull.high).toBeGreaterThan(touch.insideNull.low);
    // The windows that are drawn are those that were counted.
    for (const { inside, outside, insideWindows, outsideWindows } of result.splits) {
      expect(insideWindows).toHaveLength(inside.n);
      expect(outsideWindows).toHaveLength(outside.n);
    }

    // Every beat where it was planted, whatever the devices' clocks said.
    const truth = JSON.parse(read("planted.truth.json")) as { beats: Record<string, number[]> };
    const beats = read("results/beats.tsv")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t"));
    for (const person of ["adult", "infant"]) {
      const found = beats.filter(([who]) => who === person).map(([, onset]) => Number(onset));
      const planted = truth.beats[person]!.filter((time) => time > 3 && time < 595);
      // Session time begins with the first sample of either device, a few ms after the simulation's.
      const errors = planted.map((time) => Math.min(...found.map((each) => Math.abs(each - time))));
      expect(Math.max(...errors)).toBeLessThan(0.02);
    }
    const [adult, infant] = result.people;
    expect(adult.breathsPerMinute).toBeGreaterThan(13);
    expect(adult.breathsPerMinute).toBeLessThan(17);
    expect(infant.coverage).toBeGreaterThan(0.99);

    const header = read("results/epochs.csv").split("\n")[0]!;
    expect(header).toContain("dyad,role,person,epoch,start,condition,lnRSA,IBI");
    expect(read("results/report.html")).toContain("Do the two hearts covary?");
    expect(read("results/METHODS.md")).toContain("Porges");
    expect(read("results/report.html")).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  }, 60_000);

  test("the same request gives the same bytes", async () => {
    const args = "planted.xdf --adult-ecg ECG --infant-ecg ECG --to 120 --surrogates 99 --json";
    const [a, b] = await Promise.all([bench.attune(`dyad ${args}`), bench.attune(`dyad ${args}`)]);
    expect(a.code).toBe(0);
    expect(a.stdout).toBe(b.stdout);
  }, 60_000);

  test("says loudly that one ECG leaks into the other", async () => {
    const { code, stdout } = await bench.attune(
      "dyad leak.xdf --adult-ecg ECG --infant-ecg ECG --surrogates 99 --out leaking",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ALARM: Cross-talk: .*Do not interpret any covariation/m);
    expect(read("leaking/report.html")).toContain("A LEAK WAS FOUND");
  }, 60_000);

  test("another dyad's infant stands in as a partner, and one is too few to decide", async () => {
    const { covariation, time } = await dyad(
      "planted.xdf --adult-ecg ECG --infant-ecg ECG --to 180 --surrogates 99 --pseudo-dyads leak.xdf",
    );
    expect(time.end).toBe(180);
    const kinds = covariation.primary.nulls.map(({ kind, nSurrogates }) => `${kind} ${nSurrogates}`);
    expect(kinds).toEqual([
      "circularShift 99",
      "segmentShuffle 99",
      "phaseRandomised 99",
      "pseudoDyad 1",
      "pseudoDyadGroup 99",
    ]);
    expect(covariation.primary.decidedBy).toBe("circularShift");
  }, 60_000);

  test("a table of samples, and tables of beats, give what the XDF gives", async () => {
    const [fromFile, fromBeats] = [
      await dyad("planted.xdf --adult-ecg ECG --infant-ecg ECG --surrogates 99"),
      await (async () => {
        const truth = JSON.parse(read("planted.truth.json")) as { beats: Record<string, number[]> };
        for (const who of ["adult", "infant"])
          bench.write(`${who}.tsv`, `onset\n${truth.beats[who]!.join("\n")}\n`);
        return dyad(
          "--adult-beats adult.tsv --infant-beats infant.tsv --states planted.states.tsv --surrogates 99",
        );
      })(),
    ];
    expect(fromBeats.covariation.primary.value).toBeCloseTo(fromFile.covariation.primary.value, 1);
    expect(fromBeats.crossTalk.verdict).toBe("not-checked");
    fromBeats.people.forEach((person, k) => {
      expect(person.meanInterval).toBeCloseTo(fromFile.people[k]!.meanInterval, 0);
      expect(person.lnRsa).toBeCloseTo(fromFile.people[k]!.lnRsa, 0);
    });
    const count = (result: DyadResult, what: string): number =>
      result.behaviour.find(({ measure, detail }) => measure === "onsets per minute" && detail === what)!.n;
    for (const what of ["protophone", "cry", "any touch", "voice"])
      expect(count(fromBeats, what)).toBe(count(fromFile, what));
  }, 60_000);

  test("a CSV of two ECGs with a gap: the gap is missing, not bridged", async () => {
    const { simulateHearts } = await import("@attune/device-simulated");
    const hearts = simulateHearts({ seed: 6, durationSeconds: 120 });
    const rows = ["mother,baby"];
    for (let block = 0; block < 120; block++) {
      const [a, b] = [hearts.ecg("adult", block), hearts.ecg("infant", block)];
      for (let n = 0; n < a.length; n++)
        rows.push(`${a[n]!.toFixed(4)},${block >= 60 && block < 70 ? "n/a" : b[n]!.toFixed(4)}`);
    }
    bench.write("table.csv", `${rows.join("\n")}\n`);
    const result = await dyad(
      "table.csv --sampling-rate 250 --adult-ecg mother --infant-ecg baby --surrogates 99",
    );
    const [adult, infant] = result.people;
    expect(adult.coverage).toBeGreaterThan(0.98);
    expect(infant.coverage).toBeGreaterThan(0.88);
    expect(infant.coverage).toBeLessThan(0.93);
    expect(result.epochs.find(({ person, start }) => person === "infant" && start === 60)).toMatchObject({
      excluded: "coverage",
      lnRsa: null,
    });
    expect(result.behaviour).toEqual([]);
    expect(result.notReported.map(({ what }) => what)).toContain("touch (kinds, latency)");
  }, 60_000);

  test.each([
    ["dyad", "The adult needs a heart"],
    ["dyad planted.xdf --adult-ecg ECG --infant-ecg Nose --json", 'no channel "Nose" for infant'],
    ["dyad planted.xdf --adult-ecg ECG --infant-ecg ECG", "Results need a place"],
    ["dyad planted.xdf --adult-ecg ECG --infant-ecg ECG --split sleep --json", 'layer "sleep"'],
    ["dyad planted.xdf --adult-ecg ECG --adult-beats x.tsv --infant-ecg ECG --json", "comes from one place"],
    ["dyad nowhere.xdf --adult-ecg ECG --infant-ecg ECG --json", "no file nowhere.xdf"],
    ["dyad planted.xdf --adult-ecg ECG --infant-ecg ECG --adult a --infant a --json", "two names"],
  ])("%s is refused in one sentence", async (line, sentence) => {
    const { code, stdout, stderr } = await bench.attune(line);
    expect(stdout).toBe("");
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain(sentence);
    expect(code).toBe(2);
  });

  test("--help shows an example", async () => {
    const { code, stdout } = await bench.attune("dyad --help");
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples:\n {2}attune dyad .* --adult-ecg ECG/);
  });
});
