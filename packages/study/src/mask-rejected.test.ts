import { reasonBit } from "@attune/pipeline";
import type { RejectionReason } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { labelled, N_SAMPLES } from "./example-windows.test-support.ts";
import { maskRejected } from "./mask-rejected.ts";

const record = (person: string, firstIndex: number, nSamples: number) => ({
  person,
  firstIndex,
  nSamples,
  nChannels: 1,
  data: new Float64Array(nSamples),
  mask: new Uint16Array(nSamples),
});

const rejected = (firstIndex: number, ...reasons: RejectionReason[]) =>
  labelled(firstIndex, { reasons: reasons.map((reason) => ({ person: "infant", reason })) });

/** `[from, to)` of every masked stretch. */
function stretches(mask: Uint16Array): [number, number][] {
  const found: [number, number][] = [];
  mask.forEach((value, n) => {
    if (value === 0) return;
    const last = found.at(-1);
    if (last !== undefined && last[1] === n) last[1] = n + 1;
    else found.push([n, n + 1]);
  });
  return found;
}

describe("records with the rejected stretches masked", () => {
  test.each(["amplitude", "flat", "railed", "line-noise", "near-artefact", "outlier"] as const)(
    "%s masks the window in everybody's record",
    (reason) => {
      const records = maskRejected(
        [record("adult", 0, 1000), record("infant", 0, 1000)],
        [rejected(400, reason)],
      );
      for (const { mask } of records) {
        expect(stretches(mask)).toEqual([[400, 400 + N_SAMPLES]]);
        expect(mask[400]).toBe(reasonBit(reason));
      }
    },
  );

  test.each(["state-switch", "state-unknown", "requirement"] as const)("%s masks nothing", (reason) => {
    const [masked] = maskRejected([record("adult", 0, 1000)], [rejected(400, reason)]);
    expect(stretches(masked!.mask)).toEqual([]);
  });

  test("a window that an artefact and a state spoilt is masked", () => {
    const [masked] = maskRejected([record("adult", 0, 1000)], [rejected(400, "state-switch", "amplitude")]);
    expect(stretches(masked!.mask)).toEqual([[400, 600]]);
  });

  test("accepted windows are not", () => {
    const [masked] = maskRejected([record("adult", 0, 1000)], [labelled(400, {})]);
    expect(stretches(masked!.mask)).toEqual([]);
  });

  test("a record that starts later or ends earlier is masked where it exists", () => {
    const windows = [rejected(0, "flat"), rejected(400, "flat")];
    const [masked] = maskRejected([record("adult", 150, 300)], windows);
    expect(stretches(masked!.mask)).toEqual([
      [0, 50],
      [250, 300],
    ]);
  });

  test("what was masked before stays, and the record that came in is not touched", () => {
    const original = record("adult", 0, 1000);
    original.mask[450] = reasonBit("gap");
    const [masked] = maskRejected([original], [rejected(400, "flat")]);
    expect(masked!.mask[450]).toBe(reasonBit("gap") | reasonBit("flat"));
    expect(original.mask[400]).toBe(0);
  });
});
