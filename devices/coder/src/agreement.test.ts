import type { StateInterval } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cohensKappa, durationAgreement } from "./agreement.ts";

const at = (state: string, onset: number, end: number): StateInterval => ({
  person: "infant",
  layer: "gaze",
  state,
  onset,
  duration: end - onset,
});
const options = { person: "infant", layer: "gaze", gridSeconds: 1, from: 0, until: 50 };

describe("Cohen's kappa", () => {
  test("agrees with the worked table of 50 judgements: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no give 0.4", () => {
    const first = [at("yes", 0, 25), at("no", 25, 50)];
    const second = [at("yes", 0, 20), at("no", 20, 25), at("yes", 25, 35), at("no", 35, 50)];
    const { kappa, observed, expected, confusion, states, nPoints, status } = cohensKappa(
      first,
      second,
      options,
    );
    expect(states).toEqual(["no", "yes"]);
    expect([...confusion]).toEqual([15, 10, 5, 20]);
    expect(nPoints).toBe(50);
    expect(observed).toBeCloseTo(0.7, 12);
    expect(expected).toBeCloseTo(0.5, 12);
    expect(kappa).toBeCloseTo(0.4, 12);
    expect(status).toBe("ok");
  });

  test("is 1 for the same coding, and never depends on who is first or on the names of the states", () => {
    const coding = fc
      .array(fc.tuple(fc.constantFrom("partner", "object", "away"), fc.integer({ min: 1, max: 9 })), {
        minLength: 1,
        maxLength: 15,
      })
      .map((list) => {
        let time = 0;
        return list.map(([state, length]) => {
          const interval = at(state, time, time + length);
          time += length;
          return interval;
        });
      });
    fc.assert(
      fc.property(coding, coding, (a, b) => {
        const one = cohensKappa(a, b, options);
        const other = cohensKappa(b, a, options);
        const same = (kappa: number): void => {
          if (Number.isNaN(one.kappa)) expect(kappa).toBeNaN();
          else expect(kappa).toBeCloseTo(one.kappa, 12);
        };
        same(other.kappa);
        const renamed = (list: StateInterval[]): StateInterval[] =>
          list.map((i) => ({ ...i, state: `z${i.state}` }));
        same(cohensKappa(renamed(a), renamed(b), options).kappa);
        const self = cohensKappa(a, a, options);
        if (self.status === "ok") expect(self.kappa).toBeCloseTo(1, 12);
        else expect(self.status).toBe("one-state");
        expect(one.nPoints + one.nUncoded).toBe(50);
      }),
      { numRuns: 200 },
    );
  });

  test("without data, or with one state alone, it is not a number and says why", () => {
    expect(cohensKappa([], [at("a", 0, 50)], options)).toMatchObject({
      kappa: Number.NaN,
      status: "no-data",
      nUncoded: 50,
    });
    const same = cohensKappa([at("a", 0, 50)], [at("a", 0, 50)], options);
    expect(same).toMatchObject({ kappa: Number.NaN, observed: 1, expected: 1, status: "one-state" });
  });

  test("time that one did not code is left out and counted; other people and layers do not matter", () => {
    const first = [at("a", 0, 10), at("b", 20, 30)];
    const second = [at("a", 0, 30), { ...at("b", 0, 50), person: "adult" }];
    expect(cohensKappa(first, second, options)).toMatchObject({ nPoints: 20, nUncoded: 30 });
  });

  test("a grid of 0.1 s has 500 moments in 50 s", () => {
    expect(cohensKappa([at("a", 0, 50)], [at("b", 0, 50)], { ...options, gridSeconds: 0.1 }).nPoints).toBe(
      500,
    );
    expect(() => cohensKappa([], [], { ...options, gridSeconds: 0 })).toThrow(/gridSeconds > 0/);
  });
});

describe("duration-weighted agreement", () => {
  test("is the time of equal states over the time that both coded, layer by layer", () => {
    const first = [at("a", 0, 10), at("b", 10, 20), { ...at("x", 0, 4), layer: "voice" }];
    const second = [at("a", 0, 7.5), at("b", 7.5, 25)];
    expect(durationAgreement(first, second)).toEqual([
      { person: "infant", layer: "gaze", agreedSeconds: 17.5, bothSeconds: 20, agreement: 0.875 },
      { person: "infant", layer: "voice", agreedSeconds: 0, bothSeconds: 0, agreement: Number.NaN },
    ]);
  });

  test("is what a very fine grid observes", () => {
    const first = [at("a", 0, 3.3), at("b", 3.3, 9.1), at("a", 9.1, 12)];
    const second = [at("a", 0.4, 3.9), at("b", 3.9, 8.8), at("c", 8.8, 11)];
    const { observed } = cohensKappa(first, second, { ...options, gridSeconds: 0.0005, until: 12 });
    expect(durationAgreement(first, second)[0]!.agreement).toBeCloseTo(observed, 3);
  });
});
