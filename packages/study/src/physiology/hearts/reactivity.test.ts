import { describe, expect, test } from "vitest";
import { CodedStates } from "../behaviour/coded-states.ts";
import { epochsCsv, epochsDictionary } from "../output/epochs-csv.ts";
import type { PlainEpochRow } from "../result.ts";
import { baselineOf, withReactivity } from "./reactivity.ts";

const coded = new CodedStates(
  [
    { person: "session", layer: "phase", state: "Baseline", onset: 0, duration: 100 },
    { person: "session", layer: "phase", state: "play", onset: 100, duration: 80 },
  ],
  0,
  180,
);

function epoch(person: string, k: number, lnRsa: number): PlainEpochRow {
  return {
    dyad: "a,b",
    role: person,
    person,
    epoch: k,
    start: 30 * k,
    condition: k < 4 ? "Baseline" : "play",
    lnRsa,
    lnRsaSpectral: Number.NaN,
    ibi: 700 + k,
    heartRate: 80,
    rmssd: 30,
    sdnn: 40,
    peakToTrough: Number.NaN,
    breathingRate: Number.NaN,
    breathingDepth: Number.NaN,
    pep: Number.NaN,
    coverage: 1,
    corrected: 0,
    signalQuality: 1,
    excluded: "",
    states: {},
  };
}

const rows = ["adult", "infant"].flatMap((person, m) =>
  [5, 6, 7, 9, 8, 10].map((lnRsa, k) => epoch(person, k, lnRsa + m)),
);

describe("reactivity", () => {
  test("counts from the epochs that lie wholly in the baseline, in the person's own SD", () => {
    const { epochs, reactivity } = withReactivity(rows, baselineOf(coded, undefined), 30);
    // Epoch 3 reaches from the baseline into play: it is neither baseline nor left out.
    expect(epochs.slice(0, 6).map((row) => row.reactivity.lnRsa.change)).toEqual([-1, 0, 1, 3, 2, 4]);
    expect(epochs[11]!.reactivity.lnRsa).toEqual({ change: 4, z: 4, baseline: 7 });
    expect(reactivity?.baseline).toBe("Baseline");
    const play = reactivity!.rows.find(
      ({ person, measure, phase }) => person === "adult" && measure === "lnRsa" && phase === "play",
    );
    expect(play).toMatchObject({ nEpochs: 2, change: 3, z: 3, baselineMean: 6, baselineSd: 1, nBaseline: 3 });
    // PEP was not given: nothing is summed up.
    expect(reactivity!.rows.some(({ measure }) => measure === "pep")).toBe(false);
  });

  test("another phase can be named, and one that is not coded is refused with those that are", () => {
    expect(baselineOf(coded, "PLAY")?.name).toBe("play");
    expect(() => baselineOf(coded, "rest")).toThrow(/no phase "rest".*Baseline, play/);
    const without = new CodedStates([], 0, 180);
    expect(baselineOf(without, undefined)).toBeUndefined();
    expect(() => baselineOf(without, "rest")).toThrow(/no phase is coded/);
  });

  test("epochs.csv says NA without a baseline, quotes commas, and names every column", () => {
    const { epochs } = withReactivity(rows, undefined, 30);
    const [header = "", first = ""] = [...epochsCsv(epochs)].map((line) => line.trimEnd());
    expect(first.startsWith('"a,b",adult,adult,0,0,Baseline,5,700,')).toBe(true);
    const cells = first.replace('"a,b"', "ab").split(",");
    const names = header.split(",");
    expect(cells).toHaveLength(names.length);
    for (const name of ["lnRSA_change", "IBI_z", "PEP_baseline", "lnRSAspectral", "RSApt"])
      expect(cells[names.indexOf(name)], name).toBe("NA");
    expect(Object.keys(epochsDictionary(epochs).Columns as object)).toEqual(names);
  });
});
