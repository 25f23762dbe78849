import { type HeartsOptions, simulateHearts } from "@attune/device-simulated";
import { XdfWriter } from "@attune/recording";
import type { DyadResult } from "@attune/study";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bench } from "./attune-process.ts";

const bench = new Bench();
afterAll(() => bench.remove());

const SECONDS = 180;
const RATE = 250;
const hearts = "--adult-ecg ECG --infant-ecg ECG --surrogates 99";

/** Two ECGs, each with a channel of movement, on one clock. */
async function writeHearts(
  name: string,
  options: Partial<HeartsOptions> & { readonly seed: number },
): Promise<void> {
  const simulated = simulateHearts({ durationSeconds: SECONDS, samplingRate: RATE, ...options });
  const rate = simulated.options.samplingRate;
  const roles = ["adult", "infant"] as const;
  const writer = await XdfWriter.create(bench.path(name));
  for (const [k, role] of roles.entries()) {
    await writer.addStream(k + 1, {
      name: `${role} heart`,
      type: "ECG",
      channels: [
        { label: "ECG", unit: "mV" },
        { label: "MOVE", unit: "g" },
      ],
      nominalSamplingRate: rate,
      format: "float32",
      sourceId: role,
      desc: { participant: { id: role } },
    });
    await writer.writeClockOffset(k + 1, 100, 0);
  }
  for (let block = 0; block < simulated.nBlocks; block++)
    for (const [k, role] of roles.entries()) {
      const data = new Float64Array(2 * rate);
      data.set(simulated.ecg(role, block));
      for (let n = 0; n < rate; n++) data[rate + n] = Math.sin(n) * (1 + ((block * (k + 3)) % 7));
      const stamps = Float64Array.from({ length: rate }, (_, n) => 100 + block + n / rate);
      await writer.writeSamples(k + 1, stamps, { data });
    }
  await writer.close();
}

const nameOf = (k: number): string => `dyad-${String(k).padStart(2, "0")}.xdf`;
const othersOf = (own: number, n = 20): string =>
  Array.from({ length: 21 }, (_, k) => k)
    .filter((k) => k !== own)
    .slice(0, n)
    .map(nameOf)
    .join(",");

async function dyad(args: string): Promise<DyadResult> {
  const { code, stdout, stderr } = await bench.attune(`dyad ${args} --json`);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as DyadResult;
}

async function refusal(args: string): Promise<string> {
  const { code, stderr } = await bench.attune(`dyad ${args} --json`);
  expect(code).not.toBe(0);
  return stderr.trim();
}

describe("pseudo-dyads", () => {
  beforeAll(async () => {
    for (let k = 0; k < 21; k++) {
      const covariation = k === 0 ? 0.9 : 0;
      await writeHearts(nameOf(k), { seed: 101 + k, covariation, covariationInTouch: covariation });
    }
    await writeHearts("fast.xdf", { seed: 300, covariation: 0, durationSeconds: 80, samplingRate: 500 });
  });

  test("twenty others decide: the planted dyad beats them all, and every input is named with its hash", async () => {
    const { covariation, provenance, verdicts } = await dyad(
      `${nameOf(0)} ${hearts} --pseudo-dyads ${othersOf(0)}`,
    );
    expect(covariation.primary.decidedBy).toBe("pseudoDyad");
    expect(covariation.primary.p).toBeCloseTo(1 / 21, 12);
    expect(covariation.primary.nulls[0]).toMatchObject({ kind: "pseudoDyad", nSurrogates: 20 });
    expect(provenance.inputs.map(({ name }) => name)).toEqual([nameOf(0), ...othersOf(0).split(",")]);
    expect(verdicts.map(({ text }) => text).join(" ")).toContain("no p below 0.048");
  }, 60_000);

  test("a dyad in which nothing was planted is one of many", async () => {
    const { covariation, answer } = await dyad(`${nameOf(5)} ${hearts} --pseudo-dyads ${othersOf(5)}`);
    expect(covariation.primary.decidedBy).toBe("pseudoDyad");
    expect(covariation.primary.p).toBeGreaterThan(0.05);
    expect(answer[0]).toMatch(/^No evidence/);
  }, 60_000);

  test("three are too few, and it is said how many are needed", async () => {
    const { covariation, verdicts } = await dyad(`${nameOf(0)} ${hearts} --pseudo-dyads ${othersOf(0, 3)}`);
    expect(covariation.primary.decidedBy).toBe("circularShift");
    expect(verdicts.find(({ severity }) => severity === "caution")?.text).toMatch(
      /3 other dyads cannot reach p = 0\.05, so give 19 or more/,
    );
  }, 60_000);

  test("a shorter recording at another rate shortens the comparison, which is said", async () => {
    const { covariation, verdicts, time } = await dyad(
      `${nameOf(0)} ${hearts} --pseudo-dyads ${nameOf(1)},fast.xdf`,
    );
    expect(covariation.comparedSeconds).toBeLessThan(81);
    expect(time.end - time.start).toBeGreaterThan(170);
    expect(verdicts.some(({ text }) => text.includes("over the first"))).toBe(true);
  }, 60_000);

  test("what cannot stand in is named with its file", async () => {
    const made = await bench.attune("simulate --out eeg.xdf --duration 20 --seed 1");
    expect(made.code).toBe(0);
    const all = await Promise.all([
      refusal(`${nameOf(0)} ${hearts} --pseudo-dyads ${nameOf(1)},eeg.xdf`),
      refusal(`${nameOf(0)} ${hearts} --pseudo-dyads ${nameOf(1)},${nameOf(0)}`),
      refusal(`${nameOf(0)} ${hearts} --pseudo-dyads ${nameOf(1)},${nameOf(2)},${nameOf(1)}`),
      refusal(`${nameOf(0)} ${hearts} --pseudo-dyads ${nameOf(1)},nowhere.xdf`),
    ]);
    expect(all[0]).toMatch(/Pseudo-dyad eeg\.xdf: There is no channel "ECG" for adult/);
    expect(all[1]).toMatch(/Pseudo-dyad dyad-00\.xdf: it is the same recording as dyad-00\.xdf/);
    expect(all[2]).toMatch(/the same recording as dyad-01\.xdf/);
    expect(all[3]).toMatch(/There is no file nowhere\.xdf/);
  }, 60_000);
});

describe("what comes with the hearts", () => {
  beforeAll(async () => {
    await writeHearts("moving.xdf", { seed: 400 });
    const phases =
      "onset\tduration\tperson\tlayer\tstate\n0\t95\tsession\tphase\trest\n95\t55\tsession\tphase\tplay\n";
    bench.write("phases.tsv", phases);
  });

  test("movement of both makes arousal; of one it is said what is missing", async () => {
    const both = await dyad(`moving.xdf ${hearts} --adult-movement MOVE --infant-movement MOVE`);
    expect(both.covariation.exploratory.map(({ id }) => id)).toContain("arousal-wlcc");
    const one = await dyad(`moving.xdf ${hearts} --adult-movement MOVE`);
    expect(one.notReported).toContainEqual({
      what: "arousal-wlcc",
      why: "movement of both was not given",
    });
    expect(await refusal(`moving.xdf ${hearts} --infant-movement nothing`)).toMatch(
      /no channel "nothing" for infant \(--infant-movement\)/,
    );
  }, 60_000);

  test("imported pre-ejection periods stand in their epochs, and a named baseline counts their change", async () => {
    bench.write("pep.tsv", "onset\tpep\n0\t100\n30\t106\n60\t103\n90\t93\n120\t999\n");
    const { epochs, people, reactivity, notReported, verdicts } = await dyad(
      `moving.xdf ${hearts} --adult-pep pep.tsv --states phases.tsv --baseline rest`,
    );
    const adult = epochs.filter(({ person }) => person === "adult");
    expect(adult.slice(0, 4).map(({ pep }) => pep)).toEqual([100, 106, 103, 93]);
    expect(people[0].preEjectionPeriod).toBeCloseTo(100.5, 9);
    expect(people[0].nPreEjectionLeftOut).toBe(1);
    expect(verdicts.some(({ text }) => text.includes("outside 20 to 250 ms"))).toBe(true);
    expect(adult[3]!.reactivity.pep.change).toBeCloseTo(-10, 9);
    expect(reactivity).toMatchObject({ baseline: "rest" });
    expect(notReported.some(({ what }) => what === "sympathetic activity of infant")).toBe(true);
  }, 60_000);

  test("tables of periods that say nothing are refused, each with the reason", async () => {
    const of = async (text: string): Promise<string> => {
      const name = `pep-${text.length}.tsv`;
      bench.write(name, text);
      return refusal(`moving.xdf ${hearts} --adult-pep ${name}`);
    };
    expect(await of("time\tpep\n0\t100\n")).toMatch(/needs the columns "onset" \(seconds\) and "pep"/);
    expect(await of("onset\tpep\n0\tlong\n")).toMatch(/row 2, column "pep": "long" is not a number/);
    expect(await of("onset\tpep\n0\t0.101\n")).toMatch(/is the column pep in ms\?/);
    expect(await of("onset\tpep\n90000\t101\n")).toMatch(/onset must be session time in seconds/);
    expect(await refusal(`moving.xdf ${hearts} --states phases.tsv --baseline calm`)).toMatch(
      /no phase "calm" to be the baseline: the phases are rest, play/,
    );
  }, 60_000);

  test("a child of 2 to 5 years has a band of their own", async () => {
    const { people } = await dyad(`moving.xdf ${hearts} --infant-age child`);
    expect(people[1]).toMatchObject({
      id: "infant",
      role: "child",
      rsaBand: { low: 0.24, high: 0.5 },
      spectralSeconds: 60,
    });
  }, 60_000);
});
