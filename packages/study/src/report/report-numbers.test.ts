import { describe, expect, it } from "vitest";
import type { ConditionResult } from "../result.ts";
import { exampleResult } from "./example-result.ts";
import { documentOf, onlyCondition, visibleText } from "./example-variants.ts";
import { standingOf } from "./judge.ts";
import { renderReport } from "./render-report.ts";

describe("the numbers of the report", () => {
  const result = exampleResult();
  const report = renderReport(result);
  const document = documentOf(report);
  const rows = [...document.querySelectorAll("#coupling table.dense tbody tr")].map((row) => ({
    cells: [...row.querySelectorAll("th, td")].map((cell) => cell.textContent),
  }));

  it("stand in the table of the coupling section, row by row, in the order of the result", () => {
    const expected = result.conditions.flatMap((condition) => {
      const heading = [condition.condition];
      if (!condition.reported) return [heading];
      return [
        heading,
        ...condition.directions.map((item) => [
          item.from,
          item.to,
          item.band,
          item.value.toFixed(4),
          item.nullMean.toFixed(4),
          item.nullSd.toFixed(4),
          item.corrected.toFixed(4).replace("-", "−"),
          item.z.toFixed(2).replace("-", "−"),
          item.p.toFixed(3).slice(item.p < 1 ? 1 : 0),
          String(item.nWindows),
          item.equalised.toFixed(4),
          item.floor.toFixed(4),
        ]),
      ];
    });
    expect(rows.length).toBe(expected.length);
    expected.forEach((parts, index) => {
      for (const part of parts) expect(rows[index]?.cells.join(" | ")).toContain(part);
    });
  });

  it("hold every contrast, model check, stream, event and setting as text", () => {
    const text = visibleText(report);
    const wanted = [
      "+0.0331", // difference between conditions
      "6.71", // its z
      "1.0127", // spectral radius of the unstable model
      "0.0154", // parameters per sample
      "Li-McLeod: 214.6 on 208 df, p = .362",
      "0.934", // consistency
      "0.68 to 0.77", // R squared
      "0.012 [−0.017, 0.041]", // residuals across heads
      "0.0379", // order 5
      "249.9871",
      "+51.60",
      "141.204",
      "1.352",
      "Bytes 1 048 576",
      "92.3 %", // windows and channels without drift
      "18 events used, 4 left out",
      "26.72 (× 1.31)", // alpha power of the infant under averted gaze
      result.provenance.settingsHash,
      result.provenance.inputs[0]?.sha256 ?? "",
      "20170",
      "filter.highPassHz",
      "140 of 399 windows",
    ];
    for (const part of wanted) expect(text).toContain(part);
  });

  it("say for a condition that is not reported why, wherever its numbers would be", () => {
    for (const id of ["coupling", "heads", "matrix", "spectrum", "nulls", "model", "other"])
      expect(document.getElementById(id)?.textContent, id).toContain(
        "only 6.0 s of clean data in 3 episodes",
      );
    expect(document.getElementById("power")?.textContent).toContain("n/a (condition not reported)");
  });

  it("say of each line around an event how far it rises above the baseline and when more than around random moments", () => {
    const event = result.eventLocked[0]!;
    const [theta, alpha] = event.directions as [
      (typeof event.directions)[number],
      (typeof event.directions)[number],
    ];
    const items = [...document.querySelectorAll("#events li")].map((item) => item.textContent);
    expect(items.length).toBe(event.directions.length);
    const after = theta.baselineDifference!.filter((_, t) => event.times[t]! >= 0);
    const highest = Math.max(...after.filter(Number.isFinite));
    const time = event.times[theta.baselineDifference!.indexOf(highest)]!;
    expect(items[0]).toContain(
      `at most +${highest.toFixed(4)} against the baseline, at ${time.toFixed(2)} s`,
    );
    const risen = event.times.filter((_, t) => theta.baselineP![t]! < 0.05);
    expect(items[0]).toContain(
      `more than around random moments at ${risen[0]!.toFixed(2)} to ${risen.at(-1)!.toFixed(2)} s.`,
    );
    expect(alpha.baselineP!.every((p) => p > 0.05)).toBe(true);
    expect(items[1]).toContain("never more than around random moments.");
  });

  it("do not say of a rise that was not tested that there was none", () => {
    const [event] = result.eventLocked as [(typeof result.eventLocked)[number]];
    const directions = event.directions.map((line) => ({
      ...line,
      baselineP: line.baselineP!.map(() => Number.NaN),
    }));
    const untested = documentOf(renderReport({ ...result, eventLocked: [{ ...event, directions }] }));
    const items = [...untested.querySelectorAll("#events li")].map((item) => item.textContent);
    expect(items.length).toBe(directions.length);
    for (const item of items) {
      expect(item).toContain("not tested, because the recording has too few clean random moments");
      expect(item).not.toContain("random moments at");
      expect(item).not.toContain("never");
    }
    expect(untested.querySelectorAll("#events .number .why").length).toBeGreaterThanOrEqual(
      event.times.length * directions.length,
    );
  });

  it("put other measures under their name with scale and unit, with a direction only where there is one", () => {
    const rows = [...document.querySelectorAll("#other tbody tr")].map((row) => row.textContent);
    const heading = rows.findIndex((row) => row?.startsWith("information flow informationFlow"));
    expect(rows[heading]).toContain("in bits/s");
    expect(rows[heading + 1]).toContain("adult → infant");
    const undirected = rows.findIndex((row) => row?.startsWith("weighted phase-lag index wpli"));
    expect(rows[undirected]).toContain("0 to 1");
    expect(rows[undirected + 1]).toContain("adult ↔ infant");
    expect(rows[undirected + 1]).toContain("0.1130");
  });

  it("colour exactly the arrows that are above chance, and dash all others", () => {
    const arrows = [...document.querySelectorAll("#heads svg path[d*='H'][stroke-width]")];
    const standings = result.conditions
      .filter((condition) => condition.reported)
      .flatMap((condition) => condition.directions.map((item) => standingOf(condition, item, 0.05)));
    expect(arrows.length).toBe(standings.length);
    const solid = arrows.filter((arrow) => arrow.getAttribute("stroke-dasharray") === null);
    expect(solid.map((arrow) => arrow.getAttribute("stroke"))).toEqual(["var(--adult)"]);
    expect(standings.filter((standing) => standing === "above").length).toBe(1);
    for (const arrow of arrows.filter((item) => !solid.includes(item)))
      expect(arrow.getAttribute("stroke")).toBe("var(--grey)");
  });

  it("never call a number of an unusable model above chance, however small its p", () => {
    const [condition] = onlyCondition("all").conditions as [ConditionResult];
    const unusable = { ...condition, health: { ...condition.health, status: "unstable" } } as const;
    expect(standingOf(condition, { value: 0.5, p: 0.001, q: 0.002 }, 0.05)).toBe("above");
    expect(standingOf(unusable, { value: 0.5, p: 0.001, q: 0.002 }, 0.05)).toBe("unusable");
    expect(standingOf(condition, { value: 0.5, p: 0.03, q: 0.06 }, 0.05)).toBe("not-above");
    expect(standingOf(condition, { value: 0.5, p: 0.03, q: Number.NaN }, 0.05)).toBe("above");
  });

  it("put alarms before cautions and notes, and leave good news to the answer", () => {
    const words = [...document.querySelectorAll("main > ul.verdicts > li")].map((item) => item.className);
    expect(words).toEqual(["alarm", "caution", "note"]);
  });

  it("keep the matrix readable as from and to, with the blocks between people framed", () => {
    const matrix = document.querySelector("#matrix svg[role=img]");
    const labels = [...(matrix?.querySelectorAll("text") ?? [])].map((item) => item.textContent);
    for (const part of ["from adult", "from infant", "to adult", "to infant"]) expect(labels).toContain(part);
    expect(matrix?.querySelectorAll("rect[stroke-width='3']").length).toBe(2);
    const values = result.conditions[0]?.matrices[1]?.values ?? [];
    // Row 2 (infant C3), column 0 (adult C3): from adult to infant.
    const title = `adult C3 → infant C3: ${(values[2 * 4] as number).toFixed(4)}`;
    expect([...document.querySelectorAll("#matrix title")].map((item) => item.textContent)).toContain(title);
  });
});
