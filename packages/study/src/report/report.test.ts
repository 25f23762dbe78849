import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import type { ConditionResult, StudyResult } from "../result.ts";
import { exampleResult } from "./example-result.ts";
import { standingOf } from "./judge.ts";
import { renderReport } from "./render-report.ts";
import { texts } from "./texts.ts";

/** Rewrites every leaf of a result; `path` holds the keys that lead to it. */
function mapLeaves(
  value: unknown,
  change: (leaf: unknown, path: readonly string[]) => unknown,
  path: readonly string[] = [],
): unknown {
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, change, path));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, mapLeaves(item, change, [...path, key])]),
    );
  return change(value, path);
}

const wordsOfTheFormat = new Set([
  "severity",
  "status",
  "role",
  "alignment",
  "phase",
  "filterPhase",
  "primaryNull",
  "format",
  "settings",
  "reason",
]);

/** Puts `marker` behind every free text of a result, the same everywhere, so that names still refer to each other. */
function withMarker(result: StudyResult, marker: string): StudyResult {
  return mapLeaves(result, (leaf, path) => {
    if (path.includes("nulls") && path.at(-1) === "id") return leaf;
    const isWord = path.some(
      (key, index) => wordsOfTheFormat.has(key) && (key !== "reason" || path[index - 1] === "rejected"),
    );
    const isBand =
      path[0] === "settings" && ((path[1] === "bands" && path[2] === "name") || path[1] === "primaryBands");
    return typeof leaf === "string" && (!isWord || isBand) ? `${leaf}${marker}` : leaf;
  }) as StudyResult;
}

/** The result with every number missing, as a study that failed everywhere would leave it. */
function withoutNumbers(result: StudyResult): StudyResult {
  const emptied = mapLeaves(result, (leaf, path) =>
    typeof leaf === "number" && path[0] !== "settings" ? Number.NaN : leaf,
  );
  return emptied as StudyResult;
}

function threePeople(): StudyResult {
  const result = exampleResult();
  const conditions = result.conditions.map((condition) => ({
    ...condition,
    directions: condition.directions.flatMap((item) => [
      item,
      {
        ...item,
        from: item.from === "infant" ? "infant-2" : item.from,
        to: item.to === "infant" ? "infant-2" : item.to,
      },
      ...(item.from === "adult"
        ? [
            { ...item, from: "infant", to: "infant-2" },
            { ...item, from: "infant-2", to: "infant" },
          ]
        : []),
    ]),
  }));
  return {
    ...result,
    conditions,
    people: [...result.people, { id: "infant-2", role: "infant" }],
    montage: [
      ...result.montage,
      { person: "infant-2", channel: "C3" },
      { person: "infant-2", channel: "C4" },
    ],
  };
}

function eighteenChannels(): StudyResult {
  const result = exampleResult();
  const sites = ["F3", "Fz", "F4", "C3", "Cz", "C4", "P3", "Pz", "P4"];
  const montage = ["adult", "infant"].flatMap((person) => sites.map((channel) => ({ person, channel })));
  const values = Array.from({ length: 18 * 18 }, (_, index) =>
    index % 19 === 0 ? 0.7 : 0.01 + (index % 7) / 300,
  );
  const conditions = result.conditions.map((condition) => ({
    ...condition,
    matrices: condition.matrices.map(({ band }) => ({ band, values })),
  }));
  return { ...result, montage, conditions };
}

function onlyCondition(name: string, overrides: Partial<ConditionResult> = {}): StudyResult {
  const result = exampleResult();
  const [first] = result.conditions;
  return {
    ...result,
    conditions: [{ ...(first as ConditionResult), condition: name, ...overrides }],
    contrasts: [],
  };
}

function withoutNull(): StudyResult {
  const { conditions } = onlyCondition("all");
  const [condition] = conditions as [ConditionResult];
  const none = {
    nullMean: Number.NaN,
    nullSd: Number.NaN,
    corrected: Number.NaN,
    z: Number.NaN,
    p: Number.NaN,
    q: Number.NaN,
    nullSample: [],
  };
  return onlyCondition("all", {
    nulls: [],
    timeReversal: [],
    directions: condition.directions.map((item) => ({ ...item, ...none })),
  });
}

const variants: readonly (readonly [string, () => StudyResult])[] = [
  ["the example", () => exampleResult()],
  ["no numbers at all", () => withoutNumbers(exampleResult())],
  ["no conditions", () => exampleResult({ conditions: [], contrasts: [], eventLocked: [] })],
  ["one condition over the whole recording", () => onlyCondition("all")],
  ["no null", withoutNull],
  ["three people", threePeople],
  ["eighteen channels", eighteenChannels],
  [
    "nothing reported",
    () => exampleResult({ conditions: exampleResult().conditions.slice(2, 3), contrasts: [] }),
  ],
  [
    "an empty timeline, recording and order selection",
    () => {
      const result = exampleResult();
      return {
        ...result,
        timeline: { startSeconds: 0, endSeconds: 0, states: [], windows: [] },
        recording: { ...result.recording, streams: [], damage: [] },
        diagnostics: {
          orderSelection: { orders: [], criteria: [], used: 7, sensitivity: [] },
          windows: { total: 0, accepted: 0, rejected: [] },
        },
        provenance: { ...result.provenance, inputs: [] },
        verdicts: [],
      };
    },
  ],
];

function documentOf(report: string) {
  return parseHTML(report).document;
}

/** Text as a reader sees it, without the style sheet. */
function visibleText(report: string): string {
  const document = documentOf(report);
  document.querySelector("style")?.remove();
  const labels = [...document.querySelectorAll("[aria-label]")].map((item) =>
    item.getAttribute("aria-label"),
  );
  return `${document.body.textContent} ${document.title} ${labels.join(" ")}`.replace(/\s+/g, " ");
}

const voidElements = new Set(["meta", "br", "hr", "img", "input", "link"]);

/** Names of elements that are closed in the wrong order or never. */
function unbalanced(report: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const withoutStyle = report.replace(/<style>[\s\S]*?<\/style>/, "");
  for (const [, slash, name, rest] of withoutStyle.matchAll(
    /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:"[^"]*"|[^">])*)>/g,
  )) {
    if (voidElements.has(name as string) || (rest as string).endsWith("/")) continue;
    if (slash === "") open.push(name as string);
    else if (open.pop() !== name) wrong.push(name as string);
  }
  return [...wrong, ...open];
}

describe.each(variants)("a report of %s", (_, build) => {
  const report = renderReport(build());
  const document = documentOf(report);

  it("is well formed: every element is closed in order and ids are unique", () => {
    expect(report.startsWith('<!doctype html>\n<html lang="en">')).toBe(true);
    expect(unbalanced(report)).toEqual([]);
    const ids = [...document.querySelectorAll("[id]")].map((item) => item.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("writes missing numbers as n/a, never as NaN, undefined or an object", () => {
    const found = report
      .replace(/<style>[\s\S]*?<\/style>/, "")
      .match(/NaN|undefined|Infinity|\[object|>null<|<t[dh][^>]*>\s*<\/t[dh]>/g);
    expect(found).toBeNull();
  });

  it("needs nothing from outside and runs nothing", () => {
    const found = report.match(
      /https?:|\/\/[a-z]|@import|url\(|<script|<link|<img|<iframe|\bsrc=|\bon[a-z]+=/i,
    );
    expect(found).toBeNull();
    const policy = document.querySelector("meta[http-equiv='Content-Security-Policy']");
    expect(policy?.getAttribute("content")).toMatch(/^default-src 'none'; style-src 'unsafe-inline';/);
  });

  it("has one h1, all sections in order, and contents that lead to them", () => {
    expect(document.querySelectorAll("h1").length).toBe(1);
    const titles = [...document.querySelectorAll("main > section > h2")].map((item) => item.textContent);
    expect(titles).toEqual(Object.values(texts.headings));
    for (const link of document.querySelectorAll("nav a"))
      expect(document.getElementById((link.getAttribute("href") ?? "").slice(1))).not.toBeNull();
  });

  it("gives every picture a label, every figure a caption, every table a caption and headers", () => {
    for (const svg of document.querySelectorAll("svg"))
      expect(svg.getAttribute("aria-hidden") ?? svg.getAttribute("aria-label")).toBeTruthy();
    for (const item of document.querySelectorAll("figure"))
      expect(item.querySelector("figcaption")?.textContent).toContain("How to read it.");
    for (const item of document.querySelectorAll("table")) {
      expect(item.querySelector("caption")?.textContent).toBeTruthy();
      const nColumns = item.querySelectorAll("thead th").length;
      for (const row of item.querySelectorAll("tbody tr")) {
        const widths = [...row.children].map((cell) => Number(cell.getAttribute("colspan") ?? 1));
        expect(widths.reduce((sum, width) => sum + width, 0)).toBe(nColumns);
        expect(row.querySelector("th")).not.toBeNull();
      }
    }
  });

  it("is the same to the byte when it is written again, whatever was written in between", () => {
    renderReport(threePeople());
    expect(renderReport(build())).toBe(report);
  });

  it("lets no text of the data become markup", () => {
    const marker = `"'><script>alert(1)</script><img src=x onerror="x()">&amp;</svg>`;
    const hostile = documentOf(renderReport(withMarker(build(), marker)));
    expect(hostile.querySelectorAll("script, img").length).toBe(0);
    const attributes = [...hostile.querySelectorAll("*")].flatMap((item) =>
      [...item.attributes].map((attribute) => attribute.name),
    );
    expect(
      attributes.filter((name) => /^on|^src$|[^a-zA-Z:-]/.test(name) && !/^[xy][12]$/.test(name)),
    ).toEqual([]);
    // The same elements as before: nothing was opened or closed by a name.
    const shape = (page: typeof document) =>
      [...page.querySelectorAll("body *")].filter((item) => !item.closest("svg")).length;
    expect(shape(hostile)).toBe(shape(document));
    expect(unbalanced(renderReport(withMarker(build(), " <b>&")))).toEqual([]);
  });
});

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

  it("colour exactly the arrows that are above chance, and dash all others", () => {
    const arrows = [...document.querySelectorAll("#heads svg path[d*='H'][stroke-width]")];
    const standings = result.conditions
      .filter((condition) => condition.reported)
      .flatMap((condition) => condition.directions.map((item) => standingOf(condition, item)));
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
    expect(standingOf(condition, { value: 0.5, p: 0.001, q: 0.002 })).toBe("above");
    expect(standingOf(unusable, { value: 0.5, p: 0.001, q: 0.002 })).toBe("unusable");
    expect(standingOf(condition, { value: 0.5, p: 0.03, q: 0.06 })).toBe("not-above");
    expect(standingOf(condition, { value: 0.5, p: 0.03, q: Number.NaN })).toBe("above");
  });

  it("put alarms before cautions, notes and good news", () => {
    const words = [...document.querySelectorAll("main > ul.verdicts > li")].map((item) => item.className);
    expect(words).toEqual(["alarm", "caution", "note", "good"]);
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
