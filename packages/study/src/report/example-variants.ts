import { parseHTML } from "linkedom";
import type { ConditionResult, StudyResult } from "../result.ts";
import { exampleResult } from "./example-result.ts";

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
export function withMarker(result: StudyResult, marker: string): StudyResult {
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

export function threePeople(): StudyResult {
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

export function onlyCondition(name: string, overrides: Partial<ConditionResult> = {}): StudyResult {
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

export const variants: readonly (readonly [string, () => StudyResult])[] = [
  ["the example", () => exampleResult()],
  ["no numbers at all", () => withoutNumbers(exampleResult())],
  ["no conditions", () => exampleResult({ conditions: [], contrasts: [], eventLocked: [] })],
  ["one condition over the whole recording", () => onlyCondition("all")],
  ["no null", withoutNull],
  ["three people", threePeople],
  [
    "no low-pass filter",
    () => {
      const result = exampleResult();
      return {
        ...result,
        settings: { ...result.settings, filter: { ...result.settings.filter, lowPassHz: 0 } },
      };
    },
  ],
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

export function documentOf(report: string) {
  return parseHTML(report).document;
}

/** Text as a reader sees it, without the style sheet. */
export function visibleText(report: string): string {
  const document = documentOf(report);
  document.querySelector("style")?.remove();
  const labels = [...document.querySelectorAll("[aria-label]")].map((item) =>
    item.getAttribute("aria-label"),
  );
  return `${document.body.textContent} ${document.title} ${labels.join(" ")}`.replace(/\s+/g, " ");
}

const voidElements = new Set(["meta", "br", "hr", "img", "input", "link"]);

/** Names of elements that are closed in the wrong order or never. */
export function unbalanced(report: string): string[] {
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
