import { contingency, type Intervals, RESPONSE_WINDOWS_SECONDS, testEvents } from "@attune/core";
import type { DyadSettings } from "../request.ts";
import type { BehaviourRow } from "../result.ts";
import { isEmpty } from "./coded-states.ts";
import { row } from "./row.ts";

/** Window of the question that is asked from the beginning of acts as well. */
const ONSET_SECONDS = 2;

/** P(R|A) against the base rate for 1, 2 and 5 s, tested by circular shifts of the responses. */
export function contingent(
  name: string,
  from: string,
  to: string,
  acts: Intervals,
  responses: Intervals,
  observed: Intervals,
  { seed, nSurrogates }: DyadSettings,
): BehaviourRow[] {
  if (isEmpty(acts) || isEmpty(responses)) return [];
  const fromOffset = RESPONSE_WINDOWS_SECONDS.flatMap((windowSeconds) => {
    const options = { windowSeconds, observed } as const;
    const found = contingency(acts, responses, options);
    const nulls = (["circular-shift", "shuffled-gaps"] as const).map((kind) =>
      testEvents(responses, (stream) => contingency(acts, stream, options).deltaP, {
        observed,
        null: kind,
        seed,
        nSurrogates,
        key: `${name} ${windowSeconds}`,
      }),
    );
    const common = { topic: "contingency", from, to, unit: "probability", n: found.nActs } as const;
    const within = `${name}, within ${windowSeconds} s of its end`;
    return [
      row({
        ...common,
        measure: "P(answer | act)",
        detail: within,
        value: found.pResponse,
        expected: found.baseRate,
      }),
      ...nulls.map((test) =>
        row({
          ...common,
          measure: "delta P",
          detail: within,
          value: found.deltaP,
          expected: test.nullMean,
          nullSd: test.nullSd,
          p: test.p,
          null: test.null,
        }),
      ),
      row({ ...common, measure: "operant delta P", detail: within, value: found.operantDeltaP }),
    ];
  });
  return [...fromOffset, ...fromOnset()];

  /** The same from the act's beginning, which an answer during a long act needs. */
  function fromOnset(): BehaviourRow[] {
    const options = { windowSeconds: ONSET_SECONDS, observed, from: "onset" } as const;
    const found = contingency(acts, responses, options);
    const test = testEvents(responses, (stream) => contingency(acts, stream, options).deltaP, {
      observed,
      null: "circular-shift",
      seed,
      nSurrogates,
      key: `${name} onset`,
    });
    const detail = `${name}, within ${ONSET_SECONDS} s of its beginning`;
    const common = { topic: "contingency", from, to, detail, unit: "probability", n: found.nActs } as const;
    return [
      row({ ...common, measure: "P(answer | act)", value: found.pResponse, expected: found.baseRate }),
      row({
        ...common,
        measure: "delta P",
        value: found.deltaP,
        expected: test.nullMean,
        nullSd: test.nullSd,
        p: test.p,
        null: test.null,
      }),
    ];
  }
}
