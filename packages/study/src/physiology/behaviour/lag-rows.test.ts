import { intervals, observedTime } from "@attune/core";
import { expect, test } from "vitest";
import { lagRows } from "./lag-rows.ts";

const stream = (onsets: readonly number[]) =>
  intervals(
    Float64Array.from(onsets),
    Float64Array.from(onsets, (onset) => onset + 0.5),
  );
const acts = Array.from({ length: 20 }, (_, k) => 10 * k + 1.2);

test("an answer that comes 2 s after every act stands at lag 2, and the two people only are paired", () => {
  const rows = lagRows({
    first: "mother",
    second: "baby",
    gaze: undefined,
    mutualGaze: undefined,
    touch: [],
    voice: {
      first: stream(acts.map((onset) => onset + 2)),
      protophones: stream(acts),
      cries: stream([]),
      observed: observedTime(0, 200),
    },
  });
  expect(rows).toHaveLength(10);
  expect(new Set(rows.map(({ act, answer }) => `${act} ${answer}`))).toEqual(
    new Set(["protophone voice", "voice protophone"]),
  );
  const own = rows.filter(({ from }) => from === "baby");
  expect(own.map(({ lagSeconds }) => lagSeconds)).toEqual([0, 1, 2, 3, 4]);
  expect(own[2]).toMatchObject({ to: "mother", counts: [20, 0, 0, 178] });
  expect(own[2]!.yuleQ).toBeGreaterThan(0.99);
  for (const lag of [0, 1, 3, 4]) expect(own[lag]!.logOddsRatio).toBeLessThan(0);
});
