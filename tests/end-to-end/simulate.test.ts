import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { Bench } from "./attune-process.ts";

const bench = new Bench();
afterAll(() => bench.remove());

describe("attune simulate", () => {
  test("writes a recording that info describes and analyze reads, with the truth beside it", async () => {
    const made = await bench.attune(
      "simulate --out dyad.xdf --seed 9 --duration 90 --coupling infant->adult:0.2:averted --channels 3 --adult-rate 300 --infant-rate 200 --drift 60 --loss 4 --artefacts 0 --json",
    );
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const document = JSON.parse(made.stdout);
    expect(document).toMatchObject({ file: "dyad.xdf", truthFile: "dyad.truth.json", seed: 9 });
    const truth = JSON.parse(readFileSync(bench.path("dyad.truth.json"), "utf8"));
    expect(truth.coupling).toEqual([
      { from: "infant", to: "adult", strength: 0.2, gazeState: "averted", delaySeconds: 0.01 },
    ]);

    const info = await bench.attune("info dyad.xdf --json");
    const { streams, states, next, damage } = JSON.parse(info.stdout);
    expect(damage).toEqual([]);
    for (const clock of truth.clocks) {
      const stream = streams.find(({ name }: { name: string }) => name.includes(clock.person));
      expect(stream.channels.map(({ label }: { label: string }) => label)).toEqual(["C3", "C4", "F3"]);
      expect(stream.nominalSamplingRate).toBe(clock.nominalSamplingRate);
      expect(Math.abs(stream.clock.driftPpm + clock.driftPpm)).toBeLessThan(5);
      const lost = truth.losses.filter(({ person }: { person: string }) => person === clock.person);
      expect(stream.gaps).toHaveLength(lost.length);
      const nLost = lost.reduce((sum: number, { nSamples }: { nSamples: number }) => sum + nSamples, 0);
      expect(stream.nSamples).toBe(clock.nSamples - nLost);
    }
    const averted = states.find(
      ({ person, state }: { person: string; state: string }) => person === "adult" && state === "averted",
    );
    const planned = truth.states.filter(
      ({ person, state }: { person: string; state: string }) => person === "adult" && state === "averted",
    );
    const seconds = planned.reduce((sum: number, { duration }: { duration: number }) => sum + duration, 0);
    expect(averted.count).toBe(planned.length);
    expect(Math.abs(averted.seconds - seconds)).toBeLessThan(0.1);

    expect(next).toEqual({ command: "attune analyze dyad.xdf --out results", missing: null });
    const analysed = await bench.attune(["analyze", "dyad.xdf", "--surrogates", "49", "--json"]);
    expect(analysed.code).toBe(0);
    const directions = JSON.parse(analysed.stdout).conditions.flatMap(
      ({
        condition,
        directions: all,
      }: {
        condition: string;
        directions: { from: string; band: string; corrected: number }[];
      }) => all.map((each) => ({ condition, ...each })),
    );
    const corrected = (condition: string, from: string): number =>
      directions.find(
        (each: { condition: string; from: string; band: string }) =>
          each.condition === condition && each.from === from && each.band === "alpha",
      ).corrected;
    expect(corrected("averted", "infant")).toBeGreaterThan(0.05);
    expect(corrected("direct", "infant")).toBeLessThan(0.05);
    expect(corrected("averted", "adult")).toBeLessThan(0.05);
  });

  test("gives the same bytes for the same seed, and replaces a recording only when told to", async () => {
    const options = "--seed 2 --duration 40 --coupling none --stimulus 0.5";
    await bench.attune(`simulate --out a.xdf ${options}`);
    await bench.attune(`simulate --out b.xdf ${options}`);
    const bytes = readFileSync(bench.path("a.xdf"));
    expect(readFileSync(bench.path("b.xdf")).equals(bytes)).toBe(true);
    const refused = await bench.attune("simulate --out a.xdf --seed 3 --duration 10");
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(readFileSync(bench.path("a.xdf")).equals(bytes)).toBe(true);
    expect(await bench.attune("simulate --out a.xdf --seed 3 --duration 10 --overwrite")).toMatchObject({
      code: 0,
    });
    expect(readFileSync(bench.path("a.xdf")).equals(bytes)).toBe(false);
    const { states } = JSON.parse((await bench.attune("info b.xdf --json")).stdout);
    const songs = states.filter(({ layer }: { layer: string }) => layer === "stimulus");
    expect(songs.map(({ state }: { state: string }) => state)).toContain("song-a");
  });
});
