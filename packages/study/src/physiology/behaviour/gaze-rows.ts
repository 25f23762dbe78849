import { intersectIntervals, mutualGazeStatistics, testEvents, totalSeconds } from "@attune/core";
import type { DyadSettings } from "../request.ts";
import type { BehaviourRow } from "../result.ts";
import { bouts, row } from "./row.ts";
import type { DyadBehaviour } from "./vocabulary.ts";

/** Shares, bouts, mutual gaze against independence, who looks first and who breaks it. */
export function gazeRows(
  { gaze, first, second }: DyadBehaviour,
  { seed, nSurrogates }: DyadSettings,
): BehaviourRow[] {
  if (gaze === undefined || !(totalSeconds(gaze.observed) > 0)) return [];
  const mutual = mutualGazeStatistics(gaze.first, gaze.second, gaze.observed);
  const seconds = totalSeconds(gaze.observed);
  const seen = intersectIntervals(gaze.second, gaze.observed);
  const shifted = testEvents(
    gaze.first,
    (stream) => totalSeconds(intersectIntervals(stream, seen)) / seconds,
    { observed: gaze.observed, null: "circular-shift", seed, nSurrogates, key: "mutual gaze" },
  );
  const both = { topic: "gaze", from: first, to: second } as const;
  const { firstLooker, brokenBy } = mutual;
  return [
    ...bouts("gaze", first, "looks at partner", gaze.first, gaze.observed),
    ...bouts("gaze", second, "looks at partner", gaze.second, gaze.observed),
    row({
      ...both,
      measure: "mutual gaze",
      detail: "share of time; expected if the two looked independently",
      value: mutual.mutual.share,
      unit: "share",
      n: mutual.mutual.nOnsets,
      expected: mutual.expectedShare,
      nullSd: shifted.nullSd,
      p: shifted.p,
      null: shifted.null,
    }),
    row({
      ...both,
      measure: "median bout",
      detail: "mutual gaze",
      value: mutual.mutual.medianBoutSeconds,
      unit: "s",
      n: mutual.mutual.boutSeconds.length,
    }),
    row({
      ...both,
      measure: `${first} looks while ${second} looks`,
      value: mutual.firstGivenSecond,
      unit: "share",
      expected: mutual.first.share,
    }),
    row({
      ...both,
      from: second,
      to: first,
      measure: `${second} looks while ${first} looks`,
      value: mutual.secondGivenFirst,
      unit: "share",
      expected: mutual.second.share,
    }),
    row({
      ...both,
      measure: "first look",
      detail: `mutual gaze that ${first} waited for`,
      value: firstLooker.first,
      unit: "count",
      n: firstLooker.first + firstLooker.second,
    }),
    row({
      ...both,
      from: second,
      to: first,
      measure: "first look",
      detail: `mutual gaze that ${second} waited for`,
      value: firstLooker.second,
      unit: "count",
      n: firstLooker.first + firstLooker.second,
    }),
    row({
      ...both,
      measure: "median wait for the other's look",
      detail: `mutual gaze that ${first} waited for`,
      value: mutual.medianJoinSeconds.first,
      unit: "s",
      n: firstLooker.first,
    }),
    row({
      ...both,
      from: second,
      to: first,
      measure: "median wait for the other's look",
      detail: `mutual gaze that ${second} waited for`,
      value: mutual.medianJoinSeconds.second,
      unit: "s",
      n: firstLooker.second,
    }),
    row({
      ...both,
      measure: "broken by",
      detail: first,
      value: brokenBy.first,
      unit: "count",
      n: brokenBy.first + brokenBy.second,
    }),
    row({
      ...both,
      from: second,
      to: first,
      measure: "broken by",
      detail: second,
      value: brokenBy.second,
      unit: "count",
      n: brokenBy.first + brokenBy.second,
    }),
  ];
}
