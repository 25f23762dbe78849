import { readFileSync } from "node:fs";
import { bytesSource, openRecording, openXdf, RecordingError } from "@attune/recording";
import fc from "fast-check";
import { expect, test } from "vitest";
import { describeWithShared, readSharedJson, sharedPath } from "../support/shared.ts";

describeWithShared("recordings", () => {
  test("the HyPyP dyad's epochs have the sums that its sidecars state", async () => {
    const path = (person: number): string =>
      sharedPath("recordings", "derived", `hypyp_preproc_S${person}.json`);
    const recording = await openRecording(path(1), { files: { adult: path(1), infant: path(2) } });
    if (recording.kind !== "epochs") throw new Error("not epochs");
    const persons = await recording.epochs();
    for (const [person, file] of [
      ["adult", 1],
      ["infant", 2],
    ] as const) {
      const sidecar = readSharedJson("recordings", "derived", `hypyp_preproc_S${file}.json`);
      const { epochs, channels } = persons.get(person)!;
      expect([epochs.length, channels.length, epochs[0]!.length]).toEqual([33, 31, 31 * 501]);
      const sum = epochs.reduce((total, epoch) => epoch.reduce((t, x) => t + x, total), 0);
      expect(sum).toBeCloseTo(sidecar.sum, 6);
    }
  });

  test("a real table of five minutes is read with its channel names", async () => {
    const path = sharedPath("recordings", "neurokit", "bio_resting_5min_100hz.csv");
    const recording = await openRecording(path, { samplingRate: 100 });
    if (recording.kind !== "continuous") throw new Error("not continuous");
    const [stream] = recording.streams;
    const lines = readFileSync(path, "utf8").trim().split(/\r?\n/);
    expect(stream!.channels.map((c) => c.label)).toEqual(lines[0]!.split(","));
    expect(stream!.nSamples).toBe(lines.length - 1);
    const { data } = await recording.read("table", { fromSample: lines.length - 2, nSamples: 1 });
    expect([...data]).toEqual(lines.at(-1)!.split(",").map(Number));
  });

  test("files with lying lengths and shuffled chunks do not crash the reader", async () => {
    for (const name of ["chunk_length_lie", "out_of_order_clock_offsets", "out_of_order_sample_chunk"]) {
      const recording = await openRecording(sharedPath("recordings", "xdf-rs", `${name}.xdf`));
      expect(recording.damage.length).toBeGreaterThan(0);
      await recording.close();
    }
  });

  test("foreign files are refused with a sentence", async () => {
    for (const file of ["hypyp/LICENSE", "mitdb/100.dat", "PROVENANCE.md", "eeglab-sample/eeglab_data.fdt"])
      await expect(openRecording(sharedPath("recordings", file))).rejects.toThrow(RecordingError);
  });

  test("the composite recording, damaged at random places, never gives a sample that it did not hold", async () => {
    const original = new Uint8Array(
      readFileSync(sharedPath("recordings", "composite-null-dyad", "composite-null-dyad.xdf")),
    );
    const open = (bytes: Uint8Array) =>
      openXdf(bytesSource(bytes), "damaged", { timing: "recorded", sha256: async () => "" });
    const rowsOf = async (bytes: Uint8Array) => {
      const recording = await open(bytes);
      const { data } = await recording.read("1", { fromSample: 0, nSamples: 1e9 });
      const n = data.length / 19;
      const rows = new Set<string>();
      for (let k = 0; k < n; k++) rows.add(Array.from({ length: 19 }, (_, c) => data[c * n + k]).join());
      return {
        rows,
        n,
        damage: recording.damage,
        total: recording.streams.reduce((sum, s) => sum + s.nSamples, 0),
      };
    };
    const truth = await rowsOf(original);
    const where = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    await fc.assert(
      fc.asyncProperty(where, fc.constantFrom("truncate", "zero", "insert"), async (place, kind) => {
        const at = Math.floor(place * (original.length - 5000));
        let bytes = original.slice();
        if (kind === "truncate") bytes = original.slice(0, at);
        if (kind === "zero") bytes.fill(0, at, at + 4096);
        if (kind === "insert") {
          bytes = new Uint8Array(original.length + 64);
          bytes.set(original.subarray(0, at));
          bytes.set(original.subarray(at), at + 64);
        }
        const got = await rowsOf(bytes);
        const invented = [...got.rows].filter((row) => !truth.rows.has(row));
        expect(invented.length).toBeLessThanOrEqual(kind === "zero" ? 1 : 0);
        const kept =
          kind === "truncate" ? (at / original.length) * truth.total * 0.98 - 400 : truth.total - 800;
        expect(got.total).toBeGreaterThan(kept);
        if (kind !== "truncate") expect(got.damage.length).toBeGreaterThan(0);
      }),
      { numRuns: 15 },
    );
  });
});
