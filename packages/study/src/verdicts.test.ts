import { describe, expect, test } from "vitest";
import { condition as exampleCondition } from "./report/example-condition.ts";
import { exampleResult } from "./report/example-result.ts";
import { exampleSettings } from "./report/example-settings.ts";
import type { ConditionResult, ContrastResult, DirectionResult, NullResult } from "./result.ts";
import { drawVerdicts, isAboveChance } from "./verdicts.ts";

const { recording, contrasts } = exampleResult();
const undamaged = { ...recording, damage: [] };

interface Planted {
  readonly directions?: readonly Partial<DirectionResult>[];
  readonly nulls?: readonly { readonly id: string; readonly p: number }[];
  readonly reversalP?: number;
  readonly rest?: Partial<ConditionResult>;
}

/** A condition in which nothing exceeds chance but for what is planted. */
function condition({ directions = [], nulls = [], reversalP, rest = {} }: Planted): ConditionResult {
  const base = exampleCondition("direct", {}, 1);
  const pairs = base.directions.map((each): DirectionResult => {
    const planted = directions.find(
      ({ from = "adult", to = "infant", band }) => from === each.from && to === each.to && band === each.band,
    );
    return { ...each, p: 0.5, q: each.band === "delta" ? Number.NaN : 0.6, corrected: 0.0123, ...planted };
  });
  return {
    ...base,
    directions: pairs,
    nulls: nulls.map(
      ({ id, p }): NullResult => ({
        ...base.nulls[0]!,
        id,
        directions: pairs.map((each) => ({ ...each, p })),
      }),
    ),
    timeReversal: reversalP === undefined ? [] : [{ ...base.timeReversal[0]!, p: reversalP }],
    diagnostics: { ...base.diagnostics, verdicts: [] },
    ...rest,
  };
}

function verdictsOf(
  conditions: readonly ConditionResult[],
  rest: {
    readonly contrasts?: readonly ContrastResult[];
    readonly damage?: readonly string[];
    readonly profile?: string;
  } = {},
) {
  return drawVerdicts(rest.profile ?? "own", exampleSettings, conditions, rest.contrasts ?? [], {
    ...undamaged,
    damage: rest.damage ?? [],
  });
}

const found = { band: "theta", p: 0.001, q: 0.004 };
const texts = (all: ReturnType<typeof verdictsOf>) => all.map(({ text }) => text);
const about = (pattern: RegExp) => expect.stringMatching(pattern);

describe("coupling", () => {
  const good =
    "Predictive coupling adult->infant theta under direct exceeds chance (corrected 0.012, q = 0.004).";

  test("that exceeds chance is said in one sentence, with direction, band, condition and q", () => {
    expect(verdictsOf([condition({ directions: [found] })])).toContainEqual({ severity: "good", text: good });
  });

  test("at q = alpha counts, above it does not", () => {
    expect(texts(verdictsOf([condition({ directions: [{ ...found, q: 0.05 }] })]))).toContainEqual(
      about(/exceeds chance \(corrected/),
    );
    expect(texts(verdictsOf([condition({ directions: [{ ...found, q: 0.051 }] })]))).not.toContainEqual(
      about(/exceeds chance \(corrected/),
    );
  });

  test("outside the declared family is held against its own p and called exploratory", () => {
    const all = verdictsOf([condition({ directions: [{ band: "delta", p: 0.003, q: Number.NaN }] })]);
    expect(texts(all)).toContain(
      "Predictive coupling adult->infant delta under direct exceeds chance (corrected 0.012, p = 0.003, exploratory).",
    );
  });

  test("that was not tested is not above chance", () => {
    const [direction] = condition({}).directions;
    expect(isAboveChance({ ...direction!, p: Number.NaN, q: Number.NaN }, exampleSettings)).toBe(false);
  });
});

describe("nothing above chance", () => {
  const note = "No direction and band of the declared family exceeds chance in any condition.";

  test("is said when and only when nothing of the family is", () => {
    expect(verdictsOf([condition({})])).toEqual([{ severity: "note", text: note }]);
    expect(texts(verdictsOf([condition({}), condition({ directions: [found] })]))).not.toContain(note);
  });

  test("is said of the family although something outside it is", () => {
    const all = verdictsOf([condition({ directions: [{ band: "delta", p: 0.003, q: Number.NaN }] })]);
    expect(texts(all)).toContain(note);
  });

  test("is not said where nothing was tested: then that is", () => {
    const base = condition({});
    const untested = condition({
      rest: {
        directions: base.directions.map((each) => ({ ...each, p: Number.NaN, q: Number.NaN })),
        nulls: [
          {
            ...base.nulls[0]!,
            id: "blockShuffle",
            nSurrogates: 0,
            notDrawn: "too few windows",
            directions: [],
          },
        ],
      },
    });
    expect(verdictsOf([untested])).toEqual([
      {
        severity: "caution",
        text: "direct: nothing is tested, because the null blockShuffle could not be drawn: too few windows.",
      },
    ]);
  });

  test("is not said where no condition is reported", () => {
    const missing = condition({
      rest: { reported: false, reason: "no window was clean throughout", directions: [] },
    });
    expect(verdictsOf([missing])).toEqual([
      {
        severity: "caution",
        text: "Condition direct is not reported: no window was clean throughout.",
      },
    ]);
  });
});

describe("a shared stimulus", () => {
  const caution = about(/^A shared stimulus \(song, voice, light\) drives both heads/);
  const swapped = (p: number) => condition({ directions: [found], nulls: [{ id: "repetitionSwap", p }] });

  test("is a caution with every finding that no repetition was held against, once for all of them", () => {
    const both = condition({ directions: [found, { ...found, band: "alpha" }] });
    const all = verdictsOf([both]).filter(({ text }) => text.startsWith("A shared stimulus"));
    expect(all).toHaveLength(1);
    expect(all[0]!.severity).toBe("caution");
  });

  test("is no caution without a finding, or where repetitions were exceeded", () => {
    expect(texts(verdictsOf([condition({})]))).not.toContainEqual(caution);
    const all = verdictsOf([swapped(0.01)]);
    expect(texts(all)).not.toContainEqual(caution);
    expect(all.map(({ severity }) => severity)).toEqual(["good"]);
  });

  test("is an alarm where repetitions are not exceeded, and it comes first", () => {
    const [first, ...others] = verdictsOf([swapped(0.3)]);
    expect(first).toEqual({
      severity: "alarm",
      text: "adult->infant theta under direct: the coupling is no stronger than between moments of different repetitions of the same stimulus (repetitionSwap p = 0.300). It can be explained by both heads following the stimulus: do not report it as coupling of this dyad.",
    });
    expect(texts(others)).not.toContainEqual(caution);
  });
});

describe("doubts about a finding", () => {
  const shuffle = about(/^adult->infant theta under direct: shuffling whole windows does not destroy it/);
  const noTurn = about(/^direct: net flow between adult and infant does not turn round with time/);
  const has = (planted: Planted, sentence: unknown) =>
    expect(texts(verdictsOf([condition({ directions: [found], ...planted })]))).toContainEqual(sentence);
  const lacks = (planted: Planted, sentence: unknown) =>
    expect(texts(verdictsOf([condition({ directions: [found], ...planted })]))).not.toContainEqual(sentence);

  test("come from blockShuffle where it is not exceeded, and only there", () => {
    has({ nulls: [{ id: "blockShuffle", p: 0.2 }] }, shuffle);
    lacks({ nulls: [{ id: "blockShuffle", p: 0.01 }] }, shuffle);
    lacks({}, shuffle);
  });

  test("come from the reversal of time where flow one way does not turn round, and only there", () => {
    has({ reversalP: 0.4 }, noTurn);
    lacks({ reversalP: 0.01 }, noTurn);
    lacks({}, noTurn);
    lacks({ reversalP: Number.NaN }, noTurn);
  });

  test("do not come from the reversal of time where both directions are found: net flow then says nothing", () => {
    lacks({ reversalP: 0.4, directions: [found, { ...found, from: "infant", to: "adult" }] }, noTurn);
  });

  test("do not come without a finding", () => {
    const all = verdictsOf([condition({ nulls: [{ id: "blockShuffle", p: 0.2 }], reversalP: 0.4 })]);
    expect(all.map(({ severity }) => severity)).toEqual(["note"]);
  });
});

describe("the model, the contrasts, the file and the rate", () => {
  test("what the diagnostics fear is said with its condition, what they praise is not", () => {
    const diagnostics = {
      ...exampleCondition("direct", {}, 1).diagnostics,
      verdicts: [
        { severity: "alarm", text: "Bad." },
        { severity: "caution", text: "Poor." },
        { severity: "note", text: "Mixed." },
        { severity: "good", text: "Fine." },
      ] as const,
    };
    expect(texts(verdictsOf([condition({ rest: { diagnostics } })])).slice(0, -1)).toEqual([
      "direct: Bad.",
      "direct: Poor.",
    ]);
  });

  test("a difference is said with its sign when its q is small, and only then", () => {
    const [base] = contrasts;
    const row = { ...base!, from: "adult", to: "infant", band: "theta" };
    const sentences = (difference: number, q: number) =>
      texts(verdictsOf([condition({})], { contrasts: [{ ...row, difference, q }] }));
    expect(sentences(0.02, 0.01)).toContain(
      "Predictive coupling adult->infant theta is stronger under direct than under averted (difference 0.020, q = 0.010).",
    );
    expect(sentences(-0.02, 0.01)).toContainEqual(about(/is weaker under direct than under averted/));
    expect(sentences(0.02, 0.2)).not.toContainEqual(about(/stronger/));
    expect(sentences(0.02, Number.NaN)).not.toContainEqual(about(/stronger/));
  });

  test("every damaged stretch is a caution", () => {
    const all = verdictsOf([condition({})], { damage: ["a block was skipped", "the end is missing"] });
    expect(all.filter(({ severity }) => severity === "caution").map(({ text }) => text)).toEqual([
      "The file is damaged: a block was skipped",
      "The file is damaged: the end is missing",
    ]);
  });

  test("another rate than the profile's is a note, the profile's own is none", () => {
    const rate = about(/^The analysis ran at 128 Hz and not at the profile's 200 Hz/);
    const at = (gridRate: number) =>
      drawVerdicts(
        "recommended",
        { ...exampleSettings, gridRate, analysisRate: gridRate },
        [],
        [],
        undamaged,
      );
    expect(texts(at(128))).toEqual([rate]);
    expect(texts(at(128))[0]).toMatch(/Order 7 then looks back 55 ms/);
    expect(at(200)).toEqual([]);
  });

  test("the loudest come first", () => {
    const conditions = [
      condition({ directions: [found] }),
      condition({
        directions: [found],
        nulls: [{ id: "repetitionSwap", p: 0.5 }],
        rest: { condition: "averted" },
      }),
    ];
    const ranks = verdictsOf(conditions, { damage: ["torn"] }).map(({ severity }) =>
      ["alarm", "caution", "good", "note"].indexOf(severity),
    );
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(ranks).size).toBe(3);
  });
});
